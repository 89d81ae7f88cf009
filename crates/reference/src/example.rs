//! Makes an example of a schema: the same one each time, with values that a business could have. Pure.

use serde_json::{Map, Value, json};

use crate::schema::{Side, parts, plain_type, requires, resolved};

/// Deeper than any of our documents; a schema that named itself would otherwise never end.
const DEEPEST: usize = 12;
const ID: &str = "0197d0a4-5b3c-7e21-9c4d-2f6a8b1e0d37";

/// What a field of this name may hold. The first that its schema takes is shown, else what the schema's type says.
const SENSIBLE: &[(&str, &str)] = &[
    ("action", "restart"),
    ("actor", "admin"),
    ("actor_name", "Amina Juma"),
    ("address", "otpauth://totp/Flow%20HQ:amina%40example.com?secret=JBSWY3DPEHPK3PXP"),
    ("backups", "2026-11-28T02:00:00Z"),
    ("business_name", "Saluni ya Amina"),
    ("dailyAt", "18:00"),
    ("code", "123456"),
    ("contact", "255754000222"),
    ("currency", "TZS"),
    ("current", "the password of until now"),
    ("database", "sqlite"),
    ("desired_state", "RUN"),
    ("detail", "There is no such tenant."),
    ("direction", "IN"),
    ("email", "amina@example.com"),
    ("error", "There is no such tenant."),
    ("event_type", "TENANT_CREATED"),
    ("field", "name"),
    ("file", "favicon.svg"),
    ("from_number", "255754000222"),
    ("key", "order-1017"),
    ("holidays", "2026-12-25 - 2026-12-26 = Krismasi / Christmas"),
    ("language", "SW"),
    ("lid", "123456789012345"),
    ("linked_number", "255754000111"),
    ("message_text", "Habari, mko wazi leo?"),
    ("month", "2026-11"),
    ("name", "Saluni ya Amina"),
    ("new", "a longer password than before"),
    ("notes", "Welcome to Flow HQ."),
    ("number", "255754000111"),
    ("password", "correct horse battery staple"),
    ("phone_number", "+255754000111"),
    ("process_name", "flowhq-0197d0a4"),
    ("push_name", "Baraka"),
    ("qr", "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPuKApjwvc3ZnPg=="),
    ("reason", "The invoice of October is not paid."),
    ("recovery_codes", "k7wq-2m9x"),
    ("remove_deleted", "no"),
    ("reviewed_by", "admin"),
    ("reviewer_name", "Amina Juma"),
    ("secret", "JBSWY3DPEHPK3PXP"),
    ("special", "2026-12-31: 09:00-12:00"),
    ("state", "CONNECTED"),
    ("state", "sent"),
    ("status", "ACTIVE"),
    ("status", "RUNNING"),
    ("template_type", "BOOKING"),
    ("tenant_name", "Saluni ya Amina"),
    ("text", "Karibu! Tuko wazi hadi saa kumi na mbili."),
    ("timezone", "Africa/Dar_es_Salaam"),
    ("title", "No such tenant"),
    ("to_number", "255754000111"),
    ("type", "urn:flowhq:problem:tenant-not-found"),
    ("typed_name", "Saluni ya Amina"),
    ("user", "admin"),
    ("user_email", "amina@example.com"),
    ("user_name", "Amina Juma"),
    ("value", "3000"),
    ("version", "0.1.0"),
    ("wa_message_id", "3EB0C767D097B7C7C030"),
    ("whatsapp_number", "+255754000111"),
];

/// Figures of that kind.
const FIGURES: &[(&str, u64)] = &[
    ("cpu_ms", 5_400),
    ("disk_free_bytes", 21_474_836_480),
    ("disk_total_bytes", 42_949_672_960),
    ("memory_bytes", 14_680_064),
    ("pid", 4_711),
    ("rate_limit_per_minute", 10),
    ("restarts", 0),
    ("retention_days", 90),
    ("status", 404),
    ("worker_memory_bytes", 44_040_192),
];

/// What is null where all is well, and so in an example too.
const QUIET: &[&str] = &[
    "confirmed_number",
    "held_number",
    "last_error",
    "silence",
    "suspended_at",
    "suspended_reason",
    "worker_error",
];

/// What a first request does without: it says what was seen before, or where a page goes on.
const LEFT_OUT: &[&str] = &["back", "next", "version"];

/// An example of what `schema` of `document` describes, on this side; `None` where it describes nothing.
pub(crate) fn of(document: &Value, schema: &Value, side: Side) -> Option<Value> {
    let described = schema.as_object().is_some_and(|schema| !schema.is_empty());
    described.then(|| value(document, schema, "", side, DEEPEST))
}

