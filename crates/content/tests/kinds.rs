//! Each kind of message, well-formed and not, comes to one thing.

use buffa::{Message as _, MessageField};
use content::{Content, Envelope, Held, from_bytes, read};
use waproto::whatsapp::{
    Message, MessageAssociation, MessageContextInfo, MessageKey,
    message::{
        ButtonsResponseMessage, ContactMessage, DeviceSentMessage, DocumentMessage, ExtendedTextMessage,
        FutureProofMessage, ImageMessage, InteractiveResponseMessage, ListResponseMessage, LocationMessage,
        PollCreationMessage, ProtocolMessage, ReactionMessage, TemplateButtonReplyMessage,
        buttons_response_message::Response,
        interactive_response_message::{
            Body, InteractiveResponseMessage as Answered, NativeFlowResponseMessage,
        },
        list_response_message::SingleSelectReply,
        poll_creation_message, protocol_message,
    },
    message_association::AssociationType,
};

fn held(message: &Message) -> Content {
    read(message, Envelope::Plain).content
}

fn words(text: &str) -> Message {
    Message { conversation: Some(text.to_owned()), ..Message::default() }
}

fn text(text: &str) -> Content {
    Content::Text(text.to_owned())
}

fn media(kind: &'static str, caption: Option<&str>) -> Content {
    Content::Media { kind, caption: caption.map(str::to_owned) }
}

fn image(caption: Option<&str>) -> Message {
    let image = ImageMessage { caption: caption.map(str::to_owned), ..ImageMessage::default() };
    Message { image_message: MessageField::some(image), ..Message::default() }
}

fn within(message: Message) -> MessageField<FutureProofMessage> {
    MessageField::some(FutureProofMessage { message: MessageField::some(message) })
}

fn extended(text: &str) -> MessageField<ExtendedTextMessage> {
    MessageField::some(ExtendedTextMessage { text: Some(text.to_owned()), ..ExtendedTextMessage::default() })
}

fn key(id: &str) -> MessageField<MessageKey> {
    MessageField::some(MessageKey { id: Some(id.to_owned()), ..MessageKey::default() })
}

#[test]
fn a_field_that_is_there_and_empty_never_wins() {
    let empty = || Some(String::new());
    assert_eq!(
        held(&Message { extended_text_message: extended("habari"), ..words("") }),
        text("habari"),
        "beside a longer text"
    );
    assert_eq!(
        held(&Message { conversation: empty(), ..image(Some("bei gani?")) }),
        media("image", Some("bei gani?")),
        "beside a picture"
    );
    assert_eq!(
        held(&Message { extended_text_message: extended(" \n\t"), ..image(None) }),
        media("image", None),
        "blanks show nothing"
    );
    let button = ButtonsResponseMessage {
        response: Some(Response::SelectedDisplayText(String::new())),
        selected_button_id: Some("book".to_owned()),
        ..ButtonsResponseMessage::default()
    };
    let button = Message { buttons_response_message: MessageField::some(button), ..Message::default() };
    assert_eq!(held(&button), text("book"));
    let template = TemplateButtonReplyMessage {
        selected_display_text: empty(),
        selected_id: Some("prices".to_owned()),
        ..TemplateButtonReplyMessage::default()
    };
    let template =
        Message { template_button_reply_message: MessageField::some(template), ..Message::default() };
    assert_eq!(held(&template), text("prices"));
    let reply = SingleSelectReply { selected_row_id: Some("row-2".to_owned()) };
    let list = ListResponseMessage {
        title: empty(),
        single_select_reply: MessageField::some(reply),
        ..ListResponseMessage::default()
    };
    let list = Message { list_response_message: MessageField::some(list), ..Message::default() };
    assert_eq!(held(&list), text("row-2"));
    // Around a wrapper too, and in it.
    assert_eq!(held(&Message { ephemeral_message: within(words("ndani")), ..words("") }), text("ndani"));
    assert_eq!(held(&Message { ephemeral_message: within(words("")), ..words("nje") }), text("nje"));
    // What holds nothing at all is an empty text: not unknown.
    assert_eq!(held(&words("")), text(""));
}

