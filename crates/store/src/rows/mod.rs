//! Column lists, each beside the function that reads a record from them in the same order.

mod reader;

pub(crate) use reader::Reader;

use domain::Phone;
use secrecy::SecretString;
use sqlx::any::AnyRow;

use crate::{
    Actor, ChatLine, Member, Membership, MessageLog, OperatorAccount, OperatorListed, PersonAccount,
    PersonSeat, PortalEvent, PortalLink, PortalSession, SetupListed, SetupRequest, StoreError, StoredRecord,
    TenantConfig, TenantDetail, TenantRecord, User, WebSession, WhatsappSession, WorkerProcess,
};

pub(crate) const TENANT: &str = "t.id, t.name, t.phone_number, t.status, t.timezone, t.currency, t.suspended_at, \
     t.suspended_reason, t.held_number, t.confirmed_number, t.retention_days, t.moved_at, t.created_at, t.updated_at";

fn tenant(row: &mut Reader<'_>) -> Result<TenantRecord, StoreError> {
    Ok(TenantRecord {
        id: row.id()?,
        name: row.text()?,
        phone_number: row.opt_text()?.map(Phone::from_e164_unchecked),
        status: row.label()?,
        timezone: row.text()?,
        currency: row.text()?,
        suspended_at: row.opt_time()?,
        suspended_reason: row.opt_text()?,
        held_number: row.opt_digits()?,
        confirmed_number: row.opt_digits()?,
        retention_days: row.opt_count()?.and_then(|days| u32::try_from(days).ok()),
        moved_at: row.opt_time()?,
        created_at: row.time()?,
        updated_at: row.time()?,
    })
}

pub(crate) const CONFIG: &str = "c.tenant_id, c.id, c.template_type, c.business_name, c.language, c.hours_json, \
     c.rate_limit_per_minute, c.remove_deleted, c.version, c.created_at, c.updated_at";

fn config(row: &mut Reader<'_>) -> Result<TenantConfig, StoreError> {
    Ok(TenantConfig {
        tenant_id: row.id()?,
        id: row.id()?,
        template_type: row.pack()?,
        business_name: row.text()?,
        language: row.label()?,
        hours: row.opt_json()?,
        rate_limit_per_minute: row.opt_count()?.and_then(|limit| u32::try_from(limit).ok()),
        remove_deleted: row.int()? != 0,
        version: row.int()?,
        created_at: row.time()?,
        updated_at: row.time()?,
    })
}

pub(crate) const SESSION: &str = "s.tenant_id, s.id, s.state, SUBSTR(s.last_qr, 1, 1024), s.qr_expires_at, s.last_seen_at, \
     s.linked_number, s.linked_lid, s.linked_at, s.created_at, s.updated_at, s.trouble, s.trouble_until";

fn session(row: &mut Reader<'_>) -> Result<WhatsappSession, StoreError> {
    Ok(WhatsappSession {
        tenant_id: row.id()?,
        id: row.id()?,
        state: row.label()?,
        last_qr: row.opt_text()?,
        qr_expires_at: row.opt_time()?,
        last_seen_at: row.opt_time()?,
        linked_number: row.opt_digits()?,
        linked_lid: row.opt_text()?,
        linked_at: row.opt_time()?,
        created_at: row.time()?,
        updated_at: row.time()?,
        trouble: row.opt_label()?,
        trouble_until: row.opt_time()?,
    })
}

pub(crate) const WORKER: &str = "w.tenant_id, w.id, w.process_name, w.status, SUBSTR(w.last_error, 1, 2000), w.desired_state, \
     w.generation, w.pid, w.started_at, w.last_heartbeat_at, w.memory_bytes, w.cpu_ms, w.queued, w.unsent, \
     w.unlogged, w.last_message_at, w.restarts, w.refused_log_rows, w.created_at, w.updated_at, w.unreadable, \
     w.clock_behind_ms, (SELECT COUNT(*) FROM contact_erasures x WHERE x.tenant_id = w.tenant_id), w.hand_offs, \
     (SELECT COUNT(*) FROM setup_requests q WHERE q.tenant_id = w.tenant_id AND q.status IN ('SUBMITTED', 'REVIEWING'))";

