//! How the bot reads on a customer's phone: one question, asked of a bot made of what stands or was typed.

use api::{Tried, portal::Preview};
use domain::Language;
use profile_forms::Part;
use replies::Profile;
use web::ui::{Bubble, Chat};

use super::document;
use crate::{Call, app::TENANT};

/// What a customer would ask about a part, in the bot's language.
pub(super) fn question(part: Option<Part>, language: Language, own: Option<String>) -> String {
    use words::portal_bot as say;
    let ask = match part {
        Some(Part::Services) => say::ask_prices,
        Some(Part::Catalogue) => say::ask_products,
        Some(Part::Contact) => say::ask_where,
        Some(Part::Booking) => say::ask_booking,
        Some(Part::Delivery) => say::ask_delivery,
        Some(Part::Manners) => say::ask_person,
        Some(Part::Questions | Part::Texts | Part::Files) => say::ask_hello,
        None => say::ask_hours,
    };
    own.filter(|own| !own.trim().is_empty()).unwrap_or_else(|| words::within(language, ask).to_owned())
}

/// The conversation; `None` where it cannot be shown now, which keeps nobody from saving.
pub(super) async fn of(call: &Call, text: String, profile: Option<&Profile>) -> Option<Chat> {
    let profile = profile.map(document).transpose().ok()?;
    let preview = Preview { text, profile, settings: None };
    shown(call, &preview).await
}

pub(super) async fn shown(call: &Call, preview: &Preview) -> Option<Chat> {
    // Whoever only looks may not even ask.
    if call.is_looking() {
        return None;
    }
    let tried: Tried = call.post(&format!("{TENANT}/preview"), preview).await.ok()?;
    let line = |(number, line): (usize, api::TriedLine)| Bubble {
        id: format!("p{number}"),
        out: line.bot,
        text: if line.text.is_empty() { words::portal_bot::quiet().to_owned() } else { line.text },
        at: line.at.to_string(),
        ..Bubble::default()
    };
    Some(Chat { lines: tried.lines.into_iter().enumerate().map(line).collect() })
}
