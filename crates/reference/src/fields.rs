//! Fields and parameters as the reference lists them: type, bounds, whether required, meaning.

use serde_json::Value;

use crate::{
    schema::{named, parts, plain_type, requires, without_null},
    spans::{Span, spans},
};

/// A type in words; the part that has a schema of its own leads there.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) before: String,
    pub(crate) schema: Option<String>,
    pub(crate) after: &'static str,
}

/// One field or parameter.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// `path`, `query` or `header`, for parameters.
    pub(crate) place: String,
    pub(crate) shape: Shape,
    /// Within which bounds it is taken, in words.
    pub(crate) bounds: Option<String>,
    /// Whether it must be there.
    pub(crate) required: bool,
    pub(crate) meaning: Vec<Span>,
}

/// The fields of an object, those that must be there first.
pub(crate) fn of_schema(document: &Value, schema: &Value) -> Vec<Field> {
    let fields = schema["properties"].as_object().into_iter().flatten();
    let field = |(name, field): (&String, &Value)| Field {
        name: name.clone(),
        place: String::new(),
        shape: shape(field),
        bounds: bounds(document, field),
        required: requires(schema, name),
        meaning: spans(field["description"].as_str().unwrap_or_default()),
    };
    let mut all: Vec<Field> = fields.map(field).collect();
    all.sort_by_key(|field| !field.required);
    all
}

/// The parameters of an operation.
pub(crate) fn of_parameters(document: &Value, operation: &Value) -> Vec<Field> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let field = |parameter: &Value| {
        let schema = &parameter["schema"];
        let said = parameter["description"].as_str().or(parts(document, schema).0["description"].as_str());
        Field {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            place: parameter["in"].as_str().unwrap_or_default().to_owned(),
            shape: shape(schema),
            bounds: bounds(document, schema),
            required: parameter["required"] == true,
            meaning: spans(said.unwrap_or_default()),
        }
    };
    parameters.map(field).collect()
}

/// The type of a value.
pub(crate) fn shape(schema: &Value) -> Shape {
    let (plain, nullable) = without_null(schema);
    let after = if nullable { " or null" } else { "" };
    if let Some(name) = named(plain) {
        return Shape { schema: Some(name.to_owned()), after, ..Shape::default() };
    }
    if plain_type(plain) == Some("array") {
        let items = shape(&plain["items"]);
        return Shape { before: format!("array of {}", items.before), schema: items.schema, after };
    }
    let before = match (plain_type(plain), plain["format"].as_str()) {
        (Some("string"), Some("date-time")) => "time (RFC 3339)",
        (Some("string"), Some("uuid")) => "UUID",
        (Some("string"), Some("email")) => "e-mail address",
        (Some(plain), _) => plain,
        (None, _) => "any value",
    };
    Shape { before: before.to_owned(), schema: None, after }
}

/// Within which bounds it is taken.
fn bounds(document: &Value, schema: &Value) -> Option<String> {
    let (own, _) = without_null(schema);
    let (schema, _) = parts(document, schema);
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return Some(words.join(", "));
    }
    if named(own).is_some() {
        return None;
    }
    let range = |least: &str, most: &str, unit: &str| {
        let least = schema[least].as_u64().filter(|least| *least > 0);
        match (least, schema[most].as_u64()) {
            (Some(least), Some(most)) if least == most => Some(format!("exactly {least}{unit}")),
            (Some(least), Some(most)) => Some(format!("{least} to {most}{unit}")),
            (Some(least), None) => Some(format!("at least {least}{unit}")),
            (None, Some(most)) => Some(format!("at most {most}{unit}")),
            (None, None) => None,
        }
    };
    range("minLength", "maxLength", " characters")
        .or_else(|| range("minItems", "maxItems", " items"))
        .or_else(|| range("minimum", "maximum", ""))
        .or_else(|| Some(format!("like {}", schema["pattern"].as_str()?)))
}
