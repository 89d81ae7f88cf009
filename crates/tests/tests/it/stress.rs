//! `flowhq stress` finds nothing where nothing is wrong, and whatever is planted.

use std::time::Duration;

use tests::{Flavour, Place, Postgres, planted::LEAKS};

async fn stress(place: &Place, arguments: &[&str]) -> (Option<i32>, String) {
    let output = place.command(Flavour::Virtual).arg("stress").args(arguments).output();
    let output = tokio::time::timeout(Duration::from_secs(240), output).await.unwrap().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

fn line<'a>(said: &'a str, check: &str) -> &'a str {
    said.lines().find(|line| line.trim_start().starts_with(check)).unwrap_or_default()
}

#[tokio::test]
async fn without_a_leak_everything_passes_on_both_engines() {
    let place = Place::new();
    let (code, said) = stress(&place, &["--tenants", "3", "--messages", "4"]).await;
    assert_eq!(code, Some(0), "{said}");
    for (_, check) in LEAKS {
        assert!(line(&said, check).contains("pass"), "{said}");
    }
    assert_eq!(place.processes(), Vec::<u32>::new());

    let Some(postgres) = Postgres::start() else { return };
    let place = postgres.place(place, true);
    let (code, said) = stress(&place, &["--tenants", "3", "--messages", "4", "--database"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(postgres.sql("flowhq", "SELECT count(*) FROM tenants"), "0");
    assert_eq!(postgres.sql("flowhq", "SELECT count(DISTINCT tenant_id) FROM portal_event_logs"), "3");
}

#[tokio::test]
async fn each_planted_leak_is_found() {
    for &(leak, check) in LEAKS {
        let place = Place::new();
        let (code, said) = stress(&place, &["--tenants", "2", "--messages", "2", "--plant", leak]).await;
        assert_eq!(code, Some(1), "{leak}: {said}");
        assert!(line(&said, check).contains("FAIL"), "{leak}: {said}");
    }
}
