//! A name or answer in both languages, of which one is enough.

use serde::{Deserialize, Serialize};

use crate::Language;

/// What a tenant says, in Swahili, in English, or in both. A customer reads their bot's language where it is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// In Swahili.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sw: Option<String>,
    /// In English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Text {
    /// In both languages.
    #[must_use]
    pub fn both(sw: &str, en: &str) -> Self {
        Self { sw: Some(sw.to_owned()), en: Some(en.to_owned()) }
    }

    /// In this language, or else in the other; empty where neither is there.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::Sw => (&self.sw, &self.en),
            Language::En => (&self.en, &self.sw),
        };
        let said = |text: &'_ Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let text = if said(first) { first } else { second };
        text.as_deref().unwrap_or_default().trim()
    }

    /// Whether it says nothing in either language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of(Language::Sw).is_empty()
    }

    /// What is there, in either language.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        [&self.sw, &self.en].into_iter().filter_map(Option::as_deref).filter(|text| !text.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_language_is_enough() {
        let text = Text { sw: Some(" Kusuka ".into()), en: Some("  ".into()) };
        assert_eq!((text.of(Language::En), text.of(Language::Sw)), ("Kusuka", "Kusuka"));
        assert!(Text { sw: Some(" ".into()), en: None }.is_empty());
    }
}
