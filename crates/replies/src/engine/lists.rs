//! Lists with numbers: what they hold, page by page, and what choosing from them does.

use minijinja::{Value, value::Serde};

use super::{
    state::Shown,
    talk::{PAGE, Talk},
};
use crate::{
    Amount, Record,
    pack::{Action, Does, Item, List},
    understand::Token,
};

/// Entries of a list that numbers mean: twenty pages. More is found by name.
const MOST_SHOWN: usize = 20 * PAGE;

/// A list's entries with what is remembered of each.
pub(super) type Entries = Vec<(String, Entry)>;

/// One entry. Of a long catalogue only a page is ever made.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    Made(Box<Item>),
    /// By its place in the catalogue.
    Product(usize),
}

impl From<Item> for Entry {
    fn from(item: Item) -> Self {
        Self::Made(Box::new(item))
    }
}

impl Talk<'_> {
    /// Says a text with a page of a list. Where the words name some of the list, only those.
    pub(super) fn answer_list(&mut self, key: &str, list: Option<List>, from: usize, words: &[Token]) {
        let Some(list) = list else {
            self.part(&[key], &[]);
            return;
        };
        let mut entries = self.entries(list);
        if entries.is_empty() {
            self.part(&[list.nothing()], &[]);
            return;
        }
        let named = self.named(list, words);
        if !named.is_empty() && from == 0 {
            entries.retain(|(code, _)| named.contains(code));
        }
        let vars =
            self.page(entries, from, matches!(list, List::Services | List::Products | List::Questions));
        self.part(&[key], &vars);
    }

    /// One page as a template sees it; remembers what numbers mean where they choose something.
    pub(super) fn page(
        &mut self,
        mut entries: Entries,
        from: usize,
        numbered: bool,
    ) -> [(&'static str, Value); 4] {
        entries.truncate(MOST_SHOWN);
        let all = entries.len();
        let from = if from >= all { 0 } else { from };
        let mut items: Vec<Item> =
            entries.iter().skip(from).take(PAGE).map(|(_, entry)| self.item(entry)).collect();
        for (place, item) in items.iter_mut().enumerate() {
            item.n = from + place + 1;
        }
        // A heading stands where it begins.
        for place in (1..items.len()).rev() {
            if items.get(place).map(|item| &item.category) == items.get(place - 1).map(|item| &item.category)
                && let Some(item) = items.get_mut(place)
            {
                item.category.clear();
            }
        }
        let first = entries.first().map(|(_, entry)| self.item(entry).name).unwrap_or_default();
        let more = from + PAGE < all;
        if numbered {
            self.state.shown =
                Shown::List { items: entries.into_iter().map(|(code, _)| code).collect(), from };
        }
        [
            ("items", Value::from(Serde(items))),
            ("more", Value::from(more)),
            ("first", Value::from(first)),
            ("count", Value::from(all)),
        ]
    }

    /// The next page of what was listed last.
    pub(super) fn next_page(&mut self) -> bool {
        let Shown::List { items, from } = &self.state.shown else { return false };
        let (first, next) = (items.first().cloned().unwrap_or_default(), from + PAGE);
        let next = if next >= items.len() { 0 } else { next };
        let lists = self.pack.intents.iter().find_map(|intent| match &intent.does {
            Does::Answer { text, list: Some(list) }
                if self.entries(*list).iter().any(|(code, _)| *code == first) =>
            {
                Some((text.clone(), *list))
            }
            _ => None,
        });
        let Some((key, list)) = lists else { return false };
        self.answer_list(&key, Some(list), next, &[]);
        true
    }

    /// An entry as a template sees it.
    pub(super) fn item(&self, entry: &Entry) -> Item {
        match entry {
            Entry::Made(item) => (**item).clone(),
            Entry::Product(place) => self
                .bot
                .profile()
                .catalogue
                .get(*place)
                .map(|product| self.product_item(product))
                .unwrap_or_default(),
        }
    }

    pub(super) fn entries(&self, list: List) -> Entries {
        let profile = self.bot.profile();
        let language = self.bot.language;
        match list {
            List::Services => {
                let services = profile.services.iter().filter(|service| service.on);
                let entry = |service: &crate::Service| Item {
                    name: self.bot.service_name(service),
                    price: service.price.map(|price| self.bot.money(price)).unwrap_or_default(),
                    minutes: service.minutes,
                    ..Item::default()
                };
                services.map(|service| (service.code.clone(), entry(service).into())).collect()
            }
            List::Products => {
                let shelves = self.bot.shelves.iter();
                shelves
                    .filter_map(|place| {
                        Some((profile.catalogue.get(*place)?.code.clone(), Entry::Product(*place)))
                    })
                    .collect()
            }
            List::Questions => {
                let questions = profile.questions.iter().enumerate();
                let name = |question: &crate::Question| question.question.of(language).to_owned();
                questions
                    .map(|(place, question)| {
                        (format!("?{place}"), Item { name: name(question), ..Item::default() }.into())
                    })
                    .collect()
            }
            List::Areas => {
                let areas = profile.delivery.areas.iter();
                let entry = |area: &crate::Area| Item {
                    name: area.name.of(language).to_owned(),
                    price: self.bot.money(area.fee),
                    ..Item::default()
                };
                areas.map(|area| (area.name.of(language).to_owned(), entry(area).into())).collect()
            }
            List::Bookings => {
                let bookings = self.held.bookings(self.now);
                bookings
                    .into_iter()
                    .map(|booking| self.record_entry(&Record::Booking(booking.clone())))
                    .collect()
            }
            List::Orders => {
                let orders = self.held.orders();
                orders
                    .into_iter()
                    .take(PAGE)
                    .map(|order| self.record_entry(&Record::Order(order.clone())))
                    .collect()
            }
            List::Tickets => {
                let tickets = self.held.tickets();
                tickets
                    .into_iter()
                    .take(PAGE)
                    .map(|ticket| self.record_entry(&Record::Ticket(ticket.clone())))
                    .collect()
            }
        }
    }

    pub(super) fn product_item(&self, product: &crate::Product) -> Item {
        let left = product.stock.map(|_| self.left(product));
        Item {
            name: self.bot.product_name(product),
            price: self.bot.money(product.price),
            unit: product.unit.of(self.bot.language).to_owned(),
            left: left.map(super::fill::quantity).unwrap_or_default(),
            category: product.category.of(self.bot.language).to_owned(),
            ..Item::default()
        }
    }

    /// What is left of a product; of one without a stock always enough.
    pub(super) fn left(&self, product: &crate::Product) -> Amount {
        match product.stock {
            None => Amount::MOST,
            Some(_) => self.held.stock.get(&product.code).copied().unwrap_or(Amount::NONE),
        }
    }

    pub(super) fn record_entry(&self, record: &Record) -> (String, Entry) {
        let (reference, item) = self.record_item(record);
        (reference, item.into())
    }

    pub(super) fn record_item(&self, record: &Record) -> (String, Item) {
        let state = |label: &str| self.say(&[&format!("state_{label}")], &[]);
        let item = match record {
            Record::Booking(booking) => Item {
                name: booking.service_name.clone(),
                when: self.bot.say_when(booking.at, self.now),
                state: state(booking.state.label()),
                ..Item::default()
            },
            Record::Order(order) => Item {
                name: order.lines.first().map(|line| line.name.clone()).unwrap_or_default(),
                total: self.bot.money(order.total),
                state: state(order.state.label()),
                ..Item::default()
            },
            Record::Ticket(ticket) => {
                let text: String = ticket.text.chars().take(40).collect();
                let name = if ticket.category_name.is_empty() { text } else { ticket.category_name.clone() };
                Item { name, state: state(ticket.state.label()), ..Item::default() }
            }
            Record::Block(_) => Item::default(),
        };
        let reference = record.reference().to_owned();
        (reference.clone(), Item { reference, ..item })
    }

    /// Codes of a list that the words name.
    fn named(&self, list: List, words: &[Token]) -> Vec<String> {
        match list {
            List::Services => {
                self.services_in(words).into_iter().map(|(service, _)| service.code.clone()).collect()
            }
            List::Products => self.products_in(words).into_iter().flat_map(|(codes, ..)| codes).collect(),
            _ => Vec::new(),
        }
    }

    /// What a number means outside of a flow: a line of the menu, or an entry of the list that was shown.
    pub(super) fn choose_number(&mut self, number: usize) -> bool {
        let Some(place) = number.checked_sub(1) else { return false };
        match &self.state.shown {
            Shown::Menu => {
                let Some(intent) = self.pack.menu.get(place).copied() else { return false };
                self.intent(intent, "", &[]);
                true
            }
            Shown::List { items, .. } => {
                let Some(code) = items.get(place).cloned() else { return false };
                self.choose_code(&code)
            }
        }
    }

    fn choose_code(&mut self, code: &str) -> bool {
        if let Some(question) = code.strip_prefix('?').and_then(|place| place.parse().ok()) {
            self.question(question);
            return true;
        }
        let profile = self.bot.profile();
        let wanted = if profile.service(code).is_some() {
            Action::Book
        } else if profile.product(code).is_some() {
            Action::Order
        } else {
            return false;
        };
        let Some(flow) = self.pack.flows.iter().find(|flow| flow.action == wanted) else {
            self.menu = true;
            return true;
        };
        self.start(flow);
        self.take_code(code);
        true
    }
}
