//! The tenant's lifecycle: every pair of status and event, and what holds on every walk through it.

use std::fmt::Write;

use domain::{SessionState, TenantEvent as E, TenantStatus as S};
use proptest::prelude::*;
use strum::VariantArray;

/// The whole function on one page: a change of it is a change of this snapshot.
#[test]
fn every_status_and_event() {
    let mut table = String::new();
    for status in S::VARIANTS {
        for event in E::VARIANTS {
            let name: &str = event.into();
            let outcome = match status.after(*event) {
                Ok(next) => next.to_string(),
                Err(refusal) => format!("refused: {}", refusal.reason),
            };
            writeln!(table, "{:<11} {name:<20} {outcome}", status.to_string()).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_refusal_names_the_status_the_event_and_the_reason() {
    let refusal = S::Paused.after(E::Connected).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the worker was stopped; start it first (status PAUSED, event Connected)"
    );
}

/// What the control plane keeps of a tenant besides its status, as the events say.
#[derive(Debug)]
struct Tenant {
    status: S,
    session: SessionState,
    qr: bool,
    pairing_code: bool,
}

impl Tenant {
    fn new() -> Self {
        Self { status: S::New, session: SessionState::Disconnected, qr: false, pairing_code: false }
    }

    /// Applies an event and says whether it was taken.
    fn take(&mut self, event: E) -> bool {
        let Ok(next) = self.status.after(event) else { return false };
        self.status = next;
        self.session = event.session_state().unwrap_or(self.session);
        self.qr = event == E::QrReceived || (self.qr && !event.clears_qr());
        self.pairing_code =
            event == E::PairingCodeReceived || (self.pairing_code && !event.clears_pairing_code());
        true
    }
}

fn any_event() -> impl Strategy<Value = E> {
    proptest::sample::select(E::VARIANTS)
}

const ENDS_IN_ERROR: [E; 7] = [
    E::LoggedOut,
    E::AuthenticationFailed,
    E::HeartbeatStale,
    E::CrashLoop,
    E::DisconnectedTooLong,
    E::SessionCorrupt,
    E::SessionLost,
];

/// The promises of one step, for any status before and after it.
fn check_step(before: S, event: E, tenant: &Tenant, taken: bool) -> Result<(), TestCaseError> {
    let after = tenant.status;
    if !taken {
        prop_assert_eq!(before, after, "a refused event changes nothing");
        prop_assert_ne!(event, E::WorkerStarted, "a start is never refused");
    }
    if after != before {
        let way_in = match after {
            S::New => false,
            S::QrPending => {
                matches!(event, E::WorkerStarted | E::QrRoundExpired | E::Disconnected | E::WorkerCrashed)
            }
            S::QrReady => matches!(event, E::QrReceived | E::PairingCodeReceived),
            S::Active => event == E::Connected,
            S::Paused => event == E::Stopped,
            S::Error => ENDS_IN_ERROR.contains(&event),
        };
        prop_assert!(way_in, "{before} to {after} by {event:?}");
    }
    if before == S::Active && matches!(event, E::WorkerStarted | E::WorkerCrashed | E::Disconnected) {
        prop_assert_eq!(after, S::Active, "a linked tenant stays ACTIVE through {:?}", event);
        prop_assert_eq!(tenant.session, SessionState::Disconnected);
    }
    if taken && event == E::QrRoundExpired {
        prop_assert_eq!(after, S::QrPending);
        prop_assert!(!tenant.qr && !tenant.pairing_code, "an expired round leaves no code behind");
    }
    if taken && ENDS_IN_ERROR.contains(&event) {
        prop_assert_eq!(after, S::Error);
    }
    Ok(())
}

/// The promises that hold at every moment.
fn check_state(tenant: &Tenant) -> Result<(), TestCaseError> {
    let shown = tenant.qr || tenant.pairing_code;
    prop_assert_eq!(shown, tenant.status == S::QrReady, "a code is kept exactly while it can be used");
    prop_assert!(!(tenant.qr && tenant.pairing_code), "one way to link at a time");
    match tenant.session {
        // A worker that went silent keeps what it last said of its session.
        SessionState::Connected => prop_assert!(matches!(tenant.status, S::Active | S::Error)),
        SessionState::QrReady => prop_assert!(matches!(tenant.status, S::QrReady | S::Error)),
        SessionState::Disconnected => prop_assert_ne!(tenant.status, S::QrReady),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_walk_keeps_the_promises(events in proptest::collection::vec(any_event(), 0..60)) {
        let mut tenant = Tenant::new();
        for event in events {
            let before = tenant.status;
            let taken = tenant.take(event);
            check_step(before, event, &tenant, taken)?;
            check_state(&tenant)?;
        }
    }

    /// From wherever a walk has led, three events bring the tenant back to answering.
    #[test]
    fn no_walk_ends_in_a_trap(events in proptest::collection::vec(any_event(), 0..60)) {
        let mut tenant = Tenant::new();
        for event in events {
            tenant.take(event);
        }
        for event in [E::Stopped, E::WorkerStarted, E::Connected] {
            tenant.take(event);
        }
        prop_assert_eq!(tenant.status, S::Active);
    }
}
