//! What each earlier release has left is gone on with: recorded by that release itself, see `fixtures/releases`.

use std::{collections::BTreeSet, path::Path};

use http::Method;
use link::message::{Down, Up};
use serde_json::Value;
use tests::{
    Bot, ControlPlane, Flavour, LIMIT,
    release::{self, lay::Laid},
};
use virtual_whatsapp::{Direction, LinkedDevice};

fn name(release: &Path) -> String {
    release.file_name().unwrap().to_string_lossy().into_owned()
}

#[tokio::test]
async fn what_every_release_has_left_is_migrated_and_gone_on_with_by_the_same_devices() {
    let releases = release::all();
    assert!(!releases.is_empty(), "a release is kept");
    for path in releases {
        goes_on(&path, Flavour::Virtual).await;
    }
}

/// All customers who wait are answered once by the device that they wrote to, what was told to nobody is on record, and who was
/// stopped stays stopped until somebody wants it to run.
async fn goes_on(path: &Path, flavour: Flavour) {
    let laid = Laid::out(path).await;
    let (from, place, whatsapp) = (name(path), &laid.place, &laid.whatsapp);
    let plane = ControlPlane::start(place, flavour, &whatsapp.url()).await;
    let admin = plane.admin();
    for left in &laid.release.bots {
        let bot = Bot { id: left.tenant.clone(), number: left.number.clone() };
        let device = laid.device(left);
        if left.stopped {
            let tenant = admin.tenant(&bot.id).await;
            assert!(tenant["worker_process"]["pid"].is_null(), "{from}: it was stopped by hand: {tenant}");
            assert_eq!(device.status().logins, 0, "{from}");
            admin.worker(&bot.id, "start").await;
        }
        bot.is_active(admin).await;
        assert!(device.is_linked(), "{from}: {} was linked anew", bot.number);
        let phone = whatsapp.phone(&bot.number).unwrap();
        let ids: Vec<_> = phone.linked_devices().iter().map(LinkedDevice::id).collect();
        assert_eq!(ids, [left.device], "{from}: the device is the one that it was");
        // What comes in is on record with its answers, so all is decided once all that was written is there.
        let written: usize = left.customers.iter().map(|customer| sent(&laid, customer, &bot)).sum();
        let taken = |logs: &[Value]| logs.iter().filter(|row| row["direction"] == "IN").count() == written;
        let logs = admin.wait_for_logs(&bot.id, "all that waited was taken in", taken).await;
        for customer in &left.customers {
            let phone = laid.customer(customer);
            let answers = logs.iter().filter(|row| row["to_number"] == customer.number.as_str()).count();
            // What was written while it was away may be one turn with what it had, or two.
            let waited = customer.taken + customer.kept;
            let fits = customer.answered + usize::from(waited > 0)..=customer.answered + waited;
            assert!(fits.contains(&answers), "{from}: {customer:?} has {answers} answers");
            phone.wait_for_reply(&bot.number, answers, LIMIT).await.unwrap();
            bot.answers(&phone, "thanks").await;
            let all = phone.received(&bot.number);
            let ids: BTreeSet<_> = all.iter().map(|entry| entry.id.clone()).collect();
            assert_eq!((all.len(), ids.len()), (answers + 1, answers + 1), "{from}: nothing came twice");
        }
        let shown: usize =
            left.customers.iter().map(|one| laid.customer(one).transcript(&bot.number).len()).sum();
        let all = "all that phones show is on record";
        let logs = admin.wait_for_logs(&bot.id, all, |logs| logs.len() >= shown).await;
        assert_eq!(logs.len(), shown, "{from}: {all}, once");
    }
    let tenants = admin.ok(Method::GET, "/admin/tenants", None).await;
    assert_eq!(tenants.as_array().unwrap().len(), laid.release.bots.len(), "{from}");
    assert!(plane.stop().await.success());
}

/// How much a customer has written to a bot.
fn sent(laid: &Laid, customer: &release::Customer, bot: &Bot) -> usize {
    let all = laid.customer(customer).transcript(&bot.number);
    all.iter().filter(|entry| entry.direction == Direction::Out).count()
}

/// The frames by which each side proves itself: they come first.
const PROOFS: usize = 2;

/// Each frame as it was on the wire, but for the two by which both sides prove themselves.
#[test]
fn every_frame_that_a_release_has_written_is_read_and_means_what_it_said() {
    for path in release::all() {
        for side in ["up", "down"] {
            let text = std::fs::read_to_string(path.join(format!("frames/{side}.jsonl"))).unwrap();
            let mut kinds = Vec::new();
            for line in text.lines().skip(PROOFS) {
                let said: Value = serde_json::from_str(line).unwrap();
                let (kind, again) = if side == "up" {
                    let up: Up = serde_json::from_str(line).unwrap();
                    (up.name(), serde_json::to_value(&up).unwrap())
                } else {
                    let down: Down = serde_json::from_str(line).unwrap();
                    (down.name(), serde_json::to_value(&down).unwrap())
                };
                assert_eq!(kind, said["type"], "{line}");
                holds_all(&again, &said, line);
                kinds.push(kind.to_owned());
            }
            assert!(kinds.len() > PROOFS, "{}: {side} has {kinds:?}", name(&path));
        }
    }
}

/// Nothing of what was said is lost by reading it; what this version adds is beside it.
fn holds_all(now: &Value, then: &Value, line: &str) {
    match (now, then) {
        (Value::Object(now), Value::Object(then)) => {
            for (field, then) in then {
                holds_all(now.get(field).unwrap_or(&Value::Null), then, line);
            }
        }
        (Value::Array(now), Value::Array(then)) => {
            assert_eq!(now.len(), then.len(), "{line}");
            now.iter().zip(then).for_each(|(now, then)| holds_all(now, then, line));
        }
        _ => assert_eq!(now, then, "{line}"),
    }
}
