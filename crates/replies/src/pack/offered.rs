//! The packs of an installation: those that ship, and those that its operator has added.

use std::{collections::BTreeMap, sync::Arc};

use domain::PackId;

use super::{Files, Pack, Problem, compile::MANIFEST};

/// A pack that workers are told, since it does not ship.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The pack.
    pub pack: Arc<Pack>,
    /// Its files by path, as one JSON object of texts: what goes down the link.
    pub document: Arc<str>,
}

/// The packs that an installation knows. Those that ship are always among them.
#[derive(Debug, Clone, Default)]
pub struct Packs {
    added: BTreeMap<PackId, Offered>,
    /// Whether there was a folder that holds no pack that can be used: which one it was meant to be is not known.
    broken: bool,
}

impl Packs {
    /// Checks a folder's files and adds their pack.
    ///
    /// # Errors
    /// All that is wrong with it. The installation then counts as one that may lack a pack for a while.
    pub fn add(&mut self, files: &Files) -> Result<Arc<Pack>, Vec<Problem>> {
        let added = self.added(files);
        self.broken |= added.is_err();
        added
    }

    fn added(&mut self, files: &Files) -> Result<Arc<Pack>, Vec<Problem>> {
        let pack = Arc::new(Pack::compile(files)?);
        let wrong = |file: &str, what: String| vec![Problem { file: file.to_owned(), line: 1, what }];
        let id: PackId = pack
            .version()
            .id
            .parse()
            .map_err(|error: domain::InvalidPackId| wrong(MANIFEST, error.to_string()))?;
        if id.ships() {
            let what = format!("`id` {id} is of a pack that ships: give this one an id of its own");
            return Err(wrong(MANIFEST, what));
        }
        if self.added.contains_key(&id) {
            return Err(wrong(MANIFEST, format!("`id` {id} is of another folder's pack too")));
        }
        let mut texts = BTreeMap::new();
        for (path, bytes) in files {
            let text = std::str::from_utf8(bytes)
                .map_err(|_| wrong(path, "this is no UTF-8: save the file as UTF-8".to_owned()))?;
            texts.insert(path.as_str(), text);
        }
        let document = serde_json::to_string(&texts).map_err(|error| wrong(MANIFEST, error.to_string()))?;
        self.added.insert(id, Offered { pack: Arc::clone(&pack), document: document.into() });
        Ok(pack)
    }

    /// Keeps of `before` what is not here: where a folder cannot be used any more, its tenants go on with what they have.
    pub fn keep(&mut self, before: &Self) {
        if self.broken {
            for (id, offered) in &before.added {
                self.added.entry(*id).or_insert_with(|| offered.clone());
            }
        }
    }

    /// The pack of this id.
    #[must_use]
    pub fn get(&self, id: PackId) -> Option<Arc<Pack>> {
        match self.added.get(&id) {
            Some(offered) => Some(Arc::clone(&offered.pack)),
            None => Pack::shipped(id.as_str()),
        }
    }

    /// The pack of this id, where workers have to be told it.
    #[must_use]
    pub fn added_by_operator(&self, id: PackId) -> Option<&Offered> {
        self.added.get(&id)
    }

    /// Whether every folder holds a pack that can be used, so that one that is missing is gone indeed.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        !self.broken
    }

    /// All ids, those that ship first.
    #[must_use]
    pub fn ids(&self) -> Vec<PackId> {
        PackId::SHIPPED.into_iter().chain(self.added.keys().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_pack;

    fn with(id: &str, comment: &str) -> Files {
        let mut files = new_pack(id);
        files.get_mut(MANIFEST).unwrap().extend_from_slice(format!("\n# {comment}\n").as_bytes());
        files
    }

    #[test]
    fn what_an_operator_adds_stands_beside_what_ships_and_never_in_its_place() {
        let mut packs = Packs::default();
        let bakery: PackId = "BAKERY".parse().unwrap();
        packs.add(&new_pack("BAKERY")).unwrap();
        assert_eq!(packs.ids(), [PackId::BOOKING, PackId::ECOMMERCE, PackId::SUPPORT, bakery]);
        assert!(packs.get(bakery).is_some() && packs.get(PackId::BOOKING).is_some() && packs.is_whole());
        assert!(packs.added_by_operator(PackId::BOOKING).is_none());
        for taken in ["BAKERY", "BOOKING"] {
            let problems = packs.clone().add(&new_pack(taken)).unwrap_err();
            assert!(problems[0].to_string().starts_with("pack.toml:1: `id`"), "{problems:?}");
        }
        let document = &packs.added_by_operator(bakery).unwrap().document;
        let files: BTreeMap<String, String> = serde_json::from_str(document).unwrap();
        let files = files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let again = Pack::compile(&files).unwrap();
        assert_eq!(
            again.version(),
            packs.get(bakery).unwrap().version(),
            "what goes down is the same by its hash"
        );
    }

    #[test]
    fn a_pack_that_breaks_stays_as_it_was_and_one_that_is_removed_goes() {
        let (bakery, tailor): (PackId, PackId) = ("BAKERY".parse().unwrap(), "TAILOR".parse().unwrap());
        let mut before = Packs::default();
        before.add(&new_pack("BAKERY")).unwrap();
        before.add(&new_pack("TAILOR")).unwrap();
        let mut removed = Packs::default();
        removed.add(&with("BAKERY", "changed")).unwrap();
        removed.keep(&before);
        assert!(removed.get(tailor).is_none());
        assert_ne!(removed.get(bakery).unwrap().version().hash, before.get(bakery).unwrap().version().hash);
        let mut broken = Packs::default();
        broken.add(&new_pack("BAKERY")).unwrap();
        broken.add(&Files::from([(MANIFEST.to_owned(), b"id = ".to_vec())])).unwrap_err();
        broken.keep(&before);
        assert!(broken.get(tailor).is_some() && !broken.is_whole());
    }

    #[test]
    fn a_pack_is_called_as_it_says_or_by_its_id() {
        let mut files = new_pack("DRY_CLEANER");
        let call = |files: &Files| Pack::compile(files).unwrap().name(domain::Language::En);
        assert_eq!(call(&files), "Dry cleaner");
        for (file, name) in [("sw.toml", "Dobi"), ("en.toml", "Laundry")] {
            let line = format!("\npack_name = \"{name}\"\n");
            files.get_mut(file).unwrap().splice(0..0, line.into_bytes());
        }
        assert_eq!(call(&files), "Laundry");
    }
}
