//! What the outside is told of the session: always the newest, so that a link that was away misses nothing that
//! still matters.

use domain::{Digits, SessionState};
use link::message::{ProblemCode, SessionReport};
use tokio::{sync::watch, time::Instant};

/// A code by which the device can be linked. A credential.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// The number whose phone it is to be typed on; `None` where it is to be scanned.
    pub(crate) typed_on: Option<Digits>,
    /// Its text.
    pub(crate) text: String,
    /// Until when it is good.
    pub(crate) until: Instant,
}

/// Something that happened, with a number that grows, so that the same twice is told twice.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Numbered<T> {
    /// Grows with each.
    pub(crate) number: u64,
    /// What happened.
    pub(crate) what: T,
}

/// The newest of each kind.
#[derive(Clone, Default)]
pub(crate) struct View {
    /// State of the session.
    pub(crate) state: State,
    /// What has last become of the session.
    pub(crate) report: Option<Numbered<SessionReport>>,
    /// The code that can be used now.
    pub(crate) code: Option<Numbered<Code>>,
    /// The number for which a pairing code was wanted, and why there is none.
    pub(crate) no_pairing_code: Option<Numbered<(Digits, String)>>,
    /// Whether WhatsApp has confirmed an ordered logout, or why it has not; nothing until that is known.
    pub(crate) log_out: Option<Result<(), String>>,
    /// What an operator should last know.
    pub(crate) problem: Option<Numbered<(ProblemCode, String)>>,
    counter: u64,
}

/// State of the session, disconnected at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State(pub(crate) SessionState);

impl Default for State {
    fn default() -> Self {
        Self(SessionState::Disconnected)
    }
}

impl View {
    fn number<T>(&mut self, what: T) -> Numbered<T> {
        self.counter += 1;
        Numbered { number: self.counter, what }
    }
}

/// Where the view is changed.
pub(crate) struct Board(watch::Sender<View>);

impl Board {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(View::default()))
    }

    /// The newest, and word of every change.
    pub(crate) fn watch(&self) -> watch::Receiver<View> {
        self.0.subscribe()
    }

    /// The state of the session now.
    pub(crate) fn state(&self) -> SessionState {
        self.0.borrow().state.0
    }

    /// Why the session is away, where that was the last word of it.
    pub(crate) fn why_disconnected(&self) -> Option<String> {
        match &self.0.borrow().report.as_ref()?.what {
            SessionReport::Disconnected { reason, .. }
            | SessionReport::Refused { reason }
            | SessionReport::TemporarilyBanned { reason, .. } => Some(reason.clone()),
            SessionReport::Connected { .. }
            | SessionReport::QrRoundExpired
            | SessionReport::LoggedOut
            | SessionReport::Held { .. } => None,
        }
    }

    /// The session has come to `state`, which is to be reported; codes shown before are void.
    pub(crate) fn session(&self, state: SessionState, report: SessionReport) {
        self.0.send_modify(|view| {
            view.state = State(state);
            view.code = None;
            view.report = Some(view.number(report));
        });
    }

    /// The newest report changes, where it is not this one already; the state of the session stays.
    pub(crate) fn amend(&self, report: SessionReport) {
        self.0.send_if_modified(|view| {
            let is_new = view.report.as_ref().is_none_or(|told| told.what != report);
            if is_new {
                view.report = Some(view.number(report));
            }
            is_new
        });
    }

    /// The code that was shown has been used.
    pub(crate) fn code_used(&self) {
        self.0.send_modify(|view| {
            view.state = State(SessionState::Disconnected);
            view.code = None;
        });
    }

    /// A code can be used.
    pub(crate) fn code(&self, code: Code) {
        self.0.send_modify(|view| {
            view.state = State(SessionState::QrReady);
            view.code = Some(view.number(code));
        });
    }

    /// The code that is good for the phone with this number.
    pub(crate) fn pairing_code(&self, number: &Digits) -> Option<Code> {
        let view = self.0.borrow();
        let code = view.code.as_ref().map(|code| &code.what)?;
        (code.typed_on.as_ref() == Some(number) && code.until > Instant::now()).then(|| code.clone())
    }

    /// The number of the newest word that there is no pairing code.
    pub(crate) fn newest_refusal(&self) -> u64 {
        self.0.borrow().no_pairing_code.as_ref().map_or(0, |refusal| refusal.number)
    }

    /// There is no pairing code for this number, or no longer.
    pub(crate) fn no_pairing_code(&self, number: Digits, why: String) {
        self.0.send_modify(|view| view.no_pairing_code = Some(view.number((number, why))));
    }

    /// How an ordered logout went. What was confirmed stays confirmed.
    pub(crate) fn logged_out(&self, outcome: Result<(), String>) {
        self.0.send_if_modified(|view| {
            let is_new = view.log_out != Some(Ok(())) && view.log_out.as_ref() != Some(&outcome);
            if is_new {
                view.log_out = Some(outcome);
            }
            is_new
        });
    }

    /// Something an operator should know; the same again while it is the newest is not told twice.
    pub(crate) fn problem(&self, code: ProblemCode, detail: String) {
        self.0.send_if_modified(|view| {
            let is_new =
                view.problem.as_ref().is_none_or(|told| told.what.0 != code || told.what.1 != detail);
            if is_new {
                view.problem = Some(view.number((code, detail)));
            }
            is_new
        });
    }
}
