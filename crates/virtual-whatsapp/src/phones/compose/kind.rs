//! The kinds of messages: one enum and one table of what each is called and which marks its stanza carries.

use super::Composer;
use super::{cards, choices, media, notes, offers, text};
use waproto::whatsapp as wa;

/// How a message of a kind is made.
pub(super) type Make = fn(&mut Composer<'_>) -> wa::Message;

/// What is known of a kind.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    /// `message{type}`.
    pub(crate) stanza_type: &'static str,
    /// `enc{mediatype}`.
    pub(crate) media_type: Option<&'static str>,
    /// `message{edit}`: 1 for an edit, 2 for a pin, 7 for a deletion by its sender.
    pub(crate) edit: Option<&'static str>,
    /// A failure to decrypt is not to be shown to the reader.
    pub(crate) hidden_failure: bool,
    /// `meta{polltype}` or `meta{event_type}`.
    pub(crate) meta: Option<(&'static str, &'static str)>,
    pub(super) make: Make,
}

const fn row(stanza_type: &'static str, make: Make) -> Row {
    Row { stanza_type, media_type: None, edit: None, hidden_failure: false, meta: None, make }
}

const fn media(media_type: &'static str, make: Make) -> Row {
    Row { media_type: Some(media_type), ..row("media", make) }
}

const fn note(stanza_type: &'static str, edit: Option<&'static str>, make: Make) -> Row {
    Row { edit, hidden_failure: true, ..row(stanza_type, make) }
}

const fn meta(stanza_type: &'static str, key: &'static str, value: &'static str, make: Make) -> Row {
    Row { meta: Some((key, value)), ..row(stanza_type, make) }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident $name:literal $row:expr;)+) => {
        /// What people, and the clients of people, send. The names are those of the control API.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Kind {
            #[default]
            $($(#[doc = $doc])+ $kind,)+
        }

        impl Kind {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Its name, as the control API has it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)+ }
            }

            pub(crate) const fn row(self) -> Row {
                match self { $(Self::$kind => $row,)+ }
            }
        }
    };
}

// `#[default]` above falls on the first.
kinds! {
    /// Text.
    Text "text" row("text", text::plain);
    /// Text with a link and what stands behind it.
    LinkPreview "link_preview" Row { media_type: Some("url"), ..row("text", text::link_preview) };
    /// Text as an answer to message `of`, which it quotes.
    QuotedReply "quoted_reply" row("text", text::quoted_reply);
    /// Text that somebody else wrote.
    Forwarded "forwarded" row("text", text::forwarded);
    /// A picture with a caption.
    Image "image" media("image", media::image);
    /// A film with a caption.
    Video "video" media("video", media::video);
    /// A round film, taken while speaking.
    VideoNote "video_note" media("ptv", media::video_note);
    /// A film that plays by itself, over and over.
    Gif "gif" media("gif", media::gif);
    /// A sound file.
    Audio "audio" media("audio", media::audio);
    /// A voice note.
    Voice "voice" media("ptt", media::voice);
    /// A document.
    Document "document" media("document", media::document);
    /// A document with a caption, in its wrapper.
    DocumentWithCaption "document_with_caption" media("document", media::document_with_caption);
    /// A sticker.
    Sticker "sticker" media("sticker", media::sticker);
    /// A sticker that moves, in its wrapper.
    LottieSticker "lottie_sticker" media("sticker", media::lottie_sticker);
    /// A whole pack of stickers.
    StickerPack "sticker_pack" media("sticker_pack", media::sticker_pack);
    /// An announcement of so many pictures that follow.
    Album "album" row("text", media::album);
    /// A picture of the album `of`.
    AlbumImage "album_image" media("image", media::album_image);
    /// A place.
    Location "location" media("location", cards::location);
    /// A place that moves.
    LiveLocation "live_location" media("livelocation", cards::live_location);
    /// A contact's card.
    Contact "contact" media("vcard", cards::contact);
    /// Several contacts' cards.
    Contacts "contacts" media("contact_array", cards::contacts);
    /// A question with options.
    Poll "poll" meta("poll", "polltype", "creation", choices::poll);
    /// A choice in poll `of`.
    PollVote "poll_vote" meta("poll", "polltype", "vote", choices::poll_vote);
    /// An appointment that others may join.
    Event "event" meta("event", "event_type", "creation", choices::event);
    /// An answer to event `of`.
    EventAnswer "event_answer" meta("event", "event_type", "response", choices::event_answer);
    /// A button that was pressed, of message `of`.
    ButtonsReply "buttons_reply" media("buttons_response", choices::buttons_reply);
    /// A row that was chosen from the list `of`.
    ListReply "list_reply" media("list_response", choices::list_reply);
    /// A button that was pressed, of the template `of`.
    TemplateReply "template_reply" row("text", choices::template_reply);
    /// A form that was filled in, or a quick reply, of the interactive message `of`.
    NativeFlowReply "native_flow_reply" media("native_flow_response", choices::native_flow_reply);
    /// Buttons, which businesses send.
    Buttons "buttons" row("text", choices::buttons);
    /// A list, which businesses send.
    List "list" media("list", choices::list);
    /// A template, which businesses send.
    Template "template" row("text", choices::template);
    /// An order from a catalogue.
    Order "order" media("order", offers::order);
    /// A product of a catalogue.
    Product "product" media("product", offers::product);
    /// A request for money.
    PaymentRequest "payment_request" row("text", offers::payment_request);
    /// Money that was sent.
    Payment "payment" row("text", offers::payment);
    /// An invitation to take payments.
    PaymentInvitation "payment_invitation" row("text", offers::payment_invitation);
    /// A bill.
    Invoice "invoice" row("text", offers::invoice);
    /// An invitation to a group.
    GroupInvitation "group_invitation" media("url", offers::group_invitation);
    /// An emoji on message `of`; without one the reaction is taken back.
    Reaction "reaction" note("reaction", None, notes::reaction);
    /// Message `of` reads otherwise now.
    Edit "edit" note("text", Some("1"), notes::edit);
    /// Message `of` was deleted for everyone.
    Delete "delete" note("text", Some("7"), notes::delete);
    /// Message `of` stands at the top of the chat.
    Pin "pin" note("text", Some("2"), notes::pin);
    /// Message `of` is kept though messages disappear.
    Keep "keep" note("text", None, notes::keep);
    /// From now on messages disappear after `seconds`.
    Disappearing "disappearing" row("text", notes::disappearing);
    /// A comment on message `of`.
    Comment "comment" row("text", notes::comment);
    /// A call that is over.
    CallLog "call_log" row("text", notes::call_log);
    /// A request for the number of somebody who is known by LID alone.
    RequestNumber "request_number" row("text", notes::request_number);
    /// Nothing but a notice that the phone has something which linked devices do not get; `text` is `view_once`,
    /// `hosted` or empty.
    Unavailable "unavailable" row("text", text::plain);
    /// The bytes of `file`, whatever they are, as a message.
    Raw "raw" row("text", text::plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_called_the_same_in_json_and_in_the_table() {
        assert_eq!(Kind::ALL.len(), Kind::ALL.iter().collect::<std::collections::BTreeSet<_>>().len());
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
