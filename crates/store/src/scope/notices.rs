//! What the tenant's people are told, and the browsers that asked for web push.

use domain::{RecordId, Timestamp, UserId};
use secrecy::{ExposeSecret as _, SecretString};

use super::TenantScope;
use crate::{MemberNotices, NoticeChoices, PushSubscription, StoreError, Told, rows::Reader, sql::notices};

/// Browsers of one person that are told.
const BROWSERS: i64 = 10;
/// Browsers of a tenant that are told.
const ALL_BROWSERS: i64 = 200;

impl TenantScope {
    /// The tenant's people in force, each with what was chosen and told.
    pub async fn notices(&self) -> Result<Vec<MemberNotices>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        let found = tx.rows(&notices::ALL_OF, args).await?;
        let read = |row| {
            let row = &mut Reader::new(row);
            let (user_id, role) = (row.id()?, row.label()?);
            let (name, email, phone) = (row.text()?, row.text()?, row.opt_text()?);
            let (json, daily_due) = (row.opt_text()?, row.opt_time()?);
            let (told_hand_off, told_removed) = (row.time()?, row.time()?);
            let choices = json.map(|json| NoticeChoices { json, daily_due, told_hand_off, told_removed });
            Ok(MemberNotices { user_id, role, name, email, phone, choices })
        };
        found.iter().map(read).collect()
    }

    /// Keeps what a person has chosen. What was told already stays.
    ///
    /// # Errors
    /// [`StoreError::Broken`] where the person is none of the tenant's.
    pub async fn choose_notices(
        &self,
        user: UserId,
        json: &str,
        daily_due: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args =
            tx.args().id(RecordId::generate()).id(user).text(json).opt_time(daily_due).time(self.store.now());
        tx.execute(&notices::CHOOSE, args).await?;
        Ok(tx.commit().await?)
    }

    /// Notes what a person was told, so that nobody is told it twice.
    ///
    /// # Errors
    /// As [`TenantScope::choose_notices`].
    pub async fn told(&self, user: UserId, told: Told) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx
            .args()
            .id(RecordId::generate())
            .id(user)
            .text("{}")
            .opt_time(told.hand_off)
            .opt_time(told.removed)
            .opt_time(told.daily_due)
            .time(self.store.now());
        tx.execute(&notices::TELL, args).await?;
        Ok(tx.commit().await?)
    }

    /// The browsers of the tenant's people in force, or of one of them.
    pub async fn push_subscriptions(
        &self,
        user: Option<UserId>,
    ) -> Result<Vec<PushSubscription>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().opt_id(user).int(ALL_BROWSERS);
        let found = tx.rows(&notices::SUBSCRIPTIONS, args).await?;
        let read = |row| {
            let row = &mut Reader::new(row);
            Ok(PushSubscription {
                user_id: row.id()?,
                endpoint: row.text()?,
                public_key: row.text()?,
                auth_secret: SecretString::from(row.text()?),
            })
        };
        found.iter().map(read).collect()
    }

    /// Keeps a browser of a person; one that is known already is that person's from now on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] in `endpoint` where the person has ten already.
    pub async fn subscribe_push(&self, new: &PushSubscription) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().id(new.user_id);
        if tx.number(&notices::COUNT, args).await? >= BROWSERS {
            let known = tx.args().opt_id(Some(new.user_id)).int(ALL_BROWSERS);
            let known = tx.rows(&notices::SUBSCRIPTIONS, known).await?;
            let mut known = known.iter().map(|row| {
                let row = &mut Reader::new(row);
                row.text().and_then(|_| row.text())
            });
            if !known.any(|endpoint| endpoint.is_ok_and(|endpoint| endpoint == new.endpoint)) {
                let reason = "as many browsers as can be told are known already".to_owned();
                return Err(StoreError::Conflict { field: "endpoint", reason });
            }
        }
        let args = tx
            .args()
            .id(RecordId::generate())
            .id(new.user_id)
            .text(&new.endpoint)
            .text(&new.public_key)
            .text(new.auth_secret.expose_secret())
            .time(self.store.now());
        tx.execute(&notices::SUBSCRIBE, args).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a browser of a person; `None` for a browser that its push service knows no more, whosever it is.
    pub async fn unsubscribe_push(&self, user: Option<UserId>, endpoint: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        match user {
            Some(user) => {
                let args = tx.args().id(user).text(endpoint);
                tx.execute(&notices::UNSUBSCRIBE, args).await?;
            }
            None => {
                let args = tx.args().text(endpoint);
                tx.execute(&notices::DROP, args).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}
