//! The profile that a new tenant begins with.

use super::Profile;

/// Small and sensible, for each of the packs that ship.
const DEFAULTS: [(&str, &str); 3] = [
    ("BOOKING", include_str!("../../profiles/booking.json")),
    ("ECOMMERCE", include_str!("../../profiles/ecommerce.json")),
    ("SUPPORT", include_str!("../../profiles/support.json")),
];

impl Profile {
    /// What a new tenant of this pack begins with; for a pack that does not ship an empty profile.
    #[must_use]
    pub fn for_pack(id: &str) -> Self {
        let known = DEFAULTS.iter().find(|(pack, _)| *pack == id);
        known.map(|(_, json)| embedded(json)).unwrap_or_default()
    }

    /// A real salon's, for the demo: the first question of a newcomer gets a real answer.
    #[must_use]
    pub fn salon() -> Self {
        embedded(include_str!("../../profiles/salon.json"))
    }
}

/// The text is part of the executable and a test reads each; if it could not be read, an empty profile answers too.
fn embedded(json: &str) -> Profile {
    serde_json::from_str(json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_no_profile() {
        for list in ["[]", " [3]", "[[],[]]"] {
            assert!(Profile::import(list.as_bytes(), 1).is_err(), "{list}");
        }
    }

    #[test]
    fn every_default_is_read_whole_and_within_bounds() {
        let texts = DEFAULTS.iter().map(|(_, json)| *json);
        for json in texts.chain([include_str!("../../profiles/salon.json")]) {
            let profile: Profile = serde_json::from_str(json).unwrap();
            assert_ne!(profile, Profile::default());
            assert_eq!(profile.check(), []);
            assert_eq!(Profile::import(profile.export().as_bytes(), profile.version).unwrap(), profile);
        }
    }
}
