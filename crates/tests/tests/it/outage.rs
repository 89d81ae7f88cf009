//! The database goes away and comes back: the bots answer, everybody is told, and nothing that was said is lost.

use http::Method;
use tests::{
    Admin, LIMIT, Linked, Place, Postgres,
    assure::database::{ready, until_ready},
    standstill::Standstill,
};

#[tokio::test]
async fn while_the_database_is_away_bots_answer_and_all_is_recorded_afterwards() {
    let Some(mut postgres) = Postgres::start() else { return };
    let linked = Linked::begin(postgres.place(Place::new(), true)).await;
    let (admin, bot, asha, pid) = (linked.admin(), &linked.bot, &linked.asha, linked.pid);
    assert_eq!(ready(admin).await, 200);

    // Twice: what comes back must be as good as new.
    for round in 1..=2 {
        postgres.stop();
        assert_eq!(ready(admin).await, 503, "readiness says so");
        let (status, problem) = admin.call(Method::GET, "/admin/tenants", None).await;
        assert_eq!((status.as_u16(), &problem["type"]), (503, &"urn:flowhq:problem:unavailable".into()));
        assert!(problem["detail"].as_str().unwrap().contains("database"), "{problem}");
        for text in ["1", "thanks"] {
            bot.answers(asha, text).await;
        }

        postgres.start_again();
        until_ready(admin).await;
        let wanted = 2 + 4 * round;
        let logs = admin.wait_for_logs(&bot.id, "everything on record", |logs| logs.len() >= wanted).await;
        assert_eq!(logs.len(), wanted, "once");
        let tenant = bot.is_active(admin).await;
        assert_eq!(tenant["worker_process"]["pid"], pid, "the worker was left alone");
    }

    // The lease is held again: workers can be started.
    admin.worker(&bot.id, "restart").await;
    bot.is_active(admin).await;
    assert_eq!(bot.answers(asha, "menu").await.len(), 6);
}

/// Makes every change of some tables fail with this SQLSTATE, as the server itself would.
fn refuse(postgres: &Postgres, code: &str) {
    let mut sql = format!(
        "CREATE OR REPLACE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN RAISE EXCEPTION 'no room left for a test' USING ERRCODE = '{code}'; END $$;"
    );
    for table in REFUSED {
        sql += &format!(
            "CREATE TRIGGER refuses BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuses();"
        );
    }
    postgres.sql("flowhq", &sql);
}

/// What a control plane writes whenever a bot has answered, and with every heartbeat.
const REFUSED: [&str; 2] = ["message_logs", "worker_processes"];

#[tokio::test]
async fn a_database_that_takes_no_changes_is_told_and_afterwards_all_is_on_record_once() {
    let Some(postgres) = Postgres::start() else { return };
    let linked = Linked::begin(postgres.place(Place::new(), true)).await;
    let (admin, bot, asha, pid) = (linked.admin(), &linked.bot, &linked.asha, linked.pid);

    // Full, its disk failing, and one that may only be read.
    for (round, code) in [(1, "53100"), (2, "58030"), (3, "25006")] {
        refuse(&postgres, code);
        for text in ["1", "menu"] {
            bot.answers(asha, text).await;
        }
        let problem = until_unready(admin).await;
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("takes no changes"), "{code}: {problem}");
        let system = admin.ok(Method::GET, "/admin/system", None).await;
        assert_eq!(
            (&system["database_unwritable"], &system["database_ms"]),
            (&true.into(), &().into()),
            "{code}"
        );
        for table in REFUSED {
            postgres.sql("flowhq", &format!("DROP TRIGGER refuses ON {table}"));
        }
        until_ready(admin).await;
        let wanted = 2 + 4 * round;
        let logs = admin.wait_for_logs(&bot.id, "everything on record", |logs| logs.len() >= wanted).await;
        assert_eq!(logs.len(), wanted, "{code}: once");
        let tenant = bot.is_active(admin).await;
        assert_eq!(tenant["worker_process"]["pid"], pid, "{code}: the worker was left alone");
    }
}

#[tokio::test]
async fn a_database_that_is_slow_by_five_seconds_holds_up_no_bot() {
    let Some(postgres) = Postgres::start() else { return };
    let linked = Linked::begin(postgres.place(Place::new(), true)).await;
    let (admin, bot, asha, pid) = (linked.admin(), &linked.bot, &linked.asha, linked.pid);
    let slow = tokio::task::spawn_blocking(move || {
        let sql = "BEGIN; LOCK TABLE message_logs, worker_processes, tenants IN ACCESS EXCLUSIVE MODE; \
                   SELECT pg_sleep(5); COMMIT;";
        postgres.sql("flowhq", sql);
        postgres
    });
    for text in ["1", "menu", "thanks"] {
        bot.answers(asha, text).await;
    }
    assert!(!slow.is_finished(), "they were answered while the database made everybody wait");
    let _postgres = slow.await.unwrap();
    let logs = admin.wait_for_logs(&bot.id, "everything on record", |logs| logs.len() >= 8).await;
    assert_eq!(logs.len(), 8, "once");
    bot.is_active(admin).await;
    assert_eq!(bot.pid(admin).await, pid);
}

/// A network that drops every packet: no connection is refused or closed, what was asked is never answered, and new connections come
/// to nothing.
#[tokio::test]
async fn a_database_whose_connections_stand_still_is_told_and_afterwards_all_is_on_record_once() {
    let Some(postgres) = Postgres::start() else { return };
    let way = tempfile::Builder::new().prefix("flowhq-way-").tempdir().unwrap();
    let address = postgres.address("flowhq", "flowhq");
    let standstill = Standstill::to(&address, way.path());
    let place = postgres.place(Place::new(), true).with("DATABASE_URL", standstill.address(&address));
    let linked = Linked::begin(place).await;
    let (admin, bot, asha, pid) = (linked.admin(), &linked.bot, &linked.asha, linked.pid);

    // Twice: what comes back must be as good as new.
    for round in 1..=2 {
        standstill.stands(true);
        for text in ["1", "menu"] {
            bot.answers(asha, text).await;
        }
        let problem = until_unready(admin).await;
        assert!(problem["detail"].as_str().unwrap().contains("database"), "{problem}");
        bot.answers(asha, "thanks").await;
        standstill.stands(false);
        until_ready(admin).await;
        let wanted = 2 + 6 * round;
        let logs = admin.wait_for_logs(&bot.id, "everything on record", |logs| logs.len() >= wanted).await;
        assert_eq!(logs.len(), wanted, "once");
        bot.is_active(admin).await;
        assert_eq!(bot.pid(admin).await, pid, "the worker was left alone");
    }
}

/// Waits until it is not ready; why.
async fn until_unready(admin: &Admin) -> serde_json::Value {
    let waiting = async {
        loop {
            let (status, problem) = admin.call(Method::GET, "/readyz", None).await;
            if status.as_u16() == 503 {
                return problem;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, waiting).await.unwrap()
}