pub(crate) fn worker(row: &mut Reader<'_>) -> Result<WorkerProcess, StoreError> {
    Ok(WorkerProcess {
        tenant_id: row.id()?,
        id: row.id()?,
        process_name: row.text()?,
        status: row.label()?,
        last_error: row.opt_text()?,
        desired_state: row.label()?,
        generation: row.int()?,
        pid: row.opt_count()?.and_then(|pid| u32::try_from(pid).ok()),
        started_at: row.opt_time()?,
        last_heartbeat_at: row.opt_time()?,
        memory_bytes: row.opt_count()?,
        cpu_ms: row.opt_count()?,
        queued: row.opt_count()?,
        unsent: row.opt_count()?,
        unlogged: row.opt_count()?,
        last_message_at: row.opt_time()?,
        restarts: row.count()?,
        refused_log_rows: row.count()?,
        created_at: row.time()?,
        updated_at: row.time()?,
        unreadable: row.opt_count()?,
        clock_behind_ms: row.opt_int()?,
        erasures_waiting: row.count()?,
        hand_offs: row.opt_count()?,
        requests_waiting: row.count()?,
    })
}

/// Reads [`TENANT`], [`CONFIG`], [`SESSION`], [`WORKER`].
pub(crate) fn detail(row: &AnyRow) -> Result<TenantDetail, StoreError> {
    let row = &mut Reader::new(row);
    Ok(TenantDetail {
        tenant: tenant(row)?,
        config: config(row)?,
        session: session(row)?,
        worker: worker(row)?,
    })
}

/// A row of the log, `l`, which was measured as `m`: what is longer than its bound, since it came before there was one, is
/// cut, and beyond the bytes of an answer there is no text, see [`MEASURED`].
pub(crate) const LOG: &str = "l.tenant_id, l.id, l.direction, SUBSTR(l.from_number, 1, 128), SUBSTR(l.to_number, 1, 128), \
     SUBSTR(l.contact, 1, 128), CASE WHEN m.sofar < 1048576 THEN SUBSTR(l.message_text, 1, 65536) ELSE '' END, \
     SUBSTR(l.wa_message_id, 1, 128), SUBSTR(l.silence, 1, 64), l.created_at, l.seq, l.sent_at, \
     SUBSTR(l.about, 1, 128), l.delivery, SUBSTR(l.delivery_reason, 1, 200), l.writer, \
     CASE WHEN m.sofar < 1048576 THEN 1 ELSE 0 END";

/// The columns of rows that are measured before a text is read: how long each text is, at most what is read of it.
pub(crate) const MEASURED: &str = "tenant_id, seq, CASE WHEN OCTET_LENGTH(message_text) < 262144 \
     THEN OCTET_LENGTH(message_text) ELSE 262144 END AS bytes FROM message_logs";

/// Reads [`LOG`]; and whether the row is within the bytes of an answer.
pub(crate) fn log(row: &AnyRow) -> Result<(MessageLog, bool), StoreError> {
    let row = &mut Reader::new(row);
    let log = MessageLog {
        tenant_id: row.id()?,
        id: row.id()?,
        direction: row.label()?,
        from_number: row.text()?,
        to_number: row.text()?,
        contact: row.text()?,
        message_text: row.text()?,
        wa_message_id: row.text()?,
        silence: row.opt_text()?,
        created_at: row.time()?,
        seq: row.count()?,
        sent_at: row.opt_time()?,
        about: row.opt_text()?,
        delivery: row.opt_label()?,
        delivery_reason: row.opt_text()?,
        writer: row.opt_label()?,
    };
    Ok((log, row.int()? == 1))
}

/// A record; its body where that is no longer than any that is taken at the door.
pub(crate) const RECORD: &str = "r.id, SUBSTR(r.reference, 1, 32), r.kind, SUBSTR(r.contact, 1, 128), r.version, r.open, \
     SUBSTR(r.state, 1, 32), r.stands_at, r.changed_at, \
     CASE WHEN OCTET_LENGTH(r.body) <= 65536 THEN r.body ELSE '{}' END, r.forget";

/// Reads [`RECORD`].
pub(crate) fn record(row: &AnyRow) -> Result<StoredRecord, StoreError> {
    let row = &mut Reader::new(row);
    Ok(StoredRecord {
        id: row.id()?,
        reference: row.text()?,
        kind: row.label()?,
        contact: row.opt_text()?,
        version: row.int()?,
        open: row.int()? != 0,
        state: row.text()?,
        stands_at: row.time()?,
        changed_at: row.time()?,
        body: row.json()?,
        forget: row.int()? != 0,
    })
}

