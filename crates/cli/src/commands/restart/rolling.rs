//! All workers are restarted, one after another.

use std::time::Duration;

use ::api::Tenant;
use domain::{DesiredState, SessionState, TenantStatus};
use tokio::time::{Instant, sleep};

use crate::{api::Client, args::Format, error::CliError, output};

/// How long a worker may take until it is connected again.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks at it.
const PAUSE: Duration = Duration::from_millis(200);

/// Restarts all that run; where it is rolling, each is to be connected before the next.
pub(super) async fn run(client: &Client, force: bool, rolling: bool, format: Format) -> Result<(), CliError> {
    let verb = if force { "force-restart" } else { "restart" };
    let all = running(client).await?;
    let waiting = output::Waiting::new("Restarting the workers");
    let (mut done, total) = (Vec::new(), all.len());
    for tenant in all {
        waiting.say(format!("Restarting {} of {total}: {}", done.len() + 1, output::harmless(&tenant.name)));
        let path = format!("/admin/tenants/{}", tenant.id);
        let restarted: Tenant = client.post(&format!("{path}/worker/{verb}")).await?;
        if rolling && tenant.whatsapp_session.state == SessionState::Connected {
            connected(client, &tenant, done.len(), total).await?;
        }
        done.push(restarted.id);
    }
    drop(waiting);
    if format.json {
        return Ok(output::json(&serde_json::json!({ "restarted": done }))?);
    }
    Ok(output::line(format_args!("{} workers restarted", done.len()))?)
}

/// The tenants whose workers are to run and have a process.
async fn running(client: &Client) -> Result<Vec<Tenant>, CliError> {
    let (mut next, mut found) = (Some("/admin/tenants?limit=500".to_owned()), Vec::new());
    while let Some(path) = next {
        let (tenants, following) = client.page::<Tenant>(&path).await?;
        found.extend(tenants.into_iter().filter(|tenant| {
            tenant.worker_process.desired_state == DesiredState::Run && tenant.worker_process.pid.is_some()
        }));
        next = following;
    }
    Ok(found)
}

async fn connected(client: &Client, tenant: &Tenant, done: usize, total: usize) -> Result<(), CliError> {
    let until = Instant::now() + PATIENCE;
    loop {
        let now = client.get::<::api::TenantWithLogs>(&format!("/admin/tenants/{}", tenant.id)).await?.tenant;
        let is_new = now.worker_process.generation > tenant.worker_process.generation;
        if is_new
            && now.status == TenantStatus::Active
            && now.whatsapp_session.state == SessionState::Connected
        {
            return Ok(());
        }
        if Instant::now() >= until {
            return Err(CliError::Failed(format!(
                "{} ({}) is not connected again after {} s, so the others were left as they are; {done} of {total} are done. \
                 flowhq tenant show says why",
                output::harmless(&tenant.name),
                tenant.id,
                PATIENCE.as_secs()
            )));
        }
        sleep(PAUSE).await;
    }
}
