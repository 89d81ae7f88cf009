//! What somebody wants to send, before it is composed. Everything but the kind may be left out: each kind has something
//! sensible to say by itself, so that whoever draws kinds by chance needs no more than the kind.

use super::Kind;
use crate::truth::MessageId;

/// A message to send.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// What it is.
    pub kind: Kind,
    /// Its words: the text, a poll's question, what stands on the button that was pressed, a product's title, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What stands beneath a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The message that it is about (also called `to`). Where none is named: the last one that fits.
    #[serde(alias = "to", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub of: Option<MessageId>,
    /// The emoji of a reaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    /// How long a voice note or film is; after how long messages disappear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// The options of a poll, the buttons, the rows of a list; what was voted for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The id behind a button or row, a product's or an order's; the parameters of a native-flow reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How many pictures an album announces, how many things are ordered, how many cards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Where, in degrees; what the globe does not have is sent as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Where, in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// A name: of a place, a file, a contact, a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The text of a contact's card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vcard: Option<String>,
    /// What kind of file it is, for instance `application/pdf`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// The file itself, in base64. Without one a small file of the kind is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What it is wrapped in, from the outermost in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wrap: Vec<Wrapper>,
}

impl Draft {
    /// A message of a kind that says what such a message says by itself.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self { kind: Kind::Text, text: Some(text.to_owned()), ..Self::default() }
    }

    /// The same, about message `id`.
    #[must_use]
    pub fn about(mut self, id: &str) -> Self {
        self.of = Some(id.to_owned());
        self
    }

    /// The same, saying `text`.
    #[must_use]
    pub fn saying(mut self, text: &str) -> Self {
        self.text = Some(text.to_owned());
        self
    }

    /// The same, in one more wrapper, which is the innermost.
    #[must_use]
    pub fn wrapped(mut self, wrapper: Wrapper) -> Self {
        self.wrap.push(wrapper);
        self
    }
}

macro_rules! wrappers {
    ($($(#[doc = $doc:literal])+ $wrapper:ident $name:literal $field:ident;)+) => {
        /// What messages are wrapped in.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Wrapper {
            $($(#[doc = $doc])+ $wrapper,)+
        }

        impl Wrapper {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$wrapper),+];

            /// Its name, as the control API has it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$wrapper => $name,)+ }
            }

            /// The message in this wrapper.
            pub(super) fn around(self, message: wa::Message) -> wa::Message {
                let inner = wa::message::FutureProofMessage { message: one(message) };
                let mut outer = wa::Message::default();
                match self { $(Self::$wrapper => outer.$field = one(inner),)+ }
                outer
            }

            /// What is in a wrapper, whichever it is.
            pub(super) fn inside(message: &wa::Message) -> Option<&wa::Message> {
                $(if let Some(inner) = message.$field.as_option() { return inner.message.as_option(); })+
                None
            }
        }
    };
}

use super::one;
use waproto::whatsapp as wa;

wrappers! {
    /// It disappears after a while.
    Ephemeral "ephemeral" ephemeral_message;
    /// It may be seen once, as old apps say it.
    ViewOnce "view_once" view_once_message;
    /// It may be seen once.
    ViewOnceV2 "view_once_v2" view_once_message_v2;
    /// It may be heard once.
    ViewOnceV2Extension "view_once_v2_extension" view_once_message_v2_extension;
    /// A document with a caption.
    DocumentWithCaption "document_with_caption" document_with_caption_message;
    /// An edit, as the official apps send it.
    Edited "edited" edited_message;
    /// It mentions a group.
    GroupMentioned "group_mentioned" group_mentioned_message;
    /// A part of something larger.
    AssociatedChild "associated_child" associated_child_message;
    /// It is said to an assistant.
    BotInvoke "bot_invoke" bot_invoke_message;
    /// It comes from an assistant.
    BotForwarded "bot_forwarded" bot_forwarded_message;
    /// It is hidden until it is touched.
    Spoiler "spoiler" spoiler_message;
    /// A question to a channel.
    Question "question" question_message;
    /// The answer to a question.
    QuestionReply "question_reply" question_reply_message;
    /// A sticker that moves.
    LottieSticker "lottie_sticker" lottie_sticker_message;
    /// It mentions a status.
    StatusMention "status_mention" status_mention_message;
    /// A picture that is an option of a poll.
    PollOptionImage "poll_option_image" poll_creation_option_image_message;
}
