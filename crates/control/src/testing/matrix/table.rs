//! The readable table, and what its paths name.

use std::collections::BTreeMap;

use strum::VariantArray;

use super::Actor;

/// What each route answers to whom; its head explains it.
const EXPECTED: &str = include_str!("../matrix.txt");

/// A line of the table.
pub(super) struct Line {
    pub(super) cells: Vec<String>,
    pub(super) body: Option<String>,
    pub(super) parameters: Vec<(String, String)>,
}

pub(super) fn lines() -> BTreeMap<(String, String), Line> {
    let lines = EXPECTED.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let (line, body) = match line.split_once(" {\"") {
                Some((line, body)) => (line, Some(format!("{{\"{body}"))),
                None => (line, None),
            };
            let mut words = line.split_whitespace().map(ToOwned::to_owned);
            let route = (words.next().unwrap(), words.next().unwrap());
            let cells: Vec<_> = words.by_ref().take(Actor::VARIANTS.len() + 1).collect();
            assert_eq!(
                cells.len(),
                Actor::VARIANTS.len() + 1,
                "matrix.txt: a line has a cell for each actor: {line}"
            );
            let parameters = words.map(|word| {
                let (name, value) = word.split_once('=').unwrap();
                (name.to_owned(), value.to_owned())
            });
            (route, Line { cells, body, parameters: parameters.collect() })
        })
        .collect()
}

/// What the `{id}` of a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    Tenant,
    SetupRequest,
    Operator,
}

impl Object {
    pub(super) fn of(path: &str) -> Option<Self> {
        // Below the portal no path names a tenant; what it names else is looked for among the own.
        if path.starts_with("/portal/") {
            return None;
        }
        match path.split('/').nth(2).filter(|_| path.contains("{id}"))? {
            "tenants" if path.starts_with("/admin/tenants/{id}") => Some(Self::Tenant),
            // A bulk action is nobody's, and lives for a while only.
            "tenants" => None,
            "setup-requests" => Some(Self::SetupRequest),
            "operators" => Some(Self::Operator),
            other => panic!("tell the matrix what {{id}} is below /admin/{other}"),
        }
    }

    /// Things of an operator's own belong to no tenant: one is there, and one is missing.
    pub(super) const fn objects(object: Option<Self>) -> &'static [&'static str] {
        match object {
            None => &["none"],
            Some(Self::Operator) => &["own", "missing"],
            Some(Self::Tenant | Self::SetupRequest) => &["own", "foreign", "missing"],
        }
    }
}
