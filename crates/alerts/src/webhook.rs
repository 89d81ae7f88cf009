//! Alerts by webhook, signed after Standard Webhooks (standardwebhooks.com).

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use store::AlertDelivery;

use super::{SendError, post};

pub(super) async fn send(
    url: &str,
    key: &SecretString,
    delivery: &AlertDelivery,
    now: Timestamp,
) -> Result<(), SendError> {
    let failed = |error: &dyn std::fmt::Display| SendError::Webhook(error.to_string());
    let (body, id) = (delivery.payload.to_string(), delivery.id.to_string());
    // The time of this attempt: the receiver compares it with its own clock.
    let timestamp = now.as_second().to_string();
    let signature =
        sign(key, &id, &timestamp, &body).ok_or_else(|| failed(&"ALERT_WEBHOOK_SECRET cannot be used"))?;
    let headers =
        vec![("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signature)];
    post::json(url.to_owned(), headers, body).await.map_err(|why| failed(&why))
}

/// `v1,` and the Base64 of HMAC-SHA256 over id, time and body. A key in Base64 (with or without `whsec_`) is decoded.
fn sign(key: &SecretString, id: &str, timestamp: &str, body: &str) -> Option<String> {
    let text = key.expose_secret();
    let text = text.strip_prefix("whsec_").unwrap_or(text);
    let bytes = STANDARD.decode(text).unwrap_or_else(|_| text.as_bytes().to_vec());
    let mut mac = Hmac::<Sha256>::new_from_slice(&bytes).ok()?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_standard() {
        // The example of the specification's reference libraries.
        let key = SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed =
            sign(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}").unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
