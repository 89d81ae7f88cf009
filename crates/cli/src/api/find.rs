//! A tenant by id or by name.

use ::api::Tenant;
use domain::TenantId;

use super::Client;
use crate::error::CliError;

/// The id of the tenant that a person named.
pub(crate) async fn find(client: &Client, which: &str) -> Result<TenantId, CliError> {
    if let Ok(id) = which.parse() {
        return Ok(id);
    }
    let mut next = Some(format!("/admin/tenants?limit=500&search={}", encode(which)));
    let mut found = Vec::new();
    while let Some(path) = next {
        let (tenants, following) = client.page::<Tenant>(&path).await?;
        found.extend(tenants.into_iter().filter(|tenant| tenant.name == which).map(|tenant| tenant.id));
        next = following;
    }
    match found.as_slice() {
        [] => Err(CliError::NoTenant(which.to_owned())),
        [id] => Ok(*id),
        several => Err(CliError::Ambiguous {
            name: which.to_owned(),
            ids: several.iter().map(ToString::to_string).collect(),
        }),
    }
}

/// Percent-encodes a query value (RFC 3986): all but unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write;

    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_query() {
        assert_eq!(encode("Saluni ya Amina & Co"), "Saluni%20ya%20Amina%20%26%20Co");
        assert_eq!(encode("é~"), "%C3%A9~");
    }
}
