//! How fast the control plane takes log rows: the store's own method, several tenants at once, on SQLite and on a
//! PostgreSQL of the bench's own, there with row-level security and without it. Run by `scripts/bench-ingestion`.
#![expect(clippy::print_stdout, reason = "a tool that prints its figures")]
#![expect(clippy::unwrap_used, reason = "a benchmark that fails says so and ends")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Parser;
use domain::{Clock, Direction, JournalId, Language, LogId, PackId, SystemClock, TenantId};
use store::{NewLog, NewTenant, Store, Target};
use tests::Postgres;

/// Log rows per second on both engines, and the price of row-level security
#[derive(Debug, Parser)]
struct Arguments {
    /// Tenants that write at once
    #[arg(long, default_value_t = 8)]
    tenants: usize,
    /// Rows in a batch
    #[arg(long, default_value_t = 20)]
    rows: u64,
    /// Seconds of each of the six measurements on PostgreSQL; SQLite gets three times as many
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

/// Measured times of one way, over all its turns.
#[derive(Debug, Default)]
struct Figures {
    batches: Vec<Duration>,
    time: Duration,
}

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let profile = if cfg!(debug_assertions) { "dev, NOT OPTIMISED" } else { "release" };
    println!(
        "{cores} cores, load average {}; profile {profile}; {} tenants at once, {} rows a batch, synced to disk",
        load.split(' ').next().unwrap_or_default(),
        arguments.tenants,
        arguments.rows
    );
    let turn = Duration::from_secs(arguments.seconds);

    let directory = tempfile::tempdir().unwrap();
    let sqlite = open(&Target::Sqlite(directory.path().join("flowhq.db"))).await;
    let mut figures = Figures::default();
    measure(&sqlite, &arguments, 3 * turn, &mut figures).await;
    show("SQLite", &figures, &arguments);

    let Some(postgres) = Postgres::durable() else { return };
    let target = Target::Postgres {
        url: postgres.address("flowhq", "flowhq"),
        migrate_url: Some(postgres.address("flowhq", "flowhq_owner")),
    };
    // Opened with its policies, since a store refuses to work without them; they are switched under it.
    let store = open(&target).await;
    let tables = postgres.sql(
        "flowhq",
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace",
    );
    let switch = |word: &str| {
        let sql = tables.lines().map(|table| format!("ALTER TABLE {table} {word} ROW LEVEL SECURITY;"));
        postgres.sql("flowhq", &sql.collect::<String>());
    };
    let (mut with, mut without) = (Figures::default(), Figures::default());
    // In turns, so that a disk or a neighbour that gets slower does so for both.
    for _ in 0..3 {
        measure(&store, &arguments, turn, &mut with).await;
        switch("DISABLE");
        measure(&store, &arguments, turn, &mut without).await;
        switch("ENABLE");
    }
    show("PostgreSQL, row-level security", &with, &arguments);
    show("PostgreSQL, without", &without, &arguments);
    println!(
        "the price of row-level security: {:.2} times the batches per second without, {:.2} times the median time",
        with.per_second() / without.per_second(),
        with.at(50).as_secs_f64() / without.at(50).as_secs_f64()
    );
    store.close().await;
}

async fn open(target: &Target) -> Store {
    Store::open(target, Arc::new(SystemClock)).await.unwrap()
}

/// Has new tenants hand in batches, each one after its last was committed, until the time is over.
async fn measure(store: &Store, arguments: &Arguments, time: Duration, figures: &mut Figures) {
    let mut writers = tokio::task::JoinSet::new();
    let mut tenants = Vec::new();
    for n in 0..arguments.tenants {
        tenants.push(tenant(store, n).await);
    }
    let began = Instant::now();
    for id in tenants {
        let (scope, rows) = (store.tenant(id), arguments.rows);
        writers.spawn(async move {
            let (journal, mut next, mut times) = (JournalId::generate(), 1, Vec::new());
            while began.elapsed() < time {
                let batch: Vec<_> = (next..next + rows).map(row).collect();
                let begun = Instant::now();
                next = scope.append_logs(journal, &batch).await.unwrap() + 1;
                times.push(begun.elapsed());
            }
            times
        });
    }
    while let Some(times) = writers.join_next().await {
        figures.batches.extend(times.unwrap());
    }
    figures.time += began.elapsed();
}

async fn tenant(store: &Store, n: usize) -> TenantId {
    let new = NewTenant {
        name: format!("Tenant {n}"),
        phone: None,
        timezone: "Africa/Dar_es_Salaam".to_owned(),
        currency: "TZS".to_owned(),
        business_name: format!("Duka {n}"),
        template_type: PackId::SUPPORT,
        language: Language::En,
        hours: None,
        rate_limit_per_minute: None,
        remove_deleted: false,
        profile: None,
    };
    store.operator().create_tenant(&new).await.unwrap().tenant.id
}

/// A row as a worker hands one in.
fn row(sequence: u64) -> NewLog {
    NewLog {
        sequence,
        id: LogId::generate(),
        direction: if sequence % 2 == 1 { Direction::In } else { Direction::Out },
        contact: format!("2557120{:05}", sequence % 500),
        text: "Habari, nataka kuweka miadi ya kesho saa nne asubuhi, inawezekana?".to_owned(),
        wa_message_id: format!("3EB0{sequence:016X}"),
        at: SystemClock.now(),
        silence: None,
        sent_at: None,
        about: None,
        removes: false,
        delivery: None,
        writer: None,
        opted_out: false,
    }
}

impl Figures {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    fn per_second(&self) -> f64 {
        self.batches.len() as f64 / self.time.as_secs_f64()
    }

    /// The time within which this many of a hundred batches were committed.
    fn at(&self, percent: usize) -> Duration {
        let mut sorted = self.batches.clone();
        sorted.sort_unstable();
        sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
fn show(what: &str, figures: &Figures, arguments: &Arguments) {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{what}: {:.0} batches/s, {:.0} rows/s; a batch takes {:.1} ms at the median, {:.1} ms at p99, {:.1} ms at most",
        figures.per_second(),
        figures.per_second() * arguments.rows as f64,
        milliseconds(figures.at(50)),
        milliseconds(figures.at(99)),
        milliseconds(figures.at(100)),
    );
}
