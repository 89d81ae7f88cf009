//! The demo from curtain to curtain.

use std::{path::PathBuf, time::Duration};

use config::LogLevel;
use domain::{Hours, Language, PackId, Phone, SessionState, TenantId};
use secrecy::ExposeSecret;
use store::{NewTenant, Store, StoreError, TenantDetail};
use virtual_whatsapp::{Control, ControlOptions, EventKind, Options, Server, VirtualWhatsApp};

use super::{cast, proof, provider::Provider, stage::Stage};
use crate::{
    error::CliError,
    host::{self, ControlPlane},
    logging::{self, LogFormat},
    output,
};

/// How long each step may take on a slow machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A demo that was killed leaves its workers this long.
const ORPHAN_AFTER: Duration = Duration::from_secs(60);

pub(super) fn run(once: bool, oidc: bool, directory: Option<PathBuf>) -> Result<(), CliError> {
    let stage = Stage::new(directory)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let played = runtime.block_on(play(&stage, once, oidc));
    runtime.shutdown_timeout(Duration::from_secs(5));
    let struck = stage.strike();
    played.and(struck)
}

async fn play(stage: &Stage, once: bool, oidc: bool) -> Result<(), CliError> {
    let end = host::asked_to_end()?;
    tokio::pin!(end);
    // One clock for phones, WhatsApp and bots, that the page moves: a reminder need not be waited for.
    let clock = virtual_whatsapp::Clock::movable();
    let ahead = clock.ahead();
    let server = VirtualWhatsApp::start(Options { clock, ..Options::default() })
        .await
        .map_err(failed("the virtual WhatsApp did not start"))?;
    let page = page(&server, once).await?;
    let portal_port = portal_port(once)?;
    let provider = if oidc { Some(Provider::start(portal_port).await?) } else { None };
    let settings = stage.settings(&server.url(), once, portal_port, provider.as_ref())?;
    host::make_directories(&settings)?;
    logging::for_control_plane(&settings.paths, &settings.logs, LogFormat::Text, LogLevel::Warn)?;

    let plane = ControlPlane::start_with(
        &settings,
        false,
        host::Confined::not(),
        None,
        Some(host::Demo { orphan_after: ORPHAN_AFTER, clock_ahead: ahead }),
    )
    .await?;
    let shown = tokio::select! {
        () = &mut end => Err(Cut),
        shown = show(&plane, &server) => Ok(shown),
    };
    if matches!(shown, Ok(Ok(()))) && !once {
        let owners = owners(&plane).await?;
        if announce(&plane, &server, &page, stage, &owners).is_ok() {
            end.await;
        }
    }
    page.shutdown().await;
    // No process is left behind: workers end with the demo.
    plane.stop(false).await;
    let done = match shown {
        // Nothing can be sent any more: what the customer has now is all that there will ever be.
        Ok(shown) => shown.and_then(|()| proof::nothing_more(&server, once)),
        Err(Cut) if once => Err(CliError::Failed("the demo was cut short before its proof".to_owned())),
        Err(Cut) => Ok(()),
    };
    server.shutdown().await;
    done
}

/// Where the portal listens: on its usual port, or a free one where that is taken. Known before it is bound, since a
/// provider is told where it leads back to.
fn portal_port(once: bool) -> Result<u16, CliError> {
    let usual = std::net::TcpListener::bind(("127.0.0.1", 3001));
    let free = if once { None } else { usual.ok() };
    let free = free.map_or_else(|| std::net::TcpListener::bind(("127.0.0.1", 0)), Ok)?;
    Ok(free.local_addr()?.port())
}

/// Somebody pressed Ctrl-C before the end.
struct Cut;

