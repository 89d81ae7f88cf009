//! The device itself and the secrets of messages, unchanged.

use async_trait::async_trait;
use whatsapp_rust::wacore::{
    self,
    store::{
        Device,
        error::Result,
        traits::{DeviceStore, MsgSecretEntry, MsgSecretStore},
    },
};

use super::Guarded;

#[async_trait]
impl DeviceStore for Guarded {
    async fn save(&self, device: &Device) -> Result<()> {
        self.store.save(device).await
    }
    async fn load(&self) -> Result<Option<Device>> {
        self.store.load().await
    }
    async fn exists(&self) -> Result<bool> {
        self.store.exists().await
    }
    async fn create(&self) -> Result<i32> {
        self.store.create().await
    }
    async fn snapshot_db(&self, name: &str, extra_content: Option<&[u8]>) -> Result<()> {
        self.store.snapshot_db(name, extra_content).await
    }
    async fn resource_report(&self) -> wacore::stats::StorageResourceReport {
        self.store.resource_report().await
    }
}

#[async_trait]
impl MsgSecretStore for Guarded {
    async fn put_msg_secret(
        &self,
        chat: &str,
        sender: &str,
        msg_id: &str,
        secret: &[u8; wacore::reporting_token::MESSAGE_SECRET_SIZE],
    ) -> Result<()> {
        self.store.put_msg_secret(chat, sender, msg_id, secret).await
    }
    async fn put_msg_secrets(&self, entries: Vec<MsgSecretEntry>) -> Result<usize> {
        self.store.put_msg_secrets(entries).await
    }
    async fn get_msg_secret(&self, chat: &str, sender: &str, msg_id: &str) -> Result<Option<Vec<u8>>> {
        self.store.get_msg_secret(chat, sender, msg_id).await
    }
    async fn get_msg_secret_with_ts(
        &self,
        chat: &str,
        sender: &str,
        msg_id: &str,
    ) -> Result<Option<(Vec<u8>, i64)>> {
        self.store.get_msg_secret_with_ts(chat, sender, msg_id).await
    }
    async fn delete_expired_msg_secrets(&self, cutoff_timestamp: i64) -> Result<u32> {
        self.store.delete_expired_msg_secrets(cutoff_timestamp).await
    }
}
