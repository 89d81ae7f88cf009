//! What the store was asked for: how many statements an answer costs, and whether a denial looks anything up.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Records the names of the statements that the store is asked for on this thread.
#[derive(Clone, Default)]
pub(super) struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// Records from now on, until the guard goes.
    pub(super) fn recording() -> (Self, tracing::subscriber::DefaultGuard) {
        let statements = Self::default();
        let recording = tracing_subscriber::registry().with(statements.clone());
        (statements, tracing::subscriber::set_default(recording))
    }

    /// What was asked for since the last time.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == store::STATEMENTS {
            let mut name = Name::default();
            event.record(&mut name);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(name.0);
        }
    }
}

#[derive(Default)]
struct Name(String);

impl tracing::field::Visit for Name {
    fn record_debug(&mut self, _: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{value:?}");
    }
}
