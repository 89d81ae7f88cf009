//! R8: the restart policy equals a model that was written another way: from the whole history, with no state.

use std::time::Duration;

use link::Exit;
use proptest::prelude::*;
use supervisor::{Decision, GiveUp, RestartTimes, Restarts};

/// One step of a worker's life.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// Until it was ready; `None` where it never was.
    ready_after: Option<u64>,
    /// From then (or from the start) until it died.
    lives: u64,
    exit: Exit,
    chance: f64,
}

/// What the policy must answer to the last death, read from the whole history: each is (ready at, died at, of what).
fn model(history: &[(Option<u64>, u64, Exit)], chance: f64) -> Decision {
    let exit = history[history.len() - 1].2;
    if matches!(
        exit,
        Exit::Usage
            | Exit::BadConfiguration
            | Exit::SessionCorrupt
            | Exit::JournalCorrupt
            | Exit::LoggedOut
            | Exit::Refused
            | Exit::Replaced
            | Exit::Sandbox
    ) {
        return Decision::GiveUp(GiveUp::Final(exit));
    }
    // Nothing before the last life of ten minutes counts; that life's own end does.
    let since =
        history.iter().rposition(|(ready, died, _)| ready.is_some_and(|ready| died - ready >= 600_000));
    let counted = &history[since.unwrap_or(0)..];
    let now = counted[counted.len() - 1].1;
    // However often the disk was what failed.
    let loops = |(_, died, exit): &&(Option<u64>, u64, Exit)| now - died < 600_000 && *exit != Exit::Disk;
    if exit != Exit::Disk && counted.iter().filter(loops).count() >= 5 {
        return Decision::GiveUp(GiveUp::CrashLoop);
    }
    let longest = if exit == Exit::Disk { 60.0 } else { 300.0 };
    // Deaths of the disk and others have a row of waits of their own each.
    let before =
        counted.iter().filter(|(_, _, other)| (*other == Exit::Disk) == (exit == Exit::Disk)).count() - 1;
    let wait = if before == 0 {
        0.0
    } else {
        2_f64.powi(i32::try_from(before).unwrap_or(i32::MAX) - 1).min(longest)
    };
    let wait = Duration::from_secs_f64(wait).mul_f64(0.75 + chance / 2.0);
    Decision::RestartAfter(wait.min(Duration::from_secs_f64(longest)))
}

fn step() -> impl Strategy<Value = Step> {
    let times = prop_oneof![0..5_000_u64, 0..200_000_u64, 590_000..610_000_u64, Just(600_000_u64)];
    let exit = prop_oneof![
        20 => Just(Exit::Failed),
        3 => Just(Exit::Done),
        2 => Just(Exit::CellBusy),
        8 => Just(Exit::Disk),
        1 => prop::sample::select(vec![
            Exit::LoggedOut, Exit::Refused, Exit::Replaced, Exit::BadConfiguration, Exit::SessionCorrupt,
            Exit::JournalCorrupt, Exit::Usage, Exit::Sandbox,
        ]),
    ];
    (prop::option::weighted(0.8, 0..3_000_u64), times, exit, 0.0..1.0_f64)
        .prop_map(|(ready_after, lives, exit, chance)| Step { ready_after, lives, exit, chance })
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    config.cases = config.cases.max(1_000);
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_policy_equals_the_model(steps in prop::collection::vec(step(), 1..20)) {
        let mut policy = Restarts::new(RestartTimes::default());
        let (mut now, mut history) = (0_u64, Vec::new());
        for step in steps {
            let ready = step.ready_after.map(|after| now + after);
            if let Some(ready) = ready {
                policy.ready(Duration::from_millis(ready));
                now = ready;
            }
            now += step.lives;
            history.push((ready, now, step.exit));
            let decision = policy.died(Duration::from_millis(now), step.exit, step.chance);
            prop_assert_eq!(decision, model(&history, step.chance), "{:?}", history);
            match decision {
                Decision::RestartAfter(wait) => now += u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                // A person starts it again.
                Decision::GiveUp(_) => history.clear(),
            }
        }
    }
}