/// Reads the last lines of chats: contact, the text's beginning, when.
pub(crate) fn line(row: &AnyRow) -> Result<ChatLine, StoreError> {
    let row = &mut Reader::new(row);
    Ok(ChatLine { contact: row.text()?, text: row.text()?, created_at: row.time()? })
}

pub(crate) const USER: &str = "u.id, u.name, u.email, u.phone, u.created_at, u.updated_at";

pub(crate) fn user(row: &mut Reader<'_>) -> Result<User, StoreError> {
    Ok(User {
        id: row.id()?,
        name: row.text()?,
        email: row.text()?,
        phone: row.opt_text()?,
        created_at: row.time()?,
        updated_at: row.time()?,
    })
}

pub(crate) const MEMBERSHIP: &str =
    "m.id, m.user_id, m.tenant_id, m.role, m.status, m.created_at, m.updated_at";

pub(crate) fn membership(row: &mut Reader<'_>) -> Result<Membership, StoreError> {
    Ok(Membership {
        id: row.id()?,
        user_id: row.id()?,
        tenant_id: row.opt_id()?,
        role: row.label()?,
        status: row.label()?,
        created_at: row.time()?,
        updated_at: row.time()?,
    })
}

/// Reads [`USER`], [`MEMBERSHIP`].
pub(crate) fn member(row: &AnyRow) -> Result<Member, StoreError> {
    let row = &mut Reader::new(row);
    Ok(Member { user: user(row)?, membership: membership(row)? })
}

pub(crate) const SETUP: &str = "r.tenant_id, r.id, r.user_id, r.template_type, r.whatsapp_number, r.status, \
     r.notes, r.reviewed_by, r.decided_at, r.created_at, r.updated_at, r.business_name, r.business_type, r.language, \
     CASE WHEN OCTET_LENGTH(r.hours_json) <= 65536 THEN r.hours_json END";

pub(crate) fn setup(row: &AnyRow) -> Result<SetupRequest, StoreError> {
    setup_of(&mut Reader::new(row))
}

/// Reads [`SETUP`] and the names of tenant, person and operator.
pub(crate) fn setup_listed(row: &AnyRow) -> Result<SetupListed, StoreError> {
    let row = &mut Reader::new(row);
    Ok(SetupListed {
        request: setup_of(row)?,
        tenant_name: row.text()?,
        user_name: row.opt_text()?.unwrap_or_default(),
        user_email: row.opt_text()?.unwrap_or_default(),
        reviewer_name: row.opt_text()?,
    })
}

fn setup_of(row: &mut Reader<'_>) -> Result<SetupRequest, StoreError> {
    Ok(SetupRequest {
        tenant_id: row.id()?,
        id: row.id()?,
        user_id: row.id()?,
        template_type: row.pack()?,
        whatsapp_number: Phone::from_e164_unchecked(row.text()?),
        status: row.label()?,
        notes: row.opt_text()?,
        reviewed_by: row.opt_text()?,
        decided_at: row.opt_time()?,
        created_at: row.time()?,
        updated_at: row.time()?,
        business_name: row.opt_text()?,
        business_type: row.opt_text()?,
        language: row.opt_label()?,
        hours: row.opt_json()?,
    })
}

pub(crate) const EVENT: &str = "e.id, e.tenant_id, e.user_id, e.actor, (SELECT u.name FROM users u WHERE u.id = e.user_id), \
     (SELECT t.name FROM tenants t WHERE t.id = e.tenant_id), e.event_type, \
     CASE WHEN OCTET_LENGTH(e.payload_json) <= 16384 THEN e.payload_json ELSE '{\"too_long\":true}' END, e.created_at";

pub(crate) fn event(row: &AnyRow) -> Result<PortalEvent, StoreError> {
    let row = &mut Reader::new(row);
    Ok(PortalEvent {
        id: row.id()?,
        tenant_id: row.opt_id()?,
        user_id: row.opt_id()?,
        actor: row.text()?,
        actor_name: row.opt_text()?,
        tenant_name: row.opt_text()?,
        event_type: row.text()?,
        payload: row.json()?,
        created_at: row.time()?,
    })
}

