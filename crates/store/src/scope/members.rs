//! The tenant's people, setup requests and audit events.

use domain::{EventId, RecordId, SetupRequestId, SetupStatus, UserId};

use serde_json::json;

use super::TenantScope;
use crate::{
    Actor, Cursor, FirstProfile, Member, NewSetupRequest, Page, PageRequest, PortalEvent, SetupDecision,
    SetupListed, SetupRequest, StoreError,
    actor::note,
    db::Tx,
    error::is_unique_violation,
    rows,
    scope::hours_json,
    sql::{events, members, profiles, setup},
};

impl TenantScope {
    /// The tenant's people, those who were removed included, in the order in which they came.
    pub async fn members(&self) -> Result<Vec<Member>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        tx.rows(&members::LIST, args).await?.iter().map(rows::member).collect()
    }

    /// Files a setup request.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the user is no member of this tenant, [`StoreError::Conflict`] in `setup_request`
    /// where one is open already.
    pub async fn create_setup_request(&self, new: &NewSetupRequest) -> Result<SetupRequest, StoreError> {
        let id = SetupRequestId::generate();
        let mut tx = self.write().await?;
        let args = tx.args().id(new.user_id);
        if tx.number(&members::IS_MEMBER, args).await? == 0 {
            return Err(StoreError::NotFound("member"));
        }
        let args = tx
            .args()
            .id(id)
            .id(new.user_id)
            .text(new.template_type.as_str())
            .text(new.whatsapp_number.as_str())
            .label(SetupStatus::Submitted)
            .opt_text(new.notes.as_deref())
            .time(self.store.now())
            .opt_text(new.business_name.as_deref())
            .opt_text(new.business_type.as_deref())
            .opt_label(new.language)
            .opt_text(hours_json(new.hours.as_ref())?.as_deref());
        match tx.execute(&setup::INSERT, args).await {
            Ok(_) => {}
            Err(error) if is_unique_violation(&error) => {
                let reason = "a setup request of this tenant is open already".to_owned();
                return Err(StoreError::Conflict { field: "setup_request", reason });
            }
            Err(error) => return Err(error.into()),
        }
        let args = tx.args().id(id);
        let row = tx.row(&setup::GET, args).await?.ok_or(StoreError::NotFound("setup request"))?;
        let request = rows::setup(&row)?;
        let actor = if self.actor == Actor::System { Actor::User(new.user_id) } else { self.actor };
        let payload =
            json!({ "request": id, "template_type": new.template_type, "to": SetupStatus::Submitted });
        note(&mut tx, actor, "SETUP_REQUEST_SUBMITTED", &payload, self.store.now()).await?;
        tx.commit().await?;
        Ok(request)
    }

    /// One setup request.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where this tenant has none of that id.
    pub async fn setup_request(&self, id: SetupRequestId) -> Result<SetupRequest, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().id(id);
        rows::setup(&tx.row(&setup::GET, args).await?.ok_or(StoreError::NotFound("setup request"))?)
    }

    /// The newest setup request, whatever became of it, with the names that the tenant may see.
    pub async fn latest_setup_request(&self) -> Result<Option<SetupListed>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        tx.row(&setup::LATEST, args).await?.map(|row| rows::setup_listed(&row)).transpose()
    }

    /// The tenant's setup requests, newest first.
    pub async fn setup_requests(&self, page: PageRequest) -> Result<Page<SetupRequest>, StoreError> {
        let (at, id) = page.bounds();
        let mut tx = self.read().await?;
        let args = tx.args().int(at).text(&id).int(page.fetch());
        let items = tx.rows(&setup::PAGE, args).await?.iter().map(rows::setup).collect::<Result<_, _>>()?;
        Ok(page.cut(items, |request: &SetupRequest| Cursor::new(request.created_at, request.id)))
    }

    /// Takes a setup request into review, approves or rejects it, or marks an approved one as linked.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where this tenant has none of that id, [`StoreError::Conflict`] where it has been
    /// decided otherwise already; nothing is changed then.
    pub async fn decide_setup_request(
        &self,
        id: SetupRequestId,
        decision: &SetupDecision,
    ) -> Result<SetupRequest, StoreError> {
        let mut tx = self.write().await?;
        let decided = self.decide(&mut tx, id, decision).await?;
        tx.commit().await?;
        Ok(decided)
    }

    /// Approves a setup request and takes over what was asked for, all or nothing: pack, number, and where the request says
    /// them name, language and hours. `first` is the profile that goes with the pack: it is taken where the one that it
    /// names still stands.
    ///
    /// # Errors
    /// As [`TenantScope::decide_setup_request`]; [`StoreError::Conflict`] in `phone_number` where another tenant has
    /// declared the number.
    pub async fn approve_setup_request(
        &self,
        id: SetupRequestId,
        decision: &SetupDecision,
        first: Option<&FirstProfile>,
    ) -> Result<SetupRequest, StoreError> {
        let mut tx = self.write().await?;
        let decided = self.decide(&mut tx, id, decision).await?;
        let asked = decided.clone();
        self.change_within(&mut tx, "TENANT_CHANGED", |detail| {
            let config = &mut detail.config;
            config.template_type = asked.template_type;
            config.language = asked.language.unwrap_or(config.language);
            config.hours = asked.hours.or_else(|| config.hours.take());
            detail.tenant.phone_number = Some(asked.whatsapp_number);
            if let Some(name) = asked.business_name {
                config.business_name.clone_from(&name);
                detail.tenant.name = name;
            }
            Ok(())
        })
        .await?;
        let args = tx.args();
        if let Some(first) = first
            && tx.number(&profiles::VERSION, args).await? == first.over
        {
            let now = self.store.now();
            let args = tx.args().id(RecordId::generate()).int(first.over + 1).text(&first.document).time(now);
            tx.execute(&profiles::SAVE, args).await?;
            let changed = json!({ "version": first.over + 1, "changed": ["template_type"] });
            note(&mut tx, self.actor, "PROFILE_CHANGED", &changed, now).await?;
        }
        tx.commit().await?;
        Ok(decided)
    }

    async fn decide(
        &self,
        tx: &mut Tx,
        id: SetupRequestId,
        decision: &SetupDecision,
    ) -> Result<SetupRequest, StoreError> {
        let missing = || StoreError::NotFound("setup request");
        let args = tx.args().id(id);
        let now = rows::setup(&tx.row(&setup::GET, args).await?.ok_or_else(missing)?)?;
        let refuse = || StoreError::Conflict {
            field: "status",
            reason: format!("the request is {} and cannot become {}", now.status, decision.status),
        };
        if !may_become(now.status, decision.status) {
            return Err(refuse());
        }
        let args = tx
            .args()
            .id(id)
            .label(now.status)
            .label(decision.status)
            .opt_text(decision.notes.as_deref())
            .text(&decision.by)
            .time(self.store.now());
        if tx.execute(&setup::DECIDE, args).await? == 0 {
            return Err(refuse());
        }
        let args = tx.args().id(id);
        let decided = rows::setup(&tx.row(&setup::GET, args).await?.ok_or_else(missing)?)?;
        let payload = json!({ "request": id, "from": now.status, "to": decided.status });
        let event = setup_event(decision.status);
        note(tx, Actor::read(&decision.by), event, &payload, self.store.now()).await?;
        Ok(decided)
    }

    /// Writes a line about this tenant into the audit log. `actor` is a user's id, `admin`, `system` or `worker`.
    pub async fn record_event(
        &self,
        actor: &str,
        user: Option<UserId>,
        event_type: &'static str,
        payload: &serde_json::Value,
    ) -> Result<EventId, StoreError> {
        let id = EventId::generate();
        let mut tx = self.write().await?;
        let args = tx
            .args()
            .id(id)
            .opt_id(user.or_else(|| Actor::read(actor).user()))
            .text(actor)
            .text(event_type)
            .text(&payload.to_string())
            .time(self.store.now());
        tx.execute(&events::INSERT_OF_TENANT, args).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What the audit log has on this tenant, newest first.
    pub async fn events(&self, page: PageRequest) -> Result<Page<PortalEvent>, StoreError> {
        let (at, id) = page.bounds();
        let mut tx = self.read().await?;
        let args = tx.args().int(at).text(&id).int(page.fetch());
        let items = tx.rows(&events::PAGE, args).await?.iter().map(rows::event).collect::<Result<_, _>>()?;
        Ok(page.cut_within(items, PortalEvent::bytes, |event| Cursor::new(event.created_at, event.id)))
    }
}

/// The ways a request may go: approving twice or approving a rejected one is a refusal.
const fn may_become(from: SetupStatus, to: SetupStatus) -> bool {
    use SetupStatus as S;
    matches!(
        (from, to),
        (S::Submitted, S::Reviewing | S::Approved | S::Rejected)
            | (S::Reviewing, S::Approved | S::Rejected)
            | (S::Approved, S::Active)
    )
}

/// What the audit log calls a decision.
const fn setup_event(status: SetupStatus) -> &'static str {
    match status {
        SetupStatus::Submitted => "SETUP_REQUEST_SUBMITTED",
        SetupStatus::Reviewing => "SETUP_REQUEST_REVIEWING",
        SetupStatus::Approved => "SETUP_REQUEST_APPROVED",
        SetupStatus::Active => "SETUP_REQUEST_ACTIVE",
        SetupStatus::Rejected => "SETUP_REQUEST_REJECTED",
    }
}
