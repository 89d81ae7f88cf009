//! The form in which sentences are written down.

/// A sentence as it stands in the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its resource.
    pub group: &'static str,
    /// Its name there.
    pub key: &'static str,
    /// English: one form, or that of one and that of many.
    pub en: &'static [&'static str],
    /// Swahili, alike.
    pub sw: &'static [&'static str],
}

/// Sentences of one resource: `key = "English" | "Swahili";`, with what they are told as `key(name) = …`. With `[count]`
/// a sentence counts: `key[count] = "one" | "many" | "moja" | "nyingi";`.
macro_rules! catalogue {
    ($group:literal; $($name:ident $(($($arg:ident),+))? $([$count:ident $(, $more:ident)*])? = $($text:literal)|+;)*) => {
        $(crate::catalogue::sentence!($name ($($($arg)+)?) ($($count $($more)*)?) $($text)+);)*

        pub(super) const ALL: &[crate::Entry] = &[
            $(crate::catalogue::entry!($group $name ($($count)?) $($text)+),)*
        ];
    };
}

macro_rules! sentence {
    ($name:ident () () $en:literal $sw:literal) => {
        #[doc = $en]
        #[must_use]
        pub fn $name() -> &'static str {
            match crate::language() {
                domain::Language::En => $en,
                domain::Language::Sw => $sw,
            }
        }
    };
    ($name:ident ($($arg:ident)+) () $en:literal $sw:literal) => {
        #[doc = $en]
        #[must_use]
        pub fn $name($($arg: impl std::fmt::Display),+) -> String {
            match crate::language() {
                domain::Language::En => format!($en),
                domain::Language::Sw => format!($sw),
            }
        }
    };
    ($name:ident () ($count:ident $($more:ident)*) $one:literal $many:literal $moja:literal $nyingi:literal) => {
        #[doc = $many]
        #[must_use]
        pub fn $name($count: u64 $(, $more: impl std::fmt::Display)*) -> String {
            match (crate::language(), $count) {
                (domain::Language::En, 1) => format!($one),
                (domain::Language::En, _) => format!($many),
                (domain::Language::Sw, 1) => format!($moja),
                (domain::Language::Sw, _) => format!($nyingi),
            }
        }
    };
}

macro_rules! entry {
    ($group:literal $name:ident () $en:literal $sw:literal) => {
        crate::Entry { group: $group, key: stringify!($name), en: &[$en], sw: &[$sw] }
    };
    ($group:literal $name:ident ($count:ident) $one:literal $many:literal $moja:literal $nyingi:literal) => {
        crate::Entry { group: $group, key: stringify!($name), en: &[$one, $many], sw: &[$moja, $nyingi] }
    };
}

pub(crate) use {catalogue, entry, sentence};
