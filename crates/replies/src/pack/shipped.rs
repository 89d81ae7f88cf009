//! The packs that are part of the executable, and the beginning of a new one.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use super::Pack;

/// A pack's folder: files by path.
pub type Files = BTreeMap<String, Vec<u8>>;

macro_rules! folder {
    ($folder:literal) => {
        [
            ("pack.toml", include_str!(concat!("../../packs/", $folder, "/pack.toml"))),
            ("sw.toml", include_str!(concat!("../../packs/", $folder, "/sw.toml"))),
            ("en.toml", include_str!(concat!("../../packs/", $folder, "/en.toml"))),
        ]
    };
}

/// What ships, by id.
const SHIPPED: [(&str, [(&str, &str); 3]); 3] =
    [("BOOKING", folder!("booking")), ("ECOMMERCE", folder!("ecommerce")), ("SUPPORT", folder!("support"))];

/// The packs that ship, compiled once when first asked for.
pub fn shipped() -> impl Iterator<Item = Arc<Pack>> {
    SHIPPED.iter().filter_map(|(id, _)| Pack::shipped(id))
}

impl Pack {
    /// The pack that ships under this id.
    #[must_use]
    pub fn shipped(id: &str) -> Option<Arc<Self>> {
        static PACKS: [OnceLock<Option<Arc<Pack>>>; 3] = [const { OnceLock::new() }; 3];
        let (place, (_, files)) = SHIPPED.iter().enumerate().find(|(_, (known, _))| *known == id)?;
        // A test compiles each of them; one that could not be would not be there.
        PACKS.get(place)?.get_or_init(|| Self::compile(&folder(files)).ok().map(Arc::new)).clone()
    }
}

fn folder(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

/// The folder of a new pack, which works as it is.
#[must_use]
pub fn new_pack(id: &str) -> Files {
    let mut files = folder(&folder!("new"));
    if let Some(manifest) = files.get_mut("pack.toml") {
        *manifest = String::from_utf8_lossy(manifest).replace("NEW_PACK", id).into_bytes();
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_that_ships_has_no_problem() {
        for (id, files) in &SHIPPED {
            let compiled = Pack::compile(&folder(files));
            assert!(compiled.is_ok(), "{id}: {:#?}", compiled.err());
            assert_eq!(Pack::shipped(id).unwrap().version().id, *id);
        }
        let new = Pack::compile(&new_pack("BAKERY"));
        assert!(new.is_ok(), "{:#?}", new.err());
        assert_eq!(new.unwrap().version().id, "BAKERY");
    }
}
