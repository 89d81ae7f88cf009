//! The parts of a business profile, each a form of its own.

use replies::{PackText, Profile};
use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};
use web::Problem;

use crate::{
    booking, catalogue, contact, delivery,
    fields::{Entry, Form, Spec},
    manners, questions, services, texts,
};

/// A part of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum Part {
    /// How customers reach the business otherwise.
    Contact,
    /// What can be booked.
    Services,
    /// What can be ordered.
    Catalogue,
    /// What customers ask.
    Questions,
    /// When and how much can be booked, and reminders.
    Booking,
    /// How an order reaches its customer.
    Delivery,
    /// Whom the bot leaves alone, and when a person comes.
    Manners,
    /// Texts of the pack that are said differently.
    Texts,
    /// All of it as files; no form of fields.
    Files,
}

impl Part {
    /// The part of this name; the first where none is named.
    ///
    /// # Errors
    /// Where there is none of this name.
    pub fn read(name: Option<&str>) -> Result<Self, Problem> {
        let Some(name) = name else { return Ok(Self::Contact) };
        name.parse().map_err(|_| {
            Problem::invalid_field("part", words::editing::part(Self::VARIANTS_NAMES.join(", ")))
        })
    }

    const VARIANTS_NAMES: &'static [&'static str] = <Self as VariantNames>::VARIANTS;

    /// What it is called.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Contact => words::editing::contact(),
            Self::Services => words::editing::services(),
            Self::Catalogue => words::editing::catalogue(),
            Self::Questions => words::editing::questions(),
            Self::Booking => words::editing::bookings(),
            Self::Delivery => words::editing::delivery(),
            Self::Manners => words::editing::manners(),
            Self::Texts => words::editing::texts(),
            Self::Files => words::editing::files(),
        }
    }

    /// Its form, with what stands: of one entry where it is a list and one is named, else of a new one.
    #[must_use]
    pub fn specs(self, profile: &Profile, at: Option<&str>) -> Vec<Spec> {
        match self {
            Self::Contact => contact::specs(profile),
            Self::Services => services::specs(profile, at),
            Self::Catalogue => catalogue::specs(profile, at),
            Self::Questions => questions::specs(profile, at),
            Self::Booking => booking::specs(profile),
            Self::Delivery => delivery::specs(profile),
            Self::Manners => manners::specs(profile),
            Self::Texts => texts::specs(profile, at),
            Self::Files => Vec::new(),
        }
    }

    /// The entries of a list; `None` where it is none. `sayings` are the texts of the tenant's pack.
    #[must_use]
    pub fn entries(self, profile: &Profile, sayings: &[PackText]) -> Option<Vec<Entry>> {
        match self {
            Self::Services => Some(services::entries(profile)),
            Self::Catalogue => Some(catalogue::entries(profile)),
            Self::Questions => Some(questions::entries(profile)),
            Self::Texts => Some(texts::entries(profile, sayings)),
            Self::Contact | Self::Booking | Self::Delivery | Self::Manners | Self::Files => None,
        }
    }

    /// Changes a profile by what a form says.
    ///
    /// # Errors
    /// Where a field cannot be read, or the entry is gone. Bounds are looked at when it is saved.
    pub fn edit(
        self,
        profile: &mut Profile,
        at: Option<&str>,
        remove: bool,
        form: &Form,
    ) -> Result<(), Problem> {
        match self {
            Self::Contact => contact::edit(profile, form),
            Self::Services => services::edit(profile, at, remove, form),
            Self::Catalogue => catalogue::edit(profile, at, remove, form),
            Self::Questions => questions::edit(profile, at, remove, form),
            Self::Booking => booking::edit(profile, form),
            Self::Delivery => delivery::edit(profile, form),
            Self::Manners => manners::edit(profile, form),
            Self::Texts => texts::edit(profile, at, remove, form),
            Self::Files => Err(Self::read(Some("")).err().unwrap_or_else(gone)),
        }
    }
}

