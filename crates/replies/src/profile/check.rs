//! What a profile may hold: bounds on every count and length, each with its error, which names the field in words.

use std::collections::BTreeSet;

use domain::{Hours, Span, Text};

use super::{Bounds, Fault, Field, Profile, Wrong};

impl Profile {
    /// All that is out of bounds. Texts are looked at as templates by [`crate::Pack::check_texts`].
    #[must_use]
    pub fn check(&self) -> Vec<Fault> {
        let mut check = Check::default();
        check.contact(self);
        check.services(self);
        check.catalogue(self);
        check.questions(self);
        check.rules(self);
        check.manners(self);
        check.faults
    }
}

/// All that is out of bounds in opening hours.
#[must_use]
pub fn check_hours(hours: &Hours) -> Vec<Fault> {
    let mut check = Check::default();
    for (day, spans) in hours.week.iter().enumerate() {
        check.spans(&format!("/week/{day}"), Field::Hours, spans);
    }
    if !hours.breaks.is_empty() && hours.breaks.len() != 7 {
        check.fault("/breaks", Field::Breaks, Wrong::NotSeven);
    }
    for (day, spans) in hours.breaks.iter().enumerate() {
        check.spans(&format!("/breaks/{day}"), Field::Breaks, spans);
    }
    check.count("/closed", Field::Holidays, hours.closed.len(), Bounds::DAYS);
    for (place, closed) in hours.closed.iter().take(Bounds::DAYS).enumerate() {
        if closed.to < closed.from {
            check.fault(&format!("/closed/{place}"), Field::Holidays, Wrong::Backwards);
        }
        check.text(&format!("/closed/{place}/name"), Field::Holidays, &closed.name, Bounds::NAME, false);
    }
    check.count("/days", Field::Days, hours.days.len(), Bounds::DAYS);
    for (place, day) in hours.days.iter().take(Bounds::DAYS).enumerate() {
        check.spans(&format!("/days/{place}/spans"), Field::Days, &day.spans);
        check.text(&format!("/days/{place}/name"), Field::Days, &day.name, Bounds::NAME, false);
        if hours.days.iter().take(place).any(|before| before.date == day.date) {
            let value = day.date.to_string();
            check.fault(&format!("/days/{place}/date"), Field::Days, Wrong::Twice { value });
        }
    }
    check.faults
}

#[derive(Default)]
struct Check {
    faults: Vec<Fault>,
    /// The list and entry that is being looked at.
    at: Option<(Field, usize, String)>,
}

impl Check {
    fn fault(&mut self, path: &str, field: Field, wrong: Wrong) {
        let (list, entry) = match &self.at {
            Some((list, number, name)) => (Some(*list), Some((*number, name.clone()))),
            None => (None, None),
        };
        self.faults.push(Fault { path: path.to_owned(), entry, list, field, wrong });
    }

    fn count(&mut self, path: &str, field: Field, got: usize, most: usize) {
        if got > most {
            self.fault(path, field, Wrong::TooMany { most, got });
        }
    }

    fn line(&mut self, path: &str, field: Field, text: &str, most: usize) {
        let got = text.chars().count();
        if text.trim().is_empty() {
            self.fault(path, field, Wrong::Empty);
        } else if got > most {
            self.fault(path, field, Wrong::TooLong { most, got });
        } else if text.chars().any(char::is_control) {
            self.fault(path, field, Wrong::Control);
        }
    }

    fn text(&mut self, path: &str, field: Field, text: &Text, most: usize, needed: bool) {
        if needed && text.is_empty() {
            self.fault(path, field, Wrong::Empty);
        }
        for said in text.each() {
            let got = said.chars().count();
            if got > most {
                self.fault(path, field, Wrong::TooLong { most, got });
            } else if said.chars().any(|c| c.is_control() && (most <= Bounds::LINE || c != '\n')) {
                self.fault(path, field, Wrong::Control);
            }
        }
    }

    fn words(&mut self, path: &str, field: Field, words: &[String], most: usize) {
        self.count(path, field, words.len(), most);
        for (place, word) in words.iter().take(most).enumerate() {
            self.line(&format!("{path}/{place}"), field, word, Bounds::WORD);
        }
    }