/// From an empty database to an answered customer, and the proof.
async fn show(plane: &ControlPlane, server: &Server) -> Result<(), CliError> {
    let id = salon(plane).await?.tenant.id;
    let mut changes = plane.supervisor.changes();
    plane.supervisor.start(id).await.map_err(failed("the worker did not start"))?;
    say(1, "A worker process runs for the salon and connects to the virtual WhatsApp.")?;

    let phone = server.phone(cast::SALON_DIGITS).map_err(failed("the salon has no phone"))?;
    phone.set_name(cast::SALON);
    let code = first_code(&plane.store, id, &mut changes).await?;
    say(2, "The salon's phone scans this QR code:")?;
    output::line(output::half_blocks(&code)?.trim_end())?;
    phone.scan(&code).await.map_err(failed("the phone could not link the device"))?;
    connected(&plane.store, id, &mut changes).await?;
    // Customers' phones can encrypt for the device from then on.
    let keys = |event: &EventKind| matches!(event, EventKind::PrekeysUploaded { .. });
    server.events().wait_for(PATIENCE, keys).await.map_err(failed("the device's keys"))?;
    say(3, "Linked. A customer writes:")?;
    proof::converse(plane, server, id).await
}

/// Links by which the salon's owner, and the owner of a business that has yet to be set up, get into the portal.
struct Owners {
    salon: String,
    shop: String,
}

async fn owners(plane: &ControlPlane) -> Result<Owners, CliError> {
    let operator = plane.store.operator();
    let filter = store::TenantFilter { search: Some(cast::SALON.to_owned()), ..Default::default() };
    let found = operator.list_tenants(&filter, store::PageRequest::default()).await.map_err(by_store)?;
    let salon = found.items.first().ok_or_else(|| CliError::Failed("the salon is gone".to_owned()))?;
    let salon = plane.owner_link(salon.tenant.id, cast::OWNER, cast::OWNER_EMAIL).await?;
    let new = NewTenant {
        name: cast::SHOP.to_owned(),
        phone: None,
        business_name: cast::SHOP.to_owned(),
        hours: None,
        profile: None,
        ..of_dar_es_salaam()
    };
    let shop = operator.create_tenant(&new).await.map_err(by_store)?;
    let shop = plane.owner_link(shop.tenant.id, cast::SHOP_OWNER, cast::SHOP_EMAIL).await?;
    Ok(Owners { salon, shop })
}

/// The demo tenant. One from an earlier demo in the same directory is deleted first: the virtual WhatsApp that knew
/// its device is gone.
async fn salon(plane: &ControlPlane) -> Result<TenantDetail, CliError> {
    let operator = plane.store.operator();
    let filter = store::TenantFilter { search: Some(cast::SALON.to_owned()), ..Default::default() };
    let found = operator.list_tenants(&filter, store::PageRequest::default()).await.map_err(by_store)?;
    for old in found.items {
        plane.supervisor.purge(old.tenant.id).await.map_err(failed("the tenant of an earlier demo"))?;
        plane.store.tenant(old.tenant.id).delete("system").await.map_err(by_store)?;
    }
    let phone = Phone::parse(cast::SALON_NUMBER).map_err(failed("the salon's number"))?;
    let new = NewTenant {
        phone: Some(phone),
        // Open every day, so that whatever day a newcomer asks for has times: 9:00 to 18:00, on Sundays 10:00 to 16:00.
        hours: Some(Hours {
            week: std::array::from_fn(|day| if day == 6 { vec![(600, 960)] } else { vec![(540, 1080)] }),
            ..Hours::default()
        }),
        // A real salon's, so that the first question of a newcomer gets a real answer.
        profile: serde_json::to_string(&replies::Profile { version: 1, ..replies::Profile::salon() }).ok(),
        ..of_dar_es_salaam()
    };
    operator.create_tenant(&new).await.map_err(by_store)
}

/// A business there, of which no more is known.
fn of_dar_es_salaam() -> NewTenant {
    NewTenant {
        name: cast::SALON.to_owned(),
        phone: None,
        timezone: "Africa/Dar_es_Salaam".to_owned(),
        currency: "TZS".to_owned(),
        business_name: cast::SALON.to_owned(),
        template_type: PackId::BOOKING,
        language: Language::Sw,
        hours: None,
        rate_limit_per_minute: None,
        remove_deleted: false,
        profile: None,
    }
}

