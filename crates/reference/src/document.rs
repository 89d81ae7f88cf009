//! The OpenAPI 3.1 document, made of what each route's handler says of itself, and of what holds for all of them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};
use web::{
    Document, Kind,
    routes::{Access, Route},
};

/// What is so of one site alone.
pub struct About {
    /// The API's name.
    pub title: &'static str,
    /// Its version.
    pub version: &'static str,
    /// What holds for all of it, in a few sentences.
    pub description: &'static str,
    /// How clients prove who they are: the document's `securitySchemes`, any of which is enough.
    pub security: Value,
    /// Schemas that routes refer to and do not bring along: the words of queries.
    pub schemas: Vec<(String, RefOr<Schema>)>,
    /// Statuses of problems that a method of a path may answer beside those that follow from its form.
    pub refuses: fn(method: &str, path: &str) -> Vec<u16>,
    /// Whether a POST to a path may be sent again with an `Idempotency-Key`.
    pub repeats: fn(path: &str) -> bool,
}

/// The document.
#[must_use]
pub fn of_routes<S>(about: &About, routes: Vec<Route<S>>) -> Value {
    let mut paths = Map::new();
    let mut named = about.schemas.clone();
    for route in routes {
        let method = route.method.as_str().to_lowercase();
        let described = operation(about, &method, &route);
        let path = paths.entry(route.path.clone()).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(method, described);
        }
        named.extend(route.schemas);
    }
    Document::schemas(&mut named);
    named.push(schema_of::<Document<'_>>());
    let mut schemas = Map::new();
    for (name, schema) in named {
        schemas.insert(name, serde_json::to_value(schema).unwrap_or_default());
    }
    require_answered(&paths, &mut schemas);
    schemas.values_mut().for_each(lift_descriptions);
    let schemes = about.security.as_object().into_iter().flatten();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": about.title,
            "version": about.version,
            "description": about.description,
            "license": { "name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only" },
        },
        "servers": [{ "url": "/" }],
        "security": schemes.map(|(name, _)| json!({ name: [] })).collect::<Vec<_>>(),
        "paths": paths,
        "components": { "schemas": schemas, "responses": problems(), "securitySchemes": about.security },
    })
}

/// A schema with its name.
#[must_use]
pub fn schema_of<T: ToSchema>() -> (String, RefOr<Schema>) {
    (T::name().into_owned(), T::schema())
}

/// What a handler says of itself, with what holds for every route of its kind.
fn operation<S>(about: &About, method: &str, route: &Route<S>) -> Value {
    let mut operation = serde_json::to_value(&route.operation).unwrap_or_default();
    let Value::Object(fields) = &mut operation else { return operation };
    fields.insert("operationId".to_owned(), operation_id(method, &route.path).into());
    match route.access {
        Access::Public => {
            fields.insert("security".to_owned(), json!([]));
        }
        Access::Portal | Access::Member | Access::Owner => {
            fields.insert("security".to_owned(), json!([{ "portal_key": [], "portal_claim": [] }]));
        }
        Access::Operator => {}
    }
    let queried = parameters(about, method, route, fields.entry("parameters").or_insert_with(|| json!([])));
    let takes = fields.contains_key("requestBody");
    if takes && let Some(body) = fields.get_mut("requestBody") {
        // Where a body may be left out, its document says so by being null.
        let optional = body.to_string().contains("\"null\"");
        body["required"] = (!optional).into();
    }
    if let Some(Value::Object(responses)) = fields.get_mut("responses") {
        for (status, answer) in responses.iter_mut() {
            let code = status.parse().ok().and_then(|code| http::StatusCode::from_u16(code).ok());
            if answer["description"].as_str().is_none_or(str::is_empty) {
                answer["description"] =
                    code.and_then(|code| code.canonical_reason()).unwrap_or("Answer").into();
            }
            if answer["content"]["application/json"]["schema"]["type"] == "array" {
                answer["headers"] = json!({
                    "Link": { "description": "The next page, where there is one.", "schema": { "type": "string" } },
                    "X-Limit-Cut-To": {
                        "description": "The rows of this page, where more were asked for than a page has.",
                        "schema": { "type": "integer" },
                    },
                });
            }
        }
        let mut all = refusals(method, route, queried, takes);
        all.extend((about.refuses)(method, &route.path));
        for status in all {
            let reference = json!({ "$ref": format!("#/components/responses/Problem{status}") });
            responses.entry(status.to_string()).or_insert(reference);
        }
    }
    operation
}

