//! A phone scans a code: `ref,noise key,identity key,secret[,client type]`, perhaps as the part of a URL after `#`.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::LinkError;
use crate::world::{Account, Device, World};

struct Code<'a> {
    reference: &'a str,
    noise_key: [u8; 32],
    identity: [u8; 32],
    secret: [u8; 32],
}

fn parse(text: &str) -> Result<Code<'_>, LinkError> {
    let text = text.trim();
    let fields: Vec<&str> = text.rsplit_once('#').map_or(text, |(_, code)| code).split(',').collect();
    let [reference, noise, identity, secret, ..] = fields[..] else {
        return Err(LinkError::NotACode(fields.len()));
    };
    Ok(Code {
        reference,
        noise_key: key(noise, "Noise")?,
        identity: key(identity, "identity")?,
        secret: key(secret, "secret")?,
    })
}

fn key(field: &str, what: &'static str) -> Result<[u8; 32], LinkError> {
    let bytes = BASE64_STANDARD.decode(field).map_err(|_| LinkError::BadKey(what))?;
    bytes.try_into().map_err(|_| LinkError::BadKey(what))
}

/// Links the device that shows `text` to the account, and returns once the device has signed.
pub(crate) async fn scan(
    world: &World,
    account: &Arc<Account>,
    text: &str,
) -> Result<Arc<Device>, LinkError> {
    let code = parse(text)?;
    let candidate = world.linking.by_ref(code.reference).ok_or(LinkError::Expired)?;
    if !candidate.is_fresh(code.reference, world.clock.now_ms()) {
        return Err(LinkError::Expired);
    }
    if candidate.noise_key != code.noise_key {
        return Err(LinkError::OtherKey("Noise"));
    }
    if candidate.identity != code.identity {
        return Err(LinkError::OtherKey("identity"));
    }
    let heard = candidate.offer(world, account, &code.secret)?;
    drop(candidate);
    let answer = tokio::time::timeout(world.options.limits.link, heard).await;
    answer.map_err(|_| LinkError::NotConfirmed)?.map_err(|_| LinkError::NotConfirmed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_bare_and_as_a_url() {
        let keys = [1u8, 2, 3].map(|b| BASE64_STANDARD.encode([b; 32])).join(",");
        for text in [
            format!("2@AB,{keys}"),
            format!("https://wa.me/settings/linked_devices#2@AB,{keys},1"),
            format!(" 2@AB,{keys},1\n"),
        ] {
            let code = parse(&text).unwrap();
            assert_eq!(
                (code.reference, code.noise_key[0], code.identity[0], code.secret[0]),
                ("2@AB", 1, 2, 3)
            );
        }
    }

    #[test]
    fn what_is_no_code_is_refused_by_name() {
        assert!(matches!(parse("hello"), Err(LinkError::NotACode(1))));
        assert!(matches!(parse("2@AB,!,AA==,AA=="), Err(LinkError::BadKey("Noise"))));
        let key = BASE64_STANDARD.encode([1; 32]);
        assert!(matches!(parse(&format!("2@AB,{key},AA==,{key}")), Err(LinkError::BadKey("identity"))));
    }
}
