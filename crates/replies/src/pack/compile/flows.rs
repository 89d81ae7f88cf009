//! The flows of a pack: their slots and what becomes of them.

use std::collections::BTreeSet;

use super::{Compiler, MANIFEST, place};
use crate::pack::{
    Action, Choice, Flow, Kind, Slot, SlotKind,
    manifest::{Manifest, WrittenFlow, WrittenSlot},
};

impl Compiler<'_> {
    pub(super) fn flows(&mut self, manifest: &Manifest, lines: &impl Fn(usize) -> usize) -> Vec<Flow> {
        let mut known = BTreeSet::new();
        let mut flows = Vec::new();
        for written in &manifest.flows {
            self.named(&written.name, &mut known, lines);
            let action = self.action(written, lines);
            let mut slots = Vec::new();
            let mut names = BTreeSet::from(["which".to_owned(), "confirm".to_owned(), "with".to_owned()]);
            match action {
                Action::Change => slots.push(Slot::engines("which", SlotKind::Which(Kind::Booking))),
                Action::Cancel(of) => slots.push(Slot::engines("which", SlotKind::Which(of))),
                _ => {}
            }
            for slot in &written.slots {
                self.named(&slot.name, &mut names, lines);
                if let Some(slot) = self.slot(slot, &slots, lines) {
                    slots.push(slot);
                }
            }
            if written.confirm {
                slots.push(Slot::engines("confirm", SlotKind::Confirm));
            }
            let then = written.then.as_ref().and_then(|then| {
                let place = place(&manifest.flows, then.get_ref());
                if place.is_none() {
                    self.problem(
                        MANIFEST,
                        lines(then.span().start),
                        format!("there is no flow \"{}\"", then.get_ref()),
                    );
                }
                place
            });
            flows.push(Flow { name: written.name.get_ref().clone(), slots, action, then });
        }
        flows
    }

    fn action(&mut self, written: &WrittenFlow, lines: &impl Fn(usize) -> usize) -> Action {
        let at = lines(written.action.span().start);
        let kinds: Vec<&str> = written.slots.iter().map(|slot| slot.kind.get_ref().as_str()).collect();
        let (action, needs): (_, &[&str]) = match (
            written.action.get_ref().as_str(),
            written.of,
            &written.text,
        ) {
            ("book", None, None) => (Action::Book, &["date", "time"]),
            ("change", None, None) => (Action::Change, &["date", "time"]),
            ("cancel", Some(of), None) => (Action::Cancel(of), &[]),
            ("order", None, None) => (Action::Order, &["product"]),
            ("ticket", None, None) => (Action::Ticket, &["text"]),
            ("answer", None, Some(text)) => (Action::Answer(text.get_ref().clone()), &[]),
            ("person", None, None) => (Action::Person, &[]),
            ("cancel", ..) => {
                self.problem(MANIFEST, at, "`cancel` needs `of = \"booking\"`, `\"order\"` or `\"ticket\"`");
                return Action::Person;
            }
            ("answer", ..) => {
                self.problem(MANIFEST, at, "`answer` needs `text = \"…\"`");
                return Action::Person;
            }
            ("book" | "change" | "order" | "ticket" | "person", ..) => {
                self.problem(MANIFEST, at, "only `cancel` has `of`, and only `answer` has `text`");
                return Action::Person;
            }
            (other, ..) => {
                let what = format!(
                    "\"{other}\" is no action: there are book, change, cancel, order, ticket, answer and person"
                );
                self.problem(MANIFEST, at, what);
                return Action::Person;
            }
        };
        for needed in needs {
            if !kinds.contains(needed) {
                let what = format!("`{}` needs a slot of type `{needed}`", written.action.get_ref());
                self.problem(MANIFEST, at, what);
            }
        }
        action
    }

    fn slot(
        &mut self,
        written: &WrittenSlot,
        before: &[Slot],
        lines: &impl Fn(usize) -> usize,
    ) -> Option<Slot> {
        let at = lines(written.kind.span().start);
        let name = written.name.get_ref().clone();
        let kind = match written.kind.get_ref().as_str() {
            "service" => SlotKind::Service,
            "product" => SlotKind::Product,
            "date" => SlotKind::Date,
            "time" => SlotKind::Time,
            "name" => SlotKind::Name,
            "place" => SlotKind::Place,
            "text" => SlotKind::Text,
            "phone" => SlotKind::Phone,
            "choice" => self.choices(written, lines),
            other => {
                let what = format!(
                    "\"{other}\" is no type of slot: there are service, product, date, time, name, place, choice, text and \
                     phone"
                );
                self.problem(MANIFEST, at, what);
                return None;
            }
        };
        let simple = matches!(kind, SlotKind::Service | SlotKind::Product | SlotKind::Date | SlotKind::Time);
        if simple && before.iter().any(|slot| slot.kind == kind) {
            self.problem(MANIFEST, at, format!("a flow has one slot of type `{}`", kind.label()));
        }
        let when = written.when.as_ref().map(|when| (when.slot.get_ref().clone(), when.is.get_ref().clone()));
        if let (Some((slot, is)), Some(written)) = (&when, &written.when) {
            let lawful = before.iter().any(|known| {
                known.name == *slot
                    && matches!(&known.kind, SlotKind::Choice(choices) if choices.iter().any(|choice| choice.key == *is))
            });
            if !lawful {
                let what =
                    format!("no slot of type `choice` before this one is called \"{slot}\" and has \"{is}\"");
                self.problem(MANIFEST, lines(written.slot.span().start), what);
            }
        }
        Some(Slot { name, kind, when, optional: written.optional })
    }

    fn choices(&mut self, written: &WrittenSlot, lines: &impl Fn(usize) -> usize) -> SlotKind {
        let mut known = BTreeSet::new();
        let mut choices = Vec::new();
        for choice in &written.choices {
            self.named(&choice.key, &mut known, lines);
            let words = choice.words.iter().map(|word| word.get_ref().clone()).collect();
            choices.push(Choice { key: choice.key.get_ref().clone(), words });
        }
        if choices.len() < 2 {
            let what = "this slot cannot be left: a choice needs at least two `choices`";
            self.problem(MANIFEST, lines(written.kind.span().start), what);
        }
        SlotKind::Choice(choices)
    }
}

impl Slot {
    fn engines(name: &str, kind: SlotKind) -> Self {
        Self { name: name.to_owned(), kind, when: None, optional: false }
    }
}
