//! Tells people of a business something, by the ways that each of them has chosen. What was not taken is logged and not tried
//! again: a notice that comes late is worth less than none.

use api::portal::Channels;
use domain::UserId;
use mail::Letter;
use serde_json::json;
use store::{MemberNotices, PushSubscription, TenantScope};

use super::push::{self, Sent};
use crate::App;

/// What is said.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    /// Its title.
    pub(super) title: String,
    /// Its words. Nothing of a customer stands in them: they pass a push service, a mail server and a locked screen.
    pub(super) text: String,
    /// The page of the portal that it leads to, like `/app/messages`.
    pub(super) page: &'static str,
    /// Notices of one tag take each other's place on a screen.
    pub(super) tag: &'static str,
}

/// Tells one person by these ways, in a task of its own; the browsers are those of the whole tenant.
pub(super) fn tell(
    app: &App,
    scope: &TenantScope,
    to: &MemberNotices,
    by: Channels,
    browsers: &[PushSubscription],
    notice: Notice,
) {
    let browsers: Vec<PushSubscription> =
        browsers.iter().filter(|one| by.push && one.user_id == to.user_id).cloned().collect();
    let email = by.email.then(|| to.email.clone());
    let (app, scope, user) = (app.clone(), scope.clone(), to.user_id);
    let tasks = app.work.clone();
    tasks.spawn(async move {
        let Ok(_place) = app.notices.places.acquire().await else { return };
        for browser in browsers {
            to_browser(&app, &scope, &browser, &notice).await;
        }
        if let Some(email) = email {
            to_address(&app, user, &email, &notice).await;
        }
    });
}

async fn to_browser(app: &App, scope: &TenantScope, browser: &PushSubscription, notice: &Notice) {
    let message = json!({
        "title": notice.title, "body": notice.text, "url": notice.page, "tag": notice.tag,
    });
    let tenant = scope.id();
    match push::send(app, browser, &message.to_string()).await {
        Ok(Sent::Taken) => {
            metrics::counter!("flowhq_notices_total", "by" => "push", "result" => "taken").increment(1);
        }
        Ok(Sent::Gone) => {
            if let Err(error) = scope.unsubscribe_push(None, &browser.endpoint).await {
                tracing::warn!(%error, %tenant, "a browser that is gone could not be forgotten");
            }
        }
        Ok(Sent::Failed(why)) => failed("push", &format!("the push service: {why}"), tenant),
        Err(error) => failed("push", &error.to_string(), tenant),
    }
}

async fn to_address(app: &App, user: UserId, email: &str, notice: &Notice) {
    let (Some(mailer), Ok(to)) = (&app.portal.mailer, email.parse()) else { return };
    let id = domain::RecordId::generate().to_string();
    let body = format!("{}\n\n{}{}\n", notice.text, app.portal.url, notice.page);
    let letter = Letter { subject: &notice.title, body: &body, id: &id };
    match mailer.send(&[to], letter).await {
        Ok(()) => {
            metrics::counter!("flowhq_notices_total", "by" => "email", "result" => "taken").increment(1);
        }
        Err(error) => failed("email", &error.to_string(), user),
    }
}

fn failed(by: &'static str, why: &str, whose: impl std::fmt::Display) {
    metrics::counter!("flowhq_notices_total", "by" => by, "result" => "failed").increment(1);
    tracing::warn!(by, %whose, why, "a notice was not taken");
}
