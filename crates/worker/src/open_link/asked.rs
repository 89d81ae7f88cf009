//! What the control plane asks, and what it is answered.

use domain::Digits;
use link::{
    LinkError,
    message::{Answer, Question, Up},
};
use replies::Turn;

use super::{Open, OpenLink};
use crate::{
    channel::Address,
    journal::{PersonsChange, Typed},
};

/// The longest request id that is taken, in bytes.
const REQUEST_MAX_BYTES: usize = 128;
/// Questions that may wait at once; of more, the oldest have no answer.
const OPEN_MAX: usize = 64;
/// Why nothing can be asked of a bot that has just begun.
const NOT_READY: &str = "the bot is just starting; try again in a moment";

impl OpenLink<'_> {
    /// Answers a question, or notes it where its answer comes later.
    pub(super) async fn asked(&mut self, request: String, question: Question) -> Result<(), LinkError> {
        let bot = &self.uplink.bot;
        if request.is_empty() || request.len() > REQUEST_MAX_BYTES {
            let request = String::new();
            let result = Err(format!("the request's id must have 1 to {REQUEST_MAX_BYTES} bytes"));
            return self.send(Up::Answer { request, result }).await;
        }
        let result = match question {
            Question::PairingCode { number } => return self.link_by_code(request, number).await,
            Question::LogOut => {
                bot.orders.log_out.cancel();
                self.wait(request, Open::LogOut);
                return Ok(());
            }
            Question::SendText { contact, text } => self.typed(request.clone(), contact, text).await,
            Question::ReadContact { contact, skip } => match bot.journal.read_contact(contact, skip).await {
                Ok(part) => Ok(Answer::ReadContact { part }),
                Err(error) => Err(self.failed(&error)),
            },
            Question::ChangeRecord { contact, expects, record } => {
                self.change_record(contact, expects, &record).await
            }
            Question::HandBack { contact } => {
                self.hand(contact, Turn::HandBack).await.map(|()| Answer::HandBack)
            }
            Question::TakeOver { contact } => {
                let turn = Turn::Owner { text: String::new() };
                self.hand(contact, turn).await.map(|()| Answer::TakeOver)
            }
            Question::CopyJournal => match self.uplink.bot.journal.copy().await {
                Ok(bytes) => Ok(Answer::CopyJournal { bytes }),
                // A disk that is too full for a copy is no trouble of the journal's.
                Err(error) => Err(error.to_string()),
            },
            Question::EraseContact { contact } => match self.erase(contact).await {
                Ok(erased) => {
                    erased.map(|messages| Answer::EraseContact { messages }).map_err(|busy| busy.to_string())
                }
                Err(error) => Err(self.failed(&error)),
            },
        };
        let answered = answered_point(&result);
        self.send(Up::Answer { request, result }).await?;
        if let Some(point) = answered {
            crash::point(point);
        }
        Ok(())
    }

    /// Answers all open questions of one kind alike.
    pub(super) async fn answer_open(
        &mut self,
        which: impl Fn(&Open) -> bool,
        result: &Result<Answer, String>,
    ) -> Result<(), LinkError> {
        let answered: Vec<_> = self.open.extract_if(.., |(_, open)| which(open)).collect();
        for (request, _) in answered {
            self.send(Up::Answer { request, result: result.clone() }).await?;
        }
        Ok(())
    }

    fn wait(&mut self, request: String, open: Open) {
        if self.open.len() >= OPEN_MAX {
            self.open.remove(0);
        }
        self.open.push((request, open));
    }

    /// Tells the code that is good for this number already, or has WhatsApp asked for one.
    async fn link_by_code(&mut self, request: String, number: Digits) -> Result<(), LinkError> {
        let bot = &self.uplink.bot;
        if bot.standing.borrow().account != Address::default() {
            let why = "a phone is linked already; unlink it first".to_owned();
            return self.send(Up::Answer { request, result: Err(why) }).await;
        }
        self.wait(request, Open::PairingCode(number.clone(), bot.board.newest_refusal()));
        match bot.board.pairing_code(&number) {
            Some(code) => self.tell_code(code).await,
            None => {
                bot.typed_on
                    .send_if_modified(|wanted| wanted.replace(number.clone()).as_ref() != Some(&number));
                Ok(())
            }
        }
    }

    /// Before it connects to WhatsApp nothing is being answered: what waits for an answer is forgotten as well.
    async fn erase(
        &self,
        contact: String,
    ) -> Result<Result<u64, crate::journal::Busy>, crate::journal::JournalError> {
        let bot = &self.uplink.bot;
        let unanswered = !bot.orders.connect.is_cancelled();
        bot.journal.erase_contact(contact, unanswered).await
    }

    async fn change_record(
        &self,
        contact: Option<String>,
        expects: Option<u32>,
        record: &str,
    ) -> Result<Answer, String> {
        let bot = &self.uplink.bot;
        let voice = bot.voice().filter(|_| !bot.standing.borrow().awaits_records).ok_or(NOT_READY)?;
        let record = serde_json::from_str(record)
            .map_err(|_| "the record cannot be read by the bot's version; restart the bot".to_owned())?;
        let change = PersonsChange { contact, expects, record };
        match bot.journal.change_record(voice, change, bot.clock.now()).await {
            Ok(taken) => {
                let taken = taken.map_err(|conflict| serde_json::to_string(&conflict).unwrap_or_default());
                Ok(Answer::ChangeRecord { taken })
            }
            Err(error) => Err(self.failed(&error)),
        }
    }

    async fn hand(&self, contact: String, turn: Turn) -> Result<(), String> {
        let bot = &self.uplink.bot;
        let voice = bot.voice().ok_or(NOT_READY)?;
        match bot.journal.hand(voice, contact, turn, bot.clock.now()).await {
            Ok(true) => Ok(()),
            Ok(false) => Err("the bot does not know this contact".to_owned()),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn failed(&self, error: &crate::journal::JournalError) -> String {
        self.uplink.bot.trouble(error);
        "the worker's journal failed; its log says why".to_owned()
    }

    async fn typed(&self, request: String, contact: String, text: String) -> Result<Answer, String> {
        let bot = &self.uplink.bot;
        {
            let standing = bot.standing.borrow();
            if standing.held_number().is_some() {
                return Err("the linked number waits for an operator's confirmation".to_owned());
            }
            if !standing.may_speak() {
                return Err("the tenant is suspended, or not linked yet".to_owned());
            }
        }
        let wa_id = bot.channel.new_message_id();
        match bot.journal.put_typed(Typed { request, contact, text, wa_id, now: bot.clock.now() }).await {
            Ok(put) => put
                .map(|wa_message_id| Answer::SendText { wa_message_id })
                .map_err(|refusal| refusal.to_string()),
            Err(error) => {
                bot.trouble(&error);
                Err("the worker could not store the text; try again".to_owned())
            }
        }
    }
}

/// Where a crash may hit right after an answer.
const fn answered_point(result: &Result<Answer, String>) -> Option<&'static str> {
    match result {
        Ok(Answer::ChangeRecord { .. }) => Some("change_answered"),
        Ok(Answer::EraseContact { .. }) => Some("erase_answered"),
        _ => None,
    }
}
