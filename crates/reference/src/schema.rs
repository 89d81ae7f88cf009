//! Reading a schema of the document: where a reference leads, whether null is taken, what the plain type is.

use serde_json::Value;

/// Whether a document is sent to us or by us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// A request's: what is left out stays as it is.
    Taken,
    /// An answer's: all its fields are there.
    Answered,
}

/// The name of the schema that this one refers to.
pub(crate) fn named(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// The schema itself where this one refers to it.
pub(crate) fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    named(schema).map_or(schema, |name| &document["components"]["schemas"][name])
}

/// The schema without null, resolved, and whether null is taken too.
pub(crate) fn parts<'a>(document: &'a Value, schema: &'a Value) -> (&'a Value, bool) {
    let (schema, nullable) = without_null(schema);
    // Where it has several forms the first one stands for all.
    let (schema, nullable_itself) = without_null(resolved(document, schema));
    (resolved(document, schema), nullable || nullable_itself)
}

/// The same, with a reference left as one.
pub(crate) fn without_null(schema: &Value) -> (&Value, bool) {
    if let Some(either) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let nullable = either.iter().any(is_null);
        return (either.iter().find(|one| !is_null(one)).unwrap_or(schema), nullable);
    }
    (schema, schema["type"].as_array().is_some_and(|types| types.iter().any(|one| one == "null")))
}

/// Whether it is null and nothing else.
fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}

/// The type beside null.
pub(crate) fn plain_type(schema: &Value) -> Option<&str> {
    let several = schema["type"].as_array().into_iter().flatten();
    schema["type"].as_str().or_else(|| several.filter_map(Value::as_str).find(|one| *one != "null"))
}

/// Whether an object of this schema must have the field.
pub(crate) fn requires(schema: &Value, field: &str) -> bool {
    schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == field))
}
