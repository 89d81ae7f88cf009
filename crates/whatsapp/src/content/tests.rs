use whatsapp_rust::{
    prelude::MessageField,
    waproto::whatsapp::message::{
        AudioMessage, DeviceSentMessage, ExtendedTextMessage, ImageMessage, ReactionMessage,
        interactive_response_message::Body,
    },
};

use super::*;

fn read(message: &Message) -> Content {
    content(message, &EditAttribute::Empty)
}

fn words(text: &str) -> Message {
    Message { conversation: Some(text.to_owned()), ..Message::default() }
}

fn wrapped(message: Message) -> MessageField<FutureProofMessage> {
    MessageField::some(FutureProofMessage { message: MessageField::some(message) })
}

fn text_of(text: &str) -> Content {
    Content::Text(text.to_owned())
}

#[test]
fn plain_and_extended_text() {
    assert_eq!(read(&words("habari")), text_of("habari"));
    let extended = ExtendedTextMessage { text: Some("na link".to_owned()), ..ExtendedTextMessage::default() };
    let message = Message { extended_text_message: MessageField::some(extended), ..Message::default() };
    assert_eq!(read(&message), text_of("na link"));
}

#[test]
fn wrappers_are_opened_in_any_order() {
    let once = Message { view_once_message_v2: wrapped(words("siri")), ..Message::default() };
    let ephemeral = Message { ephemeral_message: wrapped(once), ..Message::default() };
    let sent = DeviceSentMessage { message: MessageField::some(ephemeral), ..DeviceSentMessage::default() };
    let message = Message { device_sent_message: MessageField::some(sent), ..Message::default() };
    assert_eq!(read(&message), text_of("siri"));
}

#[test]
fn endless_wrapping_ends() {
    let mut message = words("never seen");
    for _ in 0..200 {
        message = Message { ephemeral_message: wrapped(message), ..Message::default() };
    }
    assert_eq!(read(&message), Content::Protocol("unknown"));
}

#[test]
fn media_keeps_its_caption() {
    let image = ImageMessage { caption: Some("bei gani?".to_owned()), ..ImageMessage::default() };
    let message = Message { image_message: MessageField::some(image), ..Message::default() };
    assert_eq!(read(&message), Content::Media { kind: "image", caption: Some("bei gani?".to_owned()) });
    let voice = AudioMessage { ptt: Some(true), ..AudioMessage::default() };
    let message = Message { audio_message: MessageField::some(voice), ..Message::default() };
    assert_eq!(read(&message), Content::Media { kind: "voice", caption: None });
}

#[test]
fn answers_by_button_list_and_form_are_text() {
    let pressed = ButtonsResponseMessage {
        response: Some(Response::SelectedDisplayText("Ndiyo".to_owned())),
        ..ButtonsResponseMessage::default()
    };
    let message = Message { buttons_response_message: MessageField::some(pressed), ..Message::default() };
    assert_eq!(read(&message), text_of("Ndiyo"));
    let chosen = ListResponseMessage { title: Some("Nywele".to_owned()), ..ListResponseMessage::default() };
    let message = Message { list_response_message: MessageField::some(chosen), ..Message::default() };
    assert_eq!(read(&message), text_of("Nywele"));
    let body = Body { text: Some("Kesho".to_owned()), ..Body::default() };
    let response = InteractiveResponseMessage {
        body: MessageField::some(body),
        ..InteractiveResponseMessage::default()
    };
    let message =
        Message { interactive_response_message: MessageField::some(response), ..Message::default() };
    assert_eq!(read(&message), text_of("Kesho"));
}

#[test]
fn edits_deletions_and_reactions_want_no_answer() {
    let edited = Message { edited_message: wrapped(words("new text")), ..Message::default() };
    assert_eq!(read(&edited), Content::Protocol("edit"));
    assert_eq!(content(&words("new text"), &EditAttribute::MessageEdit), Content::Protocol("edit"));
    let revoke =
        ProtocolMessage { r#type: Some(protocol_message::Type::REVOKE), ..ProtocolMessage::default() };
    let message = Message { protocol_message: MessageField::some(revoke), ..Message::default() };
    assert_eq!(read(&message), Content::Protocol("delete"));
    let reaction = ReactionMessage { text: Some("❤".to_owned()), ..ReactionMessage::default() };
    let message = Message { reaction_message: MessageField::some(reaction), ..Message::default() };
    assert_eq!(read(&message), Content::Protocol("reaction"));
    assert_eq!(read(&Message::default()), Content::Protocol("unknown"));
}