    fn range(&mut self, path: &str, field: Field, value: u32, least: u32, most: u32) {
        if !(least..=most).contains(&value) {
            self.fault(path, field, Wrong::Range { least, most });
        }
    }

    fn steps(&mut self, path: &str, field: Field, minutes: u16) {
        self.range(path, field, u32::from(minutes), 5, u32::from(Bounds::MINUTES));
        if !minutes.is_multiple_of(5) {
            self.fault(path, field, Wrong::Steps);
        }
    }

    fn code(&mut self, path: &str, code: &str, known: &mut BTreeSet<String>) {
        let lawful = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if code.is_empty() || code.len() > Bounds::CODE || !code.chars().all(lawful) {
            self.fault(path, Field::Code, Wrong::NotACode);
        } else if !known.insert(code.to_owned()) {
            self.fault(path, Field::Code, Wrong::Twice { value: code.to_owned() });
        }
    }

    fn spans(&mut self, path: &str, field: Field, spans: &[Span]) {
        let lawful = spans.iter().all(|(from, to)| from < to && *to <= 1440)
            && spans.is_sorted_by(|(_, to), (from, _)| to < from)
            && spans.len() <= Bounds::SPANS;
        if !lawful {
            self.fault(path, field, Wrong::Spans);
        }
    }

    fn contact(&mut self, profile: &Profile) {
        if let Some(phone) = &profile.contact.phone {
            self.line("/contact/phone", Field::Phone, phone, Bounds::WORD);
        }
        self.text("/contact/address", Field::Address, &profile.contact.address, Bounds::LINE, false);
        if let Some(link) = &profile.contact.map_link {
            self.line("/contact/map_link", Field::MapLink, link, Bounds::LINK);
            let lawful = link.starts_with("https://") && !link.chars().any(char::is_whitespace);
            if !lawful && !link.trim().is_empty() {
                self.fault("/contact/map_link", Field::MapLink, Wrong::Link);
            }
        }
    }

    fn services(&mut self, profile: &Profile) {
        self.count("/services", Field::Services, profile.services.len(), Bounds::SERVICES);
        let mut codes = BTreeSet::new();
        for (place, service) in profile.services.iter().take(Bounds::SERVICES).enumerate() {
            let path = format!("/services/{place}");
            self.at = Some((Field::Services, place + 1, named(&service.name, &service.code)));
            self.code(&format!("{path}/code"), &service.code, &mut codes);
            self.text(&format!("{path}/name"), Field::Name, &service.name, Bounds::NAME, true);
            self.words(&format!("{path}/words"), Field::Words, &service.words, Bounds::WORDS);
            self.steps(&format!("{path}/minutes"), Field::Minutes, service.minutes);
            self.words(&format!("{path}/staff"), Field::Staff, &service.staff, Bounds::STAFF);
            let mut staff = BTreeSet::new();
            for name in &service.staff {
                if !staff.insert(name.trim().to_lowercase()) {
                    let value = name.clone();
                    self.fault(&format!("{path}/staff"), Field::Staff, Wrong::Twice { value });
                }
            }
            if let Some(at_once) = service.at_once {
                let most = u32::from(Bounds::AT_ONCE);
                self.range(&format!("{path}/at_once"), Field::AtOnce, u32::from(at_once), 1, most);
                if !service.staff.is_empty() {
                    self.fault(&format!("{path}/at_once"), Field::AtOnce, Wrong::StaffAndPlaces);
                }
            }
        }
        self.at = None;
    }

    fn catalogue(&mut self, profile: &Profile) {
        self.count("/catalogue", Field::Catalogue, profile.catalogue.len(), Bounds::PRODUCTS);
        let mut codes = BTreeSet::new();
        for (place, product) in profile.catalogue.iter().take(Bounds::PRODUCTS).enumerate() {
            let path = format!("/catalogue/{place}");
            self.at = Some((Field::Catalogue, place + 1, named(&product.name, &product.code)));
            self.code(&format!("{path}/code"), &product.code, &mut codes);
            self.text(&format!("{path}/name"), Field::Name, &product.name, Bounds::NAME, true);
            self.words(&format!("{path}/words"), Field::Words, &product.words, Bounds::WORDS);
            self.text(&format!("{path}/unit"), Field::Unit, &product.unit, Bounds::NAME, false);
            self.text(&format!("{path}/category"), Field::Category, &product.category, Bounds::NAME, false);
            if product.stock.is_some_and(|stock| !stock.is_whole() && !product.parts) {
                self.fault(&format!("{path}/stock"), Field::Stock, Wrong::Parts);
            }
        }
        self.at = None;
    }

