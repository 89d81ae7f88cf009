//! The schemas of what is taken and answered. The words of enums come from the enums; a test holds real answers
//! against the rest, and schemathesis a living server.

use domain::{
    DesiredState, Direction, Language, PackType, SessionState, SetupStatus, TenantStatus, WorkerStatus,
    limits::{MESSAGE_MAX_BYTES, NAME_MAX_CHARS, NOTE_MAX_CHARS},
};
use serde_json::{Map, Value, json};
use strum::VariantNames;

use crate::checks;

/// One of an enum's words.
pub(super) fn words<T: VariantNames>() -> Value {
    json!({ "type": "string", "enum": T::VARIANTS })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn of(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[expect(clippy::needless_pass_by_value, reason = "it is built where it is given")]
fn or_null(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn moment() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn one_line(most: usize) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": most })
}

/// What is answered: all fields are there.
fn answered(fields: &[(&str, Value)]) -> Value {
    let required: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
    object(fields, &required)
}

/// What is taken: nothing else is.
fn object(fields: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<_, _> =
        fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn hours() -> Value {
    let minute = json!({ "type": "integer", "minimum": 0, "maximum": 1440 });
    let span = json!({ "type": "array", "items": minute, "minItems": 2, "maxItems": 2 });
    let day = json!({ "type": "array", "items": span, "maxItems": 8 });
    json!({
        "type": "array", "items": day, "minItems": 7, "maxItems": 7,
        "description": "For each day from Monday, spans [from, to] of minutes since midnight, in order and apart.",
    })
}

fn rate_limit() -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": checks::RATE_LIMIT })
}

/// All schemas by name.
pub(super) fn all() -> Map<String, Value> {
    let mut all = Map::new();
    for (name, schema) in tenants().into_iter().chain(requests()).chain(people()).chain(platform()) {
        all.insert(name.to_owned(), schema);
    }
    all
}

fn tenants() -> Vec<(&'static str, Value)> {
    let (id, null_text) = (|| of("Id"), || or_null(text()));
    let config_input = [
        ("template_type", words::<PackType>()),
        ("business_name", one_line(NAME_MAX_CHARS)),
        ("language", words::<Language>()),
        ("hours", or_null(hours())),
        ("rate_limit_per_minute", or_null(rate_limit())),
    ];
    vec![
        (
            "Id",
            json!({ "type": "string", "format": "uuid", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$" }),
        ),
        (
            "Tenant",
            answered(&[
                ("id", id()),
                ("name", text()),
                ("phone_number", null_text()),
                ("status", words::<TenantStatus>()),
                ("timezone", text()),
                ("currency", text()),
                ("suspended_at", or_null(moment())),
                ("suspended_reason", null_text()),
                ("held_number", null_text()),
                ("confirmed_number", null_text()),
                ("retention_days", or_null(count())),
                ("created_at", moment()),
                ("updated_at", moment()),
                ("config", of("Config")),
                ("whatsapp_session", of("Session")),
                ("worker_process", of("Worker")),
            ]),
        ),
        (
            "Config",
            answered(&[
                ("id", id()),
                ("template_type", words::<PackType>()),
                ("business_name", text()),
                ("language", words::<Language>()),
                ("hours", or_null(hours())),
                ("rate_limit_per_minute", or_null(rate_limit())),
                ("version", count()),
                ("created_at", moment()),
                ("updated_at", moment()),
            ]),
        ),
        (
            "Session",
            answered(&[
                ("id", id()),
                ("state", words::<SessionState>()),
                ("last_seen_at", or_null(moment())),
                ("linked_number", null_text()),
                ("linked_at", or_null(moment())),
                ("created_at", moment()),
                ("updated_at", moment()),
            ]),
        ),
        (
            "Worker",
            answered(&[
                ("id", id()),
                ("process_name", text()),
                ("status", words::<WorkerStatus>()),
                ("desired_state", words::<DesiredState>()),
                ("last_error", null_text()),
                ("generation", count()),
                ("pid", or_null(count())),
                ("started_at", or_null(moment())),
                ("last_heartbeat_at", or_null(moment())),
                ("stale", json!({ "type": "boolean" })),
                ("memory_bytes", or_null(count())),
                ("cpu_ms", or_null(count())),
                ("queued", or_null(count())),
                ("unsent", or_null(count())),
                ("unlogged", or_null(count())),
                ("last_message_at", or_null(moment())),
                ("restarts", count()),
                ("created_at", moment()),
                ("updated_at", moment()),
            ]),
        ),
        (
            "TenantWithLogs",
            answered(&[("tenant", of("Tenant")), ("logs", json!({ "type": "array", "items": of("Log") }))]),
        ),
        (
            "Log",
            answered(&[
                ("id", id()),
                ("tenant_id", id()),
                ("direction", words::<Direction>()),
                ("from_number", text()),
                ("to_number", text()),
                ("message_text", text()),
                ("wa_message_id", text()),
                ("silence", null_text()),
                ("created_at", moment()),
            ]),
        ),
        (
            "Qr",
            answered(&[
                ("status", words::<TenantStatus>()),
                ("state", words::<SessionState>()),
                ("qr", null_text()),
                ("data_url", null_text()),
                ("expires_at", or_null(moment())),
            ]),
        ),
        (
            "PairingCode",
            answered(&[
                ("status", words::<TenantStatus>()),
                ("state", words::<SessionState>()),
                ("code", null_text()),
                ("number", null_text()),
                ("expires_at", or_null(moment())),
            ]),
        ),
        ("ConfigInput", object(&config_input, &[])),
        (
            "CreateTenant",
            object(
                &[
                    ("name", one_line(NAME_MAX_CHARS)),
                    ("phone_number", null_text()),
                    ("timezone", null_text()),
                    ("currency", null_text()),
                    ("config", or_null(of("ConfigInput"))),
                ],
                &["name"],
            ),
        ),
        (
            "UpdateTenant",
            object(
                &[
                    ("name", one_line(NAME_MAX_CHARS)),
                    ("phone_number", null_text()),
                    ("timezone", text()),
                    ("currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$" })),
                    ("retention_days", or_null(json!({ "type": "integer", "minimum": 1, "maximum": 3650 }))),
                    ("config", of("ConfigInput")),
                ],
                &[],
            ),
        ),
        (
            "ConfirmNumber",
            object(&[("number", json!({ "type": "string", "pattern": "^\\+?[0-9]{5,18}$" }))], &["number"]),
        ),
        (
            "ManyTenants",
            object(
                &[
                    ("action", json!({ "type": "string", "enum": ["start", "stop", "restart"] })),
                    ("ids", json!({ "type": "array", "items": id(), "minItems": 1, "maxItems": 500 })),
                ],
                &["action", "ids"],
            ),
        ),
        (
            "Progress",
            answered(&[
                ("id", id()),
                ("action", text()),
                ("total", count()),
                ("done", count()),
                (
                    "failed",
                    json!({ "type": "array", "items": answered(&[("tenant", id()), ("error", text())]) }),
                ),
            ]),
        ),
        (
            "SendMessage",
            object(
                &[
                    ("contact", text()),
                    ("text", json!({ "type": "string", "minLength": 1, "maxLength": MESSAGE_MAX_BYTES })),
                    ("key", or_null(json!({ "type": "string", "minLength": 1, "maxLength": 128 }))),
                ],
                &["contact", "text"],
            ),
        ),
        ("SentMessage", answered(&[("wa_message_id", text())])),
        ("ConfigForm", config_form()),
        ("DeleteForm", object(&[("typed_name", one_line(NAME_MAX_CHARS))], &["typed_name"])),
        ("Suspend", object(&[("reason", one_line(NOTE_MAX_CHARS))], &["reason"])),
    ]
}

/// The fields of the page's form; a day's opening hours are like `09:00-13:00, 14:00-18:00`.
fn config_form() -> Value {
    let days = ["hours_0", "hours_1", "hours_2", "hours_3", "hours_4", "hours_5", "hours_6"];
    let mut fields = vec![
        ("name", one_line(NAME_MAX_CHARS)),
        ("phone_number", text()),
        ("template_type", words::<PackType>()),
        ("business_name", one_line(NAME_MAX_CHARS)),
        ("language", words::<Language>()),
    ];
    fields.extend(days.map(|day| (day, text())));
    object(&fields, &["name", "template_type", "business_name", "language"])
}

fn requests() -> Vec<(&'static str, Value)> {
    let (id, null_text) = (|| of("Id"), || or_null(text()));
    let email = json!({ "type": "string", "format": "email", "maxLength": 254 });
    vec![
        (
            "SetupRequest",
            answered(&[
                ("id", id()),
                ("tenant_id", id()),
                ("tenant_name", text()),
                ("user_id", id()),
                ("user_name", text()),
                ("user_email", text()),
                ("template_type", words::<PackType>()),
                ("whatsapp_number", text()),
                ("status", words::<SetupStatus>()),
                ("notes", null_text()),
                ("reviewed_by", null_text()),
                ("reviewer_name", null_text()),
                ("decided_at", or_null(moment())),
                ("created_at", moment()),
                ("updated_at", moment()),
            ]),
        ),
        ("Approved", answered(&[("request", of("SetupRequest")), ("worker_error", null_text())])),
        ("Person", object(&[("name", one_line(NAME_MAX_CHARS)), ("email", email)], &["name", "email"])),
        (
            "CreateSetupRequest",
            object(
                &[
                    ("tenant_id", id()),
                    ("owner", of("Person")),
                    ("template_type", words::<PackType>()),
                    ("whatsapp_number", text()),
                    ("notes", null_text()),
                ],
                &["tenant_id", "owner", "template_type", "whatsapp_number"],
            ),
        ),
        ("Reject", object(&[("note", one_line(NOTE_MAX_CHARS))], &["note"])),
    ]
}

fn people() -> Vec<(&'static str, Value)> {
    let (id, null_text) = (|| of("Id"), || or_null(text()));
    let password = || json!({ "type": "string", "minLength": 12, "maxLength": 1024 });
    let flag = || json!({ "type": "boolean" });
    let operator = answered(&[
        ("id", id()),
        ("name", text()),
        ("email", text()),
        ("has_password", flag()),
        ("has_second_factor", flag()),
        ("created_at", moment()),
    ]);
    vec![
        ("Operators", json!({ "type": "array", "items": operator })),
        (
            "CreateOperator",
            object(
                &[("name", one_line(NAME_MAX_CHARS)), ("email", text()), ("password", or_null(password()))],
                &["name", "email"],
            ),
        ),
        (
            "NewPassword",
            answered(&[("id", id()), ("name", text()), ("email", text()), ("password", null_text())]),
        ),
        ("OwnAccount", answered(&[("name", text()), ("email", null_text()), ("has_second_factor", flag())])),
        ("NewSecondFactor", answered(&[("secret", text()), ("address", text())])),
        ("RecoveryCodes", answered(&[("recovery_codes", json!({ "type": "array", "items": text() }))])),
        ("ChangePassword", object(&[("current", text()), ("new", password())], &["current", "new"])),
        ("SignIn", object(&[("user", text()), ("password", text()), ("next", text())], &["password"])),
        ("SignedIn", answered(&[("name", text())])),
        ("Code", object(&[("code", text())], &["code"])),
    ]
}

fn platform() -> Vec<(&'static str, Value)> {
    let (id, null_text) = (|| of("Id"), || or_null(text()));
    let list = |schema: Value| json!({ "type": "array", "items": schema });
    vec![
        (
            "Event",
            answered(&[
                ("id", id()),
                ("tenant_id", or_null(id())),
                ("actor", text()),
                ("actor_name", null_text()),
                ("event_type", text()),
                ("payload", json!({})),
                ("created_at", moment()),
            ]),
        ),
        (
            "Problem",
            object(
                &[
                    ("type", text()),
                    ("title", text()),
                    ("status", count()),
                    ("detail", text()),
                    ("field", text()),
                    ("error", text()),
                ],
                &["type", "title", "status", "detail", "error"],
            ),
        ),
        ("Counted", answered(&[("name", text()), ("count", count())])),
        ("Busy", answered(&[("id", id()), ("name", text()), ("queued", count()), ("unsent", count())])),
        ("Failing", answered(&[("id", id()), ("name", text()), ("last_error", null_text())])),
        ("InForce", answered(&[("name", text()), ("value", null_text())])),
        (
            "System",
            answered(&[
                ("version", text()),
                ("database", text()),
                ("database_ms", or_null(count())),
                ("disk_free_bytes", or_null(count())),
                ("disk_total_bytes", or_null(count())),
                ("memory_bytes", or_null(count())),
                ("tenants", list(of("Counted"))),
                ("workers", list(of("Counted"))),
                ("worker_memory_bytes", count()),
                ("queued", count()),
                ("unsent", count()),
                ("unlogged", count()),
                ("busiest", list(of("Busy"))),
                ("failing", list(of("Failing"))),
                ("backups", null_text()),
                ("settings", list(of("InForce"))),
            ]),
        ),
    ]
}
