//! Carries a plan out: customers write, machines go wrong, tenants move.

use std::{path::Path, sync::Arc, time::Duration};

use http::Method;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tokio::{
    task::JoinSet,
    time::{Instant, timeout, timeout_at},
};
use virtual_whatsapp::{Customer, LinkedDevice, Server};

use super::{
    fleet::Fleet,
    plan::{HOSTS, HostStep},
    world::{World, name},
};
use crate::{
    Admin,
    crash::{
        base,
        plan::{CUSTOMERS, Named},
        rows::Rows,
        sending::Sending,
        talk::{QUIET, Said},
    },
    settled::settled,
    watch::Watch,
};

/// The conversations as far as they have come.
pub(super) struct Talk<'a> {
    fleet: &'a Arc<Fleet>,
    world: &'a World,
    whatsapp: &'a Server,
    customers: Vec<Customer>,
    devices: Vec<LinkedDevice>,
    limit: Duration,
    /// By tenant.
    pub(super) said: Vec<Vec<Said>>,
    /// What was asked of the admin API and has no answer yet.
    asked: JoinSet<()>,
}

/// What the control plane knows.
#[derive(Default)]
struct Look {
    tenants: Vec<Known>,
    /// Hosts that do not answer.
    away: Vec<String>,
}

/// The same of a tenant.
struct Known {
    rows: Rows,
    status: String,
    host: Option<String>,
    step: String,
}

impl Look {
    fn take(database: &Path, tenants: &[String]) -> rusqlite::Result<Self> {
        let control = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut look = Self::default();
        for tenant in tenants {
            let rows = Rows::read(database, tenant)?;
            let sql = "SELECT t.status, p.host, p.step FROM tenants t JOIN places p ON p.tenant_id = t.id WHERE t.id = ?1";
            let known = control.query_row(sql, [tenant], |row| {
                Ok(Known { rows, status: row.get(0)?, host: row.get(1)?, step: row.get(2)? })
            });
            look.tenants.push(known?);
        }
        let mut away = control.prepare("SELECT name FROM hosts WHERE away_at IS NOT NULL")?;
        look.away = away.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(look)
    }
}

impl<'a> Talk<'a> {
    pub(super) fn begin(
        fleet: &'a Arc<Fleet>,
        world: &'a World,
        whatsapp: &'a Server,
        limit: Duration,
    ) -> Self {
        let customers = (0..CUSTOMERS).map(|who| whatsapp.find_customer(&base::number(who)));
        let devices = world.tenants.iter().map(|tenant| whatsapp.device(&tenant.number, 1));
        Self {
            fleet,
            world,
            whatsapp,
            customers: customers.collect::<Result<_, _>>().expect("the base has the customers"),
            devices: devices.collect::<Result<_, _>>().expect("the bots are linked"),
            limit,
            said: vec![Vec::new(); world.tenants.len()],
            asked: JoinSet::new(),
        }
    }

    /// Carries one step out; what failed, where something did.
    pub(super) async fn step(&mut self, step: &HostStep) -> Result<(), String> {
        match step {
            HostStep::Say { tenant, who, text } => return self.say(*tenant, *who, text),
            HostStep::Answered => return self.answered().await,
            HostStep::Events { count } => self.happened(*count).await,
            HostStep::Kill { what } => self.fleet.kill(*what).await,
            HostStep::Off { host } => self.fleet.off(*host).await,
            HostStep::On { host } => self.fleet.on(*host),
            HostStep::Stop { host, workers } => self.fleet.stop(*host, *workers),
            HostStep::Continue { host } => self.fleet.go_on(*host),
            HostStep::Hold { host, there, back } => self.fleet.relay(*host).hold(*there, *back),
            HostStep::Cut { host } => self.fleet.relay(*host).cut(),
            HostStep::Mend { host } => self.fleet.relay(*host).mend(),
            HostStep::Away { host } => {
                let name = name(*host);
                let unseen = |look: &Look| {
                    (!look.away.contains(&name)).then(|| format!("that {name} does not answer"))
                };
                return self.until(unseen).await;
            }
            HostStep::Move { tenant, to } => self.move_on(*tenant, *to).await,
            HostStep::Arrived => return self.arrived().await,
            HostStep::Drain { host } => self.ask(format!("/admin/hosts/{}/drain", name(*host)), None),
            HostStep::Undrain { host } => self.ask(format!("/admin/hosts/{}/undrain", name(*host)), None),
        }
        Ok(())
    }

    fn say(&mut self, tenant: usize, who: usize, text: &str) -> Result<(), String> {
        let sending = Sending::text(text);
        let bot = &self.world.tenants[tenant].number;
        let sent = self.customers[who].send(bot, &sending.draft, &sending.options(Named::Number, None));
        let id = sent.map_err(|error| format!("{} cannot write: {error}", base::name(who)))?;
        self.said[tenant].push(Said { who, id, sending });
        Ok(())
    }

    /// Waits for so many more events, or until nothing happens.
    async fn happened(&self, count: u64) {
        let events = self.whatsapp.events();
        let until = events.last() + count;
        let enough = async {
            let mut last = events.last();
            while last < until {
                events.next_after(last).await;
                last = events.last();
            }
        };
        // Fewer may happen than the plan asks for.
        let _ = timeout(QUIET, enough).await;
    }

    /// Has a tenant go to a host, or to the other one from where it is.
    async fn move_on(&mut self, tenant: usize, to: Option<usize>) {
        let target = match to {
            Some(host) => Some(name(host)),
            None => {
                let look = self.look().await;
                let host = look.tenants.get(tenant).and_then(|known| known.host.clone());
                (0..HOSTS).map(name).find(|name| Some(name) != host.as_ref())
            }
        };
        let path = format!("/admin/tenants/{}/place", self.world.tenants[tenant].id);
        self.ask(path, Some(json!({ "host": target })));
    }