impl Part {
    /// Where in the document stands what its form changes, as JSON pointers.
    #[must_use]
    pub fn within(self, before: &Profile, new: &Profile, at: Option<&str>) -> Vec<String> {
        let entry = |list: &str, place: Option<usize>, count: usize| {
            // One that is changed keeps its place, whatever its code is now; a new one is the last.
            vec![format!("/{list}/{}/", place.unwrap_or(count.saturating_sub(1)))]
        };
        let parts = |parts: &[&str]| parts.iter().map(|part| format!("/{part}")).collect();
        match self {
            Self::Services => {
                let at = at.and_then(|at| services::place(before, at));
                entry("services", at, new.services.len())
            }
            Self::Catalogue => {
                let at = at.and_then(|at| catalogue::place(before, at));
                entry("catalogue", at, new.catalogue.len())
            }
            Self::Questions => {
                let at = at.and_then(|at| questions::place(before, at));
                entry("questions", at, new.questions.len())
            }
            Self::Texts => at.map(|at| format!("/texts/{at}")).into_iter().collect(),
            Self::Contact => parts(&["contact"]),
            Self::Booking => parts(&["booking", "reminders"]),
            Self::Delivery => parts(&["delivery"]),
            Self::Manners => parts(&["urgent_words", "manners"]),
            Self::Files => Vec::new(),
        }
    }
}

/// Takes an entry of a list out, or changes it; without a place a new one is added. A refused change leaves the list as it
/// was.
pub(crate) fn edit_entry<T: Clone>(
    entries: &mut Vec<T>,
    place: Option<usize>,
    remove: bool,
    blank: fn() -> T,
    edit: impl FnOnce(&mut T) -> Result<(), Problem>,
) -> Result<(), Problem> {
    if let (Some(place), true) = (place, remove) {
        entries.remove(place);
        return Ok(());
    }
    let mut entry = place.and_then(|place| entries.get(place).cloned()).unwrap_or_else(blank);
    edit(&mut entry)?;
    match place.and_then(|place| entries.get_mut(place)) {
        Some(stands) => *stands = entry,
        None => entries.push(entry),
    }
    Ok(())
}

/// An entry that somebody has taken out meanwhile.
pub(crate) fn gone() -> Problem {
    Problem::invalid_field("at", words::editing::gone())
}

#[cfg(test)]
mod tests {
    use replies::Pack;

    use super::*;

    /// Each form sent back as it is shown changes nothing; what is typed into it is there.
    #[test]
    fn what_is_shown_and_sent_back_changes_nothing() {
        for profile in [Profile::salon(), Profile::for_pack("ECOMMERCE"), Profile::default()] {
            for part in <Part as VariantArray>::VARIANTS.iter().copied().filter(|part| *part != Part::Files) {
                let ats: Vec<Option<String>> = match part.entries(
                    &profile,
                    &Pack::shipped("BOOKING").map(|pack| pack.sayings()).unwrap_or_default(),
                ) {
                    None => vec![None],
                    Some(entries) => entries.into_iter().map(|entry| Some(entry.at)).collect(),
                };
                for at in ats {
                    let specs = part.specs(&profile, at.as_deref());
                    let form: Form =
                        specs.into_iter().map(|spec| (spec.name.to_owned(), spec.value)).collect();
                    let mut new = profile.clone();
                    part.edit(&mut new, at.as_deref(), false, &form).unwrap();
                    assert_eq!(new, profile, "{part:?} {at:?}");
                    part.edit(&mut new, at.as_deref(), false, &Form::new()).unwrap();
                    assert_eq!(new, profile, "what is not sent stays: {part:?} {at:?}");
                }
            }
        }
    }

