//! Tenants with marker words in every field, each linked to a phone of its own.

use std::{path::Path, sync::Arc, time::Duration};

use config::{ConfigFile, Settings};
use domain::{Language, PackId, Phone, SessionState, TenantId};
use store::{NewTenant, PageRequest, TenantDetail};
use tokio::sync::{Semaphore, broadcast::error::RecvError};
use virtual_whatsapp::{Customer, EventKind, Server};

use super::{Leak, Stress};
use crate::{args::Place, error::CliError, host::ControlPlane};

/// How long each step may take on a slow machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);
/// Tenants that are linked at the same time.
const AT_ONCE: usize = 8;
/// Customers; each of them writes to every tenant, under the same number.
const CUSTOMERS: [(&str, &str); 2] = [("255712000001", "Asha"), ("255712000002", "Juma")];

/// One tenant.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) id: TenantId,
    /// Stands in all its fields and in all that is written to it, and nowhere else.
    pub(super) marker: String,
    pub(super) number: String,
    pub(super) pid: u32,
}

/// All that a check looks at.
pub(super) struct Scene {
    pub(super) plane: ControlPlane,
    pub(super) server: Server,
    pub(super) settings: Settings,
    pub(super) customers: Vec<Customer>,
    pub(super) messages: usize,
    pub(super) subjects: Vec<Subject>,
}

/// Settings for this directory alone. Limits are out of the way; the database may be another.
pub(super) fn settings(
    directory: &Path,
    whatsapp: &str,
    place: &Place,
    stress: &Stress,
) -> Result<Settings, CliError> {
    let pairs = [
        ("PORT", "0"),
        ("PORTAL_PORT", "0"),
        ("WHATSAPP_URL", whatsapp),
        ("HEARTBEAT_INTERVAL_MS", "1000"),
        ("RATE_LIMIT_MAX_PER_MINUTE", "10000"),
        ("TENANT_PACE_PER_MINUTE", "1000000"),
        ("REPLY_QUIET_MS", "0"),
        ("CONFINEMENT", "best-effort"),
    ];
    let pairs = pairs.map(|(name, value)| (name.into(), value.into()));
    let data_dir = ("DATA_DIR".into(), directory.as_os_str().to_owned());
    let mut settings = config::load(ConfigFile::None, pairs.into_iter().chain([data_dir]))?;
    if stress.database {
        settings.database = place.settings()?.database;
    }
    Ok(settings)
}

impl Scene {
    pub(super) fn new(
        plane: ControlPlane,
        server: Server,
        settings: Settings,
        stress: &Stress,
    ) -> Result<Self, CliError> {
        let customers = CUSTOMERS
            .into_iter()
            .map(|(number, name)| server.customer(number, name).map_err(failed("a customer")))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            plane,
            server,
            settings,
            customers,
            messages: stress.messages.into(),
            subjects: Vec::new(),
        })
    }

    /// Creates all tenants, then starts and links them.
    pub(super) async fn set_up(&mut self, tenants: u16, plant: Option<Leak>) -> Result<(), CliError> {
        let run = domain::RecordId::generate().to_string();
        let run = &run[run.len() - 8..];
        let markers: Vec<_> = (0..tenants).map(|n| format!("zq{run}x{n:03}")).collect();
        for (n, marker) in markers.iter().enumerate() {
            let number = format!("2557540{n:05}");
            let mut business_name = format!("Duka {marker}");
            if plant == Some(Leak::Answers) && n == 0 {
                business_name.push_str(&markers[1]);
            }
            let new = NewTenant {
                name: format!("Stress {marker}"),
                phone: Some(Phone::parse(&format!("+{number}")).map_err(failed("a tenant's number"))?),
                timezone: "Africa/Dar_es_Salaam".to_owned(),
                currency: "TZS".to_owned(),
                business_name,
                template_type: PackId::SUPPORT,
                language: Language::En,
                hours: None,
                rate_limit_per_minute: None,
                remove_deleted: false,
                profile: None,
            };
            let id =
                self.plane.store.operator().create_tenant(&new).await.map_err(failed("a tenant"))?.tenant.id;
            self.subjects.push(Subject { id, marker: marker.clone(), number, pid: 0 });
        }
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut linking = tokio::task::JoinSet::new();
        for (n, subject) in self.subjects.iter().cloned().enumerate() {
            let places = Arc::clone(&places);
            let (store, supervisor, server) =
                (self.plane.store.clone(), self.plane.supervisor.clone(), self.server.clone());
            linking.spawn(async move {
                let _place = places.acquire().await;
                link(&store, &supervisor, &server, &subject).await.map(|pid| (n, pid))
            });
        }
        while let Some(linked) = linking.join_next().await {
            let (n, pid) = linked.map_err(failed("linking"))??;
            self.subjects[n].pid = pid;
        }
        Ok(())
    }

    /// Has all customers write to all tenants at once; the time to each reply.
    pub(super) async fn converse(&self) -> Result<Vec<Duration>, CliError> {
        let mut talking = tokio::task::JoinSet::new();
        for subject in &self.subjects {
            for (n, customer) in self.customers.iter().enumerate() {
                let lines = lines(subject, n, self.messages);
                talking.spawn(talk(customer.clone(), subject.number.clone(), lines));
            }
        }
        let mut times = Vec::new();
        while let Some(talked) = talking.join_next().await {
            times.extend(talked.map_err(failed("a conversation"))??);
        }
        Ok(times)
    }

    /// Waits until both sides of all conversations are on record.
    pub(super) async fn recorded(&self) -> Result<(), CliError> {
        for subject in &self.subjects {
            let scope = self.plane.store.tenant(subject.id);
            let mut changes = self.plane.supervisor.changes();
            let search = async {
                loop {
                    let rows = scope.logs(PageRequest { limit: 500, before: None }).await;
                    if rows.map_err(failed("the log"))?.items.len() >= 2 * self.messages {
                        return Ok(());
                    }
                    if let Err(RecvError::Closed) = changes.recv().await {
                        return Err(CliError::Failed("the supervisor ended".to_owned()));
                    }
                }
            };
            // What is missing then is the check's to name.
            if let Ok(recorded) = tokio::time::timeout(PATIENCE, search).await {
                recorded?;
            }
        }
        Ok(())
    }
}

