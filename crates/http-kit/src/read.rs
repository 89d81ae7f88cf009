//! Documents, queries and forms, with faults that name the field and say what it takes.

use http::{HeaderMap, header};
use serde::de::{DeserializeOwned, IgnoredAny};

/// What was sent and cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: Kind,
    /// The field at fault, where there is one, by its place in the document.
    pub field: Option<String>,
    /// What is wrong and what is taken, in a sentence of bounded length.
    pub detail: String,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is no JSON.
    Malformed,
    /// It has a field that nothing takes.
    UnknownField,
    /// A field's value is not one that is taken, or is missing.
    InvalidField,
}

impl Fault {
    fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, field: None, detail: detail.into() }
    }

    fn of(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }
}

/// Reads a JSON document.
///
/// # Errors
/// [`Fault`], which names the line and column, or the field.
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        // Where a word of an enum is wanted, serde_json calls another value malformed, which the whole is not.
        let well_formed = || serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
        if !error.inner().is_data() && well_formed() {
            return field_fault(&path, "a text is wanted here, one of the words that the field takes");
        }
        json_fault(&path, error.inner())
    })?;
    json.end().map_err(|error| json_fault("", &error))?;
    Ok(value)
}

/// Reads a query or a form.
///
/// # Errors
/// [`Fault`], which names the field.
pub fn pairs<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(bytes));
    serde_path_to_error::deserialize(pairs)
        .map_err(|error| field_fault(&error.path().to_string(), &error.inner().to_string()))
}

fn json_fault(path: &str, error: &serde_json::Error) -> Fault {
    if error.is_data() {
        // The position adds nothing where the field has a name.
        let text = error.to_string();
        let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
        field_fault(path, text)
    } else if error.is_eof() {
        Fault::new(Kind::Malformed, "The body ends before its JSON does.")
    } else {
        let (line, column) = (error.line(), error.column());
        Fault::new(Kind::Malformed, format!("The body is no JSON from line {line}, column {column} on."))
    }
}

/// Turns serde's words on one field into a fault. `path` is what was reached, like `hours[2]`, or `.` for the whole.
fn field_fault(path: &str, message: &str) -> Fault {
    let path = if matches!(path, "." | "?") { "" } else { path };
    if message.starts_with("unknown field ") || message.starts_with("duplicate field ") {
        // The path ends at the struct or at the field itself, whichever serde had reached.
        let name = quoted(message);
        let field = match path.rsplit_once('.') {
            _ if path.is_empty() || path == name => name.to_owned(),
            Some((_, last)) if last == name => path.to_owned(),
            _ => format!("{path}.{name}"),
        };
        if message.starts_with("duplicate field ") {
            let detail = format!("`{field}` is given more than once; send it once.");
            return Fault::new(Kind::InvalidField, detail).of(field);
        }
        return Fault::new(Kind::UnknownField, sentence(message)).of(field);
    }
    let field = if path.is_empty() && message.starts_with("missing field ") { quoted(message) } else { path };
    if field.is_empty() {
        return Fault::new(Kind::InvalidField, sentence(message));
    }
    let detail = if message.contains(&format!("`{field}`")) {
        sentence(message)
    } else {
        format!("`{field}`: {message}")
    };
    Fault::new(Kind::InvalidField, detail).of(field)
}

/// What stands between the first pair of backticks.
fn quoted(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or_default()
}

/// Begins with a capital and is no longer than an answer should be: a client's text may stand in it.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).take(400).collect()).unwrap_or_default()
}

