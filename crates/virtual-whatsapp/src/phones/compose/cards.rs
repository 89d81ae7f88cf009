//! Places and people.

use waproto::whatsapp as wa;

use super::{Composer, one};

/// Dar es Salaam.
const HERE: (f64, f64) = (-6.8, 39.28);

pub(super) fn location(composer: &mut Composer<'_>) -> wa::Message {
    let location = wa::message::LocationMessage {
        degrees_latitude: Some(composer.draft.latitude.unwrap_or(HERE.0)),
        degrees_longitude: Some(composer.draft.longitude.unwrap_or(HERE.1)),
        name: Some(composer.name("Dar es Salaam")),
        ..Default::default()
    };
    wa::Message { location_message: one(location), ..Default::default() }
}

pub(super) fn live_location(composer: &mut Composer<'_>) -> wa::Message {
    let location = wa::message::LiveLocationMessage {
        degrees_latitude: Some(composer.draft.latitude.unwrap_or(HERE.0)),
        degrees_longitude: Some(composer.draft.longitude.unwrap_or(HERE.1)),
        caption: composer.draft.caption.clone(),
        sequence_number: Some(1),
        ..Default::default()
    };
    wa::Message { live_location_message: one(location), ..Default::default() }
}

fn card(composer: &Composer<'_>) -> wa::message::ContactMessage {
    let name = composer.name("Juma");
    let vcard = composer.draft.vcard.clone().unwrap_or_else(|| {
        format!(
            "BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL;type=CELL;waid=255754000444:+255 754 000 444\nEND:VCARD"
        )
    });
    wa::message::ContactMessage { display_name: Some(name), vcard: Some(vcard), ..Default::default() }
}

pub(super) fn contact(composer: &mut Composer<'_>) -> wa::Message {
    wa::Message { contact_message: one(card(composer)), ..Default::default() }
}

pub(super) fn contacts(composer: &mut Composer<'_>) -> wa::Message {
    let count = composer.draft.count.unwrap_or(2);
    let cards = wa::message::ContactsArrayMessage {
        display_name: Some(format!("{count} contacts")),
        contacts: (0..count).map(|_| card(composer)).collect(),
        ..Default::default()
    };
    wa::Message { contacts_array_message: one(cards), ..Default::default() }
}
