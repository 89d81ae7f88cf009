//! What is chosen from: polls, appointments, buttons, lists; and what was chosen.

use wacore::poll;
use waproto::whatsapp as wa;

use super::{Composer, one};
use wa::message as m;

fn secret(message: &mut wa::Message, secret: [u8; 32]) {
    let context = wa::MessageContextInfo { message_secret: Some(secret.to_vec()), ..Default::default() };
    message.message_context_info = one(context);
}

pub(super) fn poll(composer: &mut Composer<'_>) -> wa::Message {
    let option =
        |name: String| m::poll_creation_message::Option { option_name: Some(name), ..Default::default() };
    let poll = m::PollCreationMessage {
        name: Some(composer.text("When?")),
        options: composer.options(&["Morning", "Evening"]).into_iter().map(option).collect(),
        selectable_options_count: Some(1),
        ..Default::default()
    };
    let mut message = wa::Message { poll_creation_message_v3: one(poll), ..Default::default() };
    secret(&mut message, composer.secret_of(composer.own_id));
    message
}

pub(super) fn poll_vote(composer: &mut Composer<'_>) -> wa::Message {
    let chosen: Vec<Vec<u8>> =
        composer.options(&["Morning"]).iter().map(|name| poll::compute_option_hash(name).to_vec()).collect();
    let (of, voter) = (composer.about_id(), composer.me.pn().to_string());
    let sealed = poll::encrypt_poll_vote_with_secret(&chosen, &composer.secret_of(&of), &of, &voter, &voter);
    let (payload, iv) = sealed.unwrap_or_else(|e| {
        tracing::warn!(error = %e, "a vote was not sealed");
        (Vec::new(), Default::default())
    });
    let vote = m::PollEncValue { enc_payload: Some(payload), enc_iv: Some(iv.to_vec()) };
    let update = m::PollUpdateMessage {
        poll_creation_message_key: composer.key(),
        vote: one(vote),
        sender_timestamp_ms: Some(composer.now_ms()),
        ..Default::default()
    };
    wa::Message { poll_update_message: one(update), ..Default::default() }
}

pub(super) fn event(composer: &mut Composer<'_>) -> wa::Message {
    let event = m::EventMessage {
        name: Some(composer.text("Market day")),
        description: composer.draft.caption.clone(),
        start_time: Some(composer.now_s() + 3600),
        ..Default::default()
    };
    let mut message = wa::Message { event_message: one(event), ..Default::default() };
    secret(&mut message, composer.secret_of(composer.own_id));
    message
}

pub(super) fn event_answer(composer: &mut Composer<'_>) -> wa::Message {
    let answer = m::EncEventResponseMessage {
        event_creation_message_key: composer.key(),
        enc_payload: Some(composer.world.entropy.bytes::<32>().to_vec()),
        enc_iv: Some(composer.world.entropy.bytes::<12>().to_vec()),
    };
    wa::Message { enc_event_response_message: one(answer), ..Default::default() }
}

pub(super) fn buttons_reply(composer: &mut Composer<'_>) -> wa::Message {
    let reply = m::ButtonsResponseMessage {
        selected_button_id: Some(composer.id("button-1")),
        r#type: Some(m::buttons_response_message::Type::DISPLAY_TEXT),
        response: Some(m::buttons_response_message::Response::SelectedDisplayText(
            composer.text("Opening hours"),
        )),
        context_info: one(composer.quoting()),
    };
    wa::Message { buttons_response_message: one(reply), ..Default::default() }
}

pub(super) fn list_reply(composer: &mut Composer<'_>) -> wa::Message {
    let row = m::list_response_message::SingleSelectReply { selected_row_id: Some(composer.id("row-1")) };
    let reply = m::ListResponseMessage {
        title: Some(composer.text("Opening hours")),
        list_type: Some(m::list_response_message::ListType::SINGLE_SELECT),
        single_select_reply: one(row),
        context_info: one(composer.quoting()),
        ..Default::default()
    };
    wa::Message { list_response_message: one(reply), ..Default::default() }
}

pub(super) fn template_reply(composer: &mut Composer<'_>) -> wa::Message {
    let reply = m::TemplateButtonReplyMessage {
        selected_id: Some(composer.id("template-1")),
        selected_display_text: Some(composer.text("Opening hours")),
        context_info: one(composer.quoting()),
        ..Default::default()
    };
    wa::Message { template_button_reply_message: one(reply), ..Default::default() }
}

pub(super) fn native_flow_reply(composer: &mut Composer<'_>) -> wa::Message {
    use m::interactive_response_message as i;
    let flow = i::NativeFlowResponseMessage {
        name: Some(composer.name("quick_reply")),
        params_json: Some(composer.id(r#"{"id":"flow-1"}"#)),
        version: Some(3),
    };
    let body = i::Body { text: Some(composer.text("Opening hours")), ..Default::default() };
    let reply = m::InteractiveResponseMessage {
        body: one(body),
        context_info: one(composer.quoting()),
        interactive_response_message: Some(i::InteractiveResponseMessage::NativeFlowResponseMessage(
            Box::new(flow),
        )),
    };
    wa::Message { interactive_response_message: one(reply), ..Default::default() }
}

pub(super) fn buttons(composer: &mut Composer<'_>) -> wa::Message {
    use m::buttons_message as b;
    let button = |(n, text): (usize, String)| b::Button {
        button_id: Some(format!("button-{n}")),
        button_text: one(b::button::ButtonText { display_text: Some(text) }),
        r#type: Some(b::button::Type::RESPONSE),
        ..Default::default()
    };
    let buttons = m::ButtonsMessage {
        content_text: Some(composer.text("What would you like?")),
        buttons: composer.options(&["Opening hours", "Prices"]).into_iter().enumerate().map(button).collect(),
        header_type: Some(b::HeaderType::EMPTY),
        ..Default::default()
    };
    wa::Message { buttons_message: one(buttons), ..Default::default() }
}

pub(super) fn list(composer: &mut Composer<'_>) -> wa::Message {
    use m::list_message as l;
    let row = |(n, title): (usize, String)| l::Row {
        title: Some(title),
        row_id: Some(format!("row-{n}")),
        ..Default::default()
    };
    let rows = composer.options(&["Opening hours", "Prices"]).into_iter().enumerate().map(row).collect();
    let list = m::ListMessage {
        title: Some(composer.name("Menu")),
        description: Some(composer.text("What would you like?")),
        button_text: Some("Choose".to_owned()),
        list_type: Some(l::ListType::SINGLE_SELECT),
        sections: vec![l::Section { title: Some("All".to_owned()), rows }],
        ..Default::default()
    };
    wa::Message { list_message: one(list), ..Default::default() }
}

pub(super) fn template(composer: &mut Composer<'_>) -> wa::Message {
    let four = m::template_message::HydratedFourRowTemplate {
        hydrated_content_text: Some(composer.text("What would you like?")),
        ..Default::default()
    };
    let template = m::TemplateMessage { hydrated_template: one(four), ..Default::default() };
    wa::Message { template_message: one(template), ..Default::default() }
}
