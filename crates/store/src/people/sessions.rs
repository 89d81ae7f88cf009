//! Browsers that are signed in to the portal.

use domain::{TenantId, Timestamp, UserId};
use jiff::SignedDuration;

use super::{People, sign_in::end_all};
use crate::{NewPortalSession, PortalSession, StoreError, rows, sql::people};

impl People {
    /// Begins a session.
    pub async fn put_session(&self, new: &NewPortalSession) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let (looking, version) =
            new.looking.as_ref().map(|(actor, version)| (actor.to_string(), version)).unzip();
        let args = tx
            .args()
            .text(&new.id)
            .id(new.user)
            .opt_id(new.tenant)
            .label(new.via)
            .opt_text(looking.as_deref())
            .opt_text(version.map(String::as_str))
            .flag(new.new_password)
            .time(self.store.now())
            .time(new.expires_at);
        tx.execute(&people::SESSION_PUT, args).await?;
        Ok(tx.commit().await?)
    }

    /// A session that has not ended.
    pub async fn session(&self, id: &str) -> Result<Option<PortalSession>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(id).time(self.store.now());
        tx.row(&people::SESSION_GET, args).await?.map(|row| rows::portal_session(&row)).transpose()
    }

    /// Notes that a session was used, and until when it goes on for that. One that has ended meanwhile stays ended.
    pub async fn see_session(&self, id: &str, until: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(id).time(self.store.now()).time(until);
        tx.execute(&people::SESSION_SEEN, args).await?;
        Ok(tx.commit().await?)
    }

    /// Says which of the person's tenants a session is about; whether it is one of theirs the caller has seen.
    pub async fn choose_tenant(&self, id: &str, tenant: TenantId) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(id).id(tenant);
        tx.execute(&people::SESSION_CHOOSE, args).await?;
        Ok(tx.commit().await?)
    }

    /// Ends a session; one that is not there is no error.
    pub async fn end_session(&self, id: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(id);
        tx.execute(&people::SESSION_END, args).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all sessions of a person, and what letters lead to one.
    pub async fn end_sessions(&self, user: UserId) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        end_all(&mut tx, user, self.store.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets sessions that have ended, and links that can be used no more.
    pub async fn prune(&self) -> Result<(), StoreError> {
        let now = self.store.now();
        let hour = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
        let mut tx = self.write().await?;
        // Whoever makes many links in an hour is counted by what is left of them.
        for (statement, before) in [(&people::SESSIONS_PRUNE, now), (&people::LINKS_PRUNE, hour)] {
            let args = tx.args().time(before);
            tx.execute(statement, args).await?;
        }
        Ok(tx.commit().await?)
    }
}