pub(crate) const ACCOUNT: &str =
    "a.password_hash, a.password_version, a.totp_secret, a.totp_used_step, a.recovery_json, a.updated_at";

/// Reads [`USER`], [`MEMBERSHIP`], [`ACCOUNT`].
pub(crate) fn account(row: &AnyRow) -> Result<OperatorAccount, StoreError> {
    let row = &mut Reader::new(row);
    Ok(OperatorAccount {
        member: Member { user: user(row)?, membership: membership(row)? },
        password_hash: SecretString::from(row.text()?),
        password_version: row.int()?,
        totp_secret: row.opt_text()?.map(SecretString::from),
        totp_used_step: row.opt_count()?,
        recovery: row.opt_json()?.unwrap_or_default(),
        updated_at: row.time()?,
    })
}

/// Reads [`USER`], [`MEMBERSHIP`], whether there is a password and whether there is a second factor.
pub(crate) fn operator_listed(row: &AnyRow) -> Result<OperatorListed, StoreError> {
    let row = &mut Reader::new(row);
    Ok(OperatorListed {
        member: Member { user: user(row)?, membership: membership(row)? },
        has_password: row.int()? == 1,
        has_totp: row.int()? == 1,
    })
}

pub(crate) fn web_session(row: &AnyRow) -> Result<WebSession, StoreError> {
    let row = &mut Reader::new(row);
    Ok(WebSession { id: row.text()?, data: row.text()?, expires_at: row.time()? })
}

pub(crate) const PERSON: &str = "u.id, u.name, u.email, u.phone, u.created_at, u.updated_at, a.user_id, a.password_hash, \
     COALESCE(a.language, 'SW'), a.verified_at";

/// Reads [`PERSON`].
pub(crate) fn person(row: &AnyRow) -> Result<PersonAccount, StoreError> {
    let row = &mut Reader::new(row);
    let user = user(row)?;
    let is_known = row.opt_text()?.is_some();
    Ok(PersonAccount {
        user,
        is_known,
        password_hash: row.opt_text()?.map(SecretString::from),
        language: row.label()?,
        verified_at: row.opt_time()?,
    })
}

pub(crate) const SEAT: &str = "t.id, t.name, t.status, m.role, m.status, m.updated_at";

/// Reads [`SEAT`].
pub(crate) fn seat(row: &AnyRow) -> Result<PersonSeat, StoreError> {
    let row = &mut Reader::new(row);
    Ok(PersonSeat {
        tenant: row.id()?,
        name: row.text()?,
        tenant_status: row.label()?,
        role: row.label()?,
        status: row.label()?,
        updated_at: row.time()?,
    })
}

pub(crate) const PORTAL_SESSION: &str = "s.id, s.user_id, s.tenant_id, s.via, s.looking, s.looking_version, s.new_password, \
     s.created_at, s.seen_at, s.expires_at";

/// Reads [`PORTAL_SESSION`].
pub(crate) fn portal_session(row: &AnyRow) -> Result<PortalSession, StoreError> {
    let row = &mut Reader::new(row);
    Ok(PortalSession {
        id: row.text()?,
        user: row.id()?,
        tenant: row.opt_id()?,
        via: row.label()?,
        looking: row.opt_text()?.map(|text| Actor::read(&text)).zip(row.opt_text()?),
        new_password: row.int()? == 1,
        created_at: row.time()?,
        seen_at: row.time()?,
        expires_at: row.time()?,
    })
}

pub(crate) const PORTAL_LINK: &str = "l.id, l.kind, l.user_id, l.tenant_id, l.email, l.proves, l.pair, l.made_by, \
     l.made_by_version, l.expires_at";

/// Reads [`PORTAL_LINK`].
pub(crate) fn portal_link(row: &AnyRow) -> Result<PortalLink, StoreError> {
    let row = &mut Reader::new(row);
    Ok(PortalLink {
        id: row.text()?,
        kind: row.label()?,
        user: row.id()?,
        tenant: row.opt_id()?,
        email: row.text()?,
        proves: row.int()? == 1,
        pair: row.opt_text()?,
        made_by: (Actor::read(&row.text()?), row.opt_text()?),
        expires_at: row.time()?,
    })
}
