//! Phrases and what they mean, found in a text in one pass.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::fold::{self, Token, alike};

/// Phrases and what they mean. Building costs time, finding little: a thousand phrases are looked up like ten.
#[derive(Debug, Clone)]
pub(crate) struct Index<T> {
    /// What was known before, shared with others.
    base: Option<Arc<Self>>,
    /// By the first word's key.
    phrases: HashMap<String, Vec<Phrase<T>>>,
    /// First words by their first letter, for slips of the finger.
    letters: HashMap<char, Vec<String>>,
    /// Singular, plural and plain forms of words that are phrases by themselves: each word once, however many mean by it.
    forms: HashMap<String, Vec<String>>,
    formed: HashSet<String>,
}

#[derive(Debug, Clone)]
struct Phrase<T> {
    rest: Vec<String>,
    target: T,
}

/// A phrase that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit<T> {
    pub(crate) target: T,
    /// Which word it begins with.
    pub(crate) at: usize,
    /// How many words it has.
    pub(crate) words: usize,
    /// Whether it stands there letter by letter.
    pub(crate) exact: bool,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            base: None,
            phrases: HashMap::new(),
            letters: HashMap::new(),
            forms: HashMap::new(),
            formed: HashSet::new(),
        }
    }
}

impl<T: Clone + PartialEq> Index<T> {
    /// One that knows all that another does, which is not copied.
    pub(crate) fn over(base: Arc<Self>) -> Self {
        Self { base: Some(base), ..Self::default() }
    }

    /// This one and those beneath it, the lowest first.
    fn layers(&self) -> impl DoubleEndedIterator<Item = &Self> {
        // There are two at most.
        self.base.as_deref().into_iter().chain([self])
    }

    fn phrases(&self, word: &str) -> impl Iterator<Item = &Phrase<T>> {
        self.layers().filter_map(|layer| layer.phrases.get(word)).flatten()
    }

    /// Adds a phrase; the same again changes nothing.
    pub(crate) fn add(&mut self, phrase: &str, target: T) {
        let mut keys = fold::tokens(phrase).into_iter().map(|token| token.key);
        let Some(first) = keys.next() else { return };
        let rest: Vec<String> = keys.collect();
        self.spell(&first);
        let phrases = self.phrases.entry(first).or_default();
        // What is added twice is added at once: by several languages, or as a name and as another word. Those beneath have
        // targets of their own.
        if !phrases.iter().rev().take(8).any(|known| known.rest == rest && known.target == target) {
            phrases.push(Phrase { rest, target });
        }
    }

    /// Remembers a word by its first letter.
    fn spell(&mut self, word: &str) {
        let Some(letter) = word.chars().next() else { return };
        let knows = |layer: &Self| layer.phrases.contains_key(word) || layer.forms.contains_key(word);
        if !self.layers().any(knows) {
            self.letters.entry(letter).or_default().push(word.to_owned());
        }
    }

    /// Adds a phrase and, of one word, its singular or plural and a verb's plain form.
    pub(crate) fn add_forms(&mut self, phrase: &str, target: &T) {
        self.add(phrase, target.clone());
        let tokens = fold::tokens(phrase);
        let [token] = tokens.as_slice() else { return };
        let beneath = self.base.as_ref().is_some_and(|base| base.formed.contains(&token.key));
        if beneath || !self.formed.insert(token.key.clone()) {
            return;
        }
        for form in forms(&token.text) {
            let form = fold::squeeze(&form);
            self.spell(&form);
            let bases = self.forms.entry(form).or_default();
            if !bases.contains(&token.key) {
                bases.push(token.key.clone());
            }
        }
    }

    /// The phrases that stand in a text, from its beginning, the longest at each place; of several with equal words all.
    pub(crate) fn find(&self, tokens: &[Token]) -> Vec<Hit<T>> {
        let mut hits = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let found = self.at(tokens, at);
            let words = found.first().map_or(1, |hit| hit.words);
            hits.extend(found);
            at += words;
        }
        hits
    }

    /// The longest phrases that begin with this word.
    pub(crate) fn at(&self, tokens: &[Token], at: usize) -> Vec<Hit<T>> {
        let Some(token) = tokens.get(at) else { return Vec::new() };
        let mut hits = self.spelled(&token.key, tokens, at, true);
        if hits.is_empty() {
            let letter = token.key.chars().next().unwrap_or_default();
            for word in self.layers().filter_map(|layer| layer.letters.get(&letter)).flatten() {
                if alike(word, &token.key) {
                    hits.extend(self.spelled(word, tokens, at, false));
                }
            }
        }
        let longest = hits.iter().map(|hit| hit.words).max().unwrap_or(0);
        hits.retain(|hit| hit.words == longest);
        hits
    }

    /// Whether all of the text is one phrase, letter by letter.
    pub(crate) fn exactly(&self, tokens: &[Token]) -> bool {
        self.at(tokens, 0).iter().any(|hit| hit.exact && hit.words == tokens.len())
    }

    /// What all of the text means, where it is just a phrase, with up to `spare` words more.
    pub(crate) fn just(&self, tokens: &[Token], spare: usize) -> Option<T> {
        let hit = self.find(tokens).into_iter().max_by_key(|hit| hit.words)?;
        (tokens.len() <= hit.words + spare).then_some(hit.target)
    }

    /// Phrases that begin with a word, and those that are a word of which it is a form.
    fn spelled(&self, word: &str, tokens: &[Token], at: usize, exact: bool) -> Vec<Hit<T>> {
        let mut hits = self.beginning(word, tokens, at, exact);
        for base in self.layers().filter_map(|layer| layer.forms.get(word)).flatten() {
            for phrase in self.phrases(base).filter(|phrase| phrase.rest.is_empty()) {
                if !hits.iter().any(|hit| hit.words == 1 && hit.target == phrase.target) {
                    hits.push(Hit { target: phrase.target.clone(), at, words: 1, exact });
                }
            }
        }
        hits
    }

    fn beginning(&self, first: &str, tokens: &[Token], at: usize, exact: bool) -> Vec<Hit<T>> {
        let found = self.phrases(first).filter_map(|phrase| {
            let mut letters = exact;
            for (place, word) in phrase.rest.iter().enumerate() {
                let said = &tokens.get(at + 1 + place)?.key;
                if !alike(said, word) {
                    return None;
                }
                letters &= said == word;
            }
            let words = phrase.rest.len() + 1;
            Some(Hit { target: phrase.target.clone(), at, words, exact: letters })
        });
        found.collect()
    }
}

