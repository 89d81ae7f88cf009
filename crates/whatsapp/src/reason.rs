//! Why a connection ends, from what the server says.

use std::time::Duration;

use whatsapp_rust::types::events::{
    ConnectFailure, ConnectFailureReason, Event, LoggedOut, PairingCodeError, TemporaryBan,
};
use worker::channel::CloseReason;

use crate::{signals::Signal, text::mask};

/// What an event says about the end of a connection, if anything.
pub(crate) fn of(event: &Event) -> Option<Signal> {
    Some(match event {
        Event::LoggedOut(out) => Signal::End(logged_out(out)),
        Event::StreamReplaced(_) => Signal::End(CloseReason::Replaced),
        Event::TemporaryBan(ban) => Signal::End(banned(ban)),
        Event::ConnectFailure(failure) => Signal::End(refused(failure)),
        Event::ClientOutdated(_) => Signal::End(CloseReason::Refused(
            "WhatsApp no longer takes this version of the client (405); update Flow HQ".to_owned(),
        )),
        Event::PairingCodeError(error) => Signal::End(no_code(error)),
        Event::PairError(error) => Signal::End(CloseReason::Lost(format!("linking failed: {}", error.error))),
        Event::PairPasskeyError(error) => {
            Signal::End(CloseReason::Lost(format!("the phone's passkey was not taken: {}", error.error)))
        }
        Event::PairPasskeyRequest(_) => Signal::End(CloseReason::Refused(
            "this account asks for a passkey when a device is linked, which Flow HQ cannot give; turn passkeys off in \
             the phone's WhatsApp settings and link again"
                .to_owned(),
        )),
        Event::QrScannedWithoutMultidevice(_) => Signal::Trouble(
            "the phone that scanned the code has a WhatsApp too old for linked devices; update it".to_owned(),
        ),
        Event::StreamError(error) if error.code.is_empty() => Signal::Trouble("a stream error without a code".to_owned()),
        Event::StreamError(error) => Signal::Trouble(format!("stream error {}", mask(&error.code))),
        Event::Disconnected(gone) => Signal::Trouble(format!("the connection ended: {}", gone.reason)),
        _ => return None,
    })
}

/// A removed device while connected, or a refused login (401, 403, 406).
fn logged_out(out: &LoggedOut) -> CloseReason {
    let words =
        out.logout_message.as_ref().and_then(|message| message.subtext.as_ref().or(message.header.as_ref()));
    let words = words.map(|words| format!(": {words}")).unwrap_or_default();
    match out.reason {
        ConnectFailureReason::AccountLocked => {
            CloseReason::Refused(format!("WhatsApp has locked this account (403){words}"))
        }
        ConnectFailureReason::UnknownLogout => {
            CloseReason::Refused(format!("WhatsApp has banned this account (406){words}"))
        }
        _ => CloseReason::LoggedOut,
    }
}

fn banned(ban: &TemporaryBan) -> CloseReason {
    let seconds = u64::try_from(ban.expire.num_seconds()).unwrap_or(0);
    CloseReason::TemporarilyBanned {
        for_time: Some(Duration::from_secs(seconds)),
        reason: ban.message.clone().unwrap_or_else(|| ban.code.to_string()),
    }
}

/// A login that the server refused. Its own troubles (5xx, 429) pass; all else is final.
fn refused(failure: &ConnectFailure) -> CloseReason {
    let code = failure.reason.code();
    let words = failure.message.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
    match failure.reason {
        ConnectFailureReason::TempBanned => CloseReason::TemporarilyBanned {
            for_time: None,
            reason: format!("WhatsApp has limited this account for a time (402){words}"),
        },
        _ if code == 429 || code >= 500 => {
            CloseReason::Lost(format!("WhatsApp does not take logins at the moment ({code}){words}"))
        }
        ConnectFailureReason::BadUserAgent => CloseReason::Refused(format!(
            "WhatsApp refuses the way this client describes itself (409); update Flow HQ{words}"
        )),
        _ => CloseReason::Refused(format!("WhatsApp refused the login ({code}){words}")),
    }
}

/// A pairing code that was not given.
fn no_code(error: &PairingCodeError) -> CloseReason {
    use whatsapp_rust::wacore::pair_code::PairCodeRejection as Rejection;
    match error.rejection {
        Some(Rejection::FeatureNotAvailable) => CloseReason::Refused(
            "WhatsApp offers no pairing codes for this number (452); link by QR code".to_owned(),
        ),
        Some(Rejection::Forbidden) => {
            CloseReason::Refused("WhatsApp refuses a pairing code for this number (403)".to_owned())
        }
        Some(rejection) if rejection.is_throttled() => CloseReason::Lost(
            "WhatsApp gave no pairing code: too many were asked for this number, or it has no WhatsApp account".to_owned(),
        ),
        _ => CloseReason::Lost(format!("WhatsApp gave no pairing code: {}", mask(&error.error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(reason: ConnectFailureReason) -> CloseReason {
        refused(&ConnectFailure::builder().reason(reason).build())
    }

    #[test]
    fn the_servers_own_troubles_pass_and_refusals_do_not() {
        for reason in [ConnectFailureReason::ServiceUnavailable, ConnectFailureReason::InternalServerError] {
            assert!(matches!(failure(reason), CloseReason::Lost(_)), "{reason:?}");
        }
        assert!(matches!(failure(ConnectFailureReason::Unknown(429)), CloseReason::Lost(_)));
        for reason in [
            ConnectFailureReason::Generic,
            ConnectFailureReason::BadUserAgent,
            ConnectFailureReason::Unknown(0),
        ] {
            assert!(matches!(failure(reason), CloseReason::Refused(_)), "{reason:?}");
        }
        assert!(matches!(failure(ConnectFailureReason::TempBanned), CloseReason::TemporarilyBanned { .. }));
    }

    #[test]
    fn only_a_removed_device_is_logged_out() {
        let out = |reason| logged_out(&LoggedOut::builder().on_connect(true).reason(reason).build());
        assert_eq!(out(ConnectFailureReason::LoggedOut), CloseReason::LoggedOut);
        assert!(matches!(out(ConnectFailureReason::AccountLocked), CloseReason::Refused(_)));
        assert!(matches!(out(ConnectFailureReason::UnknownLogout), CloseReason::Refused(_)));
    }
}
