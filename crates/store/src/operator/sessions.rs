//! Browsers that are signed in, and answers kept for requests that are repeated.

use std::time::Duration;

use domain::{TenantId, Timestamp};

use super::Operator;
use crate::{Idempotency, StoreError, WebSession, rows, rows::Reader, sql::accounts};

/// How long a request may be under way before its key may be taken again: longer than any request takes.
const UNDER_WAY: Duration = Duration::from_secs(10 * 60);

impl Operator {
    /// Keeps what a session holds now. One that has ended meanwhile stays ended.
    pub async fn update_session(&self, session: &WebSession) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(&session.id).text(&session.data).time(session.expires_at);
        tx.execute(&accounts::SESSION_UPDATE, args).await?;
        Ok(tx.commit().await?)
    }

    /// Begins a session.
    pub async fn put_session(&self, session: &WebSession) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(&session.id).text(&session.data).time(session.expires_at);
        tx.execute(&accounts::SESSION_PUT, args).await?;
        Ok(tx.commit().await?)
    }

    /// A session that has not ended.
    pub async fn session(&self, id: &str) -> Result<Option<WebSession>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(id).time(self.store.now());
        tx.row(&accounts::SESSION_GET, args).await?.map(|row| rows::web_session(&row)).transpose()
    }

    /// Ends a session; one that is not there is no error.
    pub async fn delete_session(&self, id: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(id);
        tx.execute(&accounts::SESSION_DELETE, args).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets sessions that have ended, and answers that were kept since before `oldest`.
    pub async fn prune_sessions(&self, oldest: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().time(self.store.now());
        tx.execute(&accounts::SESSIONS_PRUNE, args).await?;
        let args = tx.args().time(oldest);
        tx.execute(&accounts::KEYS_PRUNE, args).await?;
        Ok(tx.commit().await?)
    }

    /// Takes an idempotency key for a request, or tells what became of the one before.
    pub async fn take_key(&self, key: &str, request_hash: &str) -> Result<Idempotency, StoreError> {
        let mut tx = self.write().await?;
        let now = self.store.now();
        let over = now.checked_sub(UNDER_WAY).unwrap_or(Timestamp::MIN);
        let args = tx.args().text(key).text(request_hash).time(now).time(over);
        if tx.execute(&accounts::KEY_TAKE, args).await? > 0 {
            tx.commit().await?;
            return Ok(Idempotency::New);
        }
        let args = tx.args().text(key);
        let row = tx.row(&accounts::KEY_GET, args).await?.ok_or(StoreError::NotFound("idempotency key"))?;
        let row = &mut Reader::new(&row);
        if row.text()? != request_hash {
            return Ok(Idempotency::OtherRequest);
        }
        let Some(status) = row.opt_count()?.and_then(|status| u16::try_from(status).ok()) else {
            return Ok(Idempotency::UnderWay);
        };
        Ok(Idempotency::Answered {
            status,
            location: row.opt_text()?,
            body: row.opt_text()?.unwrap_or_default(),
        })
    }

    /// Keeps what was answered to the request of a key. Of the ids that `of` may name, which need not be tenants', the first
    /// three count: with the tenant among them the answer goes.
    pub async fn answer_key(
        &self,
        key: &str,
        status: u16,
        location: Option<&str>,
        body: &str,
        of: &[TenantId],
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let mut args = tx.args().text(key).int(status.into()).opt_text(location).text(body);
        for place in 0..3 {
            args = args.opt_id(of.get(place).copied());
        }
        tx.execute(&accounts::KEY_ANSWER, args).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a key whose request changed nothing, so that it may be tried again.
    pub async fn drop_key(&self, key: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(key);
        tx.execute(&accounts::KEY_DROP, args).await?;
        Ok(tx.commit().await?)
    }
}
