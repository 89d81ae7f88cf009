//! Small helpers to read and build stanzas.

use wacore_binary::builder::NodeBuilder;
use wacore_binary::{Jid, Node, NodeContent};

use crate::world::address;
pub(crate) use crate::world::address::server as server_jid;

/// A node that holds bytes only.
pub(crate) fn leaf(tag: &'static str, bytes: impl Into<Vec<u8>>) -> Node {
    NodeBuilder::new(tag).bytes(bytes).build()
}

/// An attribute as text.
pub(crate) fn attr(node: &Node, key: &str) -> Option<String> {
    node.attrs.get(key).map(ToString::to_string)
}

/// An attribute as text, empty where it is absent.
pub(crate) fn attr_or_empty(node: &Node, key: &str) -> String {
    attr(node, key).unwrap_or_default()
}

/// An attribute as an address; `None` too where its user is none that an address can have.
pub(crate) fn jid(node: &Node, key: &str) -> Option<Jid> {
    node.attrs.get(key).and_then(wacore_binary::NodeValue::to_jid).filter(address::is_sound)
}

/// A number attribute.
pub(crate) fn number<T: std::str::FromStr>(node: &Node, key: &str) -> Option<T> {
    attr(node, key)?.parse().ok()
}

/// The node's content as bytes; empty for a node with children or nothing.
pub(crate) fn bytes(node: &Node) -> &[u8] {
    match &node.content {
        Some(NodeContent::Bytes(b)) => b,
        Some(NodeContent::String(s)) => s.as_bytes(),
        _ => &[],
    }
}

/// The bytes of the child `tag`, empty where it is absent.
pub(crate) fn child_bytes<'a>(node: &'a Node, tag: &str) -> &'a [u8] {
    node.get_optional_child(tag).map_or(&[], bytes)
}

/// The children of the child `tag`.
pub(crate) fn grandchildren<'a>(node: &'a Node, tag: &str) -> &'a [Node] {
    node.get_optional_child(tag).and_then(Node::children).unwrap_or_default()
}

/// A big-endian number of up to four bytes.
pub(crate) fn uint(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |n, b| n << 8 | u32::from(*b))
}

/// The three bytes that key ids take on the wire.
pub(crate) fn id3(id: u32) -> Vec<u8> {
    id.to_be_bytes()[1..].to_vec()
}

/// Levels of the stanza: 1 for a node without children.
pub(crate) fn depth(node: &Node) -> usize {
    1 + node.children().unwrap_or_default().iter().map(depth).max().unwrap_or(0)
}

/// A notification-like stanza from the server itself.
pub(crate) fn from_server(tag: &'static str) -> NodeBuilder {
    NodeBuilder::new(tag).attr("from", server_jid())
}
