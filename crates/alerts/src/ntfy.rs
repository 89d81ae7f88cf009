//! Alerts by ntfy (docs.ntfy.sh/publish, "Publish as JSON"): a message to a topic, which is posted to the server's root.

use http::Uri;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use store::AlertDelivery;

use super::{SendError, post};

/// ntfy's priorities go from 1 to 5; 3 is what a message has without one.
const RAISED: u8 = 4;
const OTHER: u8 = 3;

/// The topic and how to get in, checked. Whoever knows a topic reads it, so that it is a secret.
#[derive(Debug)]
pub struct NtfyOptions {
    server: String,
    topic: SecretString,
    token: Option<SecretString>,
}

impl NtfyOptions {
    /// Reads the settings `ALERT_NTFY_URL` and `ALERT_NTFY_TOKEN`.
    ///
    /// # Errors
    /// A sentence that names the setting and says what it takes.
    pub fn new(url: &SecretString, token: Option<&SecretString>) -> Result<Self, String> {
        // What is wrong with it is not repeated: it is a secret.
        let wrong = || {
            "ALERT_NTFY_URL: this is no address of a topic; give one like https://ntfy.sh/TOPIC, where TOPIC is 1 to 64 letters, \
             digits, _ or -"
                .to_owned()
        };
        let uri: Uri = url.expose_secret().parse().map_err(|_| wrong())?;
        let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong());
        };
        let plain = uri.query().is_none() && !url.expose_secret().contains(['@', '#']);
        let (before, topic) = uri.path().rsplit_once('/').ok_or_else(wrong)?;
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !plain || topic.is_empty() || topic.len() > 64 || !topic.bytes().all(known) {
            return Err(wrong());
        }
        let server = format!("{scheme}://{authority}{before}/");
        Ok(Self { server, topic: SecretString::from(topic), token: token.cloned() })
    }
}

pub(super) async fn send(options: &NtfyOptions, delivery: &AlertDelivery) -> Result<(), SendError> {
    let failed = |error: &dyn std::fmt::Display| SendError::Ntfy(error.to_string());
    let field = |name: &str| delivery.payload[name].as_str().unwrap_or_default();
    let (priority, tag) = match field("type") {
        "alert.raised" => (RAISED, "warning"),
        "alert.cleared" => (OTHER, "white_check_mark"),
        _ => (OTHER, "bell"),
    };
    let detail = field("detail");
    let mut message = json!({
        "topic": options.topic.expose_secret(),
        "title": field("title"),
        // One without a text would read "triggered".
        "message": if detail.is_empty() { super::mark(&delivery.payload) } else { detail },
        "priority": priority,
        "tags": [tag],
    });
    if !field("url").is_empty() {
        message["click"] = field("url").into();
    }
    let (url, body) = (options.server.clone(), message.to_string());
    let bearer = options.token.as_ref().map(|token| format!("Bearer {}", token.expose_secret()));
    let headers = bearer.map(|bearer| ("authorization", bearer)).into_iter().collect();
    post::json(url, headers, body).await.map_err(|why| failed(&why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_taken_out_of_its_address_and_what_is_none_is_named_without_being_repeated() {
        let read = |url: &str| NtfyOptions::new(&SecretString::from(url), None);
        for (url, server, topic) in [
            ("https://ntfy.sh/alerts-x9", "https://ntfy.sh/", "alerts-x9"),
            ("http://10.0.0.1:8080/push/alerts", "http://10.0.0.1:8080/push/", "alerts"),
        ] {
            let options = read(url).unwrap();
            assert_eq!((options.server.as_str(), options.topic.expose_secret()), (server, topic));
            assert!(!format!("{options:?}").contains(topic), "it is a secret");
        }
        for wrong in [
            "https://ntfy.sh/",
            "https://ntfy.sh/a/",
            "https://ntfy.sh/s3cret topic",
            "https://me:s3cret@ntfy.sh/topic",
            "ftp://ntfy.sh/s3cret",
            "s3cret",
            "https://ntfy.sh/s3cret?auth=1",
        ] {
            let said = read(wrong).unwrap_err();
            assert!(said.starts_with("ALERT_NTFY_URL") && !said.contains("s3cret"), "{said}");
        }
    }
}
