//! What the library keeps in memory and on disk, trimmed to one small bot.

use std::time::Duration;

use whatsapp_rust::{CacheConfig, CacheEntryConfig, MsgSecretPolicy};

/// How long a sent message can still be sent again to a phone that could not read it. Customers' phones are off for days.
const SENT_MESSAGES_KEPT: Duration = Duration::from_secs(3 * 24 * 3600);

/// The caches. Locks and lanes keep what is in use beyond their bounds; the rest is read from the database again.
pub(crate) fn caches() -> CacheConfig {
    let hour = Some(Duration::from_secs(3600));
    CacheConfig {
        group_cache: CacheEntryConfig::new(hour, 8),
        device_registry_cache: CacheEntryConfig::new(hour, 256),
        message_retry_counts: CacheEntryConfig::new(hour, 128),
        undecryptable_dispatched: CacheEntryConfig::new(Some(Duration::from_secs(300)), 64),
        pdo_pending_requests: CacheEntryConfig::new(Some(Duration::from_secs(30)), 32),
        sender_key_devices_cache: CacheEntryConfig::new(hour, 8),
        session_recreate_history: CacheEntryConfig::new(hour, 64),
        session_locks_capacity: 256,
        chat_lanes_capacity: 256,
        group_distribution_locks_capacity: 8,
        resend_rate_limiter_capacity: 64,
        sent_message_ttl_secs: SENT_MESSAGES_KEPT.as_secs(),
        // Secrets of messages open encrypted edits, reactions and votes, none of which a bot answers. Not keeping
        // them saves a write to disk for each message.
        msg_secret_policy: MsgSecretPolicy::Disabled,
        seed_msg_secrets_from_history: false,
        ..CacheConfig::default()
    }
}