/// An example of a parameter of this name.
pub(crate) fn of_parameter(document: &Value, schema: &Value, name: &str) -> String {
    match value(document, schema, name, Side::Taken, DEEPEST) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// JSON with a line for each field; lists without objects, such as opening hours, stand on one.
pub(crate) fn printed(value: &Value, depth: usize) -> String {
    let (inner, outer) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    let lines = |all: Vec<String>| all.join(&format!(",\n{inner}"));
    match value {
        Value::Array(items) if holds_objects(value) => {
            let items = items.iter().map(|item| printed(item, depth + 1)).collect();
            format!("[\n{inner}{}\n{outer}]", lines(items))
        }
        Value::Object(fields) if !fields.is_empty() => {
            let field =
                |(name, value): (&String, &Value)| format!("\"{name}\": {}", printed(value, depth + 1));
            format!("{{\n{inner}{}\n{outer}}}", lines(fields.iter().map(field).collect()))
        }
        other => other.to_string(),
    }
}

fn holds_objects(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(|item| item.is_object() || holds_objects(item)))
}

fn value(document: &Value, schema: &Value, name: &str, side: Side, deeper: usize) -> Value {
    let Some(deeper) = deeper.checked_sub(1) else { return Value::Null };
    let (schema, nullable) = parts(document, schema);
    if nullable && side == Side::Answered && QUIET.contains(&name) {
        return Value::Null;
    }
    // What a schema shows of itself.
    if let Some(example) = schema.get("example").or_else(|| schema.get("examples")?.get(0)) {
        return example.clone();
    }
    if let Some(words) = schema["enum"].as_array() {
        let sensible = sensible(name).find(|word| words.contains(&json!(word))).map(Value::from);
        return sensible.or_else(|| words.first().cloned()).unwrap_or_default();
    }
    match plain_type(schema) {
        Some("object") => object(document, schema, side, deeper),
        Some("array") => array(document, schema, name, side, deeper),
        Some("string") => text(schema, name).into(),
        Some("integer" | "number") => number(schema, name).into(),
        Some("boolean") => (!matches!(name, "stale" | "has_second_factor")).into(),
        // A value of any shape.
        _ if name == "payload" => json!({ "name": { "from": "Amina", "to": "Saluni ya Amina" } }),
        _ => json!({}),
    }
}

fn object(document: &Value, schema: &Value, side: Side, deeper: usize) -> Value {
    let fields = schema["properties"].as_object();
    let mut example = Map::new();
    for (name, field) in fields.into_iter().flatten() {
        let required = requires(schema, name);
        if side == Side::Taken
            && !required
            && (LEFT_OUT.contains(&name.as_str()) || is_said_beside(document, schema, field))
        {
            continue;
        }
        example.insert(name.clone(), value(document, field, name, side, deeper));
    }
    Value::Object(example)
}

/// Whether what a nested object says can be said beside it too, so that an example says it once.
fn is_said_beside(document: &Value, schema: &Value, field: &Value) -> bool {
    let within = resolved(document, parts(document, field).0)["properties"].as_object();
    within.is_some_and(|within| within.keys().any(|name| schema["properties"].get(name).is_some()))
}

fn array(document: &Value, schema: &Value, name: &str, side: Side, deeper: usize) -> Value {
    let items = &schema["items"];
    // Seven days from Monday, each with its spans: open from nine to six, and closed on Sunday.
    if schema["minItems"] == 7 {
        let day = |index: u64| if index < 6 { json!([[540, 1080]]) } else { json!([]) };
        return (0..7).map(day).collect();
    }
    let least = schema["minItems"].as_u64().unwrap_or(0).clamp(1, 16);
    (0..least).map(|_| value(document, items, name, side, deeper)).collect()
}

fn text(schema: &Value, name: &str) -> String {
    match schema["format"].as_str() {
        Some("uuid") => return ID.to_owned(),
        Some("date-time") => return "2026-11-28T09:30:00Z".to_owned(),
        Some("email") => return "amina@example.com".to_owned(),
        _ => {}
    }
    if name.starts_with("hours_") {
        return if name == "hours_6" { "" } else { "09:00-13:00, 14:00-18:00" }.to_owned();
    }
    if name.starts_with("breaks_") {
        return if name == "breaks_6" { "" } else { "11:00-11:15" }.to_owned();
    }
    let least = usize::try_from(schema["minLength"].as_u64().unwrap_or(0)).unwrap_or(0);
    let most = schema["maxLength"].as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let fitting = sensible(name).find(|word| (least..=most).contains(&word.chars().count()));
    if let Some(word) = fitting {
        return word.to_owned();
    }
    if schema["default"].as_str().is_some_and(|text| !text.is_empty()) {
        return schema["default"].as_str().unwrap_or_default().to_owned();
    }
    // Figures that a form sends as text.
    if let Some((_, figure)) = FIGURES.iter().find(|(of, _)| *of == name) {
        return figure.to_string();
    }
    "text".chars().cycle().take(least.max(4).min(most)).collect()
}

fn number(schema: &Value, name: &str) -> u64 {
    let named = FIGURES.iter().find(|(of, _)| *of == name).map_or(3, |(_, figure)| *figure);
    let least = schema["minimum"].as_u64().unwrap_or(0);
    let most = schema["maximum"].as_u64().unwrap_or(u64::MAX);
    named.clamp(least, most.max(least))
}

fn sensible(name: &str) -> impl Iterator<Item = &'static str> {
    SENSIBLE.iter().filter(move |(of, _)| *of == name).map(|(_, word)| *word)
}
