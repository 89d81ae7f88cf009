//! From the store's records to what is answered.

use std::time::Duration;

use domain::{Timestamp, WorkerStatus};
use store::{MessageLog, TenantConfig, TenantDetail, WhatsappSession, WorkerProcess};

use crate::App;

/// A tenant with its one-to-one rows.
pub(crate) fn tenant(app: &App, detail: TenantDetail) -> api::Tenant {
    let health = super::health::of(app, &detail).document();
    let TenantDetail { tenant, config, session, worker } = detail;
    api::Tenant {
        health,
        id: tenant.id,
        name: tenant.name,
        phone_number: tenant.phone_number.map(|phone| phone.to_string()),
        status: tenant.status,
        timezone: tenant.timezone,
        currency: tenant.currency,
        suspended_at: tenant.suspended_at,
        suspended_reason: tenant.suspended_reason,
        held_number: tenant.held_number.map(|number| number.to_string()),
        confirmed_number: tenant.confirmed_number.map(|number| number.to_string()),
        retention_days: tenant.retention_days,
        moved_at: tenant.moved_at,
        created_at: tenant.created_at,
        updated_at: tenant.updated_at,
        config: configuration(config),
        whatsapp_session: session_of(session),
        warnings: Vec::new(),
        // Operators' own, which no answer to anybody else has.
        tags: None,
        worker_process: process(worker, app.now(), app.stale_after),
    }
}

fn configuration(config: TenantConfig) -> api::Config {
    api::Config {
        id: config.id,
        tenant_id: config.tenant_id,
        template_type: config.template_type,
        business_name: config.business_name,
        language: config.language,
        hours: config.hours,
        rate_limit_per_minute: config.rate_limit_per_minute,
        remove_deleted: config.remove_deleted,
        version: config.version,
        created_at: config.created_at,
        updated_at: config.updated_at,
    }
}

fn session_of(session: WhatsappSession) -> api::Session {
    api::Session {
        id: session.id,
        tenant_id: session.tenant_id,
        state: session.state,
        last_seen_at: session.last_seen_at,
        linked_number: session.linked_number.map(|number| number.to_string()),
        linked_at: session.linked_at,
        created_at: session.created_at,
        updated_at: session.updated_at,
    }
}

fn process(worker: WorkerProcess, now: Timestamp, stale_after: Duration) -> api::Worker {
    api::Worker {
        stale: is_stale(&worker, now, stale_after),
        id: worker.id,
        tenant_id: worker.tenant_id,
        process_name: worker.process_name,
        status: worker.status,
        desired_state: worker.desired_state,
        last_error: worker.last_error,
        generation: worker.generation,
        pid: worker.pid,
        started_at: worker.started_at,
        last_heartbeat_at: worker.last_heartbeat_at,
        memory_bytes: worker.memory_bytes,
        cpu_ms: worker.cpu_ms,
        queued: worker.queued,
        unsent: worker.unsent,
        unlogged: worker.unlogged,
        last_message_at: worker.last_message_at,
        unreadable: worker.unreadable,
        clock_behind_ms: worker.clock_behind_ms,
        restarts: worker.restarts,
        refused_log_rows: worker.refused_log_rows,
        erasures_waiting: worker.erasures_waiting,
        hand_offs: worker.hand_offs,
        created_at: worker.created_at,
        updated_at: worker.updated_at,
    }
}

/// Whether a running worker has been silent for too long, counted from its start where it never spoke.
pub(crate) fn is_stale(worker: &WorkerProcess, now: Timestamp, stale_after: Duration) -> bool {
    let heard = worker.last_heartbeat_at.max(worker.started_at);
    worker.status == WorkerStatus::Running
        && heard.is_some_and(|at| {
            now.duration_since(at)
                > jiff::SignedDuration::try_from(stale_after).unwrap_or(jiff::SignedDuration::MAX)
        })
}

/// One line of a conversation log.
pub(crate) fn log(log: MessageLog) -> api::Log {
    api::Log {
        id: log.id,
        tenant_id: log.tenant_id,
        direction: log.direction,
        from_number: log.from_number,
        to_number: log.to_number,
        message_text: log.message_text,
        wa_message_id: log.wa_message_id,
        silence: log.silence,
        created_at: log.created_at,
        sent_at: log.sent_at,
        about: log.about,
        delivery: log.delivery,
        delivery_reason: log.delivery_reason,
        writer: log.writer,
    }
}
