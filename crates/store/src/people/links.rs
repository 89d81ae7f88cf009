//! Links that can be used once.

use domain::{LinkKind, Timestamp, UserId};
use serde_json::json;

use super::{PERSON, People, account, sign_in::lock};
use crate::{Actor, PortalLink, StoreError, db::Tx, error::is_unique_violation, rows, sql::people};

impl People {
    /// Makes links, all or none.
    pub async fn make_links(&self, links: &[PortalLink]) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        for link in links {
            let (maker, version) = &link.made_by;
            let args = tx
                .args()
                .text(&link.id)
                .label(link.kind)
                .id(link.user)
                .opt_id(link.tenant)
                .text(&link.email)
                .flag(link.proves)
                .opt_text(link.pair.as_deref())
                .text(&maker.to_string())
                .opt_text(version.as_deref())
                .time(self.store.now())
                .time(link.expires_at);
            tx.execute(&people::LINK_PUT, args).await?;
            if let (Some(tenant), Some(event)) = (link.tenant, made(link.kind, *maker)) {
                let payload = json!({ "member": link.user });
                self.note(&mut tx, Some(tenant), event, payload).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// How many links a person has asked for since then, for themselves.
    pub async fn links_since(&self, user: UserId, since: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().id(user).text(&Actor::User(user).to_string()).time(since);
        Ok(u64::try_from(tx.number(&people::LINKS_RECENT, args).await?).unwrap_or_default())
    }

    /// How many invitations somebody has made since then.
    pub async fn invitations_since(&self, by: Actor, since: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&by.to_string()).time(since);
        Ok(u64::try_from(tx.number(&people::INVITATIONS_RECENT, args).await?).unwrap_or_default())
    }

    /// A link that can still be used.
    pub async fn link(&self, id: &str) -> Result<Option<PortalLink>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(id).time(self.store.now());
        tx.row(&people::LINK_GET, args).await?.map(|row| rows::portal_link(&row)).transpose()
    }

    /// Uses a link: of several who try at once one gets it.
    pub async fn take_link(&self, id: &str) -> Result<Option<PortalLink>, StoreError> {
        let mut tx = self.write().await?;
        let taken = self.take(&mut tx, id).await?;
        tx.commit().await?;
        Ok(taken)
    }

    async fn take(&self, tx: &mut Tx, id: &str) -> Result<Option<PortalLink>, StoreError> {
        let now = self.store.now();
        let args = tx.args().text(id).time(now);
        let link = tx.row(&people::LINK_GET, args).await?.map(|row| rows::portal_link(&row)).transpose()?;
        let args = tx.args().text(id).time(now);
        Ok(if tx.execute(&people::LINK_TAKE, args).await? == 0 { None } else { link })
    }

    /// Uses one of the two links of a change of address; with the second the address changes, which answers true, and ends
    /// whatever other links and browsers there are.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] in `link` where it is void, [`StoreError::Conflict`] in `email` where another person has the
    /// address by now.
    pub async fn confirm_email(&self, id: &str) -> Result<(PortalLink, bool), StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let link = self.take(&mut tx, id).await?.filter(|link| link.kind == LinkKind::ChangeEmail);
        let link = link.ok_or(StoreError::NotFound("link"))?;
        // Both links at once come one after the other, so that the later one sees the earlier.
        lock(&mut tx, link.user).await?;
        let args = tx.args().text(link.pair.as_deref().unwrap_or_default());
        if tx.number(&people::LINK_USED, args).await? == 0 {
            tx.commit().await?;
            return Ok((link, false));
        }
        let before = account(&mut tx, link.user).await?.ok_or(PERSON)?;
        let args = tx.args().id(link.user).text(&link.email).time(now);
        match tx.execute(&people::SET_EMAIL, args).await {
            Ok(_) => {}
            Err(error) if is_unique_violation(&error) => {
                return Err(StoreError::Conflict { field: "email", reason: "another person has it".into() });
            }
            Err(error) => return Err(error.into()),
        }
        super::sign_in::ensure(&mut tx, link.user, before.language, now).await?;
        let args = tx.args().id(link.user).time(now);
        tx.execute(&people::VERIFY, args).await?;
        super::sign_in::end_all(&mut tx, link.user, now).await?;
        let by = self.clone().by(Actor::User(link.user));
        by.note(&mut tx, None, "EMAIL_CHANGED", json!({ "member": link.user })).await?;
        tx.commit().await?;
        Ok((link, true))
    }
}

/// What the audit log calls the making of a link; what a person asks for themselves is no event of a tenant.
fn made(kind: LinkKind, maker: Actor) -> Option<&'static str> {
    match (kind, maker) {
        (LinkKind::Invitation, Actor::User(_)) => Some("MEMBER_INVITED"),
        (LinkKind::SignIn | LinkKind::Invitation, _) => Some("OWNER_LINK_MADE"),
        (LinkKind::Look, _) => Some("PORTAL_LOOK_BEGUN"),
        (LinkKind::Reset | LinkKind::ChangeEmail, _) => None,
    }
}
