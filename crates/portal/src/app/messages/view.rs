//! The list of conversations and one of them, side by side on a desk, one after the other on a phone.

use api::portal::{Chat, ChatList, ChatState, Said};
use askama::{Template, filters::HtmlSafe};
use domain::{RecordId, Timestamp, Writer};
use web::{
    place::{address, encode},
    ui::{Banner, Bubble, Empty, Icon, Pill, Tick, Tone},
};

use crate::app::page::{Avatar, Zone, day_said};

/// The list.
#[derive(Template)]
#[template(path = "app/chat_list.html")]
pub(super) struct List {
    search: String,
    /// How many wait, where any do.
    waiting: Option<String>,
    rows: Vec<Row>,
    empty: Option<Empty>,
    older: Option<String>,
    owner: bool,
}

struct Row {
    href: String,
    avatar: Avatar,
    name: String,
    last: String,
    /// Whether the business wrote the last message.
    out: bool,
    time: String,
    at: Timestamp,
    pill: Option<Pill>,
    current: bool,
}

/// One conversation.
#[derive(Template)]
#[template(path = "app/talk.html")]
pub(super) struct Conversation {
    place: String,
    customer: String,
    avatar: Avatar,
    name: String,
    /// The number, where it can be called.
    number: Option<String>,
    /// Whether the customer's name is known, and not the number alone.
    named: bool,
    tone: Tone,
    says: String,
    /// What else is to be known.
    also: Option<&'static str>,
    take_over: bool,
    hand_back: bool,
    left_alone: bool,
    /// Whether whoever reads may have the bot keep out of it.
    owner: bool,
    chat: web::ui::Chat,
    earlier: Option<String>,
    newest: Option<String>,
    /// Whether whoever reads may write.
    writes: bool,
    typed: String,
    error: Option<String>,
    /// What tells this message from another.
    key: RecordId,
}

/// Both.
#[derive(Template)]
#[template(path = "app/messages.html")]
pub(super) struct View {
    pub(super) list: List,
    pub(super) talk: Option<Conversation>,
    pub(super) choose: Empty,
    pub(super) banner: Option<Banner>,
}

impl HtmlSafe for List {}
impl HtmlSafe for Conversation {}

/// Where a conversation is.
pub(super) fn place(contact: &str) -> String {
    format!("/app/messages/{}", encode(contact))
}

pub(super) fn choose() -> Empty {
    use words::portal_messages as say;
    Empty::new("chat", say::choose(), say::choose_text())
}

/// Whether a person is asked for, and none has come.
fn waits(state: &ChatState) -> bool {
    state.hand_off.as_deref().is_some_and(|why| why != "owner_wrote")
}

fn pill(state: &ChatState) -> Option<Pill> {
    use words::portal_messages as say;
    if waits(state) {
        Some(Pill::new(Tone::Warn, say::waits()))
    } else if state.hand_off.is_some() {
        Some(Pill::new(Tone::Ok, say::you_answer()))
    } else if state.left_alone {
        Some(Pill::new(Tone::Off, say::left_alone()))
    } else if state.opted_out {
        Some(Pill::new(Tone::Off, say::opted_out()))
    } else {
        None
    }
}

impl List {
    /// Those who wait come first, whatever is newer.
    pub(super) fn of(
        found: ChatList,
        search: &str,
        current: Option<&str>,
        zone: &Zone,
        now: Timestamp,
        owner: bool,
    ) -> Self {
        use words::portal_messages as say;
        let searched = !search.is_empty();
        let empty = found.chats.is_empty().then(|| {
            if searched {
                Empty::new("search", say::found_none(), say::found_none_text())
                    .link("/app/messages", say::all())
            } else {
                Empty::new("chat", say::none(), say::none_text()).link("/app/try", say::try_it())
            }
        });
        let (first, then): (Vec<Chat>, Vec<Chat>) =
            found.chats.into_iter().partition(|chat| !searched && waits(&chat.state));
        let pairs = [("search", Some(search).filter(|_| searched)), ("before", found.next.as_deref())];
        let older = found.next.is_some().then(|| address("/app/messages", &pairs));
        let row = |chat: Chat| Row {
            href: place(&chat.contact),
            avatar: Avatar::of(chat.name.as_deref()),
            current: current == Some(chat.contact.as_str()),
            pill: pill(&chat.state),
            time: zone.told(chat.at, now),
            at: chat.at,
            out: chat.direction == domain::Direction::Out,
            last: chat.last,
            name: chat.name.unwrap_or(chat.shown),
        };
        Self {
            search: search.to_owned(),
            waiting: (found.waiting > 0).then(|| say::waiting(found.waiting)),
            rows: first.into_iter().chain(then).map(row).collect(),
            empty,
            older,
            owner,
        }
    }
}

