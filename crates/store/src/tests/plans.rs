//! What the tenants page asks finds its rows by an index, however many tenants there are. Held by the engines' own plans,
//! since times depend on the machine.

use sqlx::AssertSqlSafe;

use super::{
    postgres::run,
    support::{World, raw, worlds},
};
use crate::{
    copy,
    db::{Access, Engine, Table, Tx},
    moves,
    sql::{Statement, notes, setup, strips, tenants},
};

/// Tenants in the tables, so that a planner minds which way it goes.
const TENANTS: u32 = 10_000;
/// The tables that have a row for each tenant.
const FILLED: [&str; 7] = [
    "tenants",
    "tenant_configs",
    "whatsapp_sessions",
    "worker_processes",
    "heartbeat_strips",
    "message_logs",
    "tenant_tags",
];
/// Those of which a tenant has one row, whatever the key.
const ONE_ROW: [&str; 5] =
    ["tenant_configs", "whatsapp_sessions", "worker_processes", "business_profiles", "tenant_notes"];
const FIRST: &str = "9223372036854775807";

/// Tenants in all states, each with its other rows, by one statement a table.
async fn fill(world: &World) {
    let numbers = format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {TENANTS}), \
         i (n, id) AS (SELECT n, '00000000-0000-7000-8000-' || SUBSTR('000000000000' || n, -12) FROM n) "
    );
    let numbers = match world.store.engine() {
        Engine::Sqlite => numbers,
        Engine::Postgres => {
            numbers.replace("SUBSTR('000000000000' || n, -12)", "LPAD(CAST(n AS TEXT), 12, '0')")
        }
    };
    let word = |words: [&str; 4]| {
        format!(
            "CASE n % 4 WHEN 0 THEN '{}' WHEN 1 THEN '{}' WHEN 2 THEN '{}' ELSE '{}' END",
            words[0], words[1], words[2], words[3]
        )
    };
    let status = word(["ACTIVE", "ACTIVE", "NEW", "QR_READY"]);
    let state = word(["CONNECTED", "CONNECTED", "DISCONNECTED", "QR_READY"]);
    let worker = word(["RUNNING", "RUNNING", "STOPPED", "RUNNING"]);
    let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
    for insert in [
        format!(
            "INSERT INTO tenants (id, name, status, timezone, currency, created_at, updated_at) \
             {numbers} SELECT id, 'Tenant ' || n, {status}, 'UTC', 'TZS', n, n FROM i"
        ),
        format!(
            "INSERT INTO tenant_configs (tenant_id, id, template_type, business_name, language, version, created_at, \
             updated_at) {numbers} SELECT id, id, 'BOOKING', 'x', 'SW', 1, n, n FROM i"
        ),
        format!(
            "INSERT INTO whatsapp_sessions (tenant_id, id, state, created_at, updated_at) \
             {numbers} SELECT id, id, {state}, n, n FROM i"
        ),
        format!(
            "INSERT INTO worker_processes (tenant_id, id, process_name, status, desired_state, generation, restarts, \
             last_heartbeat_at, created_at, updated_at) \
             {numbers} SELECT id, id, id, {worker}, 'RUN', 1, 0, n, n, n FROM i"
        ),
        format!(
            "INSERT INTO heartbeat_strips (tenant_id, id, cells, slot, created_at) \
             {numbers} SELECT id, id, 'b', 1, n FROM i"
        ),
        format!(
            "INSERT INTO message_logs (tenant_id, id, direction, from_number, to_number, contact, message_text, \
             wa_message_id, created_at, seq) \
             {numbers} SELECT id, id, 'IN', '1', '2', '1', 'x', 'x', n, 1 FROM i"
        ),
        format!(
            "INSERT INTO tenant_tags (tenant_id, id, tag, created_at) \
             {numbers} SELECT id, id, CASE n % 100 WHEN 0 THEN 'vip' ELSE 'tag ' || n END, n FROM i"
        ),
    ] {
        sqlx::query(AssertSqlSafe(insert)).execute(tx.connection()).await.unwrap();
    }
    tx.commit().await.unwrap();
    if let Some(addresses) = &world.addresses {
        run(&addresses.superuser, "VACUUM ANALYZE").await.unwrap();
    }
}

/// The plan of a statement, a line for each step, with these words of SQL in the place of `$1`, `$2`, ….
async fn plan(world: &World, statement: &Statement, values: &[&str]) -> Vec<String> {
    plan_of(world, statement.text(world.store.engine()).into_owned(), values).await
}

async fn plan_of(world: &World, mut text: String, values: &[&str]) -> Vec<String> {
    let engine = world.store.engine();
    for (index, value) in values.iter().enumerate().rev() {
        text = text.replace(&format!("${}", index + 1), value);
    }
    let explain = match engine {
        Engine::Sqlite => "EXPLAIN QUERY PLAN ",
        Engine::Postgres => "EXPLAIN (COSTS OFF) ",
    };
    let mut tx = operators(world).await;
    raw(&mut tx, &format!("{explain}{text}")).await.unwrap()
}

async fn operators(world: &World) -> Tx {
    world.store.begin(Access { tenant: None, write: false }).await.unwrap()
}

/// Steps that go through a table from one end to the other.
fn walks(plan: &[String]) -> Vec<&String> {
    let walks = |step: &&String| {
        let of_list = step.contains("json_each") || step.contains("SCAN CONSTANT ROW");
        // An index alone, all of it that fits: what is counted is counted there, and not in the rows.
        // So is all of an index that has those alone that are looked for.
        let index =
            ["USING COVERING INDEX", "USING INDEX tenants_by_name", "USING INDEX whatsapp_sessions_trouble"]
                .iter()
                .any(|index| step.contains(index));
        let filled = FILLED.iter().any(|table| step.contains(&format!("Seq Scan on {table} ")));
        (step.contains("SCAN ") && !of_list && !index) || filled
    };
    plan.iter().filter(walks).collect()
}

