//! What a business shows of itself: the name that WhatsApp has verified, as a certificate.

use buffa::Message as _;
use wacore_binary::Node;
use waproto::whatsapp as wa;

use crate::stanza::node::leaf;
use crate::world::AccountState;

/// The certificate of a verified name; its signature is nobody's, and no client checks it.
pub(crate) fn verified_name(state: &AccountState) -> Option<Node> {
    let details = wa::verified_name_certificate::Details {
        serial: Some(u64::from(state.raw_id)),
        issuer: Some("smb:wa".to_owned()),
        verified_name: Some(state.verified_name.clone()?),
        ..Default::default()
    };
    let certificate = wa::VerifiedNameCertificate {
        details: Some(details.encode_to_vec()),
        signature: Some(vec![0; 64]),
        ..Default::default()
    };
    let mut node = leaf("verified_name", certificate.encode_to_vec());
    node.attrs.insert("v", "1");
    Some(node)
}
