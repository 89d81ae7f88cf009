//! Every sentence that people read on pages, in both languages: one catalogue, in small files by resource.
//!
//! A key is a function: one that is missing does not compile, and what it is told is named (`pager(shown)`), so that a
//! sentence gets what it needs. A text without arguments is a `&'static str` and allocates nothing; one that counts has
//! two forms in each language. [`CATALOGUE`] lists all for the tests, which compare languages and arguments.
//!
//! A table of our own, and no Fluent: two languages, no gender and two plural forms need none of its grammar, its keys
//! are strings that are looked up and may be missing when the program runs, and its loader, parser and the glue to typed
//! arguments would be larger than the macro below.
//!
//! The language belongs to the request that is answered, as its id does: [`reading`] sets it around the answer, and
//! whatever is asked for outside of one, such as by a task that goes on by itself, is English. Documents for scripts are
//! made in English always; so are logs.

mod catalogue;
pub mod condition;
pub mod delivery;
mod say;

use std::future::Future;

use domain::Language;

pub use catalogue::Entry;
pub use say::*;

tokio::task_local! {
    static READS: Language;
}

/// The language of whoever reads what is being made.
#[must_use]
pub fn language() -> Language {
    READS.try_with(|language| *language).unwrap_or(Language::En)
}

/// Answers in a language.
pub fn reading<F: Future>(language: Language, answer: F) -> impl Future<Output = F::Output> {
    READS.scope(language, answer)
}

/// The same for what does not wait.
pub fn within<T>(language: Language, make: impl FnOnce() -> T) -> T {
    READS.sync_scope(language, make)
}

/// The language's code of BCP 47, as `<html lang>` has it.
#[must_use]
pub const fn code(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Sw => "sw",
    }
}

/// The language of a code: `sw`, `en`, or one of a region such as `en-GB`.
#[must_use]
pub fn of_code(code: &str) -> Option<Language> {
    let primary = code.trim().split('-').next().unwrap_or_default();
    [Language::Sw, Language::En]
        .into_iter()
        .find(|language| primary.eq_ignore_ascii_case(self::code(*language)))
}

/// What a language calls itself.
#[must_use]
pub const fn own_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::Sw => "Kiswahili",
    }
}