/// Adds what the path names and what every script may send. Whether the query takes anything.
fn parameters<S>(about: &About, method: &str, route: &Route<S>, parameters: &mut Value) -> bool {
    let Value::Array(all) = parameters else { return false };
    let queried = all.iter().any(|parameter| parameter["in"] == "query");
    for name in route.path.split('{').skip(1).filter_map(|part| part.split('}').next()) {
        let schema = if name == "id" {
            serde_json::to_value(<domain::TenantId as utoipa::PartialSchema>::schema()).unwrap_or_default()
        } else {
            json!({ "type": "string" })
        };
        let mut named = all.iter_mut().filter(|one| one["name"] == name && one["in"] == "path");
        if let Some(parameter) = named.next() {
            // A path of several parts is described as strings; an id is more than that.
            if name == "id" {
                parameter["schema"] = schema;
            }
            continue;
        }
        all.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    if method == "post" && route.access == Access::Operator && (about.repeats)(&route.path) {
        all.push(json!({
            "name": "Idempotency-Key", "in": "header", "description": "1 to 255 visible characters, such as a UUID.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        }));
    }
    queried
}

/// Statuses of the problems that follow from a route's form.
fn refusals<S>(method: &str, route: &Route<S>, queried: bool, takes: bool) -> BTreeSet<u16> {
    let mut all = BTreeSet::from([503]);
    if route.access != Access::Public {
        all.extend([401, 429]);
    }
    if route.path.contains('{') {
        all.extend([400, 404]);
    }
    if queried || method == "post" {
        all.insert(422);
    }
    if method != "get" {
        all.extend([400, 403, 409, 413, 415]);
    }
    if takes {
        all.extend([400, 404, 415, 422]);
    }
    all
}

/// The problems of each status, said once for all routes.
fn problems() -> Map<String, Value> {
    let mut all = Map::new();
    let kinds = <Kind as strum::VariantArray>::VARIANTS;
    let statuses: BTreeSet<u16> = kinds.iter().map(|kind| kind.status().as_u16()).collect();
    for status in statuses {
        let types = kinds.iter().filter(|kind| kind.status().as_u16() == status);
        let types: Vec<String> = types.map(|kind| format!("`{}` ({})", kind.uri(), kind.title())).collect();
        all.insert(
            format!("Problem{status}"),
            json!({
                "description": format!("A problem: {}", types.join(", ")),
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            }),
        );
    }
    all
}

/// What is answered and never taken has all its fields, those that may be null among them.
fn require_answered(paths: &Map<String, Value>, schemas: &mut Map<String, Value>) {
    let mut taken: Vec<String> = Vec::new();
    for operation in paths.values().filter_map(Value::as_object).flat_map(Map::values) {
        taken.extend(references(&operation["requestBody"]));
    }
    let mut known = BTreeSet::new();
    while let Some(name) = taken.pop() {
        if let Some(schema) = schemas.get(&name).filter(|_| known.insert(name)) {
            taken.extend(references(schema));
        }
    }
    for (name, schema) in schemas.iter_mut() {
        if known.contains(name) || name == "Problem" {
            continue;
        }
        let fields =
            schema["properties"].as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
        if let Some(fields) = fields {
            schema["required"] = fields.into();
        }
    }
}

/// A field that may be null has its description beside the choice, and not within one of the two.
fn lift_descriptions(schema: &mut Value) {
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    for field in fields.into_iter().flat_map(|fields| fields.values_mut()) {
        let within = field.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten();
        let found = within.filter_map(|one| one.as_object_mut()?.remove("description")).last();
        if let (Some(found), Value::Object(field)) = (found, field) {
            field.insert("description".to_owned(), found);
        }
    }
}

/// The names of the schemas that a part of the document refers to.
#[must_use]
pub fn references(part: &Value) -> Vec<String> {
    let text = part.to_string();
    let names = text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
    names.map(str::to_owned).collect()
}

/// Stable as long as method and path are.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}
