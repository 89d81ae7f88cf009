//! Which lines of the audit log are asked for, and what a line is answered as.

use domain::{EventKind, TenantId, Timestamp};
use serde::Deserialize;
use store::{EventFilter, PortalEvent};
use utoipa::IntoParams;
use web::Problem;

/// The query: which events.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Rows of the page: 50 where it is left out, 500 at most.
    pub(super) limit: Option<u32>,
    /// From the `Link` header of the page before.
    pub(super) before: Option<String>,
    /// Only those of this tenant.
    pub(super) tenant: Option<String>,
    /// Only those of this type.
    pub(super) r#type: Option<String>,
    /// Only those of this kind; all where it is left out, and on a page what was changed.
    pub(super) kind: Option<EventKind>,
    /// Only those by this actor: a user's id, `admin`, `system` or `worker`.
    pub(super) actor: Option<String>,
    /// Only those from this moment, or day, on.
    pub(super) since: Option<String>,
    /// Only those before this moment, or day.
    pub(super) until: Option<String>,
}

impl Parameters {
    /// What is left empty filters nothing.
    pub(super) fn filter(&self) -> Result<EventFilter, Problem> {
        let given = |text: &Option<String>| filled(text.as_ref()).map(str::to_owned);
        let tenant_id = given(&self.tenant).map(|text| {
            let wrong = |_| Problem::invalid_field("tenant", words::checks::id("tenant"));
            text.parse::<TenantId>().map_err(wrong)
        });
        Ok(EventFilter {
            tenant_id: tenant_id.transpose()?,
            event_type: given(&self.r#type),
            kind: self.kind,
            actor: given(&self.actor),
            since: given(&self.since).map(|text| moment("since", &text)).transpose()?,
            until: given(&self.until).map(|text| moment("until", &text)).transpose()?,
        })
    }

    /// The same as pairs of a query.
    pub(super) fn pairs(&self) -> [(&'static str, Option<&str>); 6] {
        [
            ("tenant", filled(self.tenant.as_ref())),
            ("type", filled(self.r#type.as_ref())),
            ("kind", self.kind.map(<&str>::from)),
            ("actor", filled(self.actor.as_ref())),
            ("since", filled(self.since.as_ref())),
            ("until", filled(self.until.as_ref())),
        ]
    }
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// A day begins in UTC; a moment is RFC 3339.
fn moment(field: &'static str, text: &str) -> Result<Timestamp, Problem> {
    let text = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    text.parse().map_err(|_| Problem::invalid_field(field, words::checks::moment(field)))
}

/// What is answered.
pub(super) fn convert(event: PortalEvent) -> api::Event {
    api::Event {
        id: event.id,
        tenant_id: event.tenant_id,
        actor: event.actor,
        actor_name: event.actor_name,
        tenant_name: event.tenant_name,
        event_type: event.event_type,
        payload: event.payload,
        created_at: event.created_at,
    }
}
