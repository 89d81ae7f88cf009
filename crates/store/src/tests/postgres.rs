//! A PostgreSQL of the tests' own, one for all tests of this process, and a database of its own for each test.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};
use tokio::sync::OnceCell;

use super::support::clock;
use crate::{Store, Target};

/// The address of the server's superuser, ending in its parameters; its path is `/postgres`.
struct Server {
    address: String,
    /// Its standard input is open while this process lives; the server ends when that is closed.
    _process: Option<Child>,
}

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static TEMPLATE: OnceCell<()> = OnceCell::const_new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The addresses of one database.
pub(super) struct Addresses {
    /// Of the superuser.
    pub(super) superuser: String,
    /// Of the role that owns the tables.
    pub(super) owner: String,
    /// Of the role that the control plane has.
    pub(super) runtime: String,
}

impl Addresses {
    pub(super) fn target(&self) -> Target {
        Target::Postgres { url: self.runtime.clone(), migrate_url: Some(self.owner.clone()) }
    }
}

fn server() -> Option<&'static Server> {
    SERVER.get_or_init(start).as_ref()
}

#[expect(clippy::disallowed_methods, reason = "how the tests find a server is no setting of the product")]
fn start() -> Option<Server> {
    match std::env::var("FLOWHQ_TEST_POSTGRES") {
        Ok(off) if off == "off" => return None,
        Ok(address) if !address.is_empty() => return Some(Server { address, _process: None }),
        _ => {}
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres-test-server");
    let mut process = Command::new(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut address = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
    assert!(
        !address.is_empty(),
        "no PostgreSQL: apt-get install postgresql, or FLOWHQ_TEST_POSTGRES=off to go without"
    );
    Some(Server { address: address.trim().to_owned(), _process: Some(process) })
}

/// An empty database, migrated; `None` where the tests were told to go without PostgreSQL.
pub(super) async fn database() -> Option<Addresses> {
    let server = server()?;
    TEMPLATE
        .get_or_init(|| async {
            admin("CREATE ROLE flowhq_owner LOGIN; CREATE ROLE flowhq LOGIN;").await;
            admin("CREATE DATABASE flowhq_template OWNER flowhq_owner").await;
            Store::migrate(&addresses(server, "flowhq_template").target(), &*clock()).await.unwrap();
        })
        .await;
    Some(create(server, "TEMPLATE flowhq_template").await)
}

/// An empty database without a schema.
pub(super) async fn bare() -> Option<Addresses> {
    database().await?;
    Some(create(server()?, "TEMPLATE template0").await)
}

async fn create(server: &Server, template: &str) -> Addresses {
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    admin(&format!("CREATE DATABASE {name} OWNER flowhq_owner {template}")).await;
    addresses(server, &name)
}

fn addresses(server: &Server, database: &str) -> Addresses {
    let superuser = server.address.replacen("/postgres?", &format!("/{database}?"), 1);
    let role = |role: &str| superuser.replace("user=postgres", &format!("user={role}"));
    Addresses { owner: role("flowhq_owner"), runtime: role("flowhq"), superuser }
}

/// Runs SQL as the superuser.
pub(super) async fn admin(sql: &str) {
    run(&server().unwrap().address, sql).await.unwrap();
}

/// Runs SQL by an address.
pub(super) async fn run(address: &str, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(address).await?;
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await?;
    connection.close().await
}
