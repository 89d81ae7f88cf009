//! The steps, in their order.

use super::draft::Draft;

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Name and kind of the business.
    Business,
    /// Which pack.
    Pack,
    /// Number and language.
    Number,
    /// Opening hours.
    Hours,
    /// Everything once more, to be sent.
    Send,
}

/// All of them.
pub(super) const ALL: [Step; 5] = [Step::Business, Step::Pack, Step::Number, Step::Hours, Step::Send];

impl Step {
    /// Its word in addresses.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::Pack => "pack",
            Self::Number => "number",
            Self::Hours => "hours",
            Self::Send => "send",
        }
    }

    /// The step of a word.
    pub(super) fn of(word: &str) -> Option<Self> {
        ALL.into_iter().find(|step| step.word() == word)
    }

    /// Which it is, from one.
    pub(super) fn number(self) -> usize {
        ALL.iter().position(|step| *step == self).map_or(1, |at| at + 1)
    }

    /// The one that follows.
    pub(super) fn next(self) -> Self {
        ALL.get(self.number()).copied().unwrap_or(Self::Send)
    }

    /// The one before.
    pub(super) fn before(self) -> Option<Self> {
        ALL.get(self.number().checked_sub(2)?).copied()
    }

    /// Whether a draft has what it asks for.
    pub(super) fn is_done(self, draft: &Draft) -> bool {
        match self {
            Self::Business => !draft.business_name.is_empty(),
            Self::Pack => !draft.template_type.is_empty(),
            Self::Number => !draft.whatsapp_number.is_empty(),
            Self::Hours => draft.hours_seen,
            Self::Send => false,
        }
    }

    /// The first that a draft has not done.
    pub(super) fn first_of(draft: &Draft) -> Self {
        ALL.into_iter().find(|step| !step.is_done(draft)).unwrap_or(Self::Send)
    }

    /// The one whose field it is, by the name that the control plane gives it.
    pub(super) fn of_field(field: &str) -> Option<Self> {
        match field.split(['.', '[']).next().unwrap_or_default() {
            "businessName" | "businessType" => Some(Self::Business),
            "templateType" => Some(Self::Pack),
            "whatsappNumber" | "language" => Some(Self::Number),
            "hours" => Some(Self::Hours),
            _ => None,
        }
    }
}
