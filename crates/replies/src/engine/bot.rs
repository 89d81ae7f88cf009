//! A bot: a pack together with what its tenant told it, ready to answer. Built once for each version of either.

use std::{collections::HashSet, sync::Arc};

use domain::{BotSettings, Language};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    Amount, Pack, Product, Profile, Service,
    pack::{Does, Texts},
    understand::{Index, tokens, vocabulary},
};

/// What a tenant told its bot.
#[derive(Debug, Clone)]
pub struct Business {
    /// Name, language, time zone, currency, opening hours, whether it is suspended.
    pub settings: BotSettings,
    /// All the rest.
    pub profile: Arc<Profile>,
}

/// A pack together with what its tenant told it, ready to answer.
#[derive(Debug)]
pub struct Bot {
    pub(crate) business: Business,
    /// `None`: this installation does not have the tenant's pack.
    pub(crate) pack: Option<Arc<Pack>>,
    pub(crate) language: Language,
    pub(crate) zone: TimeZone,
    /// Texts that the tenant says differently.
    pub(crate) own: Texts,
    /// What of its own the bot knows by name.
    pub(crate) things: Index<Thing>,
    /// What a customer may want.
    pub(crate) topics: Index<Topic>,
    pub(crate) urgent: Index<()>,
    left_alone: HashSet<String>,
    /// Places of the catalogue's products that are offered, category by category.
    pub(crate) shelves: Vec<usize>,
}

/// Something of the tenant's that has a name, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    Service(usize),
    /// A word of a product's name.
    Product(usize),
    Area(usize),
    /// Who does a service: its place, and theirs.
    Staff(usize, usize),
}

/// Something that a customer may want, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    Intent(usize),
    Question(usize),
}

impl Bot {
    /// Makes a bot ready. Without its pack it gives every customer to a person.
    #[must_use]
    pub fn new(pack: Option<Arc<Pack>>, business: Business) -> Self {
        let zone = TimeZone::get(&business.settings.timezone).unwrap_or(TimeZone::UTC);
        let wanted = business.settings.language;
        let language = pack.as_ref().map_or(wanted, |pack| pack.speaks(wanted));
        let mut bot = Self {
            pack,
            language,
            zone,
            own: Texts::default(),
            things: Index::default(),
            topics: Index::default(),
            urgent: Index::default(),
            left_alone: HashSet::new(),
            shelves: Vec::new(),
            business,
        };
        bot.own_texts();
        bot.topics();
        bot.things();
        let profile = Arc::clone(&bot.business.profile);
        profile.urgent_words.iter().for_each(|word| bot.urgent.add_forms(word, &()));
        let catalogue = &profile.catalogue;
        bot.shelves = (0..catalogue.len())
            .filter(|place| catalogue.get(*place).is_some_and(|product| product.on))
            .collect();
        bot.shelves.sort_by_key(|place| catalogue.get(*place).map(|product| product.category.of(language)));
        bot.left_alone = profile.manners.left_alone.iter().map(|number| last_digits(number)).collect();
        bot
    }

    fn own_texts(&mut self) {
        for (key, text) in &self.business.profile.texts {
            let said = text.of(self.language);
            // One that is no template is left out: the pack's is said instead.
            if !said.is_empty() {
                let _ = self.own.add(self.language, key, said);
            }
        }
    }

    fn topics(&mut self) {
        let Some(pack) = &self.pack else { return };
        self.topics = Index::over(Arc::clone(topics_of(pack)));
        for (place, question) in self.business.profile.questions.iter().enumerate() {
            let topic = Topic::Question(place);
            for word in &question.words {
                self.topics.add_forms(word, &topic);
            }
            for text in question.question.each() {
                self.topics.add(text, topic);
            }
        }
    }

