//! What the platform remembers about itself, by name.

use super::Operator;
use crate::{StoreError, rows::Reader, sql::settings};

impl Operator {
    /// The value of a setting, where it has one.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(key);
        tx.row(&settings::GET, args).await?.map(|row| Reader::new(&row).text()).transpose()
    }

    /// Sets a setting.
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(key).text(value).time(self.store.now());
        tx.execute(&settings::PUT, args).await?;
        Ok(tx.commit().await?)
    }

    /// Sets a setting unless it has a value already, and returns the value that it has afterwards.
    pub async fn init_setting(&self, key: &str, value: &str) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(key).text(value).time(self.store.now());
        tx.execute(&settings::PUT_IF_ABSENT, args).await?;
        let args = tx.args().text(key);
        let row = tx.row(&settings::GET, args).await?.ok_or(StoreError::NotFound("setting"))?;
        let value = Reader::new(&row).text()?;
        tx.commit().await?;
        Ok(value)
    }

    /// Forgets a setting; one that has no value is no error.
    pub async fn delete_setting(&self, key: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(key);
        tx.execute(&settings::DELETE, args).await?;
        Ok(tx.commit().await?)
    }
}