/// Whether a body is announced as JSON.
#[must_use]
pub fn announces_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read by the deserializer")]
    struct Shop {
        name: String,
        pack: Option<Pack>,
        address: Option<Address>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    enum Pack {
        Booking,
        Ecommerce,
        Support,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read by the deserializer")]
    struct Address {
        street: String,
        rooms: Vec<u16>,
    }

    fn refusal(body: &str) -> (Kind, Option<String>, String) {
        let Fault { kind, field, detail } = json::<Shop>(body.as_bytes()).unwrap_err();
        (kind, field, detail)
    }

    #[test]
    fn malformed_json_says_where() {
        assert_eq!(refusal("{\"name\": oops}").0, Kind::Malformed);
        assert_eq!(refusal("{\"name\": oops}").2, "The body is no JSON from line 1, column 10 on.");
        assert_eq!(refusal("{\"name\"").2, "The body ends before its JSON does.");
        assert_eq!(refusal("").2, "The body ends before its JSON does.");
        assert_eq!(refusal("{\"name\":\"a\"} x").0, Kind::Malformed);
        assert_eq!(refusal("\u{feff}{}").0, Kind::Malformed);
    }

    #[test]
    fn unknown_fields_are_named_at_any_depth() {
        let (kind, field, detail) = refusal(r#"{"name":"a","nmae":"b"}"#);
        assert_eq!((kind, field.as_deref()), (Kind::UnknownField, Some("nmae")));
        assert_eq!(detail, "Unknown field `nmae`, expected one of `name`, `pack`, `address`");
        let (kind, field, _) = refusal(r#"{"name":"a","address":{"strt":"b"}}"#);
        assert_eq!((kind, field.as_deref()), (Kind::UnknownField, Some("address.strt")));
    }

    #[test]
    fn wrong_types_words_and_missing_fields_name_the_field() {
        let (kind, field, detail) = refusal(r#"{"name":5}"#);
        assert_eq!((kind, field.as_deref()), (Kind::InvalidField, Some("name")));
        assert_eq!(detail, "`name`: invalid type: integer `5`, expected a string");
        let (_, field, detail) = refusal(r#"{"name":"a","pack":"SHOP"}"#);
        assert_eq!(field.as_deref(), Some("pack"));
        assert_eq!(
            detail,
            "`pack`: unknown variant `SHOP`, expected one of `BOOKING`, `ECOMMERCE`, `SUPPORT`"
        );
        for wrong in ["5", "true", "[]"] {
            let (kind, field, _) = refusal(&format!(r#"{{"name":"a","pack":{wrong}}}"#));
            assert_eq!((kind, field.as_deref()), (Kind::InvalidField, Some("pack")), "{wrong}");
        }
        let (_, field, detail) = refusal("{}");
        assert_eq!((field.as_deref(), detail.as_str()), (Some("name"), "Missing field `name`"));
        let (_, field, detail) = refusal(r#"{"name":"a","address":{"street":"b","street":"c"}}"#);
        assert_eq!(field.as_deref(), Some("address.street"));
        assert_eq!(detail, "`address.street` is given more than once; send it once.");
        let (_, field, _) = refusal(r#"{"name":"a","address":{"street":"b","rooms":[1,-2]}}"#);
        assert_eq!(field.as_deref(), Some("address.rooms[1]"));
        assert_eq!(refusal("[]").0, Kind::InvalidField);
    }

    #[test]
    fn json_is_known_by_its_media_type_alone() {
        let with = |value: &str| HeaderMap::from_iter([(header::CONTENT_TYPE, value.parse().unwrap())]);
        assert!(announces_json(&with("application/json")));
        assert!(announces_json(&with("Application/JSON; charset=utf-8")));
        assert!(!announces_json(&with("text/plain")));
        assert!(!announces_json(&HeaderMap::new()));
    }

    #[test]
    fn pairs_name_the_field_too() {
        let refused = |text: &str| pairs::<Shop>(text.as_bytes()).unwrap_err();
        assert_eq!(refused("name=a&nmae=b").field.as_deref(), Some("nmae"));
        assert_eq!(refused("name=a&name=b").detail, "`name` is given more than once; send it once.");
        assert_eq!(refused("pack=SHOP&name=a").field.as_deref(), Some("pack"));
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(body: Vec<u8>) {
            let _ = json::<Shop>(&body);
        }
    }
}
