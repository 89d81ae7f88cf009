//! People's names: the library's JIDs and our addresses.

use domain::Digits;
use whatsapp_rust::{Client, Jid, Server, anyhow::Result};
use worker::channel::Address;

/// What the given JIDs of one person say, devices left out; the first that names a number or a hidden id counts.
pub(crate) fn from_jids<'a>(jids: impl IntoIterator<Item = &'a Jid>) -> Address {
    let mut address = Address::default();
    for jid in jids {
        if jid.server.is_pn_family() && address.number.is_none() {
            address.number = Digits::new(jid.user_base()).ok();
        } else if jid.server.is_lid_family() && address.lid.is_none() {
            address.lid = lid(jid.user_base());
        }
    }
    address
}

/// The same, and what the session knows of the person besides.
///
/// # Errors
/// Where the session database could not be read: half an address may make two contacts of one person.
pub(crate) async fn resolve(client: &Client, jids: &[&Jid]) -> Result<Address> {
    let mut address = from_jids(jids.iter().copied());
    let known = match (&address.number, &address.lid) {
        (Some(number), None) => client.get_lid_pn_entry(&Jid::pn(number.as_str())).await?,
        (None, Some(lid)) => client.get_lid_pn_entry(&Jid::lid(lid.as_str())).await?,
        _ => None,
    };
    if let Some(entry) = known {
        address.number = address.number.or_else(|| Digits::new(&*entry.phone_number).ok());
        address.lid = address.lid.or_else(|| lid(&entry.lid));
    }
    // Peers that are no person (bots, channels) have neither; their id stands in, so that they are told apart.
    if address.number.is_none() && address.lid.is_none() {
        address.lid = jids.first().map(|jid| jid.user.to_string());
    }
    Ok(address)
}

/// The account's own names.
pub(crate) fn own(client: &Client) -> Address {
    from_jids(client.pn().iter().chain(client.lid().iter()))
}

/// Where to send. The library itself turns a number into a hidden id, or back, as the account's state wants it.
pub(crate) fn to_jid(address: &Address) -> Option<Jid> {
    match address {
        Address { number: Some(number), .. } => Some(Jid::new(number.as_str(), Server::Pn)),
        Address { number: None, lid: Some(lid) } => Some(Jid::new(lid.as_str(), Server::Lid)),
        Address { number: None, lid: None } => None,
    }
}

fn lid(user: &str) -> Option<String> {
    (!user.is_empty() && user.len() <= 20 && user.bytes().all(|b| b.is_ascii_digit()))
        .then(|| user.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jid(text: &str) -> Jid {
        text.parse().expect(text)
    }

    #[test]
    fn number_and_hidden_id_come_from_whichever_names_them() {
        let both = from_jids([&jid("100000000000001:3@lid"), &jid("255712345678@s.whatsapp.net")]);
        assert_eq!(both.number.as_ref().map(Digits::as_str), Some("255712345678"));
        assert_eq!(both.lid.as_deref(), Some("100000000000001"));
        let other_order = from_jids([&jid("255712345678:12@s.whatsapp.net"), &jid("100000000000001@lid")]);
        assert_eq!(both, other_order);
    }

    #[test]
    fn groups_and_bots_are_no_person() {
        assert_eq!(
            from_jids([&jid("120363021033254949@g.us"), &jid("867051314767696@bot")]),
            Address::default()
        );
    }

    #[test]
    fn a_number_is_preferred_for_sending() {
        let address = Address { number: Digits::new("255712345678").ok(), lid: Some("1".to_owned()) };
        assert_eq!(to_jid(&address), Some(jid("255712345678@s.whatsapp.net")));
        let hidden = Address { number: None, lid: Some("100000000000001".to_owned()) };
        assert_eq!(to_jid(&hidden), Some(jid("100000000000001@lid")));
        assert_eq!(to_jid(&Address::default()), None);
    }
}
