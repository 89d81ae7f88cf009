//! What is asked of each route: the table of routes itself, with the bodies that the matrix of routes keeps for them.

use http::Method;
use serde_json::{Value, json};

use super::subject::{SHARED, Subject};

/// One line for each route, which the test `matrix` of `control` holds to be complete.
const MATRIX: &str = include_str!("../../../control/src/testing/matrix.txt");

/// Routes across tenants that show an operator every tenant, and why. Whatever is not here and names no tenant in its path
/// must show nobody's words to anybody.
const OF_EVERY_TENANT: [(&str, &str, &str); 7] = [
    ("GET", "/admin/tenants", "the list of tenants"),
    ("GET", "/admin/tenants.csv", "the same for a spreadsheet, with what operators note"),
    ("GET", "/admin/setup-requests", "the list of all tenants' requests"),
    ("GET", "/admin/events", "the audit log of the platform"),
    ("GET", "/admin/events.csv", "the same for a spreadsheet"),
    ("GET", "/admin/system", "names the bots with the longest queues and the most memory"),
    ("GET", "/admin/usage.csv", "each tenant's messages of a month, for invoices"),
];

/// Whose words an operator may see in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The tenant's in the path.
    Tenant,
    /// Everybody's.
    Everybody,
    /// Nobody's.
    Nobody,
}

/// One route and how it is asked.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) reach: Reach,
    parameters: Vec<(String, String)>,
    body: Option<Value>,
}

/// All of them, in the order in which they can be asked: what changes nothing, what changes something, what ends.
pub(super) fn all() -> Vec<Asked> {
    let mut all: Vec<_> =
        control::table().into_iter().map(|route| Asked::new(route.method, route.path)).collect();
    all.sort_by_key(Asked::stage);
    all
}

impl Asked {
    fn new(method: Method, path: String) -> Self {
        let line = MATRIX.lines().find(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(method.as_str()) && words.next() == Some(path.as_str())
        });
        let line = line.unwrap_or_else(|| {
            panic!("{method} {path} has no line in crates/control/src/testing/matrix.txt: the sweep does not know how to ask it")
        });
        let (line, body) = match line.split_once(" {\"") {
            Some((line, body)) => (line, serde_json::from_str(&format!("{{\"{body}")).ok()),
            None => (line, None),
        };
        let parameters = line.split_whitespace().filter_map(|word| word.split_once('='));
        let of_a_tenant =
            path.starts_with("/admin/tenants/{id}") || path.starts_with("/admin/setup-requests/{id}");
        let of_everybody = OF_EVERY_TENANT.iter().any(|(verb, known, _)| method == *verb && path == *known);
        let reach = match (of_a_tenant, of_everybody) {
            (true, _) => Reach::Tenant,
            (false, true) => Reach::Everybody,
            (false, false) => Reach::Nobody,
        };
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { method, path, reach, parameters, body }
    }

    fn stage(&self) -> u8 {
        let ends = |word: &str| self.path.ends_with(word);
        match (self.method.as_str(), self.path.as_str()) {
            ("GET", _) => 0,
            ("DELETE", "/admin/tenants/{id}") | ("POST", "/admin/tenants/{id}/delete") => 4,
            _ if ends("/unlink") => 3,
            // An approval starts a worker, and a request that is approved is not rejected any more.
            _ if ends("/approve") || self.path.contains("/worker/") => 2,
            ("DELETE", _) => 2,
            _ => 1,
        }
    }

    /// Whether it changes nothing.
    pub(super) fn reads(&self) -> bool {
        self.stage() == 0
    }

    /// Whether it deletes a tenant.
    pub(super) fn deletes(&self) -> bool {
        self.stage() == 4
    }

    /// Whether it answers with events without end.
    pub(super) fn streams(&self) -> bool {
        self.path.ends_with("/stream")
    }

    /// Its paths for a tenant.
    pub(super) fn paths(&self, subject: &Subject) -> Vec<String> {
        let id = match self.path.split('/').nth(2) {
            Some("setup-requests") => &subject.request,
            Some("tenants") if self.path.starts_with("/admin/tenants/{id}") => &subject.id,
            // Of no tenant: one that is not there.
            _ => "0192e4a0-0000-7000-8000-000000000000",
        };
        let path = self.path.replace("{id}", id);
        // What is the portal's is refused to all who ask here: no word of a tenant's stands in their paths, which pages repeat.
        if path.contains("{contact}") && !path.starts_with("/portal/") {
            return [SHARED, subject.word("customer")]
                .map(|contact| path.replace("{contact}", contact))
                .into();
        }
        vec![
            self.parameters
                .iter()
                .fold(path, |path, (name, value)| path.replace(&format!("{{{name}}}"), value)),
        ]
    }

    /// What is sent, with the tenant's own words: what is right, and what is refused by its field.
    pub(super) fn bodies(&self, subject: &Subject) -> Vec<Option<Value>> {
        if self.method == Method::GET || self.method == Method::DELETE {
            return vec![None];
        }
        let right = match self.path.as_str() {
            "/admin/tenants/{id}/messages" => {
                Some(json!({ "contact": SHARED, "text": format!("typed {}", subject.word("typed")) }))
            }
            "/admin/tenants/{id}/suspend" => Some(json!({ "reason": subject.word("suspension") })),
            "/admin/setup-requests/{id}/reject" => Some(json!({ "notes": subject.word("setup note") })),
            "/admin/tenants/{id}" => Some(json!({ "name": format!("Name {}", subject.word("new name")) })),
            "/admin/tenants/{id}/profile" if self.method == Method::PUT => Some(json!({
                "contact": { "address": { "sw": format!("Sinza {}", subject.word("address")) } },
            })),
            "/admin/tenants/{id}/notes" if self.method == Method::PUT => Some(json!({
                "tags": [subject.word("tag")], "note": format!("Pays late {}", subject.word("private note")),
            })),
            "/admin/tenants/{id}/try" => Some(json!({ "text": format!("Habari {}", subject.word("tried")) })),
            // For the operator's own account and lists nothing of a tenant's is sent.
            _ => self.body.clone(),
        };
        if self.reach != Reach::Tenant {
            return vec![right];
        }
        let mut unknown = serde_json::Map::new();
        unknown.insert(subject.word("refused field").to_owned(), json!(1));
        vec![right, Some(Value::Object(unknown))]
    }
}
