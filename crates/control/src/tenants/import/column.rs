//! The columns of a table of tenants, as it is taken out and put in.

use domain::Language;
use strum::{IntoStaticStr, VariantArray};

/// A column. Its name is that of the API's field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(in crate::tenants) enum Column {
    Id,
    Name,
    PhoneNumber,
    TemplateType,
    BusinessName,
    Language,
    Timezone,
    Currency,
    RetentionDays,
    RateLimitPerMinute,
    Tags,
    Note,
}

impl Column {
    /// As it stands in the heading.
    pub(in crate::tenants) fn name(self) -> &'static str {
        self.into()
    }

    /// As the forms call it in which it is changed.
    pub(in crate::tenants) fn label(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => words::forms::business(),
            Self::PhoneNumber => words::forms::number(),
            Self::TemplateType => words::forms::pack(),
            Self::BusinessName => words::forms::display(),
            Self::Language => words::forms::language(),
            Self::Timezone => words::forms::timezone(),
            Self::Currency => words::forms::currency(),
            Self::RetentionDays => words::forms::retention(),
            Self::RateLimitPerMinute => words::forms::rate(),
            Self::Tags => words::notes::tags(),
            Self::Note => words::notes::note(),
        }
    }

    /// The one that a heading names: by its name, or by its label in either language.
    pub(in crate::tenants) fn of(heading: &str) -> Option<Self> {
        let heading = heading.trim().to_lowercase();
        let labels = |column: Self| {
            [Language::En, Language::Sw]
                .map(|language| words::within(language, || column.label()).to_lowercase())
        };
        let all = Self::VARIANTS.iter().copied();
        // Names first: what one is called by may be another's label.
        let named = all.clone().find(|column| column.name() == heading);
        named.or_else(|| all.clone().find(|column| labels(*column).contains(&heading)))
    }

    /// All of them, as a heading has them.
    pub(in crate::tenants) fn names() -> Vec<&'static str> {
        Self::VARIANTS.iter().map(|column| column.name()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_known_by_its_name_and_by_its_label() {
        assert_eq!(Column::of(" Phone_Number "), Some(Column::PhoneNumber));
        assert_eq!(Column::of("WhatsApp number"), Some(Column::PhoneNumber));
        assert_eq!(Column::of("Namba ya WhatsApp"), Some(Column::PhoneNumber));
        assert_eq!(Column::of("colour"), None);
        for column in Column::VARIANTS {
            assert_eq!(Column::of(column.name()), Some(*column));
            assert_eq!(Column::of(column.label()), Some(*column), "no two have the same label");
        }
    }
}