    /// Asks the admin API for something until somebody answers. What that is shows in what becomes of tenants.
    fn ask(&mut self, path: String, body: Option<Value>) {
        let (admin, data) = (self.fleet.admin(), self.fleet.path().join("data"));
        self.asked.spawn(async move { insist(&admin, &data, &path, body.as_ref()).await });
    }

    /// Waits until nothing is under way from host to host.
    async fn arrived(&mut self) -> Result<(), String> {
        let answered = async { while self.asked.join_next().await.is_some() {} };
        let late = "the admin API answers what was asked of it never".to_owned();
        timeout(self.limit, answered).await.map_err(|_| late)?;
        self.until(|look| {
            look.tenants.iter().enumerate().find_map(|(tenant, known)| under_way(tenant, known))
        })
        .await
    }

    /// Waits until the control plane has each message with its answer.
    async fn answered(&self) -> Result<(), String> {
        self.until(|look| {
            let mut tenants = look.tenants.iter().enumerate();
            tenants.find_map(|(tenant, known)| self.missing(tenant, known))
        })
        .await
    }

    /// What the control plane lacks of a tenant's messages.
    fn missing(&self, tenant: usize, known: &Known) -> Option<String> {
        let lacks = |what: String| Some(format!("{what} of tenant {tenant} ({})", known.status));
        for said in &self.said[tenant] {
            if !known.rows.taken.contains_key(&said.id) {
                return lacks(format!("{} of {}", said.id, base::name(said.who)));
            }
        }
        if known.rows.unanswered > 0 {
            return lacks(format!("an answer to {} customers", known.rows.unanswered));
        }
        let bot = &self.world.tenants[tenant].number;
        let arrived: usize = self.customers.iter().map(|customer| customer.received_count(bot)).sum();
        let sent = known.rows.sent.len();
        (arrived != sent).then(|| format!("{sent} answers of tenant {tenant}, of which {arrived} arrived"))
    }

    /// Lets everything go on, and waits until all is answered, known, and in its place.
    pub(super) async fn at_rest(&mut self) -> Result<(), String> {
        for host in 0..HOSTS {
            self.fleet.on(host);
            self.fleet.go_on(host);
            self.fleet.relay(host).mend();
            self.ask(format!("/admin/hosts/{}/undrain", name(host)), None);
        }
        self.arrived().await?;
        self.answered().await?;
        for device in &self.devices {
            settled(self.whatsapp, device, self.limit).await?;
        }
        self.until(|look| {
            let mut tenants = look.tenants.iter().enumerate();
            tenants.find_map(|(tenant, known)| {
                let rests =
                    (known.status != "ACTIVE").then(|| format!("peace: tenant {tenant} is {}", known.status));
                under_way(tenant, known).or_else(|| self.missing(tenant, known)).or(rests)
            })
        })
        .await
    }

    /// Tenants that a worker serves on some host while the control plane has none of them, where it did not come to rest.
    pub(super) async fn not_looked_after(&self) -> Vec<usize> {
        let look = self.look().await;
        let tenants = look.tenants.iter().enumerate();
        let alone = tenants.filter(|(tenant, known)| {
            let id = &self.world.tenants[*tenant].id;
            let cells =
                (0..HOSTS).map(|host| self.fleet.path().join(name(host)).join("data/sessions").join(id));
            known.status != "ACTIVE" && cells.into_iter().any(|cell| is_lived_in(&cell))
        });
        alone.map(|(tenant, _)| tenant).collect()
    }

    async fn look(&self) -> Look {
        let database = self.fleet.path().join("data/flowhq.db");
        let ids: Vec<String> = self.world.tenants.iter().map(|tenant| tenant.id.clone()).collect();
        let look = tokio::task::spawn_blocking(move || Look::take(&database, &ids)).await;
        // The database may be another process's alone for a moment.
        look.ok().and_then(Result::ok).unwrap_or_default()
    }

    /// Waits until what the control plane knows leaves nothing to be desired, looking again whenever its database or WhatsApp
    /// changes.
    async fn until(&self, wanting: impl Fn(&Look) -> Option<String>) -> Result<(), String> {
        let deadline = Instant::now() + self.limit;
        let data = self.fleet.path().join("data");
        let watch = Watch::of(&[&data]).map_err(|error| error.to_string())?;
        let events = self.whatsapp.events();
        loop {
            let last = events.last();
            let look = self.look().await;
            let missing = match wanting(&look) {
                _ if look.tenants.is_empty() => "its database".to_owned(),
                Some(missing) => missing,
                None => return Ok(()),
            };
            let changed = async {
                tokio::select! {
                    () = watch.changed() => {}
                    _ = events.next_after(last) => {}
                }
            };
            if timeout_at(deadline, changed).await.is_err() {
                return Err(format!("the control plane lacks {missing}"));
            }
        }
    }
}

fn under_way(tenant: usize, known: &Known) -> Option<String> {
    (known.step != "STAYS").then(|| format!("the end of tenant {tenant}'s way ({})", known.step))
}

fn is_lived_in(cell: &Path) -> bool {
    cell.exists() && matches!(link::cell::CellLock::take(cell), Err(link::cell::LockError::Held))
}

/// Asks until somebody answers, whatever is ended meanwhile.
async fn insist(admin: &Admin, data: &Path, path: &str, body: Option<&Value>) {
    let Ok(watch) = Watch::of(&[data]) else { return };
    while admin.try_call(Method::POST, path, body).await.is_err() {
        // A control plane that comes up makes its socket there.
        watch.changed().await;
    }
}