fn form(body: Option<&str>, parameters: Option<&str>) -> Message {
    let flow = NativeFlowResponseMessage {
        name: Some("flow".to_owned()),
        params_json: parameters.map(str::to_owned),
        ..NativeFlowResponseMessage::default()
    };
    let body = body.map(|text| Body { text: Some(text.to_owned()), ..Body::default() });
    let response = InteractiveResponseMessage {
        body: body.map_or_else(MessageField::default, MessageField::some),
        interactive_response_message: Some(Answered::NativeFlowResponseMessage(Box::new(flow))),
        ..InteractiveResponseMessage::default()
    };
    Message { interactive_response_message: MessageField::some(response), ..Message::default() }
}

#[test]
fn a_form_is_its_words_else_its_id_else_its_parameters() {
    let parameters = r#"{"id":"slot-9","day":"Jumamosi"}"#;
    assert_eq!(held(&form(Some("Kesho"), Some(parameters))), text("Kesho"));
    assert_eq!(held(&form(Some(""), Some(parameters))), text("slot-9"));
    assert_eq!(held(&form(None, Some(parameters))), text("slot-9"));
    assert_eq!(held(&form(None, Some(r#"{"day":"Jumamosi"}"#))), text(r#"{"day":"Jumamosi"}"#));
    assert_eq!(held(&form(None, Some("{not json"))), text("{not json"));
    assert_eq!(held(&form(None, None)), text("flow"));
}

#[test]
fn every_wrapper_is_opened() {
    type Wrap = fn(Message) -> Message;
    let wrappers: [(&str, Wrap); 17] = [
        ("ephemeral", |m| Message { ephemeral_message: within(m), ..Message::default() }),
        ("view once", |m| Message { view_once_message: within(m), ..Message::default() }),
        ("view once 2", |m| Message { view_once_message_v2: within(m), ..Message::default() }),
        ("view once 2+", |m| Message { view_once_message_v2_extension: within(m), ..Message::default() }),
        ("caption", |m| Message { document_with_caption_message: within(m), ..Message::default() }),
        ("child", |m| Message { associated_child_message: within(m), ..Message::default() }),
        ("mention", |m| Message { group_mentioned_message: within(m), ..Message::default() }),
        ("bot", |m| Message { bot_invoke_message: within(m), ..Message::default() }),
        ("bot forward", |m| Message { bot_forwarded_message: within(m), ..Message::default() }),
        ("bot task", |m| Message { bot_task_message: within(m), ..Message::default() }),
        ("spoiler", |m| Message { spoiler_message: within(m), ..Message::default() }),
        ("question", |m| Message { question_message: within(m), ..Message::default() }),
        ("question reply", |m| Message { question_reply_message: within(m), ..Message::default() }),
        ("status mention", |m| Message { status_mention_message: within(m), ..Message::default() }),
        ("status of a group", |m| Message { group_status_message_v2: within(m), ..Message::default() }),
        ("status to add to", |m| Message { status_add_yours: within(m), ..Message::default() }),
        ("own device", |m| {
            let sent = DeviceSentMessage { message: MessageField::some(m), ..DeviceSentMessage::default() };
            Message { device_sent_message: MessageField::some(sent), ..Message::default() }
        }),
    ];
    for (name, wrap) in wrappers {
        assert_eq!(held(&wrap(words("habari"))), text("habari"), "{name}");
        assert_eq!(held(&wrap(image(Some("bei")))), media("image", Some("bei")), "{name}");
        for (other, around) in wrappers {
            assert_eq!(held(&around(wrap(words("mbili")))), text("mbili"), "{name} in {other}");
        }
    }
}

fn deep(levels: usize, innermost: Message) -> Message {
    (0..levels).fold(innermost, |message, level| match level % 3 {
        0 => Message { ephemeral_message: within(message), ..Message::default() },
        1 => Message { view_once_message_v2: within(message), ..Message::default() },
        _ => Message { document_with_caption_message: within(message), ..Message::default() },
    })
}

#[test]
fn fifty_wrappers_are_opened_and_no_depth_is_a_panic() {
    assert_eq!(held(&deep(49, words("chini"))), text("chini"));
    assert_eq!(held(&deep(64, words("chini"))), text("chini"));
    assert_eq!(held(&deep(65, words("chini"))), Content::Protocol("unknown"));
    for levels in [8, 30, 48, 49, 50, 60, 200] {
        // The decoder has a bound of its own; either way it ends well.
        let _ = from_bytes(&deep(levels, words("chini")).encode_to_vec(), Envelope::Plain);
    }
}

#[test]
fn corrections_in_corrections_take_no_time() {
    let edit = |inside: Message| {
        let protocol = ProtocolMessage {
            key: key("A1"),
            r#type: Some(protocol_message::Type::MESSAGE_EDIT),
            edited_message: MessageField::some(inside),
            ..ProtocolMessage::default()
        };
        let bare = Message { protocol_message: MessageField::some(protocol), ..Message::default() };
        Message { edited_message: within(bare), ..Message::default() }
    };
    let nested = (0..60).fold(words("new"), |inside, _| edit(inside));
    assert_eq!(held(&nested), Content::Edited { of: Some("A1".to_owned()), text: None });
}

#[test]
fn corrections_name_what_they_correct() {
    let edit = |edited: Message| {
        let protocol = ProtocolMessage {
            key: key("A1"),
            r#type: Some(protocol_message::Type::MESSAGE_EDIT),
            edited_message: MessageField::some(edited),
            ..ProtocolMessage::default()
        };
        Message { protocol_message: MessageField::some(protocol), ..Message::default() }
    };
    let new = || Content::Edited { of: Some("A1".to_owned()), text: Some("saa nne".to_owned()) };
    let official = Message { edited_message: within(edit(words("saa nne"))), ..Message::default() };
    for envelope in [Envelope::Plain, Envelope::Edit] {
        assert_eq!(read(&edit(words("saa nne")), envelope).content, new());
        assert_eq!(read(&official, envelope).content, new(), "as the official apps send it");
        assert_eq!(read(&edit(image(Some("saa nne"))), envelope).content, new(), "a caption");
        assert_eq!(read(&deep(3, official.clone()), envelope).content, new(), "in wrappers");
    }
    let unnamed = Content::Edited { of: None, text: Some("saa nne".to_owned()) };
    assert_eq!(read(&words("saa nne"), Envelope::Edit).content, unnamed);
    let revoke = ProtocolMessage {
        key: key("A1"),
        r#type: Some(protocol_message::Type::REVOKE),
        ..ProtocolMessage::default()
    };
    let revoke = Message { protocol_message: MessageField::some(revoke), ..Message::default() };
    let gone = Content::Deleted { of: Some("A1".to_owned()) };
    assert_eq!(held(&revoke), gone);
    assert_eq!(read(&revoke, Envelope::Delete).content, gone);
    let reaction = ReactionMessage { key: key("A1"), ..ReactionMessage::default() };
    let reaction = Message { reaction_message: MessageField::some(reaction), ..Message::default() };
    assert_eq!(read(&reaction, Envelope::Delete).content, Content::Protocol("reaction"), "an emptied one");
    assert_eq!(read(&words("x"), Envelope::Pin).content, Content::Protocol("pin"));
}

#[test]
fn a_part_of_an_album_names_its_album_and_a_second_copy_is_none() {
    let part = |kind, message| {
        let association = MessageAssociation {
            association_type: Some(kind),
            parent_message_key: key("ALBUM"),
            ..MessageAssociation::default()
        };
        let context = MessageContextInfo {
            message_association: MessageField::some(association),
            ..MessageContextInfo::default()
        };
        Message { message_context_info: MessageField::some(context), ..message }
    };
    let album = Held { content: media("image", None), album: Some("ALBUM".to_owned()) };
    let inside = part(AssociationType::MEDIA_ALBUM, image(None));
    assert_eq!(read(&inside, Envelope::Plain), album);
    let child = Message { associated_child_message: within(inside), ..Message::default() };
    assert_eq!(read(&child, Envelope::Plain), album, "in its wrapper");
    let copy = part(AssociationType::HD_IMAGE_DUAL_UPLOAD, image(None));
    let copy = Message { associated_child_message: within(copy), ..Message::default() };
    assert_eq!(held(&copy), Content::Protocol("second copy"));
}

#[test]
fn what_is_meant_badly_is_one_thing_like_anything_else() {
    let location = |latitude, longitude| {
        let location = LocationMessage {
            degrees_latitude: Some(latitude),
            degrees_longitude: Some(longitude),
            name: Some("<script>alert(1)</script>".to_owned()),
            ..LocationMessage::default()
        };
        Message { location_message: MessageField::some(location), ..Message::default() }
    };
    for (latitude, longitude) in
        [(912.5, -4000.0), (f64::NAN, f64::INFINITY), (f64::NEG_INFINITY, 0.0), (f64::MIN, f64::MAX)]
    {
        assert_eq!(held(&location(latitude, longitude)), media("location", None));
    }
    let vcard = ContactMessage {
        display_name: Some("\u{202e}<script>".to_owned()),
        vcard: Some("BEGIN:VCARD\nFN:<script>alert(1)</script>\nPHOTO:file:///etc/passwd".to_owned()),
        ..ContactMessage::default()
    };
    let vcard = Message { contact_message: MessageField::some(vcard), ..Message::default() };
    assert_eq!(held(&vcard), media("contact", None));
    let document = DocumentMessage {
        file_name: Some("../../../../etc/cron.d/x".to_owned()),
        caption: Some("risiti".to_owned()),
        ..DocumentMessage::default()
    };
    let document = Message { document_message: MessageField::some(document), ..Message::default() };
    assert_eq!(held(&document), media("document", Some("risiti")));
    let option = |n: usize| poll_creation_message::Option {
        option_name: Some(n.to_string()),
        ..poll_creation_message::Option::default()
    };
    let poll = PollCreationMessage {
        name: Some("?".to_owned()),
        options: (0..1000).map(option).collect(),
        ..PollCreationMessage::default()
    };
    let poll = Message { poll_creation_message: MessageField::some(poll), ..Message::default() };
    assert_eq!(held(&poll), media("poll", None));
    let long = "a".repeat(1024 * 1024);
    assert_eq!(held(&image(Some(&long))), media("image", Some(&long)), "cut where it is kept");
}

#[test]
fn bytes_that_are_wrong_are_refused_and_unknown_fields_are_passed_over() {
    let mut unknown = words("habari").encode_to_vec();
    // Field 4000, length-delimited, three bytes; then field 4001, a varint.
    unknown.extend([0x82, 0xfa, 0x01, 3, 1, 2, 3, 0x88, 0xfa, 0x01, 7]);
    assert_eq!(from_bytes(&unknown, Envelope::Plain).unwrap().content, text("habari"));
    // A text that is no UTF-8.
    assert!(from_bytes(&[0x0a, 2, 0xc3, 0x28], Envelope::Plain).is_err());
    // Cut off in the middle.
    let whole = image(Some("bei gani?")).encode_to_vec();
    for end in 0..whole.len() {
        let _ = from_bytes(&whole[..end], Envelope::Plain);
    }
    assert_eq!(from_bytes(&[], Envelope::Plain).unwrap().content, Content::Protocol("unknown"));
    assert!(from_bytes(&[0xff; 64], Envelope::Plain).is_err());
}

#[test]
fn everything_in_the_corpus_comes_to_something() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/message_content");
    let mut seen = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for envelope in [Envelope::Plain, Envelope::Edit, Envelope::Pin, Envelope::Delete] {
            let _ = from_bytes(&bytes, envelope);
        }
        seen += 1;
    }
    assert!(seen >= 20, "{seen}");
}

/// Writes the seeds of the corpus anew: `cargo test -p content --test kinds -- --ignored seeds`.
#[test]
#[ignore = "writes the corpus"]
fn seeds() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/message_content");
    std::fs::create_dir_all(&corpus).unwrap();
    let mut seeds: Vec<(String, Message)> = vec![
        ("text".to_owned(), words("habari")),
        ("empty".to_owned(), words("")),
        ("image".to_owned(), image(Some("bei gani?"))),
        ("form".to_owned(), form(None, Some(r#"{"id":"slot-9"}"#))),
        ("form-body".to_owned(), form(Some("Kesho"), None)),
    ];
    for levels in 1..=16 {
        seeds.push((format!("deep-{levels}"), deep(levels * 3, image(Some("chini")))));
    }
    for (name, message) in seeds {
        std::fs::write(corpus.join(name), message.encode_to_vec()).unwrap();
    }
}
