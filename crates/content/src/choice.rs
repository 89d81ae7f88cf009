//! Text that a person wrote, or chose by a button, from a list or in a form.

use waproto::whatsapp::{
    Message,
    message::{
        ButtonsResponseMessage, InteractiveResponseMessage, ListResponseMessage, TemplateButtonReplyMessage,
        buttons_response_message::Response, interactive_response_message,
    },
};

/// The first of several texts that shows anything at all: a field that is there and empty says nothing.
pub fn first_that_shows<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> Option<&'a str> {
    texts.into_iter().flatten().find(|text| text.chars().any(|c| !c.is_whitespace() && !c.is_control()))
}

/// The text of a message, where it holds any.
pub(crate) fn text(message: &Message) -> Option<String> {
    let extended = message.extended_text_message.as_option().and_then(|extended| extended.text.as_deref());
    if let Some(written) = first_that_shows([message.conversation.as_deref(), extended]) {
        return Some(written.to_owned());
    }
    let chosen = message.buttons_response_message.as_option().and_then(button);
    let chosen = chosen.or_else(|| message.template_button_reply_message.as_option().and_then(template));
    let chosen = chosen.or_else(|| message.list_response_message.as_option().and_then(list));
    if let Some(chosen) = chosen {
        return Some(chosen.to_owned());
    }
    if let Some(filled_in) = message.interactive_response_message.as_option().and_then(form) {
        return Some(filled_in);
    }
    let answered = message.question_response_message.as_option().and_then(|answer| answer.text.as_deref());
    first_that_shows([answered]).map(str::to_owned)
}

/// Whether a message has a field for text, whatever it holds.
pub(crate) fn has_text_field(message: &Message) -> bool {
    message.conversation.is_some()
        || message.extended_text_message.is_set()
        || message.buttons_response_message.is_set()
        || message.template_button_reply_message.is_set()
        || message.list_response_message.is_set()
        || message.interactive_response_message.is_set()
        || message.question_response_message.is_set()
}

fn button(response: &ButtonsResponseMessage) -> Option<&str> {
    let shown = response.response.as_ref().map(|Response::SelectedDisplayText(text)| text.as_str());
    first_that_shows([shown, response.selected_button_id.as_deref()])
}

fn template(response: &TemplateButtonReplyMessage) -> Option<&str> {
    first_that_shows([response.selected_display_text.as_deref(), response.selected_id.as_deref()])
}

fn list(response: &ListResponseMessage) -> Option<&str> {
    let row = response.single_select_reply.as_option().and_then(|reply| reply.selected_row_id.as_deref());
    first_that_shows([response.title.as_deref(), response.description.as_deref(), row])
}

/// What was filled in: its own words, else the id among its parameters, else the parameters as they are.
fn form(response: &InteractiveResponseMessage) -> Option<String> {
    let body = response.body.as_option().and_then(|body| body.text.as_deref());
    if let Some(body) = first_that_shows([body]) {
        return Some(body.to_owned());
    }
    let Some(interactive_response_message::InteractiveResponseMessage::NativeFlowResponseMessage(flow)) =
        &response.interactive_response_message
    else {
        return None;
    };
    let parameters = first_that_shows([flow.params_json.as_deref()]);
    let id = parameters
        .and_then(|parameters| serde_json::from_str::<serde_json::Value>(parameters).ok())
        .and_then(|parameters| parameters.get("id").and_then(|id| id.as_str()).map(str::to_owned));
    id.filter(|id| first_that_shows([Some(id.as_str())]).is_some())
        .or_else(|| parameters.map(str::to_owned))
        .or_else(|| first_that_shows([flow.name.as_deref()]).map(str::to_owned))
}