    fn questions(&mut self, profile: &Profile) {
        self.count("/questions", Field::Questions, profile.questions.len(), Bounds::QUESTIONS);
        for (place, question) in profile.questions.iter().take(Bounds::QUESTIONS).enumerate() {
            let path = format!("/questions/{place}");
            self.at = Some((Field::Questions, place + 1, String::new()));
            self.text(&format!("{path}/question"), Field::Question, &question.question, Bounds::LINE, true);
            self.words(&format!("{path}/words"), Field::Words, &question.words, Bounds::WORDS);
            self.text(&format!("{path}/answer"), Field::Answer, &question.answer, Bounds::ANSWER, true);
        }
        self.at = None;
    }

    fn rules(&mut self, profile: &Profile) {
        let rules = &profile.booking;
        self.range("/booking/lead_minutes", Field::Lead, rules.lead_minutes, 0, 60 * 24 * 60);
        let days = u32::from(Bounds::DAYS_AHEAD);
        self.range("/booking/days_ahead", Field::DaysAhead, u32::from(rules.days_ahead), 1, days);
        self.steps("/booking/slot_minutes", Field::SlotMinutes, rules.slot_minutes);
        let at_once = u32::from(Bounds::AT_ONCE);
        self.range("/booking/at_once", Field::AtOnce, u32::from(rules.at_once), 1, at_once);
        self.count("/delivery/areas", Field::Areas, profile.delivery.areas.len(), Bounds::AREAS);
        for (place, area) in profile.delivery.areas.iter().take(Bounds::AREAS).enumerate() {
            self.at = Some((Field::Areas, place + 1, named(&area.name, "")));
            let path = format!("/delivery/areas/{place}/name");
            self.text(&path, Field::Name, &area.name, Bounds::NAME, true);
        }
        self.at = None;
        let before = &profile.reminders.before_minutes;
        self.count("/reminders/before_minutes", Field::Reminders, before.len(), Bounds::REMINDERS);
        for minutes in before.iter().take(Bounds::REMINDERS) {
            self.range("/reminders/before_minutes", Field::Reminders, *minutes, 10, 30 * 24 * 60);
        }
        if let Some(minutes) = profile.reminders.ask_order_after_minutes {
            self.range("/reminders/ask_order_after_minutes", Field::AskOrder, minutes, 5, 24 * 60);
        }
    }

    fn manners(&mut self, profile: &Profile) {
        self.words("/urgent_words", Field::UrgentWords, &profile.urgent_words, Bounds::URGENT);
        let manners = &profile.manners;
        self.count("/manners/left_alone", Field::LeftAlone, manners.left_alone.len(), Bounds::LEFT_ALONE);
        for (place, number) in manners.left_alone.iter().take(Bounds::LEFT_ALONE).enumerate() {
            let digits = number.chars().filter(char::is_ascii_digit).count();
            let lawful = number.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
            if !lawful || !(7..=15).contains(&digits) {
                self.fault(&format!("/manners/left_alone/{place}"), Field::LeftAlone, Wrong::Phone);
            }
        }
        self.range("/manners/hand_off_minutes", Field::HandOff, manners.hand_off_minutes, 5, 7 * 24 * 60);
        self.range("/manners/go_on_after_minutes", Field::GoOn, manners.go_on_after_minutes, 5, 24 * 60);
        self.count("/texts", Field::Texts, profile.texts.len(), Bounds::TEXTS);
        for (key, text) in profile.texts.iter().take(Bounds::TEXTS) {
            self.line("/texts", Field::Texts, key, Bounds::NAME);
            self.text(&format!("/texts/{key}"), Field::Texts, text, Bounds::ANSWER, true);
        }
    }
}

