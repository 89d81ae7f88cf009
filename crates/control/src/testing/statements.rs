//! What the store was asked for: how many statements an answer costs, and whether a denial looks anything up.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, Once, PoisonError},
};

use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Whether statements are told on threads without a recorder, too. As long as one recorder is the only subscriber, `tracing`
/// asks the thread that comes to a statement's event first whether anybody wants it, and keeps its no for all threads.
static ASKED_FOR_EVERYWHERE: Once = Once::new();

/// Records the names of the statements that the store is asked for on this thread.
#[derive(Clone, Default)]
pub(super) struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// Records from now on, until the guard goes.
    pub(super) fn recording() -> (Self, tracing::subscriber::DefaultGuard) {
        ASKED_FOR_EVERYWHERE.call_once(|| {
            // Where another test has set one, it has asked for more than this.
            let _one_is_set = tracing::subscriber::set_global_default(Asks);
        });
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

/// Asks for statements, and does nothing with them. It knows no spans: those of a recorder are its own.
struct Asks;

impl tracing::Subscriber for Asks {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == store::STATEMENTS
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {}

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}