/// What stands in the field to write in.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) error: Option<String>,
}

impl Conversation {
    #[expect(clippy::needless_pass_by_value, reason = "what was said is shown here and nowhere else")]
    pub(super) fn of(
        said: Said,
        zone: &Zone,
        now: Timestamp,
        before: bool,
        (writes, owner): (bool, bool),
        draft: Draft,
    ) -> Self {
        use words::portal_messages as say;
        let place = place(&said.contact);
        let state = &said.state;
        let (tone, says) = if waits(state) {
            (Tone::Warn, say::waits_says(state.hand_off_says.as_deref().unwrap_or_default()))
        } else if state.hand_off.is_some() {
            let until = state.until.map(|until| say::you_answer_until(zone.told(until, now)));
            (Tone::Ok, until.unwrap_or_else(|| say::you_answer_here().to_owned()))
        } else if state.left_alone {
            (Tone::Off, say::left_alone_says().to_owned())
        } else {
            (Tone::Off, say::bot_answers().to_owned())
        };
        let earlier = said.next.as_deref().map(|next| address(&place, &[("before", Some(next))]));
        let hidden = said.contact.starts_with("lid:");
        Self {
            customer: format!("/app/customers/{}", encode(&said.contact)),
            avatar: Avatar::of(said.name.as_deref()),
            number: (!hidden).then(|| said.shown.clone()),
            named: said.name.is_some(),
            name: said.name.clone().unwrap_or_else(|| said.shown.clone()),
            tone,
            says,
            also: state.opted_out.then(say::opted_out_says),
            take_over: writes && state.hand_off.as_deref() != Some("owner_wrote") && !state.left_alone,
            hand_back: writes && state.hand_off.is_some(),
            left_alone: state.left_alone,
            owner,
            chat: web::ui::Chat { lines: lines(&said, zone, now) },
            earlier,
            newest: before.then(|| place.clone()),
            writes,
            typed: draft.text,
            error: draft.error,
            key: RecordId::generate(),
            place,
        }
    }

    /// The number as a telephone dials it.
    fn dial(&self) -> String {
        let number = self.number.as_deref().unwrap_or_default();
        number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
}

fn by(writer: Writer) -> String {
    words::delivery::writer(writer).to_owned()
}

/// Oldest first, with the day above its first message.
fn lines(said: &Said, zone: &Zone, now: Timestamp) -> Vec<Bubble> {
    let (mut above, today) = (None, zone.date(now));
    let bubble = |message: &api::portal::ChatMessage| {
        let day = zone.date(message.at);
        let other = above.replace(day) != Some(day);
        let clock = zone.clock(message.at);
        Bubble {
            id: message.id.to_string(),
            day: other.then(|| day_said(day, today)),
            out: message.out,
            text: message.text.clone(),
            at: message.at.to_string(),
            clock: message.fate.as_ref().map_or_else(|| clock.clone(), |fate| format!("{clock} · {fate}")),
            silence: message.silence_says.clone(),
            // That the bot said it goes without saying.
            who: message.writer.filter(|writer| writer.is_a_person()).map(by),
            tick: message.delivery.map(|delivery| Tick::new(delivery, message.delivery_reason.as_deref())),
            ..Bubble::default()
        }
    };
    said.messages.iter().rev().map(bubble).collect()
}
