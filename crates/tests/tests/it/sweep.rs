//! No marker word shows up outside its tenant, and planted faults are found by it.

use crash::Canary;
use tests::{Flavour, LIMIT, Place, Postgres, isolation, sweep};

/// Any will do; another one gives other words.
const SEED: u64 = 6;

fn place() -> Place {
    // The portal API is asked as owners too, by the pair of old clients.
    Place::new()
        .with("LOG_LEVEL", "info")
        .with("PORTAL_INTERNAL_KEY", "k".repeat(32))
        .with("PORTAL_PLAIN", "on")
}

#[tokio::test]
async fn no_marker_word_shows_up_outside_its_tenant() {
    let swept = sweep::run(&place(), SEED, 3).await;
    assert!(swept.findings.is_empty(), "{:#?}", swept.findings);
    isolation::counted("sweep", swept.searched);
}

#[tokio::test]
async fn no_marker_word_shows_up_outside_its_tenant_on_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    let swept = sweep::run(&postgres.place(place(), true), SEED, 3).await;
    assert!(swept.findings.is_empty(), "{:#?}", swept.findings);
    isolation::counted("sweep", swept.searched);
}

/// What a sweep with a planted fault finds.
async fn planted(place: Place, canary: Canary) -> Vec<String> {
    let place = place.with(crash::CANARY, canary.name());
    sweep::run(&place, SEED, 2).await.findings
}

#[tokio::test]
async fn each_planted_fault_of_isolation_is_caught() {
    for canary in Canary::ISOLATION {
        let proof = proof(canary).unwrap();
        // A server of its own for each: two tenants never declare the same number.
        let postgres = match canary {
            Canary::DroppedPredicate | Canary::DroppedTenant | Canary::PolicyNotForced => Postgres::start(),
            _ => None,
        };
        let caught = match canary {
            Canary::DroppedPredicate => {
                // Under row-level security the same statement does no harm: the layer below holds by itself.
                if let Some(postgres) = &postgres {
                    let findings = planted(postgres.place(place(), true), canary).await;
                    assert!(findings.is_empty(), "{findings:#?}");
                }
                planted(place(), canary).await
            }
            Canary::DroppedTenant => match &postgres {
                Some(postgres) => planted(postgres.place(place(), true), canary).await,
                None => continue,
            },
            Canary::PolicyNotForced => match &postgres {
                Some(postgres) => vec![refusal(postgres.place(place(), true), canary).await],
                None => continue,
            },
            _ => planted(place(), canary).await,
        };
        assert!(caught.iter().any(|finding| finding.contains(proof)), "{}: {caught:#?}", canary.name());
    }
}

/// What a planted fault must be found as: anything else could be chance.
fn proof(canary: Canary) -> Option<&'static str> {
    match canary {
        Canary::DroppedPredicate | Canary::DroppedTenant => {
            Some("/logs as Operator shows the customer's message")
        }
        Canary::PolicyNotForced => Some("FORCE is missing"),
        Canary::NameInLog => Some("control-plane.log shows the name"),
        Canary::NumberInMetrics => Some("/metrics as Operator shows the number"),
        _ => None,
    }
}

/// What `flowhq serve` says where it does not start.
async fn refusal(place: Place, canary: Canary) -> String {
    let place = place.with(crash::CANARY, canary.name());
    let output = place.command(Flavour::Virtual).arg("serve").output();
    let output = tokio::time::timeout(LIMIT, output).await.unwrap().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}