type Changes = tokio::sync::broadcast::Receiver<supervisor::Change>;

async fn first_code(store: &Store, id: TenantId, changes: &mut Changes) -> Result<String, CliError> {
    until(store, id, changes, "a QR code", |tenant| tenant.session.last_qr.clone()).await
}

async fn connected(store: &Store, id: TenantId, changes: &mut Changes) -> Result<(), CliError> {
    until(store, id, changes, "the linked session", |tenant| {
        (tenant.session.state == SessionState::Connected).then_some(())
    })
    .await
}

/// Looks at the tenant now and after each change until `found` finds what is waited for.
pub(super) async fn until<T>(
    store: &Store,
    id: TenantId,
    changes: &mut Changes,
    what: &str,
    found: impl Fn(&TenantDetail) -> Option<T>,
) -> Result<T, CliError> {
    let search = async {
        loop {
            let tenant = store.tenant(id).get().await.map_err(by_store)?;
            if let Some(found) = found(&tenant) {
                return Ok(found);
            }
            if tenant.tenant.status == domain::TenantStatus::Error {
                let why = tenant.worker.last_error.unwrap_or_else(|| "no reason was given".to_owned());
                return Err(CliError::Failed(format!("the tenant went to ERROR before {what} came: {why}")));
            }
            if let Err(tokio::sync::broadcast::error::RecvError::Closed) = changes.recv().await {
                return Err(CliError::Failed("the supervisor ended".to_owned()));
            }
        }
    };
    let late = || CliError::Failed(format!("{what} did not come within {} s", PATIENCE.as_secs()));
    tokio::time::timeout(PATIENCE, search).await.map_err(|_| late())?
}

/// The page of the virtual WhatsApp, on its usual port or a free one where that is taken.
async fn page(server: &Server, once: bool) -> Result<Control, CliError> {
    let usual = ControlOptions { bind: ([127, 0, 0, 1], 7712).into(), ..ControlOptions::default() };
    if !once && let Ok(control) = Control::start(server.clone(), usual).await {
        return Ok(control);
    }
    let control = Control::start(server.clone(), ControlOptions::default()).await;
    control.map_err(failed("the page of the virtual WhatsApp did not start"))
}

/// Tells where everything is.
fn announce(
    plane: &ControlPlane,
    server: &Server,
    page: &Control,
    stage: &Stage,
    owners: &Owners,
) -> Result<(), CliError> {
    let directory = stage.path().display();
    output::line("")?;
    output::line(format_args!("Phones to try it   {}", page.url()))?;
    output::line(format_args!("Dashboard          {}/admin/tenants", plane.url))?;
    if let Some(password) = &plane.new_password {
        output::line(format_args!("User, password     admin, {}", password.expose_secret()))?;
    }
    output::line(format_args!("Virtual WhatsApp   {}", server.url()))?;
    output::line(format_args!("Data directory     {directory}"))?;
    output::line(format_args!("Commands           flowhq --data-dir {directory} tenant list"))?;
    output::line("")?;
    output::line("Be an owner, each link once:")?;
    output::line(format_args!("The salon's        {}", owners.salon))?;
    output::line(format_args!("One to be set up   {}", owners.shop))?;
    output::line(format_args!(
        "                   Type the number {}, approve the request in the dashboard, and link that phone",
        cast::SHOP_NUMBER
    ))?;
    output::line("")?;
    Ok(output::line("Everything stays up until Ctrl-C.")?)
}

fn say(step: u32, text: &str) -> Result<(), CliError> {
    Ok(output::line(format_args!("{step}. {text}"))?)
}

/// Puts words before a cause.
pub(super) fn failed<E: std::fmt::Display>(what: &'static str) -> impl FnOnce(E) -> CliError {
    move |error| CliError::Failed(format!("{what}: {error}"))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn by_store(error: StoreError) -> CliError {
    CliError::Failed(error.to_string())
}
