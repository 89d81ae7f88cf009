//! What customers send besides plain text, and what becomes of each: what `docs/message-kinds.md` names, from a run of a
//! real worker.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use virtual_whatsapp::{Draft, Kind, SendOptions, Via, Wrapper};

use super::plan::Named;

/// What each kind comes to.
const PAGE: &str = include_str!("../../../../docs/message-kinds.md");

/// What stands in the log for what cannot be read, by its kind in the journal.
pub(super) const UNREAD: [(&str, &str); 3] = [
    ("unreadable", "[a message that could not be read]"),
    ("unreadable: view once", "[a message to be viewed once, which only the phone shows]"),
    ("unreadable: withheld", "[a message that WhatsApp shows on the phone only]"),
];

/// A text between fields that nobody knows, and a text that is no UTF-8, both in base64.
const WITH_UNKNOWN_FIELDS: &str = "CgZoYWJhcmmC+gEDAQID";
const NO_MESSAGE: &str = "CgLDKA==";

/// A message of a customer's, before it is sent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sending {
    /// What it is. What it is about is found when it is sent.
    pub draft: Draft,
    /// Along which way it comes, where that is not the chat.
    pub via: Via,
    /// It is said in a group.
    pub group: bool,
    /// No device can ever decrypt it.
    pub spoilt: bool,
}

impl Sending {
    /// A plain text.
    pub(super) fn text(text: &str) -> Self {
        Self { draft: Draft::text(text), ..Self::default() }
    }

    fn of(draft: Draft) -> Self {
        Self { draft, ..Self::default() }
    }

