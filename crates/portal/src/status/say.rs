//! A state in a sentence, with what to press.

use api::portal::DeskStatus;
use domain::{SessionState, SetupStatus, TenantStatus};
use web::ui::Tone;

use crate::shown;

/// What an owner is told of the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Now {
    /// What it means.
    pub(crate) tone: Tone,
    /// A name of the sprite.
    pub(crate) icon: &'static str,
    /// In a few words.
    pub(crate) title: &'static str,
    /// What happens next, or what to do.
    pub(crate) say: String,
    /// The one button: address and verb.
    pub(crate) link: Option<(&'static str, &'static str)>,
}

/// What is to be told of a status.
pub(crate) fn now(status: &DeskStatus) -> Now {
    use words::portal_status as say;

    let tenant = &status.tenant;
    let request = status.setup_request.as_ref();
    let number = || {
        let linked = tenant.whatsapp_session.linked_number.as_deref();
        linked
            .or(request.map(|request| request.whatsapp_number.as_str()))
            .map(shown::number)
            .unwrap_or_default()
    };
    let told = |tone, icon, title, text: &str, link| Now { tone, icon, title, say: text.to_owned(), link };
    let link_it = Some(("/app/whatsapp?was=waiting", say::link()));
    let try_it = Some(("/app/try", say::try_it()));
    // Linked, and yet held back: suspended, or waiting for a word on its number.
    if let (TenantStatus::Active, Some(problem)) = (tenant.status, &status.problem) {
        return told(Tone::Bad, "alert", say::error(), problem, None);
    }
    match (tenant.status, request.map(|request| request.status)) {
        (TenantStatus::Active, _) if tenant.whatsapp_session.state == SessionState::Connected => Now {
            say: say::answering_say(number()),
            ..told(Tone::Ok, "check", say::answering(), "", Some(("/app/messages", say::see_messages())))
        },
        (TenantStatus::Active, _) => told(Tone::Warn, "clock", say::away(), say::away_say(), None),
        (TenantStatus::QrReady, _) => Now {
            say: say::approved_say(number()),
            ..told(Tone::Warn, "phone", say::code_waits(), "", link_it)
        },
        (TenantStatus::QrPending, _) => {
            told(Tone::Warn, "clock", say::starting(), say::starting_say(), link_it)
        }
        (TenantStatus::Error, _) if status.phone_removed => told(
            Tone::Bad,
            "unlink",
            say::removed(),
            say::removed_say(),
            Some(("/app/whatsapp", say::link_again())),
        ),
        (TenantStatus::Error, _) => Now {
            say: status.problem.clone().unwrap_or_else(|| say::error_say().to_owned()),
            ..told(Tone::Bad, "alert", say::error(), "", None)
        },
        (TenantStatus::New, Some(SetupStatus::Rejected)) => told(
            Tone::Warn,
            "alert",
            say::rejected(),
            say::rejected_say(),
            Some(("/app/onboarding", say::send_again())),
        ),
        (TenantStatus::New, Some(SetupStatus::Submitted)) => {
            told(Tone::Ok, "clock", say::submitted(), say::submitted_say(), try_it)
        }
        (TenantStatus::New, Some(SetupStatus::Reviewing)) => {
            told(Tone::Ok, "eye", say::reviewing(), say::reviewing_say(), try_it)
        }
        (TenantStatus::New, Some(SetupStatus::Approved | SetupStatus::Active)) => {
            Now { say: say::approved_say(number()), ..told(Tone::Ok, "phone", say::approved(), "", link_it) }
        }
        (TenantStatus::Paused | TenantStatus::New, _) => Now {
            say: status.problem.clone().unwrap_or_else(|| say::paused_say().to_owned()),
            ..told(Tone::Off, "stop", say::paused(), "", None)
        },
    }
}
