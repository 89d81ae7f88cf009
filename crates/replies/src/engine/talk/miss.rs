//! What was not understood, and the person who comes at last.

use super::Talk;
use crate::engine::state::HandOffReason;

impl Talk<'_> {
    /// What no message said alone, they may say together; what is then left is met with the menu, and at last a person.
    pub(super) fn solve_riddles(&mut self) {
        if self.riddles.is_empty() {
            return;
        }
        let else_understood = !self.parts.is_empty()
            || self.menu
            || self.media.is_some()
            || self.asked
            || self.text_slot.is_some()
            || self.understood.is_some() && !self.greeted && !self.thanked && !self.nothing;
        let riddles = std::mem::take(&mut self.riddles);
        if else_understood {
            return;
        }
        if riddles.len() > 1 {
            self.hear(&riddles.join(" "));
            if self.riddles.is_empty() {
                return;
            }
            self.riddles.clear();
        }
        if self.state.running.is_some() {
            self.miss();
        } else if !self.fresh && !self.greeted {
            self.state.misses = self.state.misses.saturating_add(1);
            match self.state.misses {
                1 => {
                    self.part(&["not_understood"], &[]);
                    self.menu = true;
                }
                2 => {
                    self.part(&["not_understood"], &[]);
                    self.part(&["way_out"], &[]);
                    self.menu = true;
                }
                _ => self.hand_over(HandOffReason::NotUnderstood, None),
            }
        } else {
            self.greeted = true;
        }
    }

    /// The slot that was asked for was not understood: help for it, then the menu, then a person.
    pub(in crate::engine) fn miss(&mut self) {
        self.missed = true;
        let Some(running) = &mut self.state.running else { return };
        running.misses = running.misses.saturating_add(1);
        if running.misses == 1 {
            self.help();
            return;
        }
        self.drop_flow();
        self.state.misses = 2;
        self.part(&["not_understood"], &[]);
        self.part(&["way_out"], &[]);
        self.menu = true;
    }

    /// Gives the chat to a person, and says so once.
    pub(in crate::engine) fn hand_over(&mut self, reason: HandOffReason, said: Option<String>) {
        self.drop_flow();
        self.menu = false;
        self.state.misses = 0;
        let open = self.bot.is_open(self.now);
        let text = said.unwrap_or_else(|| match reason {
            HandOffReason::Urgent => self.say(&["person_urgent"], &[]),
            HandOffReason::NoPack => self.say(&["no_pack"], &[]),
            _ if open => self.say(&["person_comes"], &[]),
            _ => self.say(&["person_closed"], &[]),
        });
        self.parts.push(text);
        let hand_off = self.bot.hand_off(reason, self.now);
        self.state.hand_off = Some(hand_off.clone());
        self.hand_off = Some(hand_off);
    }
}