    /// Everything that is drawn from: each kind that the virtual WhatsApp forms, each wrapper, each way, and what
    /// cannot be read.
    pub(super) fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Sending>> = OnceLock::new();
        ALL.get_or_init(|| {
            let own = |kind: &&Kind| !matches!(kind, Kind::Text | Kind::Raw | Kind::Edit | Kind::Unavailable);
            let mut all: Vec<Self> =
                Kind::ALL.iter().filter(own).map(|kind| Self::of(Draft::of(*kind))).collect();
            // Corrections that change the answer, that make no difference, and as the official apps send them.
            let edit = |text| Draft::of(Kind::Edit).saying(text);
            all.extend(["2", "menu", "habari"].map(|text| Self::of(edit(text))));
            all.push(Self::of(edit("1").wrapped(Wrapper::Edited)));
            all.extend(Wrapper::ALL.iter().map(|wrapper| Self::of(Draft::text("1").wrapped(*wrapper))));
            let unavailable = |what| Self::of(Draft::of(Kind::Unavailable).saying(what));
            all.extend(["view_once", "", "hosted"].map(unavailable));
            for draft in [Draft::text("1"), Draft::of(Kind::Image), Draft::of(Kind::Voice)] {
                all.push(Self { spoilt: true, ..Self::of(draft) });
            }
            let raw = |bytes: &str| Draft { file: Some(bytes.to_owned()), ..Draft::of(Kind::Raw) };
            all.extend([WITH_UNKNOWN_FIELDS, NO_MESSAGE].map(|bytes| Self::of(raw(bytes))));
            for via in [Via::Status, Via::List("1700000000".to_owned())] {
                all.push(Self { via, ..Self::text("Hello") });
            }
            all.push(Self { group: true, ..Self::text("Hello") });
            all
        })
    }

    /// How it goes on the wire.
    pub(super) fn options(&self, named: Named, id: Option<&str>) -> SendOptions {
        SendOptions {
            by_lid: named == Named::Lid,
            spoilt: self.spoilt,
            id: id.map(str::to_owned),
            via: self.via.clone(),
            ..SendOptions::default()
        }
    }

    /// What it is called in tables, as the page calls it.
    pub(super) fn name(&self) -> String {
        if self.spoilt {
            return format!("`{}` that cannot be decrypted", self.draft.kind.name());
        }
        match (&self.via, self.group, self.draft.kind, self.draft.wrap.first()) {
            (Via::Status, ..) => "text as a status".to_owned(),
            (Via::List(_), ..) => "text through a broadcast list".to_owned(),
            (_, true, ..) => "text in a group".to_owned(),
            (_, _, Kind::Edit, Some(_)) => "an edit as the official apps send it".to_owned(),
            (_, _, Kind::Raw, _) if self.is_no_message() => "bytes that are no message".to_owned(),
            (_, _, _, Some(wrapper)) => format!("text in the wrapper `{}`", wrapper.name()),
            (_, _, kind, None) => format!("`{}`", kind.name()),
        }
    }

    fn is_no_message(&self) -> bool {
        self.draft.kind == Kind::Raw && self.draft.file.as_deref() == Some(NO_MESSAGE)
    }

    /// Its words, where it is a plain text to the bot.
    pub(super) fn words(&self) -> Option<&str> {
        let plain = self.draft.kind == Kind::Text && self.draft.wrap.is_empty();
        self.draft.text.as_deref().filter(|_| plain && self.is_direct() && !self.spoilt)
    }

    /// Whether it comes in the customer's own chat with the bot.
    pub(super) fn is_direct(&self) -> bool {
        self.via == Via::Chat && !self.group
    }

    /// Whether its content passes the durability hook: if not, a crash may forget it.
    pub(super) fn passes_hook(&self) -> bool {
        !self.spoilt && self.draft.kind != Kind::Unavailable && !self.is_no_message()
    }

    /// Whether it must be there after a crash too: what a customer wrote to the business itself and can be read. Nobody
    /// waits for an answer to anything else, and the channel asks nobody to send it again.
    pub(super) fn must_last(&self) -> bool {
        self.passes_hook() && self.is_direct()
    }

    /// Whether people see it in the log.
    pub(super) fn is_logged(&self) -> bool {
        !matches!(
            self.does().and_then(|does| does.strip_prefix("silent: ")),
            Some("protocol" | "group" | "status" | "broadcast")
        )
    }

    /// Whether this may become of it. `taken_back` where its writer has deleted it.
    pub(super) fn may_become(&self, outcome: &str, taken_back: bool) -> bool {
        if taken_back && outcome == "deleted" {
            return true;
        }
        if !self.passes_hook() {
            return matches!(outcome, "replied" | "unreadable");
        }
        match self.does() {
            // A correction is answered where the dialogue waits for it.
            Some("silent: corrected") => matches!(outcome, "corrected" | "replied"),
            Some(does) if does.starts_with("answers: ") => {
                matches!(outcome, "replied" | "with_person")
                    || outcome == "album" && self.draft.kind == Kind::AlbumImage
            }
            Some(does) => does.strip_prefix("silent: ") == Some(outcome),
            None => matches!(outcome, "replied" | "with_person"),
        }
    }

    /// The beginning of what the log says of it, where the page tells.
    pub(super) fn logged(&self) -> Option<&'static str> {
        let own = self.draft.kind != Kind::Edit && self.words().is_none() && self.passes_hook();
        let logged = self.row().filter(|_| own)?.split(" | ").nth(2)?;
        Some(logged.strip_prefix('“')?.trim_end_matches('”').trim_end_matches('…'))
    }

    /// What the bot does with it, by the page; nothing where it does not stand there.
    fn does(&self) -> Option<&'static str> {
        self.row()?.split(" | ").nth(1)
    }

    fn row(&self) -> Option<&'static str> {
        let start = format!("| {} |", self.name());
        PAGE.lines().find(|line| line.starts_with(&start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_an_outcome_for_everything_that_is_drawn_and_can_be_read() {
        let all = Sending::all();
        assert!(all.len() > 75, "{}", all.len());
        let unknown: Vec<_> = all
            .iter()
            .filter(|sending| {
                sending.passes_hook() && sending.draft.kind != Kind::Raw && sending.does().is_none()
            })
            .map(Sending::name)
            .collect();
        assert_eq!(unknown, Vec::<String>::new());
        for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Text) {
            assert!(all.iter().any(|sending| sending.draft.kind == *kind), "{}", kind.name());
        }
    }

    #[test]
    fn outcomes_are_those_of_the_page() {
        let of = |kind| Sending::of(Draft::of(kind));
        assert!(of(Kind::Image).may_become("replied", false));
        assert!(
            !of(Kind::Image).may_become("protocol", false) && !of(Kind::Image).may_become("deleted", false)
        );
        assert!(of(Kind::Image).may_become("deleted", true));
        assert!(of(Kind::Reaction).may_become("protocol", false) && !of(Kind::Reaction).is_logged());
        assert!(of(Kind::AlbumImage).may_become("album", false));
        assert_eq!(of(Kind::Image).logged(), Some("[image]"));
        let group = Sending { group: true, ..Sending::text("Hello") };
        assert!(group.may_become("group", false) && !group.may_become("replied", false));
    }
}
