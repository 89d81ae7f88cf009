//! Hands a message over to a push service.

use std::time::Duration;

use secrecy::ExposeSecret;
use store::PushSubscription;

use super::{PushError, encrypt::encrypt};
use crate::App;

/// How long a push service may take.
const TIME: Duration = Duration::from_secs(15);
/// For how long it keeps the message for a browser that is away, in seconds.
const KEEP: &str = "43200";
/// The longest address that is taken.
const ENDPOINT_MAX_BYTES: usize = 1024;

/// What has become of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sent {
    /// The push service has taken it.
    Taken,
    /// The browser is known there no more: its subscription is to be forgotten.
    Gone,
    /// It was not taken; why, in words without an address.
    Failed(String),
}

/// Whether an address is one of a push service that is known.
pub(crate) fn may_push_to(services: &[String], endpoint: &str) -> bool {
    let plain = endpoint.len() <= ENDPOINT_MAX_BYTES && endpoint.bytes().all(|byte| byte.is_ascii_graphic());
    // Before the first slash no address has anything but the name of the server: `@` would make another one of it.
    let host = endpoint
        .split_once("://")
        .map(|(_, rest)| rest.split(['/', '?', '#', '\\']).next().unwrap_or_default());
    let host_is_plain = host.is_some_and(|host| !host.is_empty() && !host.contains('@'));
    plain && host_is_plain && services.iter().any(|service| begins_with(service, endpoint))
}

/// A star stands for the first part of a name, letters, digits and dashes alone.
fn begins_with(service: &str, endpoint: &str) -> bool {
    let Some((before, after)) = service.split_once('*') else { return endpoint.starts_with(service) };
    let Some(rest) = endpoint.strip_prefix(before) else { return false };
    let name = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    name > 0 && rest.get(name..).is_some_and(|rest| rest.starts_with(after))
}

/// The scheme and name of an address, as a push service is signed for.
fn origin(endpoint: &str) -> &str {
    let begins = endpoint.find("://").map_or(0, |at| at + 3);
    let ends =
        endpoint.get(begins..).and_then(|rest| rest.find('/')).map_or(endpoint.len(), |at| begins + at);
    endpoint.get(..ends).unwrap_or(endpoint)
}

/// Sends a message to one browser.
///
/// # Errors
/// [`PushError`] where it cannot be encrypted or signed.
pub(crate) async fn send(app: &App, to: &PushSubscription, message: &str) -> Result<Sent, PushError> {
    if !may_push_to(&app.push.services, &to.endpoint) {
        return Ok(Sent::Gone);
    }
    let body = encrypt(&to.public_key, to.auth_secret.expose_secret(), message.as_bytes())?;
    let authorization = app.push.key.authorization(origin(&to.endpoint), &app.push.contact, app.now())?;
    let endpoint = to.endpoint.clone();
    let sent = tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIME))
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .into();
        agent
            .post(&endpoint)
            .header("content-type", "application/octet-stream")
            .header("content-encoding", "aes128gcm")
            .header("ttl", KEEP)
            .header("urgency", "high")
            .header("authorization", authorization)
            .send(&body[..])
    });
    Ok(match sent.await {
        Ok(Ok(answer)) if answer.status().is_success() => Sent::Taken,
        Ok(Ok(answer)) if matches!(answer.status().as_u16(), 404 | 410) => Sent::Gone,
        Ok(Ok(answer)) => Sent::Failed(format!("it answered {}", answer.status())),
        // What is said of it may hold the address, by which anybody could write to the browser.
        Ok(Err(_)) => Sent::Failed("it could not be reached".to_owned()),
        Err(_) => Sent::Failed("the request was cut short".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::PUSH_SERVICES;

    #[test]
    fn nothing_is_sent_to_an_address_that_somebody_made_up() {
        let services = PUSH_SERVICES.map(str::to_owned);
        for known in [
            "https://fcm.googleapis.com/fcm/send/abc:def",
            "https://updates.push.services.mozilla.com/wpush/v2/x",
            "https://db5p.notify.windows.com/w/?token=x",
            "https://web.push.apple.com/x",
        ] {
            assert!(may_push_to(&services, known), "{known}");
        }
        let long = format!("https://fcm.googleapis.com/{}", "x".repeat(1024));
        for other in [
            "",
            "http://fcm.googleapis.com/x",
            "https://fcm.googleapis.com",
            "https://fcm.googleapis.com.example.com/",
            "https://fcm.googleapis.com@example.com/",
            "https://user@fcm.googleapis.com/",
            "https://.notify.windows.com/",
            "https://example.com/.notify.windows.com/",
            "https://a.b.notify.windows.com/",
            "https://example.com\\.push.apple.com/",
            "http://127.0.0.1:3000/admin/tenants",
            "https://fcm.googleapis.com/x y",
            "file:///etc/passwd",
            &long,
        ] {
            assert!(!may_push_to(&services, other), "{other}");
        }
        assert_eq!(origin("https://fcm.googleapis.com/fcm/send"), "https://fcm.googleapis.com");
        assert_eq!(origin("http://127.0.0.1:99/x"), "http://127.0.0.1:99");
    }
}
