//! Many hosts by simulation: `bench-hosts [--hosts 100] [--tenants 1000] [--running 100]`, the last two for each host. The control
//! plane is the real `flowhq serve`, as a process on SQLite; one process, this one, plays all hosts over the real protocol with
//! workers that are no processes. It is measured with one host, with as many as were asked for, and what that comes to as a ratio:
//! how evenly hosts are filled, what pages take, what a tenant costs in memory, and how long it is until all are linked again after
//! the control plane was killed. Run by `scripts/bench-hosts`.
#![expect(clippy::print_stdout, reason = "a tool that prints its figures")]
#![expect(clippy::expect_used, reason = "a benchmark that fails says so and ends")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Parser;
use domain::{Language, PackId, RecordId, SystemClock, TenantId};
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use rusqlite::{Connection, params};
use store::{NewTenant, NotesChange, Store, Target};
use supervisor::Room;
use tests::{Admin, ControlPlane, Flavour, Place, bench::stats, played::Fleet, process};

/// How often each page is asked for.
const ROUNDS: usize = 100;
/// Tenants that are written together.
const BATCH: usize = 500;
/// How long all of them may take to be linked.
const PATIENCE: Duration = Duration::from_secs(900);
/// What is asked for, and as what.
const PAGES: [(&str, &str); 4] = [
    ("/admin/tenants", "text/html"),
    ("/admin/tenants?limit=50", "application/json"),
    ("/admin/hosts", "text/html"),
    ("/admin/hosts", "application/json"),
];

#[derive(Debug, Parser)]
struct Asked {
    /// Hosts.
    #[arg(long, default_value_t = 100)]
    hosts: usize,
    /// Tenants of each host.
    #[arg(long, default_value_t = 1_000)]
    tenants: usize,
    /// How many of them run.
    #[arg(long, default_value_t = 100)]
    running: usize,
}

/// What was found with so many hosts.
struct Figures {
    tenants: usize,
    running: usize,
    /// How full the emptiest and the fullest host are, in hundredths of what it takes.
    filled: (f64, f64),
    /// Median and 99th percentile of each page, in ms.
    pages: Vec<(f64, f64)>,
    /// Of the control plane in bytes: with nobody running, and with all that run linked.
    memory: (f64, f64),
    /// Until all were begun and linked, and linked again, in seconds.
    linked: (f64, f64),
    /// Of that until it answered.
    answers: f64,
}

#[tokio::main]
async fn main() {
    let asked = Asked::parse();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let harness = if cfg!(debug_assertions) { "NOT OPTIMISED" } else { "optimised" };
    println!("{cores} cores, load average {}; these hosts are {harness}", load.trim());
    println!(
        "the control plane is `flowhq serve` on SQLite: {}",
        tests::binaries::binary(Flavour::Virtual).display()
    );
    let one = measure(1, &asked).await;
    let many = measure(asked.hosts, &asked).await;
    compare(&one, &many, asked.hosts);
}

async fn measure(hosts: usize, asked: &Asked) -> Figures {
    let (tenants, running) = (hosts * asked.tenants, hosts * asked.running.min(asked.tenants));
    let mut place = Place::new().with("LOG_LEVEL", "warn").with("HEARTBEAT_INTERVAL_MS", "30000");
    std::fs::create_dir_all(place.data()).expect("a data directory");
    let key = supervisor::load_or_create_key_bytes(&place.data().join("link.key")).expect("a link.key");
    // Of two sizes, so that evenness is of what each takes.
    let capacities: Vec<u32> = (0..hosts)
        .map(|number| {
            u32::try_from(asked.tenants).expect("a number of tenants")
                * if number.is_multiple_of(2) { 3 } else { 1 }
        })
        .collect();
    let fleet = Fleet::start(&place.beside("hosts"), &key, &capacities).await;
    place.set("HOSTS", fleet.setting());
    let ids = fill(&place, &fleet, tenants, running, &capacities).await;

    let plane = serve(&place).await;
    let at_rest = process::pss(plane.pid()) as f64;
    plane.stop().await;
    wanted(&place, &ids[..running]);

    let began = Instant::now();
    let plane = serve(&place).await;
    until(&fleet, running).await;
    let begun = began.elapsed().as_secs_f64();
    let memory = process::pss(plane.pid()) as f64;
    let filled = filled(plane.admin()).await;
    let mut pages = Vec::new();
    for (path, kind) in PAGES {
        pages.push(times(plane.admin(), path, kind).await);
    }
    plane.kill().await;
    fleet.until_linked(0).await;
    let began = Instant::now();
    let plane = serve(&place).await;
    let answers = began.elapsed().as_secs_f64();
    until(&fleet, running).await;
    let again = began.elapsed().as_secs_f64();
    plane.stop().await;
    let figures = Figures {
        tenants,
        running,
        filled,
        pages,
        memory: (at_rest, memory),
        linked: (begun, again),
        answers,
    };
    figures.show(hosts);
    figures
}

async fn serve(place: &Place) -> ControlPlane {
    // There is no WhatsApp, and nobody looks for it.
    ControlPlane::start(place, Flavour::Virtual, "ws://127.0.0.1:9/ws/chat").await
}

async fn until(fleet: &Fleet, running: usize) {
    let linked = tokio::time::timeout(PATIENCE, fleet.until_linked(running as u64)).await;
    assert!(linked.is_ok(), "{} of {running} were linked in {} s", fleet.links(), PATIENCE.as_secs());
}

