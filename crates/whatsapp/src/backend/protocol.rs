//! What the protocol keeps, and the buffer of inbound messages, whose failure ends the process.

use async_trait::async_trait;
use whatsapp_rust::wacore::store::{
    error::Result,
    traits::{
        DeviceListRecord, LidPnMappingEntry, PendingInboundKey, PendingInboundRow, ProtocolStore,
        TcTokenEntry,
    },
};

use super::Guarded;

#[async_trait]
impl ProtocolStore for Guarded {
    async fn get_sender_key_devices(&self, group_jid: &str) -> Result<Vec<(String, bool)>> {
        self.store.get_sender_key_devices(group_jid).await
    }
    async fn set_sender_key_status(&self, group_jid: &str, entries: &[(&str, bool)]) -> Result<()> {
        self.store.set_sender_key_status(group_jid, entries).await
    }
    async fn clear_sender_key_devices(&self, group_jid: &str) -> Result<()> {
        self.store.clear_sender_key_devices(group_jid).await
    }
    async fn delete_sender_key_device_rows(&self, device_jids: &[&str]) -> Result<()> {
        self.store.delete_sender_key_device_rows(device_jids).await
    }
    async fn clear_all_sender_key_devices(&self) -> Result<()> {
        self.store.clear_all_sender_key_devices().await
    }
    async fn get_lid_mapping(&self, lid: &str) -> Result<Option<LidPnMappingEntry>> {
        self.store.get_lid_mapping(lid).await
    }
    async fn get_pn_mapping(&self, phone: &str) -> Result<Option<LidPnMappingEntry>> {
        self.store.get_pn_mapping(phone).await
    }
    async fn put_lid_mapping(&self, entry: &LidPnMappingEntry) -> Result<()> {
        self.store.put_lid_mapping(entry).await
    }
    async fn put_lid_mappings(&self, entries: &[LidPnMappingEntry]) -> Result<()> {
        self.store.put_lid_mappings(entries).await
    }
    async fn get_all_lid_mappings(&self) -> Result<Vec<LidPnMappingEntry>> {
        self.store.get_all_lid_mappings().await
    }
    async fn save_base_key(&self, address: &str, message_id: &str, base_key: &[u8]) -> Result<()> {
        self.store.save_base_key(address, message_id, base_key).await
    }
    async fn has_same_base_key(
        &self,
        address: &str,
        message_id: &str,
        current_base_key: &[u8],
    ) -> Result<bool> {
        self.store.has_same_base_key(address, message_id, current_base_key).await
    }
    async fn delete_base_key(&self, address: &str, message_id: &str) -> Result<()> {
        self.store.delete_base_key(address, message_id).await
    }
    async fn update_device_list(&self, record: DeviceListRecord) -> Result<()> {
        self.store.update_device_list(record).await
    }
    async fn update_device_lists(&self, records: Vec<DeviceListRecord>) -> Result<()> {
        self.store.update_device_lists(records).await
    }
    async fn get_devices(&self, user: &str) -> Result<Option<DeviceListRecord>> {
        self.store.get_devices(user).await
    }
    async fn delete_devices(&self, user: &str) -> Result<()> {
        self.store.delete_devices(user).await
    }
    async fn get_group_metadata(&self, group_jid: &str) -> Result<Option<Vec<u8>>> {
        self.store.get_group_metadata(group_jid).await
    }
    async fn put_group_metadata(&self, group_jid: &str, blob: &[u8]) -> Result<()> {
        self.store.put_group_metadata(group_jid, blob).await
    }
    async fn delete_group_metadata(&self, group_jid: &str) -> Result<()> {
        self.store.delete_group_metadata(group_jid).await
    }
    async fn get_tc_token(&self, jid: &str) -> Result<Option<TcTokenEntry>> {
        let changes = match self.tokens.of(jid) {
            Ok(known) => return Ok(known),
            Err(changes) => changes,
        };
        let entry = self.store.get_tc_token(jid).await?;
        self.tokens.remember(jid, entry.clone(), changes);
        Ok(entry)
    }
    async fn put_tc_token(&self, jid: &str, entry: &TcTokenEntry) -> Result<()> {
        let done = self.store.put_tc_token(jid, entry).await;
        self.tokens.forget();
        done
    }
    async fn delete_tc_token(&self, jid: &str) -> Result<()> {
        let done = self.store.delete_tc_token(jid).await;
        self.tokens.forget();
        done
    }
    async fn get_all_tc_token_jids(&self) -> Result<Vec<String>> {
        self.store.get_all_tc_token_jids().await
    }
    async fn delete_expired_tc_tokens(&self, token_cutoff: i64, sender_cutoff: i64) -> Result<u32> {
        let done = self.store.delete_expired_tc_tokens(token_cutoff, sender_cutoff).await;
        self.tokens.forget();
        done
    }
    async fn touch_tc_token_sender_timestamp(&self, jid: &str, sender_timestamp: i64) -> Result<()> {
        let done = self.store.touch_tc_token_sender_timestamp(jid, sender_timestamp).await;
        self.tokens.forget();
        done
    }
    async fn store_received_tc_token(&self, jid: &str, token: &[u8], token_timestamp: i64) -> Result<()> {
        let done = self.store.store_received_tc_token(jid, token, token_timestamp).await;
        self.tokens.forget();
        done
    }
    async fn store_sent_message(&self, chat_jid: &str, message_id: &str, payload: &[u8]) -> Result<()> {
        let (lazy, chat, id) = (self.lazy.clone(), chat_jid.to_owned(), message_id.to_owned());
        let payload = payload.to_owned();
        self.sent.write(message_id, async move { lazy.store_sent_message(&chat, &id, &payload).await });
        Ok(())
    }
    async fn take_sent_message(&self, chat_jid: &str, message_id: &str) -> Result<Option<Vec<u8>>> {
        // What is not written yet may be the one that is asked for.
        self.sent.settle(message_id).await;
        self.store.take_sent_message(chat_jid, message_id).await
    }
    async fn delete_expired_sent_messages(&self, cutoff_timestamp: i64) -> Result<u32> {
        self.store.delete_expired_sent_messages(cutoff_timestamp).await
    }
    async fn store_pending_inbound(&self, chat: &str, sender: &str, id: &str, message: &[u8]) -> Result<()> {
        crash::point("session_before_buffer");
        let buffered = self.or_end(self.lazy.store_pending_inbound(chat, sender, id, message).await);
        crash::point("session_after_buffer");
        buffered
    }
    async fn get_pending_inbound(&self, chat: &str, sender: &str, id: &str) -> Result<Option<Vec<u8>>> {
        let kept = self.store.get_pending_inbound(chat, sender, id).await?;
        if kept.is_some() {
            return Ok(kept);
        }
        // Kept under the other name of the same person?
        if let (Some(chat), Some(sender)) = (self.other_name(chat).await?, self.other_name(sender).await?)
            && let Some(kept) = self.store.get_pending_inbound(&chat, &sender, id).await?
        {
            return Ok(Some(kept));
        }
        // The library acknowledges where nothing is found.
        if self.may_acknowledge(chat, sender, id).await? { Ok(None) } else { Err(self.missing(sender, id)) }
    }
    async fn delete_pending_inbound(&self, chat: &str, sender: &str, id: &str) -> Result<()> {
        crash::point("session_before_unbuffer");
        let done = self.lazy.delete_pending_inbound(chat, sender, id).await;
        crash::point("session_after_unbuffer");
        done
    }
    async fn delete_expired_pending_inbound(&self, cutoff_timestamp: i64) -> Result<u32> {
        self.store.delete_expired_pending_inbound(cutoff_timestamp).await
    }
    async fn store_pending_inbound_batch(&self, rows: &[PendingInboundRow<'_>]) -> Result<()> {
        crash::point("session_before_buffer");
        let buffered = self.or_end(self.lazy.store_pending_inbound_batch(rows).await);
        crash::point("session_after_buffer");
        buffered
    }
    async fn delete_pending_inbound_batch(&self, keys: &[PendingInboundKey<'_>]) -> Result<()> {
        crash::point("session_before_unbuffer");
        let done = self.lazy.delete_pending_inbound_batch(keys).await;
        crash::point("session_after_unbuffer");
        done
    }
}
