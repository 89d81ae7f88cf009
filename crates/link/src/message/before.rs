//! What version 3 said in other words: three sets of frames where there is one question and one answer now. Read and
//! written for the other side's sake alone; nobody but [`crate::session`] sees it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{Digits, PackId};
use serde::{Deserialize, Serialize};

use super::{Answer, ContactPart, Down, Question, SessionReport, Up};

/// Questions of a connection that are remembered; older ones than these have no answer any more.
const REMEMBERED: usize = 256;

/// Why a worker of version 3 does not do what is asked.
const TOO_OLD: &str = "the bot runs an older version that cannot do this; restart it and try again";

/// A message in the words of now, or of the version before.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Wire<Now, Before> {
    /// As both versions say it, or as this one does.
    Now(Now),
    /// As only the version before says it.
    Before(Before),
}

/// What only a worker of version 3 says.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum UpBefore {
    PairingCodeRefused { number: Digits, reason: String },
    SendResult { request: String, result: Result<String, String> },
    Contact { request: String, result: Result<Option<ContactPart>, String> },
    ContactErased { request: String, result: Result<u64, String> },
}

/// What only a control plane of version 3 says.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum DownBefore {
    PairingCodeWanted { number: Digits },
    SendText { request: String, contact: String, text: String },
    ReadContact { request: String, contact: String, skip: u64 },
    EraseContact { request: String, contact: String },
    LogOut,
}

/// What was asked, as far as an answer needs it.
#[derive(Clone, PartialEq, Eq)]
enum Kind {
    PairingCode(Digits),
    SendText,
    ReadContact,
    EraseContact,
    LogOut,
}

impl Kind {
    /// `None` for what version 3 cannot be asked.
    fn of(question: &Question) -> Option<Self> {
        Some(match question {
            Question::PairingCode { number } => Self::PairingCode(number.clone()),
            Question::SendText { .. } => Self::SendText,
            Question::ReadContact { .. } => Self::ReadContact,
            Question::EraseContact { .. } => Self::EraseContact,
            Question::LogOut => Self::LogOut,
            Question::ChangeRecord { .. }
            | Question::HandBack { .. }
            | Question::TakeOver { .. }
            | Question::CopyJournal => return None,
        })
    }
}

/// Version 3 reads the three packs alone that ship and opening hours of seven lists, and no message with others. A worker of
/// that version answers as customer care until it is started again, which promises nothing but a person, and knows no dates.
pub(crate) fn readable(mut message: Down) -> Down {
    if let Down::Welcome { settings, .. } | Down::Configure { settings, .. } = &mut message {
        if !settings.pack.ships() {
            settings.pack = PackId::SUPPORT;
        }
        settings.hours = settings.hours.as_ref().map(domain::Hours::plain);
    }
    message
}

/// The questions that were asked on one connection with a side of version 3. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<Mutex<Questions>>);

#[derive(Default)]
struct Questions {
    open: VecDeque<(String, Kind)>,
    /// Requests that version 3 cannot be asked: they are answered with the next that is heard of it.
    unasked: Vec<String>,
    given: u64,
}