/// Singular, plural and plain forms that a word may be written in: English endings, Swahili noun classes and infinitives.
pub(crate) fn forms(word: &str) -> Vec<String> {
    let mut forms = Vec::new();
    let letters = word.chars().count();
    if letters < 3 || !word.chars().all(char::is_alphabetic) {
        return forms;
    }
    forms.push(format!("{word}s"));
    match word {
        _ if word.ends_with("ies") => forms.push(format!("{}y", word.trim_end_matches("ies"))),
        _ if word.ends_with('y') => forms.push(format!("{}ies", word.trim_end_matches('y'))),
        _ => {}
    }
    if let Some(stem) = word.strip_suffix('s') {
        forms.push(stem.to_owned());
        if let Some(stem) = stem.strip_suffix('e') {
            forms.push(stem.to_owned());
        }
    }
    forms.push(format!("{word}es"));
    if letters >= 4 {
        for (one, many) in
            [("m", "wa"), ("m", "mi"), ("mw", "wa"), ("ki", "vi"), ("ch", "vy"), ("u", "ma"), ("u", "n")]
        {
            if let Some(stem) = word.strip_prefix(one) {
                forms.push(format!("{many}{stem}"));
            }
            if let Some(stem) = word.strip_prefix(many) {
                forms.push(format!("{one}{stem}"));
            }
        }
        forms.push(format!("ma{word}"));
        if let Some(stem) = word.strip_prefix("ma") {
            forms.push(stem.to_owned());
        }
        // Kuagiza, agiza, naagiza, nataka kuagiza.
        let stem = word.strip_prefix("kw").or_else(|| word.strip_prefix("ku")).unwrap_or(word);
        forms.extend([stem.to_owned(), format!("ku{stem}"), format!("na{stem}"), format!("nina{stem}")]);
    }
    forms.retain(|form| form != word && form.chars().count() >= 3);
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_at_a_place_is_meant() {
        let mut index = Index::default();
        index.add("saa", 1);
        index.add("saa ngapi", 2);
        index.add("bei", 3);
        let hits = index.find(&fold::tokens("Saaa ngapi? na bei"));
        assert_eq!(hits.iter().map(|hit| hit.target).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(index.just(&fold::tokens("bei tafadhali"), 1), Some(3));
        assert_eq!(index.just(&fold::tokens("bei ya kusuka leo"), 1), None);
    }

    #[test]
    fn what_lies_over_another_finds_what_both_know() {
        let (mut beneath, mut whole) = (Index::default(), Index::default());
        for (word, target) in [("tatizo", 1), ("saa ngapi", 2), ("huduma", 3)] {
            beneath.add_forms(word, &target);
            whole.add_forms(word, &target);
        }
        let mut over = Index::over(Arc::new(beneath));
        for (word, target) in [("saa", 4), ("tatizo", 5), ("kusuka", 6), ("huduma ya leo", 7)] {
            over.add_forms(word, &target);
            whole.add_forms(word, &target);
        }
        let said =
            ["matatizo", "tatiizo", "saa ngapi", "saa", "nasuka", "huduma", "hudumma ya leo", "bei", "vitu"];
        for text in said {
            assert_eq!(over.find(&fold::tokens(text)), whole.find(&fold::tokens(text)), "{text}");
        }
    }

    #[test]
    fn singular_plural_and_slips_are_the_same_word() {
        let mut index = Index::default();
        for (word, target) in [("tatizo", 1), ("huduma", 2), ("kiatu", 3), ("kuagiza", 4), ("service", 5)] {
            index.add_forms(word, &target);
        }
        for (said, target) in [
            ("matatizo", 1),
            ("tatiizo", 1),
            ("hudumma", 2),
            ("viatu", 3),
            ("naagiza", 4),
            ("agiza", 4),
            ("services", 5),
            ("servces", 5),
        ] {
            assert_eq!(index.just(&fold::tokens(said), 0), Some(target), "{said}");
        }
        assert_eq!(index.just(&fold::tokens("kitu"), 0), None);
    }
}
