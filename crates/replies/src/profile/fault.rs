//! What can be wrong with a profile, in words that name the field.

use std::fmt;

use super::Bounds;

/// A field, as a person knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named for the field that it is")]
pub enum Field {
    Profile,
    Phone,
    Address,
    MapLink,
    Services,
    Catalogue,
    Questions,
    Code,
    Name,
    Words,
    Price,
    Minutes,
    Staff,
    AtOnce,
    Unit,
    Stock,
    Category,
    Question,
    Answer,
    Lead,
    DaysAhead,
    SlotMinutes,
    Areas,
    Fee,
    Elsewhere,
    Reminders,
    AskOrder,
    UrgentWords,
    LeftAlone,
    HandOff,
    GoOn,
    Texts,
    Hours,
    Breaks,
    Holidays,
    Days,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named for the bound that it tells")]
pub enum Wrong {
    Unreadable { why: String },
    TooLarge { most: usize },
    TooMany { most: usize, got: usize },
    Empty,
    TooLong { most: usize, got: usize },
    Control,
    NotACode,
    Twice { value: String },
    Range { least: u32, most: u32 },
    Steps,
    StaffAndPlaces,
    Link,
    Phone,
    Spans,
    NotSeven,
    Backwards,
    Parts,
    Template { why: String },
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands in the document, as a JSON pointer: `/services/2/price`. Empty for the whole.
    pub path: String,
    /// The entry of a list, from 1, with its name where it has one.
    pub entry: Option<(usize, String)>,
    /// The list that the entry belongs to, or else the field itself.
    pub list: Option<Field>,
    /// The field.
    pub field: Field,
    /// What is wrong with it.
    pub wrong: Wrong,
}

impl Fault {
    pub(crate) const fn whole(wrong: Wrong) -> Self {
        Self { path: String::new(), entry: None, list: None, field: Field::Profile, wrong }
    }
}

impl Field {
    fn name(self) -> &'static str {
        use words::profile as say;
        match self {
            Self::Profile => say::profile(),
            Self::Phone => say::phone(),
            Self::Address => say::address(),
            Self::MapLink => say::map_link(),
            Self::Services => say::services(),
            Self::Catalogue => say::catalogue(),
            Self::Questions => say::questions(),
            Self::Code => say::code(),
            Self::Name => say::name(),
            Self::Words => say::words(),
            Self::Price => say::price(),
            Self::Minutes => say::minutes(),
            Self::Staff => say::staff(),
            Self::AtOnce => say::at_once(),
            Self::Unit => say::unit(),
            Self::Stock => say::stock(),
            Self::Category => say::category(),
            Self::Question => say::question(),
            Self::Answer => say::answer(),
            Self::Lead => say::lead(),
            Self::DaysAhead => say::days_ahead(),
            Self::SlotMinutes => say::slot_minutes(),
            Self::Areas => say::areas(),
            Self::Fee => say::fee(),
            Self::Elsewhere => say::elsewhere(),
            Self::Reminders => say::reminders(),
            Self::AskOrder => say::ask_order(),
            Self::UrgentWords => say::urgent_words(),
            Self::LeftAlone => say::left_alone(),
            Self::HandOff => say::hand_off(),
            Self::GoOn => say::go_on(),
            Self::Texts => say::texts(),
            Self::Hours => say::hours(),
            Self::Breaks => say::breaks(),
            Self::Holidays => say::holidays(),
            Self::Days => say::days(),
        }
    }
}

/// In the language of whoever reads it, see [`words::language`].
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use words::profile as say;
        let field = match (&self.list, &self.entry) {
            (Some(list), Some((number, name))) if name.is_empty() => {
                format!("{} {number}, {}", list.name(), self.field.name())
            }
            (Some(list), Some((number, name))) => {
                format!("{} {number} ({name}), {}", list.name(), self.field.name())
            }
            _ => self.field.name().to_owned(),
        };
        f.write_str(&match &self.wrong {
            Wrong::Unreadable { why } => say::unreadable(why),
            Wrong::TooLarge { most } => say::too_large(most),
            Wrong::TooMany { most, got } => say::too_many(field, most, got),
            Wrong::Empty => say::empty(field),
            Wrong::TooLong { most, got } => say::too_long(field, most, got),
            Wrong::Control => say::control(field),
            Wrong::NotACode => say::not_a_code(field, Bounds::CODE),
            Wrong::Twice { value } => say::twice(field, value),
            Wrong::Range { least, most } => say::range(field, least, most),
            Wrong::Steps => say::steps(field),
            Wrong::StaffAndPlaces => say::staff_and_places(field),
            Wrong::Link => say::link(field),
            Wrong::Phone => say::phone_number(field),
            Wrong::Spans => say::spans(field),
            Wrong::NotSeven => say::not_seven(field),
            Wrong::Backwards => say::backwards(field),
            Wrong::Parts => say::parts(field),
            Wrong::Template { why } => say::template(field, why),
        })
    }
}