    fn things(&mut self) {
        let profile = &self.business.profile;
        for (place, service) in profile.services.iter().enumerate().filter(|(_, service)| service.on) {
            for word in service.words.iter().map(String::as_str).chain(service.name.each()) {
                self.things.add_forms(word, &Thing::Service(place));
            }
            for (at, name) in service.staff.iter().enumerate() {
                self.things.add(name, Thing::Staff(place, at));
            }
        }
        for (place, product) in profile.catalogue.iter().enumerate().filter(|(_, product)| product.on) {
            let thing = Thing::Product(place);
            for word in product.words.iter().map(String::as_str).chain(product.name.each()) {
                self.things.add(word, thing);
                let tokens = tokens(word);
                // A part of a name finds it too, but not a size or a number.
                for token in tokens.iter().filter(|token| names(&token.text)) {
                    self.things.add_forms(&token.text, &thing);
                }
            }
        }
        for (place, area) in profile.delivery.areas.iter().enumerate() {
            for name in area.name.each() {
                self.things.add(name, Thing::Area(place));
            }
        }
    }

    /// What the tenant told it.
    #[must_use]
    pub const fn business(&self) -> &Business {
        &self.business
    }

    /// The pack that it answers by.
    #[must_use]
    pub const fn pack(&self) -> Option<&Arc<Pack>> {
        self.pack.as_ref()
    }

    pub(crate) fn profile(&self) -> &Profile {
        &self.business.profile
    }

    /// Whether the tenant wants a number left alone. Compared by its last nine digits, since people write it with and
    /// without the country's code.
    pub(crate) fn leaves_alone(&self, phone: &str) -> bool {
        self.left_alone.contains(&last_digits(phone))
    }

    /// Why the bot ignores whoever wrote, where it does: their messages are neither logged nor marked as read.
    #[must_use]
    pub fn ignores(&self, from: &super::From, switched_off: bool) -> Option<super::Silence> {
        let alone = from.phone.as_deref().is_some_and(|phone| self.leaves_alone(phone));
        if alone || self.profile().manners.only_new_people && from.known_before {
            return Some(super::Silence::LeftAlone);
        }
        switched_off.then_some(super::Silence::SwitchedOff)
    }

    pub(crate) fn today(&self, now: Timestamp) -> Date {
        self.zone.to_datetime(now).date()
    }

    /// The intent by its place.
    pub(crate) fn does(&self, place: usize) -> Option<&Does> {
        self.pack.as_ref()?.intents.get(place).map(|intent| &intent.does)
    }

    /// What a service is called.
    pub(crate) fn service_name(&self, service: &Service) -> String {
        service.name.of(self.language).to_owned()
    }

    /// What a product is called.
    pub(crate) fn product_name(&self, product: &Product) -> String {
        product.name.of(self.language).to_owned()
    }

    /// Money with its currency.
    pub(crate) fn money(&self, amount: Amount) -> String {
        format!("{} {}", self.business.settings.currency.trim(), amount.grouped()).trim().to_owned()
    }
}

fn names(word: &str) -> bool {
    word.chars().count() >= 3
        && word.chars().any(char::is_alphabetic)
        && !vocabulary().is_small(&crate::understand::fold::squeeze(word))
}

fn last_digits(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits.iter().skip(digits.len().saturating_sub(9)).collect()
}

/// What customers may want of any bot with this pack.
pub(super) fn topics_of(pack: &Pack) -> &Arc<Index<Topic>> {
    pack.topics.get_or_init(|| Arc::new(made_of(pack)))
}

fn made_of(pack: &Pack) -> Index<Topic> {
    let vars = crate::pack::empty_vars();
    let mut topics = Index::default();
    for (place, intent) in pack.intents.iter().enumerate() {
        let topic = Topic::Intent(place);
        for word in &intent.words {
            topics.add_forms(word, &topic);
        }
        if pack.menu.contains(&place) {
            for language in &pack.languages {
                let title =
                    pack.texts.say(*language, &format!("menu_{}", intent.name), &vars).unwrap_or_default();
                topics.add(&title, topic);
                for token in tokens(&title).iter().filter(|token| !vocabulary().is_small(&token.key)) {
                    topics.add_forms(&token.text, &topic);
                }
            }
        }
    }
    topics
}
