//! Holds a value against a schema of the API's document, as far as our schemas go.

use serde_json::{Value, json};

/// Fails where the value is not what the schema says.
pub(crate) fn fits(document: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return fits(document, &document["components"]["schemas"][name], value, name);
    }
    if let Some(either) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let kind = if value.is_array() { "array" } else { "object" };
        // Of two forms the one of this kind, behind a reference too.
        let is = |one: &&Value| {
            let plain = one["type"].as_str().unwrap_or(kind);
            if value.is_null() {
                plain == "null"
            } else {
                plain != "null" && (plain == kind || !matches!(plain, "array" | "object"))
            }
        };
        let schema = either.iter().find(is);
        return fits(document, schema.unwrap_or_else(|| panic!("{at}: {value} is none of these")), value, at);
    }
    let types = schema["type"].as_array();
    if types.is_some_and(|types| types.contains(&json!("null"))) && value.is_null() {
        return;
    }
    let plain = types.and_then(|types| types.iter().find(|one| **one != json!("null")));
    let within = |figure: u64, least: &str, most: &str| {
        let (least, most) = (schema[least].as_u64().unwrap_or(0), schema[most].as_u64().unwrap_or(u64::MAX));
        assert!((least..=most).contains(&figure), "{at}: {value} is out of bounds");
    };
    match plain.unwrap_or(&schema["type"]).as_str() {
        Some("object") => object(document, schema, value, at),
        Some("array") => {
            let items = value.as_array().unwrap_or_else(|| panic!("{at}: {value}"));
            within(items.len() as u64, "minItems", "maxItems");
            items.iter().for_each(|one| fits(document, &schema["items"], one, at));
        }
        Some("string") => {
            let text = value.as_str().unwrap_or_else(|| panic!("{at}: {value}"));
            let words = schema["enum"].as_array();
            assert!(words.is_none_or(|words| words.contains(&json!(text))), "{at}: {text}");
            within(text.chars().count() as u64, "minLength", "maxLength");
            if let Some(pattern) = schema["pattern"].as_str() {
                assert!(
                    regex::Regex::new(pattern).unwrap().is_match(text),
                    "{at}: {text} is not like {pattern}"
                );
            }
            if schema["format"] == "date-time" {
                assert!(text.parse::<domain::Timestamp>().is_ok(), "{at}: {text} is no time");
            }
        }
        Some("integer") => {
            within(value.as_u64().unwrap_or_else(|| panic!("{at}: {value}")), "minimum", "maximum");
        }
        Some("boolean") => assert!(value.is_boolean(), "{at}: {value}"),
        Some("null") => assert!(value.is_null(), "{at}: {value}"),
        _ => {}
    }
}

fn object(document: &Value, schema: &Value, value: &Value, at: &str) {
    let fields = value.as_object().unwrap_or_else(|| panic!("{at}: {value}"));
    // An object of any fields.
    let Some(known) = schema["properties"].as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(fields.contains_key(name.as_str().unwrap()), "{at}: {name} is missing");
    }
    for (name, field) in fields {
        let schema = known.get(name).or_else(|| schema.get("additionalProperties"));
        let schema = schema.unwrap_or_else(|| panic!("{at}: {name} is not in the document"));
        fits(document, schema, field, &format!("{at}.{name}"));
    }
}
