//! A PostgreSQL of a test's own, with the roles and the database that the README says to make.

use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use crate::Place;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A running server; it ends, and its directory goes, with this value.
#[derive(Debug)]
pub struct Postgres {
    _process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    superuser: String,
}

impl Postgres {
    /// Starts a server that syncs nothing, with the roles and the database of the README. `None` where the tests were
    /// told to go without PostgreSQL (`FLOWHQ_TEST_POSTGRES=off`).
    pub fn start() -> Option<Self> {
        Self::begin("fast")
    }

    /// The same, synced as in production: for figures.
    pub fn durable() -> Option<Self> {
        Self::begin("durable")
    }

    #[expect(clippy::disallowed_methods, reason = "how the tests find a server is no setting of the product")]
    fn begin(how: &str) -> Option<Self> {
        if std::env::var("FLOWHQ_TEST_POSTGRES").is_ok_and(|value| value == "off") {
            return None;
        }
        let mut process = Command::new(format!("{ROOT}/scripts/postgres-test-server"))
            .arg(how)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/postgres-test-server can be run");
        let orders = process.stdin.take().expect("it was piped");
        let answers = BufReader::new(process.stdout.take().expect("it was piped"));
        let mut server = Self { _process: process, orders, answers, superuser: String::new() };
        server.superuser = server.line();
        assert!(
            !server.superuser.is_empty(),
            "no PostgreSQL: apt-get install postgresql, or FLOWHQ_TEST_POSTGRES=off to go without"
        );
        server.sql("postgres", &readme_sql());
        Some(server)
    }

    /// Stops the server as a crash does.
    pub fn stop(&mut self) {
        self.order("stop");
    }

    /// Starts it again, with what it has committed.
    pub fn start_again(&mut self) {
        self.order("start");
    }

    /// The settings of a control plane on this server, with the role that owns the tables or without.
    #[must_use]
    pub fn place(&self, place: Place, migrates: bool) -> Place {
        let place = place.with("DATABASE_URL", self.address("flowhq", "flowhq"));
        if migrates {
            place.with("DATABASE_MIGRATE_URL", self.address("flowhq", "flowhq_owner"))
        } else {
            place
        }
    }

    /// The address of a database for a role.
    pub fn address(&self, database: &str, role: &str) -> String {
        let address = self.superuser.replacen("/postgres?", &format!("/{database}?"), 1);
        address.replace("user=postgres", &format!("user={role}"))
    }

    /// Runs SQL as the superuser and returns what it prints: rows on lines, columns parted by `|`.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        // From the standard input each statement is one by itself, as a person types it: CREATE DATABASE needs that.
        let mut process = Command::new(psql())
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"])
            .arg(format!("--dbname={}", self.address(database, "postgres")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("psql can be run");
        process.stdin.take().expect("it was piped").write_all(sql.as_bytes()).expect("psql reads");
        let output = process.wait_with_output().expect("psql ends");
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    fn order(&mut self, word: &str) {
        writeln!(self.orders, "{word}").expect("the server's script runs");
        assert_eq!(self.line(), word);
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the server's script says something");
        line.trim().to_owned()
    }
}

/// What the README says to run before the first start.
fn readme_sql() -> String {
    let readme = std::fs::read_to_string(format!("{ROOT}/README.md")).expect("README.md");
    let (_, block) = readme.split_once("```sql\n").expect("README.md has a block of SQL");
    block.split("```").next().unwrap_or_default().to_owned()
}

fn psql() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|entry| entry.path().join("bin/psql")).find(|path| path.is_file());
    found.unwrap_or_else(|| PathBuf::from("psql"))
}