    #[test]
    fn an_entry_is_added_changed_and_taken_out() {
        let mut profile = Profile::default();
        let form = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Form>()
        };
        let new = form(&[("name_sw", "Kusuka"), ("price", "15000"), ("minutes", "90")]);
        Part::Services.edit(&mut profile, None, false, &new).unwrap();
        assert_eq!((profile.services[0].minutes, profile.services[0].on), (90, true));
        Part::Services.edit(&mut profile, Some("kusuka"), false, &form(&[("minutes", "60")])).unwrap();
        assert_eq!((profile.services[0].minutes, profile.services[0].code.as_str()), (60, "kusuka"));
        let longer = "Kusuka na kuosha nywele kwa watoto wadogo wa chini ya miaka sita";
        for (name, code) in [
            ("  KUSUKA!", "kusuka-2"),
            ("Kusuka", "kusuka-3"),
            ("\u{0631}\u{0634}", "service"),
            (longer, "kusuka-na-kuosha-nywele-kwa-watoto"),
        ] {
            Part::Services.edit(&mut profile, None, false, &form(&[("name_sw", name)])).unwrap();
            assert_eq!(profile.services.pop().unwrap().code, code, "{name}");
            if code == "kusuka-2" {
                Part::Services.edit(&mut profile, None, false, &form(&[("name_sw", name)])).unwrap();
            }
        }
        assert_eq!(profile.services.pop().unwrap().code, "kusuka-2");
        // What it is called may change: bookings know it by its code.
        Part::Services.edit(&mut profile, Some("kusuka"), false, &form(&[("name_sw", "Nywele")])).unwrap();
        assert_eq!(profile.services[0].code, "kusuka");
        for (field, wrong) in
            [("minutes", "an hour"), ("price", "15.001"), ("at_once", "-1"), ("on", "perhaps")]
        {
            let refused = Part::Services.edit(&mut profile, Some("kusuka"), false, &form(&[(field, wrong)]));
            assert_eq!(refused.unwrap_err().field(), Some(field));
        }
        Part::Services.edit(&mut profile, Some("kusuka"), true, &Form::new()).unwrap();
        assert!(profile.services.is_empty());
        let gone = Part::Services.edit(&mut profile, Some("kusuka"), true, &Form::new());
        assert_eq!(gone.unwrap_err().field(), Some("at"));
        let question = form(&[("question_sw", "Mko wapi?"), ("answer_sw", "Sinza.")]);
        Part::Questions.edit(&mut profile, None, false, &question).unwrap();
        Part::Questions.edit(&mut profile, Some("1"), true, &Form::new()).unwrap();
        assert!(profile.questions.is_empty());
    }

    #[test]
    fn a_text_of_the_pack_is_said_differently_and_again_as_the_pack_says_it() {
        let pack = Pack::shipped("BOOKING").unwrap();
        let mut profile = Profile::default();
        profile.texts.insert("of_another_pack".to_owned(), replies::Text::both("Habari", "News"));
        let entries = Part::Texts.entries(&profile, &pack.sayings()).unwrap();
        assert_eq!((entries[0].at.as_str(), entries[0].off), ("of_another_pack", true));
        let greeting = entries.iter().find(|entry| entry.at == "greeting").unwrap();
        assert!(!greeting.off && greeting.cells[0].1.contains("{{ business }}"), "{:?}", greeting.cells);
        assert!(entries.iter().all(|entry| entry.at != "pack_name"));
        let form = |said: &str| Form::from([("said_sw".to_owned(), said.to_owned())]);
        Part::Texts.edit(&mut profile, Some("greeting"), false, &form("Mambo!\r\nKaribu.")).unwrap();
        assert_eq!(profile.texts["greeting"].sw.as_deref(), Some("Mambo!\nKaribu."));
        Part::Texts.edit(&mut profile, Some("greeting"), false, &form(" ")).unwrap();
        Part::Texts.edit(&mut profile, Some("of_another_pack"), true, &Form::new()).unwrap();
        assert!(profile.texts.is_empty());
        assert_eq!(Part::Texts.edit(&mut profile, None, false, &form("x")).unwrap_err().field(), Some("at"));
    }

    #[test]
    fn areas_are_lines_of_a_name_and_a_fee() {
        let mut profile = Profile::default();
        let form = |areas: &str| Form::from([("areas".to_owned(), areas.to_owned())]);
        Part::Delivery
            .edit(&mut profile, None, false, &form("Kariakoo = 3000\n\nMjini / Town = 2500.50\n"))
            .unwrap();
        let areas = &profile.delivery.areas;
        assert_eq!((areas.len(), areas[1].name.en.as_deref()), (2, Some("Town")));
        let wrong = Part::Delivery.edit(&mut profile, None, false, &form("Kariakoo"));
        assert_eq!(wrong.unwrap_err().field(), Some("areas"));
    }
}