fn named(name: &Text, code: &str) -> String {
    let name = name.of(words::language());
    let name = if name.is_empty() { code } else { name };
    name.chars().take(Bounds::NAME).collect()
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;
    use crate::Amount;
    use crate::profile::{Product, Service};

    fn service() -> Service {
        Service {
            code: "cut".into(),
            name: Text::both("Kunyoa", "Haircut"),
            words: vec![],
            price: None,
            minutes: 30,
            staff: vec![],
            at_once: None,
            on: true,
        }
    }

    fn said(profile: &Profile) -> Vec<String> {
        profile.check().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_count_and_length_has_its_own_error() {
        let long = "x".repeat(2_000);
        let mut profile = Profile { services: vec![service(); 101], ..Profile::default() };
        profile.services[0].code = "A b".into();
        profile.services[1].name = Text { sw: Some(long.clone()), en: None };
        profile.services[2].minutes = 7;
        profile.services[3].staff = vec!["Neema".into(), "neema ".into()];
        profile.services[3].at_once = Some(2);
        profile.services[4].words = vec!["w".into(); 21];
        profile.services[5].at_once = Some(0);
        profile.services[6].name = Text::default();
        profile.contact.map_link = Some("http://maps".into());
        profile.manners.left_alone = vec!["call me".into()];
        profile.booking.days_ahead = 0;
        profile.reminders.before_minutes = vec![60, 60, 60, 60, 1];
        profile.urgent_words = vec!["two\nlines".into()];
        profile.texts.insert("greeting".into(), Text { sw: Some(long), en: None });
        let faults = profile.check();
        let paths: BTreeSet<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        for path in [
            "/services",
            "/services/0/code",
            "/services/1/name",
            "/services/2/minutes",
            "/services/3/staff",
            "/services/3/at_once",
            "/services/4/words",
            "/services/5/at_once",
            "/services/6/name",
            "/contact/map_link",
            "/manners/left_alone/0",
            "/booking/days_ahead",
            "/reminders/before_minutes",
            "/urgent_words/0",
            "/texts/greeting",
        ] {
            assert!(paths.contains(path), "{path}: {paths:?}");
        }
        let said = said(&profile);
        assert!(said.iter().all(|text| text.len() < 400 && !text.contains('{')), "{said:#?}");
    }

    #[test]
    fn an_error_names_the_field_in_the_readers_language() {
        let profile = Profile { services: vec![Service { minutes: 7, ..service() }], ..Profile::default() };
        let english = said(&profile);
        assert_eq!(english, ["Service 1 (Haircut), minutes: write a number in steps of five."]);
        let swahili = words::within(Language::Sw, || said(&profile));
        assert!(swahili[0].starts_with("Huduma 1 (Kunyoa), dakika"), "{swahili:?}");
    }

    #[test]
    fn a_stock_of_halves_is_of_what_is_sold_in_halves() {
        let mut product = Product {
            code: "rice".into(),
            name: Text::both("Mchele", "Rice"),
            words: vec![],
            price: Amount::whole(3_000),
            unit: Text::both("kilo", "kilo"),
            parts: false,
            stock: "1.5".parse().ok(),
            stock_counted: 0,
            stock_counted_at: None,
            category: Text::default(),
            on: true,
        };
        let of = |product: &Product| Profile { catalogue: vec![product.clone()], ..Profile::default() };
        assert_eq!(of(&product).check().len(), 1);
        product.parts = true;
        assert!(of(&product).check().is_empty());
    }

    #[test]
    fn hours_are_in_order_and_apart() {
        let mut hours = Hours::default();
        assert!(check_hours(&hours).is_empty());
        hours.week[0] = vec![(600, 540)];
        hours.week[1] = vec![(540, 700), (690, 800)];
        hours.week[2] = vec![(540, 1441)];
        hours.breaks = vec![vec![]; 3];
        let faults = check_hours(&hours);
        let paths: Vec<_> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["/week/0", "/week/1", "/week/2", "/breaks"]);
    }
}
