//! `GET /admin/openapi.json`: the OpenAPI 3.1 document of the admin API. `docs/openapi.json` is the same, written by
//! `just generate`; a test compares the two.

use axum::Json;
use reference::{About, schema_of};
use serde_json::{Value, json};

use crate::auth::Operator;

/// This document
#[utoipa::path(get, path = "/admin/openapi.json", tag = "system", responses((status = 200, body = Value)))]
pub(crate) async fn handle(_: Operator) -> Json<Value> {
    Json(document())
}

/// The document.
#[must_use]
pub fn document() -> Value {
    let about = About {
        title: "Flow HQ admin API",
        version: env!("CARGO_PKG_VERSION"),
        description: "Everything that the dashboard does. The same addresses answer pages to clients that prefer HTML. \
            Errors are problem documents (RFC 9457) with a stable `type`. Lists are arrays; the header `Link` names the \
            next page (RFC 8288). A POST with `Idempotency-Key` may be sent again: nothing is done twice.",
        security: json!({
            "basic": {
                "type": "http", "scheme": "basic",
                "description": "The user `admin` with the admin password, or an operator's address with that account's password.",
            },
            "session": {
                "type": "apiKey", "in": "cookie", "name": "flowhq_admin",
                "description": "A session of POST /admin/sign-in; its name begins with `__Host-` behind HTTPS.",
            },
            "portal_key": {
                "type": "apiKey", "in": "header", "name": "x-portal-key",
                "description": "The key in PORTAL_INTERNAL_KEY, for a portal that runs alone.",
            },
            "portal_claim": {
                "type": "apiKey", "in": "header", "name": "x-portal-claim",
                "description": "Who asks, signed by the portal for this one request: a JSON document in base64url, a full \
                    stop, and its Ed25519 signature in base64url. It names session (SHA-256 of its token), user, tenant, \
                    method, path, SHA-256 of the body, a nonce, and at most 30 seconds of life. Where PORTAL_PLAIN is on, \
                    the header `x-user-email` may stand in its place for what a person of one tenant may do.",
            },
        }),
        schemas: vec![
            schema_of::<domain::Show>(),
            schema_of::<domain::EventKind>(),
            schema_of::<domain::Sort>(),
            schema_of::<domain::SetupStatus>(),
        ],
        refuses,
        repeats: |path| !shows_secrets(path),
    };
    reference::of_routes(&about, crate::table())
}

/// Where an answer may show a secret this once, so that it is not kept for a repeated request.
fn shows_secrets(path: &str) -> bool {
    path.starts_with("/admin/operators")
        || path.starts_with("/admin/account")
        || path.ends_with("/owner-links")
        || path.ends_with("/look")
}

/// What these may answer beside what others of their form do.
fn refuses(method: &str, path: &str) -> Vec<u16> {
    match path {
        "/brand/logo" => vec![404],
        "/admin/account/second-factor" => vec![409],
        _ if path.starts_with("/portal/") => vec![403, 404, 409],
        _ if path.ends_with("/owner-links") || path.ends_with("/look") => vec![409],
        "/admin/tenants/{id}" if matches!(method, "patch" | "post") => vec![412],
        "/admin/tenants/{id}/notes" | "/admin/tenants/{id}/profile" if matches!(method, "put" | "post") => {
            vec![412]
        }
        _ if path.starts_with("/admin/sign-") => vec![401, 429],
        _ if path.contains("/worker/") || path.ends_with("/approve") => vec![502],
        _ => Vec::new(),
    }
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
    fn every_route_says_what_it_does_and_every_field_what_it_means() {
        let document = document();
        for route in crate::table() {
            let method = route.method.as_str().to_lowercase();
            let operation = &document["paths"][&route.path][&method];
            let said = |field: &Value| field.as_str().is_some_and(|text| !text.is_empty());
            assert!(
                said(&operation["summary"]) && said(&operation["tags"][0]),
                "say what it does: {route:?}"
            );
            assert!(operation["responses"].as_object().is_some_and(|all| !all.is_empty()), "{route:?}");
        }
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            for (field, meaning) in schema["properties"].as_object().into_iter().flatten() {
                assert!(meaning["description"].is_string(), "{name}.{field} has no description");
            }
        }
        for name in reference::references(&document) {
            assert!(document["components"]["schemas"][&name].is_object(), "{name}");
        }
    }
}