/// What customer `n` writes to a tenant: a greeting first, then lines with the tenant's marker.
pub(super) fn lines(subject: &Subject, n: usize, messages: usize) -> Vec<String> {
    let own = (0..messages).filter(|message| message % CUSTOMERS.len() == n);
    own.enumerate()
        .map(|(at, message)| match at {
            0 => "Hello".to_owned(),
            _ => format!("{} {message}", subject.marker),
        })
        .collect()
}

async fn talk(customer: Customer, to: String, lines: Vec<String>) -> Result<Vec<Duration>, CliError> {
    let mut times = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let began = std::time::Instant::now();
        customer.send_text(&to, line).map_err(failed("a customer could not write"))?;
        customer.wait_for_reply(&to, n + 1, PATIENCE).await.map_err(failed("no answer came"))?;
        times.push(began.elapsed());
    }
    Ok(times)
}

/// Starts a worker, scans its code and waits until customers can write to it; its process id.
async fn link(
    store: &store::Store,
    supervisor: &supervisor::Handle,
    server: &Server,
    subject: &Subject,
) -> Result<u32, CliError> {
    let mut changes = supervisor.changes();
    supervisor.start(subject.id).await.map_err(failed("a worker did not start"))?;
    let code = until(store, subject.id, &mut changes, |detail| detail.session.last_qr.clone()).await?;
    let phone = server.phone(&subject.number).map_err(failed("a phone"))?;
    phone.scan(&code).await.map_err(failed("a phone could not link"))?;
    let pid = until(store, subject.id, &mut changes, |detail| {
        detail.worker.pid.filter(|_| detail.session.state == SessionState::Connected)
    })
    .await?;
    let keys = |event: &EventKind| matches!(event, EventKind::PrekeysUploaded { number, .. } if *number == subject.number);
    server.events().wait_for(PATIENCE, keys).await.map_err(failed("a device's keys"))?;
    Ok(pid)
}

/// Looks at a tenant now and after each change until `found` finds what is waited for.
async fn until<T>(
    store: &store::Store,
    id: TenantId,
    changes: &mut tokio::sync::broadcast::Receiver<supervisor::Change>,
    found: impl Fn(&TenantDetail) -> Option<T>,
) -> Result<T, CliError> {
    let search = async {
        loop {
            let detail = store.tenant(id).get().await.map_err(failed("the database"))?;
            if let Some(found) = found(&detail) {
                return Ok(found);
            }
            loop {
                match changes.recv().await {
                    Ok(change) if change.tenant != id => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => {
                        return Err(CliError::Failed("the supervisor ended".to_owned()));
                    }
                }
            }
        }
    };
    let late = || CliError::Failed(format!("tenant {id} was not linked in {} s", PATIENCE.as_secs()));
    tokio::time::timeout(PATIENCE, search).await.map_err(|_| late())?
}

/// Puts words before a cause.
pub(super) fn failed<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> CliError {
    move |error| CliError::Failed(format!("{what}: {error}"))
}
