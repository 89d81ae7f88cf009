//! Where in a document something stands, as problems name it.

/// A place in a document as problems name it: `/services/2/price` is `services[2].price`.
#[must_use]
pub fn place(pointer: &str) -> String {
    let within = within(pointer);
    within.strip_prefix('.').map_or(within.clone(), str::to_owned)
}

/// The same within something that has a name already: `/2/price` is `[2].price`.
#[must_use]
pub fn within(pointer: &str) -> String {
    let mut place = String::new();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            place.push_str(&format!("[{part}]"));
        } else {
            place.push('.');
            place.push_str(part);
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_as_problems_tell_it() {
        assert_eq!(place("/services/2/price"), "services[2].price");
        assert_eq!(place("/manners/left_alone/0"), "manners.left_alone[0]");
        assert_eq!(place(""), "");
    }
}
