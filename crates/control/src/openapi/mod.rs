//! The OpenAPI 3.1 document, made from the table of routes: a route that nobody has described still stands in it.
//! `docs/openapi.json` is the same, written by `just generate`; a test compares the two.

mod operations;
pub(crate) mod page;
mod schemas;
mod security;

use axum::{Json, extract::State};
use serde_json::{Map, Value, json};
use web::{Kind, routes::Access};

#[cfg(test)]
use self::operations::UNKNOWN;
use self::operations::{Body, Operation, describe};
use crate::{App, auth::Operator};

/// `GET /admin/openapi.json`: the document.
pub(crate) async fn handle(State(_): State<App>, _: Operator) -> Json<Value> {
    Json(document())
}

/// The document.
#[must_use]
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in crate::table() {
        let method = route.method.as_str().to_lowercase();
        let described = describe(route.method.as_str(), route.path);
        let entry = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        if let Value::Object(path) = entry {
            path.insert(method.clone(), operation(&method, route.path, route.access, &described));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Flow HQ admin API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Everything that the dashboard does. The same addresses answer pages to clients that prefer HTML. \
                Errors are problem documents (RFC 9457) with a stable `type`. Lists are arrays; the header `Link` names the \
                next page (RFC 8288). A POST with `Idempotency-Key` may be sent again: nothing is done twice.",
            "license": { "name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "basic": [] }, { "session": [] }],
        "paths": paths,
        "components": { "schemas": schemas::all(), "securitySchemes": security::schemes() },
    })
}

fn operation(method: &str, path: &str, access: Access, described: &Operation) -> Value {
    let mut parameters = Vec::new();
    for name in path.split('{').skip(1).filter_map(|part| part.split('}').next()) {
        let schema = if name == "id" {
            json!({ "$ref": "#/components/schemas/Id" })
        } else {
            json!({ "type": "string" })
        };
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    for (name, schema, meaning) in &described.query {
        parameters.push(json!({ "name": name, "in": "query", "schema": schema, "description": meaning }));
    }
    let signs_in = path.starts_with("/admin/sign-");
    if method == "post" && access == Access::Operator && !described.shows_secrets {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "description": "1 to 255 visible characters, such as a UUID.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        }));
    }
    let mut responses = Map::new();
    for (status, body) in &described.answers {
        responses.insert(status.to_string(), answer(*status, body));
    }
    for status in refusals(method, path, access, described, signs_in) {
        responses.entry(status.to_string()).or_insert_with(|| problem(status));
    }
    let mut operation = json!({
        "operationId": operation_id(method, path),
        "tags": [described.tag],
        "summary": described.summary,
        "parameters": parameters,
        "responses": responses,
    });
    if let Value::Object(fields) = &mut operation {
        if access == Access::Public {
            fields.insert("security".to_owned(), json!([]));
        }
        if let Some(body) = &described.takes {
            let schema = json!({ "schema": { "$ref": format!("#/components/schemas/{body}") } });
            let media =
                if described.by_form { "application/x-www-form-urlencoded" } else { "application/json" };
            fields
                .insert("requestBody".to_owned(), json!({ "required": true, "content": { media: schema } }));
        }
    }
    operation
}

/// Statuses of the problems that a route may answer.
fn refusals(method: &str, path: &str, access: Access, described: &Operation, signs_in: bool) -> Vec<u16> {
    let mut all = vec![503];
    if access == Access::Operator || signs_in {
        all.extend([401, 429]);
    }
    if path.contains('{') {
        all.extend([400, 404]);
    }
    if !described.query.is_empty() || method == "post" {
        all.push(422);
    }
    if method != "get" {
        all.extend([400, 403, 409, 413, 415]);
    }
    if described.takes.is_some() {
        all.extend([400, 404, 415, 422]);
    }
    if path.contains("/worker/") || path.ends_with("/approve") {
        all.push(502);
    }
    all
}

fn answer(status: u16, body: &Body) -> Value {
    let words = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Answer");
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    match body {
        Body::One("Problem") => problem(status),
        Body::Empty => json!({ "description": words }),
        Body::One(name) => {
            json!({ "description": words, "content": { "application/json": { "schema": reference(name) } } })
        }
        Body::List(name) => json!({
            "description": words,
            "headers": { "Link": { "description": "The next page, where there is one.", "schema": { "type": "string" } } },
            "content": { "application/json": { "schema": { "type": "array", "items": reference(name) } } },
        }),
        Body::Any => json!({
            "description": words,
            "content": { "application/json": { "schema": {} }, "text/html": {} },
        }),
        Body::Media(media) => json!({ "description": words, "content": { *media: {} } }),
    }
}

fn problem(status: u16) -> Value {
    let kinds =
        <Kind as strum::VariantArray>::VARIANTS.iter().filter(|kind| kind.status().as_u16() == status);
    let types: Vec<String> = kinds.map(|kind| format!("`{}`", kind.uri())).collect();
    json!({
        "description": format!("A problem: {}", types.join(", ")),
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}

/// Stable as long as method and path are.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_document_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        let committed: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(committed == document(), "docs/openapi.json differs from the code: run `just generate`");
    }

    #[test]
    fn every_route_and_every_reference_is_there() {
        let document = document();
        for route in crate::table() {
            let method = route.method.as_str().to_lowercase();
            let operation = &document["paths"][route.path][&method];
            assert!(operation["responses"].is_object(), "{route:?}");
            let said = |field: &Value| field.as_str().is_some_and(|text| !text.is_empty() && text != UNKNOWN);
            assert!(
                said(&operation["summary"]) && said(&operation["tags"][0]),
                "say what it does: {route:?}"
            );
        }
        let text = document.to_string();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
    }
}