impl Asked {
    fn lock(&self) -> MutexGuard<'_, Questions> {
        // Whole at every instant, so that a panic elsewhere harms nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, request: String, kind: Kind) {
        let mut questions = self.lock();
        if questions.open.len() >= REMEMBERED {
            questions.open.pop_front();
        }
        questions.open.push_back((request, kind));
    }

    /// A request's id for a question that came without one.
    fn name(&self) -> String {
        let mut questions = self.lock();
        questions.given += 1;
        format!("v3-{}", questions.given)
    }

    fn settled(&self, request: &str) -> Option<Kind> {
        let mut questions = self.lock();
        let at = questions.open.iter().position(|(open, _)| open == request)?;
        questions.open.remove(at).map(|(_, kind)| kind)
    }

    /// The requests of this kind, which are settled by this.
    fn settle_all(&self, kind: &Kind) -> Vec<String> {
        let mut questions = self.lock();
        let (settled, open) =
            std::mem::take(&mut questions.open).into_iter().partition(|(_, asked)| asked == kind);
        questions.open = open;
        let settled: VecDeque<(String, Kind)> = settled;
        settled.into_iter().map(|(request, _)| request).collect()
    }

    /// The control plane's question in version 3's words; `None` for what version 3 does not know and needs not know.
    pub(crate) fn question(&self, message: Down) -> Option<Wire<Down, DownBefore>> {
        let (request, question) = match message {
            Down::Ask { request, question } => (request, question),
            Down::Connect
            | Down::AcknowledgeRecords { .. }
            | Down::AcknowledgeDeliveries { .. }
            | Down::Document { .. }
            | Down::OpenRecords { .. } => return None,
            message => return Some(Wire::Now(readable(message))),
        };
        let Some(kind) = Kind::of(&question) else {
            let mut questions = self.lock();
            if questions.unasked.len() < REMEMBERED {
                questions.unasked.push(request);
            }
            return None;
        };
        self.note(request.clone(), kind);
        Some(Wire::Before(match question {
            Question::PairingCode { number } => DownBefore::PairingCodeWanted { number },
            Question::SendText { contact, text } => DownBefore::SendText { request, contact, text },
            Question::ReadContact { contact, skip } => DownBefore::ReadContact { request, contact, skip },
            Question::EraseContact { contact } => DownBefore::EraseContact { request, contact },
            Question::LogOut => DownBefore::LogOut,
            // `Kind::of` has none for them.
            Question::ChangeRecord { .. }
            | Question::HandBack { .. }
            | Question::TakeOver { .. }
            | Question::CopyJournal => return None,
        }))
    }

    /// What a worker of version 3 said, in order.
    pub(crate) fn heard(&self, message: Wire<Up, UpBefore>) -> Vec<Up> {
        let unasked = std::mem::take(&mut self.lock().unasked).into_iter();
        let mut heard: Vec<Up> =
            unasked.map(|request| Up::Answer { request, result: Err(TOO_OLD.to_owned()) }).collect();
        heard.append(&mut self.said(message));
        heard
    }

    fn said(&self, message: Wire<Up, UpBefore>) -> Vec<Up> {
        let answer = |request, result| vec![Up::Answer { request, result }];
        let answers = |kind: Kind, result: &Result<Answer, String>| -> Vec<Up> {
            let settled = self.settle_all(&kind).into_iter();
            settled.map(|request| Up::Answer { request, result: result.clone() }).collect()
        };
        match message {
            Wire::Now(message) => {
                let (mut first, mut then) = (Vec::new(), Vec::new());
                match &message {
                    Up::PairingCode { code, expires_in_ms, number } => {
                        let code = Answer::PairingCode { code: code.clone(), expires_in_ms: *expires_in_ms };
                        then = answers(Kind::PairingCode(number.clone()), &Ok(code));
                    }
                    // It says no other word of a logout that it was asked for.
                    Up::Session(SessionReport::LoggedOut) => {
                        first = answers(Kind::LogOut, &Ok(Answer::LogOut));
                    }
                    _ => {}
                }
                first.push(message);
                first.append(&mut then);
                first
            }
            Wire::Before(UpBefore::PairingCodeRefused { number, reason }) => {
                answers(Kind::PairingCode(number), &Err(reason))
            }
            Wire::Before(UpBefore::SendResult { request, result }) => {
                self.settled(&request);
                answer(request, result.map(|wa_message_id| Answer::SendText { wa_message_id }))
            }
            Wire::Before(UpBefore::Contact { request, result }) => {
                self.settled(&request);
                answer(request, result.map(|part| Answer::ReadContact { part }))
            }
            Wire::Before(UpBefore::ContactErased { request, result }) => {
                self.settled(&request);
                answer(request, result.map(|messages| Answer::EraseContact { messages }))
            }
        }
    }

    /// What a control plane of version 3 said.
    pub(crate) fn asked(&self, message: Wire<Down, DownBefore>) -> Down {
        let (request, question) = match message {
            Wire::Now(message) => return message,
            Wire::Before(DownBefore::PairingCodeWanted { number }) => {
                (self.name(), Question::PairingCode { number })
            }
            Wire::Before(DownBefore::SendText { request, contact, text }) => {
                (request, Question::SendText { contact, text })
            }
            Wire::Before(DownBefore::ReadContact { request, contact, skip }) => {
                (request, Question::ReadContact { contact, skip })
            }
            Wire::Before(DownBefore::EraseContact { request, contact }) => {
                (request, Question::EraseContact { contact })
            }
            Wire::Before(DownBefore::LogOut) => (self.name(), Question::LogOut),
        };
        if let Some(kind) = Kind::of(&question) {
            self.note(request.clone(), kind);
        }
        Down::Ask { request, question }
    }

    /// The worker's message in version 3's words; `None` for what version 3 does not know and needs not know.
    pub(crate) fn answer(&self, message: Up) -> Option<Wire<Up, UpBefore>> {
        let (request, result) = match message {
            Up::Answer { request, result } => (request, result),
            Up::Records { .. } | Up::Deliveries { .. } | Up::HandOffs { .. } => return None,
            message => return Some(Wire::Now(message)),
        };
        let before = match (self.settled(&request)?, result) {
            (Kind::PairingCode(number), Ok(Answer::PairingCode { code, expires_in_ms })) => {
                return Some(Wire::Now(Up::PairingCode { code, expires_in_ms, number }));
            }
            (Kind::PairingCode(number), Err(reason)) => UpBefore::PairingCodeRefused { number, reason },
            (Kind::SendText, Ok(Answer::SendText { wa_message_id })) => {
                UpBefore::SendResult { request, result: Ok(wa_message_id) }
            }
            (Kind::SendText, Err(why)) => UpBefore::SendResult { request, result: Err(why) },
            (Kind::ReadContact, Ok(Answer::ReadContact { part })) => {
                UpBefore::Contact { request, result: Ok(part) }
            }
            (Kind::ReadContact, Err(why)) => UpBefore::Contact { request, result: Err(why) },
            (Kind::EraseContact, Ok(Answer::EraseContact { messages })) => {
                UpBefore::ContactErased { request, result: Ok(messages) }
            }
            (Kind::EraseContact, Err(why)) => UpBefore::ContactErased { request, result: Err(why) },
            // Version 3 learns of a logout by the session's report alone. An answer of another kind than its question is
            // none.
            _ => return None,
        };
        Some(Wire::Before(before))
    }
}
