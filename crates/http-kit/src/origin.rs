//! No page of another site may make a browser change anything here (OWASP: Fetch Metadata, Origin).
//!
//! HTTP Basic is no excuse: browsers send it again by themselves. Cookies are none either: a page on another
//! port of this machine is "same site" to them.

use std::sync::Arc;

use http::{HeaderMap, header};

/// Origins by which browsers know a server where it stands behind a proxy, like `https://admin.example.org`.
#[derive(Debug, Clone, Default)]
pub struct OwnOrigins(Arc<[String]>);

impl OwnOrigins {
    /// Takes full URLs; only scheme, host and port count.
    pub fn new<'a>(urls: impl IntoIterator<Item = &'a str>) -> Self {
        let origin = |url: &str| {
            let end = url.find("://").map_or(0, |at| at + 3);
            let path = url[end..].find('/').map_or(url.len(), |at| end + at);
            url[..path].to_ascii_lowercase()
        };
        Self(urls.into_iter().map(origin).collect())
    }

    /// Whether a page of ours has sent a request with these headers, or a client that is no browser, which sends neither
    /// of them. Asked of what changes something: following a link to a page of ours is fine.
    #[must_use]
    pub fn sent(&self, headers: &HeaderMap) -> bool {
        if let Some(site) = headers.get("sec-fetch-site")
            && site != "same-origin"
            && site != "none"
        {
            return false;
        }
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        let origin = origin.to_ascii_lowercase();
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        authority.is_some_and(|authority| !authority.is_empty() && authority.eq_ignore_ascii_case(host))
            || self.0.contains(&origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(pairs: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "127.0.0.1:3000".parse().unwrap());
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        OwnOrigins::new(["https://admin.example.org/some/page"]).sent(&headers)
    }

    #[test]
    fn scripts_and_our_own_pages_pass() {
        assert!(verdict(&[]));
        assert!(verdict(&[("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:3000")]));
        assert!(verdict(&[("sec-fetch-site", "none")]));
        assert!(verdict(&[("origin", "https://Admin.example.org")]));
    }

    #[test]
    fn pages_of_other_sites_and_ports_do_not() {
        assert!(!verdict(&[("sec-fetch-site", "cross-site")]));
        assert!(!verdict(&[("sec-fetch-site", "same-site")]), "the portal on another port is the same site");
        assert!(!verdict(&[("sec-fetch-site", "nonsense")]));
        assert!(!verdict(&[("origin", "http://127.0.0.1:3001")]));
        assert!(!verdict(&[("origin", "https://evil.example")]));
        assert!(!verdict(&[("origin", "null")]));
        assert!(!verdict(&[("origin", "http://")]));
        assert!(!verdict(&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")]));
    }
}
