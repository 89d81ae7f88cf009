//! What a setting takes: the check, and the same in words for messages and the README.

use std::{
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
};

use crate::{DatabaseUrl, HostAt, Network};

/// The kind of a setting's value, with its range.
#[derive(Debug)]
pub enum Takes {
    /// A whole number.
    Integer(RangeInclusive<u64>),
    /// An IP address to listen on.
    Address,
    /// IP addresses or networks; in the environment with commas between them, in the file as an array of strings.
    Networks,
    /// Names of hosts or IP addresses, without a port; several in the same way.
    Hosts,
    /// An absolute URL with one of these schemes, without user, password, query or fragment.
    Url(&'static [&'static str]),
    /// An IP address with a port, to listen on.
    AddressAndPort,
    /// Machines that run workers, each a name and where it is; several with commas between them.
    Machines,
    /// Where the database is.
    Database,
    /// A file or directory.
    Path,
    /// Text of at least so many characters.
    Text(usize),
    /// Numbers of users, from the first to the last, or a word for none.
    Users,
    /// One of these words.
    Choice(&'static [&'static str]),
}

impl Takes {
    /// What is taken, in words that follow "takes".
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Integer(range) => format!("a whole number from {} to {}", range.start(), range.end()),
            Self::Address => "an IP address, like 127.0.0.1 or ::".into(),
            Self::Networks => "IP addresses or networks, like 10.0.0.0/8, 192.168.1.7".into(),
            Self::Hosts => "names or IP addresses without a port, like hq.example.com, 192.168.1.7".into(),
            Self::Url(schemes) => {
                let schemes: Vec<_> = schemes.iter().map(|scheme| format!("{scheme}://")).collect();
                format!("a URL that begins with {}, without user, password or query", schemes.join(" or "))
            }
            Self::AddressAndPort => "an IP address and a port, like 127.0.0.1:7443 or [::]:7443".into(),
            Self::Machines => {
                "names with their addresses, like host-0=10.0.0.5:7443, host-1=10.0.0.6:7443".into()
            }
            Self::Database => "sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE".into(),
            Self::Path => "a path".into(),
            Self::Text(least) => format!("text of at least {least} characters"),
            Self::Users => "off, or a range of user ids like 1900000000-1900065535".into(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
        }
    }

    /// Whether `text` is taken.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        match self {
            Self::Integer(range) => digits(text).is_some_and(|number| range.contains(&number)),
            Self::Address => text.parse::<IpAddr>().is_ok(),
            Self::Networks => Network::parse_list(text).is_ok(),
            Self::Hosts => hosts(text).is_some(),
            Self::Url(schemes) => is_plain_url(text, schemes),
            Self::AddressAndPort => text.parse::<SocketAddr>().is_ok(),
            Self::Machines => HostAt::parse_list(text).is_some(),
            Self::Database => DatabaseUrl::parse(text).is_some(),
            Self::Users => users(text).is_some(),
            Self::Path => !text.is_empty() && !text.contains('\0'),
            Self::Text(least) => text.chars().count() >= *least,
            Self::Choice(words) => words.contains(&text),
        }
    }
}

/// Digits only: no sign, no blanks, unlike `u64::from_str`.
/// A range of user ids, or `off`: an empty range.
pub(crate) fn users(text: &str) -> Option<Option<RangeInclusive<u32>>> {
    if text == "off" {
        return Some(None);
    }
    let (first, last) = text.split_once('-')?;
    let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    // Users of the system lie below, and the largest number means nobody.
    (first >= 1_000 && first < last && last < u32::MAX - 1).then_some(Some(first..=last))
}

fn digits(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// Reads names of hosts with commas between them, in lower case; `None` where one of them is none.
pub(crate) fn hosts(text: &str) -> Option<Vec<String>> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(host).collect()
}

fn host(text: &str) -> Option<String> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let named = bare.len() <= 253
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    (named || bare.parse::<IpAddr>().is_ok()).then(|| bare.to_ascii_lowercase())
}

fn is_plain_url(text: &str, schemes: &[&str]) -> bool {
    let Ok(uri) = text.parse::<http::Uri>() else { return false };
    let scheme = uri.scheme_str().is_some_and(|scheme| schemes.contains(&scheme));
    let host = uri.authority().is_some_and(|a| !a.host().is_empty() && !a.as_str().contains('@'));
    scheme && host && uri.query().is_none() && !text.contains('#')
}
