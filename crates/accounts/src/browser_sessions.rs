//! Where the session layer keeps sessions: in our database, under a hash of what the cookie holds.

use ::store::{Store, StoreError, WebSession};
use async_trait::async_trait;
use domain::Timestamp;
use sha2::{Digest, Sha256};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// The sessions of a listener, for the session layer.
#[derive(Debug, Clone)]
pub struct BrowserSessions(pub Store);

pub(crate) fn hashed(id: &Id) -> String {
    hex::encode(Sha256::digest(id.0.to_le_bytes()))
}

fn failed(error: &StoreError) -> Error {
    Error::Backend(error.to_string())
}

fn kept(record: &Record) -> Result<WebSession> {
    let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
    let expires_at = Timestamp::from_second(record.expiry_date.unix_timestamp());
    let expires_at = expires_at.map_err(|error| Error::Encode(error.to_string()))?;
    Ok(WebSession { id: hashed(&record.id), data, expires_at })
}

#[async_trait]
impl SessionStore for BrowserSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.0.operator().put_session(&kept(record)?).await.map_err(|error| failed(&error))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.0.operator().update_session(&kept(record)?).await.map_err(|error| failed(&error))
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = self.0.operator().session(&hashed(id)).await.map_err(|error| failed(&error))?;
        found
            .map(|session| {
                let data =
                    serde_json::from_str(&session.data).map_err(|error| Error::Decode(error.to_string()))?;
                let expiry = time::OffsetDateTime::from_unix_timestamp(session.expires_at.as_second());
                let expiry_date = expiry.map_err(|error| Error::Decode(error.to_string()))?;
                Ok(Record { id: *id, data, expiry_date })
            })
            .transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.operator().delete_session(&hashed(id)).await.map_err(|error| failed(&error))
    }
}