#[tokio::test]
async fn what_the_tenants_page_asks_goes_by_an_index() {
    let some: Vec<String> = (1..=50).map(|n| format!("\"00000000-0000-7000-8000-{n:012}\"")).collect();
    let some = format!("'[{}]'", some.join(","));
    let page = ["NULL", "NULL", FIRST, "'~'", "51", "NULL", "NULL", "0", &some];
    let group = ["NULL", "NULL", FIRST, "'~'", "51", "NULL", &some];
    for world in worlds().await {
        fill(&world).await;
        let sqlite = world.store.engine() == Engine::Sqlite;
        for (statement, values, index) in [
            (&tenants::LIST, &page[..8], "tenants_newest"),
            (&tenants::LIST_BY_NAME, &page[..8], "tenants_by_name"),
            (
                &tenants::LIST_OF,
                &page[..],
                if sqlite { "sqlite_autoindex_tenants_1" } else { "tenants_pkey" },
            ),
            (&tenants::LIST_BUT, &page[..], "tenants_newest"),
            (&tenants::LIST_ANSWERING, &group[..], "tenants_newest_of_status"),
            (&tenants::LIST_RECONNECTING, &group[..], "tenants_newest_of_status"),
            (&tenants::LIST_WITHOUT_CODE, &group[..], "tenants_newest_of_status"),
            (&tenants::LIST_WITH_CODE, &group[..], "tenants_newest_of_status"),
            (&tenants::LIST_PAUSED, &group[..], "tenants_newest_of_status"),
            (&tenants::LIST_NEW, &group[..], "tenants_newest_of_status"),
            (&tenants::LIST_SUSPENDED, &group[..], "tenants_newest_suspended"),
            (&tenants::NEEDS, &[][..], "tenants_held"),
            (
                &tenants::STALE,
                &["0"][..],
                if sqlite { "worker_processes_status" } else { "worker_processes" },
            ),
            (
                &tenants::AWAY,
                &["0", some.as_str()][..],
                if sqlite { "sqlite_autoindex" } else { "tenants_pkey" },
            ),
            (
                &tenants::STANDS_AFTER,
                &["''", "50"][..],
                if sqlite { "sqlite_autoindex_tenants_1" } else { "tenants_pkey" },
            ),
            (
                &tenants::STANDS_OF,
                &[some.as_str()][..],
                if sqlite { "sqlite_autoindex_tenants_1" } else { "tenants_pkey" },
            ),
            (
                &strips::OF,
                &[some.as_str()][..],
                if sqlite { "sqlite_autoindex" } else { "heartbeat_strips_pkey" },
            ),
            (&notes::TAGGED, &["'vip'"][..], "tenant_tags_tag"),
            (&notes::TAGS_OF, &[some.as_str()][..], "tenant_tags_tenant"),
            (&tenants::MESSAGES_SINCE, &[some.as_str(), "0"][..], "message_logs_"),
            (
                &setup::COUNT_WAITING,
                &[][..],
                if sqlite { "setup_requests_waiting" } else { "setup_requests" },
            ),
        ] {
            let plan = plan(&world, statement, values).await;
            assert!(plan.iter().any(|step| step.contains(index)), "{}: {plan:#?}", statement.name);
            // Where most rows are counted or looked at PostgreSQL reads a table once, which is right.
            if sqlite || ![tenants::STALE.name, tenants::NEEDS.name].contains(&statement.name) {
                assert_eq!(walks(&plan), Vec::<&String>::new(), "{}: {plan:#?}", statement.name);
            }
        }
    }
}

/// Each batch of a tenant that goes begins where the one before has ended.
#[tokio::test]
async fn what_a_tenant_takes_along_is_read_once() {
    let values = ["'00000000-0000-7000-8000-000000000001'", "'00000000-0000-7000-8000-000000000002'"];
    for world in worlds().await {
        fill(&world).await;
        let of_many = |table: &&Table| table.key == ["tenant_id", "id"] && !ONE_ROW.contains(&table.name);
        let mut anew = Vec::new();
        for table in moves::carried().filter(of_many) {
            let sql = copy::select_of(table, &moves::whose(table), 500);
            let plan = plan_of(&world, sql, &values).await;
            let goes_on = match world.store.engine() {
                Engine::Sqlite => |step: &String| step.contains("(tenant_id=? AND id>?)"),
                // Of a small table it reads all at once.
                Engine::Postgres => |step: &String| {
                    !step.contains("Seq Scan on message_logs ") && !step.contains("Sort Key: tenant_id")
                },
            };
            if !plan.iter().any(goes_on) {
                anew.push((table.name, plan));
            }
        }
        assert!(anew.is_empty(), "{anew:#?}");
    }
}

/// What the planner believes of the policies decides by which way it goes: once it believed that an operator finds one row
/// in 200, and read all tenants for a page of fifty.
#[tokio::test]
async fn the_planner_expects_an_operator_to_find_rows() {
    for world in worlds().await.into_iter().filter(|world| world.store.engine() == Engine::Postgres) {
        fill(&world).await;
        for table in FILLED {
            let mut tx = operators(&world).await;
            let plan = raw(&mut tx, &format!("EXPLAIN SELECT * FROM {table}")).await.unwrap();
            let rows = plan[0].split("rows=").nth(1).and_then(|rest| rest.split(' ').next());
            let rows: u32 = rows.unwrap().parse().unwrap();
            assert!(rows >= TENANTS / 10 * 9, "{table}: {plan:#?}");
        }
    }
}
