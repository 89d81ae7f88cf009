//! Addresses: the only place where one is made from text. A user with `@` or `/` in it would be written as an address
//! within an address, which no client can read; some end their whole process over it.

use std::borrow::Cow;

use wacore_binary::{Jid, Node, NodeContent, NodeValue, Server};

use crate::error::Error;

/// The server's own address: a JID with an empty user. As plain text clients take it for a contact.
pub(crate) fn server() -> Jid {
    Jid::pn("")
}

/// The address of a number: 5 to 15 digits without `+`, E.164's longest and the shortest in use.
pub(crate) fn of_number(number: &str) -> Result<Jid, Error> {
    let good = (5..=15).contains(&number.len()) && all_digits(number);
    if good { Ok(Jid::pn(number)) } else { Err(Error::BadNumber(number.to_owned())) }
}

/// The address of a LID.
pub(crate) fn of_lid(lid: &str) -> Result<Jid, Error> {
    let good = (5..=20).contains(&lid.len()) && all_digits(lid);
    if good { Ok(Jid::lid(lid)) } else { Err(Error::BadLid(lid.to_owned())) }
}

/// The address of a group: digits, in old ones the maker's number, a dash and digits.
pub(crate) fn of_group(id: &str) -> Result<Jid, Error> {
    if is_group_id(id) { Ok(Jid::group(id)) } else { Err(Error::BadGroup(id.to_owned())) }
}

/// The address of a newsletter.
pub(crate) fn of_newsletter(id: &str) -> Result<Jid, Error> {
    if is_group_id(id) { Ok(Jid::newsletter(id)) } else { Err(Error::BadGroup(id.to_owned())) }
}

/// The address of a broadcast list.
pub(crate) fn of_list(id: &str) -> Result<Jid, Error> {
    let server = Server::Broadcast;
    if is_group_id(id) { Ok(Jid::new(id, server)) } else { Err(Error::BadGroup(id.to_owned())) }
}

/// Where everybody's status goes.
pub(crate) fn status() -> Jid {
    Jid::status_broadcast()
}

fn is_group_id(id: &str) -> bool {
    (3..=40).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The number that a client wrote for somebody: without `+` in front and whatever stands behind `@`, since clients write
/// `+255754000222`, `255754000222@c.us` and both at once. `None` where that is no number.
pub(crate) fn dialled(text: &str) -> Option<&str> {
    let text = text.trim();
    let number = text.split_once('@').map_or(text, |(number, _)| number);
    let number = number.strip_prefix('+').unwrap_or(number);
    of_number(number).is_ok().then_some(number)
}

/// An address whose user is one word, as every address of WhatsApp is.
pub(crate) fn is_sound(jid: &Jid) -> bool {
    jid.user.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// A stanza that every client can read: no attribute of it is an address within an address. What a person wrote with an
/// `@` (a name, for instance) keeps its look.
pub(crate) fn readable(node: &Node) -> Cow<'_, Node> {
    if is_readable(node) {
        return Cow::Borrowed(node);
    }
    let mut copy = node.clone();
    mend(&mut copy);
    Cow::Owned(copy)
}

fn is_readable(node: &Node) -> bool {
    let attributes = node.attrs.iter().all(|(_, value)| match value {
        NodeValue::Jid(jid) => is_sound(jid),
        NodeValue::String(text) => !would_be_nested(text),
    });
    let children = match &node.content {
        Some(NodeContent::Nodes(children)) => children.iter().all(is_readable),
        _ => true,
    };
    attributes && children
}

/// The encoder takes every short text with an `@` for an address.
fn would_be_nested(text: &str) -> bool {
    text.contains('@') && !text.parse::<Jid>().is_ok_and(|jid| is_sound(&jid) && !text.contains('/'))
}

fn mend(node: &mut Node) {
    let keys: Vec<String> = node.attrs.iter().map(|(key, _)| key.to_string()).collect();
    for key in keys {
        let bad = match node.attrs.get(key.as_str()) {
            Some(NodeValue::Jid(jid)) if !is_sound(jid) => jid.to_string(),
            Some(NodeValue::String(text)) if would_be_nested(text) => text.to_string(),
            _ => continue,
        };
        tracing::warn!(attribute = key, stanza = %node.tag, "an @ was written as a full-width one");
        node.attrs.insert(key, bad.replace('@', "\u{ff20}"));
    }
    if let Some(NodeContent::Nodes(children)) = &mut node.content {
        children.iter_mut().for_each(mend);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wacore_binary::builder::NodeBuilder;

    #[test]
    fn numbers_are_digits_only() {
        for good in ["25575", "255754000111", "123456789012345"] {
            assert!(of_number(good).is_ok(), "{good}");
        }
        for bad in ["", "1234", "+255754000111", "255 754", "1234567890123456", "25575400011a", "٢٥٥٧٥٤"]
        {
            assert!(of_number(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_clients_write_for_a_number_is_read_and_the_rest_is_refused() {
        for text in ["255754000222", "+255754000222", "255754000222@c.us", " +255754000222@s.whatsapp.net"] {
            assert_eq!(dialled(text), Some("255754000222"), "{text}");
        }
        for text in
            ["", "+", "@c.us", "asha", "255/754", "++255754000222", "255754000222:3", "2557 54000222@c.us"]
        {
            assert_eq!(dialled(text), None, "{text}");
        }
    }

    #[test]
    fn no_text_becomes_an_address_within_an_address() {
        for bad in ["a@b@c", "255@c.us@s.whatsapp.net", "Asha @ home", "a/b@s.whatsapp.net", "@", "x@"] {
            let node =
                NodeBuilder::new("a").children([NodeBuilder::new("b").attr("notify", bad).build()]).build();
            let mended = readable(&node).into_owned();
            let text = mended.children().unwrap()[0].attrs.get("notify").unwrap().to_string();
            assert_eq!(text, bad.replace('@', "\u{ff20}"));
        }
        let nested = NodeBuilder::new("user").attr("jid", Jid::pn("255754000222@c.us")).build();
        let bytes = wacore_binary::marshal::marshal(&readable(&nested)).unwrap();
        assert!(wacore_binary::marshal::unmarshal_ref(&wacore_binary::util::unpack(&bytes).unwrap()).is_ok());
        for good in ["255754000222@s.whatsapp.net", "1:2@lid", "status@broadcast", "plain", "12-34@g.us"] {
            let node = NodeBuilder::new("a").attr("jid", good).build();
            assert!(matches!(readable(&node), Cow::Borrowed(_)), "{good}");
        }
    }
}