/// Writes tenants as an operator would have made them; those that are not to run have their place already, by the same choice that
/// the control plane makes.
async fn fill(
    place: &Place,
    fleet: &Fleet,
    tenants: usize,
    running: usize,
    capacities: &[u32],
) -> Vec<TenantId> {
    let store =
        Store::open(&Target::Sqlite(database(place)), Arc::new(SystemClock)).await.expect("a database");
    for (name, address) in fleet.addresses() {
        store.operator().know_host(name, &address.to_string()).await.expect("a host is known");
    }
    let mut ids = Vec::with_capacity(tenants);
    while ids.len() < tenants {
        let batch: Vec<_> = (ids.len()..tenants.min(ids.len() + BATCH))
            .map(|number| (new(number), NotesChange::default()))
            .collect();
        ids.extend(store.operator().create_tenants(&batch).await.expect("tenants are made"));
    }
    store.close().await;
    let mut rooms: Vec<_> = fleet
        .addresses()
        .iter()
        .zip(capacities)
        .map(|((host, _), &capacity)| Room { host, capacity: capacity.into(), tenants: 0 })
        .collect();
    let mut database = Connection::open(database(place)).expect("the database");
    let transaction = database.transaction().expect("a transaction");
    {
        let mut insert = transaction
            .prepare("INSERT INTO places (tenant_id, id, host, step, version, created_at, updated_at) VALUES (?1, ?2, ?3, 'STAYS', 1, 0, 0)")
            .expect("the table is as it was");
        for id in &ids[running..] {
            let host = supervisor::choose(rooms.iter().copied()).expect("there is room");
            insert.execute(params![id.to_string(), RecordId::generate().to_string(), host]).expect("a place");
            if let Some(room) = rooms.iter_mut().find(|room| room.host == host) {
                room.tenants += 1;
            }
        }
    }
    transaction.commit().expect("they are written");
    ids
}

/// Has these run from the next start of the control plane on.
fn wanted(place: &Place, ids: &[TenantId]) {
    let mut database = Connection::open(database(place)).expect("the database");
    let transaction = database.transaction().expect("a transaction");
    for id in ids {
        let update = "UPDATE worker_processes SET desired_state = 'RUN' WHERE tenant_id = ?1";
        transaction.execute(update, params![id.to_string()]).expect("a worker is wanted");
    }
    transaction.commit().expect("they are written");
}

fn database(place: &Place) -> std::path::PathBuf {
    place.data().join("flowhq.db")
}

fn new(number: usize) -> NewTenant {
    NewTenant {
        name: format!("Salon {number}"),
        phone: None,
        timezone: "Africa/Dar_es_Salaam".to_owned(),
        currency: "TZS".to_owned(),
        business_name: format!("Salon {number}"),
        template_type: PackId::BOOKING,
        language: Language::Sw,
        hours: None,
        rate_limit_per_minute: None,
        remove_deleted: false,
        profile: None,
    }
}

/// How full the emptiest and the fullest are, as the control plane tells it.
async fn filled(admin: &Admin) -> (f64, f64) {
    let hosts = admin.ok(Method::GET, "/admin/hosts", None).await;
    let share = |host: &serde_json::Value| {
        let figure = |name: &str| host[name].as_f64().expect("a figure");
        figure("tenants") * 100.0 / figure("capacity")
    };
    let shares: Vec<_> = hosts.as_array().expect("a list").iter().map(share).collect();
    (stats::at(&shares, 0.0).expect("some hosts"), stats::at(&shares, 1.0).expect("some hosts"))
}

/// Median and 99th percentile of what an answer takes, all of it, in ms.
async fn times(admin: &Admin, path: &str, kind: &str) -> (f64, f64) {
    let mut times = Vec::with_capacity(ROUNDS);
    // The first ones fill what is kept for the next.
    for round in 0..ROUNDS + 10 {
        let request = Request::get(path).header(header::HOST, "localhost").header(header::ACCEPT, kind);
        let began = Instant::now();
        let answer = admin.send(request.body(Full::default()).expect("a request")).await.expect("it answers");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.into_body().collect().await.expect("all of it comes");
        if round >= 10 {
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    (stats::median(&times).expect("some times"), stats::at(&times, 0.99).expect("some times"))
}

impl Figures {
    fn show(&self, hosts: usize) {
        println!("{hosts} hosts, {} tenants, of which {} run:", self.tenants, self.running);
        println!("  filled to {:.1} % to {:.1} % of what each takes", self.filled.0, self.filled.1);
        for ((path, kind), (median, p99)) in PAGES.iter().zip(&self.pages) {
            println!("  GET {path} ({kind}): median {median:.2} ms, p99 {p99:.2} ms");
        }
        let (rest, linked) = self.memory;
        println!(
            "  control plane (PSS): {:.1} MB with none running, {:.1} MB with all linked",
            rest / 1e6,
            linked / 1e6
        );
        println!("  a tenant that runs: {:.1} kB", (linked - rest) / self.running as f64 / 1e3);
        println!(
            "  begun and linked in {:.1} s; after a kill answering in {:.1} s and all linked again in {:.1} s",
            self.linked.0, self.answers, self.linked.1
        );
    }
}

fn compare(one: &Figures, many: &Figures, hosts: usize) {
    println!("{hosts} hosts by one:");
    for (at, (path, kind)) in PAGES.iter().enumerate() {
        let (one, many) = (one.pages[at], many.pages[at]);
        println!(
            "  GET {path} ({kind}): median {:.2} times, p99 {:.2} times",
            many.0 / one.0,
            many.1 / one.1
        );
    }
    let more = (many.tenants - one.tenants) as f64;
    println!(
        "  a tenant at rest: {:.2} kB of the control plane's memory",
        (many.memory.0 - one.memory.0) / more / 1e3
    );
    let each = |figures: &Figures| figures.linked.1 / figures.running as f64 * 1e3;
    println!("  linked again: {:.2} ms for each, {:.2} with one host", each(many), each(one));
}
