//! Emails to owners and staff: made in the language that each reads, and sent in tasks of their own, so that no answer tells by
//! its time whether there was one to send.

use std::time::Duration;

use accounts::people::Posted;
use domain::{Language, LinkKind, Timestamp};
use mail::{Letter, mailbox};

use crate::App;

/// How long a letter may take in all.
const TIME: Duration = Duration::from_secs(60);

/// A letter that is to go.
#[derive(Debug)]
pub(crate) struct Words {
    to: String,
    subject: String,
    body: String,
    /// Names the letter to mail servers, and opens nothing.
    id: String,
}

/// Sends in a task of its own. Where too many are under way it is dropped, and its reader asks again.
pub(crate) fn send(app: &App, letter: Words) {
    let Some(mailer) = app.portal.mailer.clone() else { return };
    let Ok(place) = app.portal.letters.clone().try_acquire_owned() else {
        tracing::warn!("too many emails are under way: one was dropped");
        return;
    };
    app.work.spawn(async move {
        let _place = place;
        let Ok(to) = mailbox("email", &letter.to) else {
            tracing::warn!("an email could not be sent: its receiver's address cannot be read");
            return;
        };
        let Words { subject, body, id, .. } = &letter;
        let to = [to];
        let sent = mailer.send(&to, Letter { subject, body, id });
        match tokio::time::timeout(TIME, sent).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "an email could not be sent"),
            Err(_) => tracing::warn!("an email could not be sent in time"),
        }
    });
}

/// What somebody has asked for themselves.
pub(crate) fn asked(app: &App, posted: &Posted) -> Words {
    words::within(posted.language, || {
        let brand = app.brand_name();
        let (subject, say) = match posted.kind {
            LinkKind::Reset => (words::letters::reset_subject(brand), words::letters::reset_say().to_owned()),
            LinkKind::ChangeEmail => (
                words::letters::change_subject(brand),
                words::letters::change_say(posted.new_email.as_deref().unwrap_or_default()),
            ),
            LinkKind::SignIn | LinkKind::Invitation | LinkKind::Look => {
                (words::letters::sign_in_subject(brand), words::letters::sign_in_say().to_owned())
            }
        };
        make(app, &posted.to, &posted.token, subject, &say, posted.expires_at)
    })
}

/// An invitation to serve a business.
pub(crate) fn invitation(
    app: &App,
    language: Language,
    to: &str,
    (who, business): (&str, &str),
    made: &accounts::people::Made,
) -> Words {
    words::within(language, || {
        let subject = words::letters::invitation_subject(app.brand_name(), business);
        let say = words::letters::invitation_say(who, business);
        make(app, to, &made.token, subject, &say, made.expires_at)
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the subject is made for this letter alone")]
fn make(
    app: &App,
    to: &str,
    token: &accounts::people::Token,
    subject: String,
    say: &str,
    expires_at: Timestamp,
) -> Words {
    let until = words::letters::until(expires_at.strftime("%Y-%m-%d %H:%M UTC"));
    let body = format!(
        "{say}\n\n{}\n\n{until}\n{}\n\n{}\n",
        super::link(app, token),
        words::letters::not_you(),
        app.brand_name()
    );
    // A name in a subject may hold what ends a line of a mail's head.
    let subject = subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Words { to: to.to_owned(), subject, body, id: domain::RecordId::generate().to_string() }
}
