//! The names under which a site may be asked for. A page elsewhere can point a name of its own at our address (DNS
//! rebinding) and would then be "the same site" to its visitor's browser; the name that the browser sends gives it away.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{Uri, header, uri::Authority};

use crate::{
    Kind, Problem,
    serve::{LocalAddress, Peer},
};

/// Asked for by whoever watches over the process, under any name; they tell no more than that it lives.
const PROBES: [&str; 2] = ["/livez", "/readyz"];
/// Of a foreign name, as much stands in the answer.
const SHOWN_CHARS: usize = 80;

/// The names of a site, beside loopback and the address that a connection came in at.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Arc<[String]>);

impl Hosts {
    /// Takes the hosts of full URLs, like `https://admin.example.org`, and further bare names and addresses.
    pub fn new<'a>(
        urls: impl IntoIterator<Item = &'a str>,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let of_urls = urls.into_iter().filter_map(|url| {
            let uri: Uri = url.parse().ok()?;
            uri.host().map(bare)
        });
        Self(of_urls.chain(names.into_iter().map(bare)).collect())
    }

    /// `local` is where the connection came in: whoever names an address as a number cannot have been led there by a name.
    fn knows(&self, host: &str, local: Option<IpAddr>) -> bool {
        let host = bare(host);
        let by_number = match host.parse::<IpAddr>() {
            Ok(address) => {
                let address = address.to_canonical();
                address.is_loopback() || local.is_some_and(|local| local.to_canonical() == address)
            }
            Err(_) => host == "localhost",
        };
        by_number || self.0.contains(&host)
    }
}

/// Without the brackets of IPv6 and the dot of a full name, in lower case.
fn bare(host: &str) -> String {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Refuses what was sent to another name. Whoever came by the Unix socket was not led there by any.
pub(crate) async fn refuse_foreign_names(
    State(hosts): State<Hosts>,
    request: Request,
    next: Next,
) -> Response {
    let by_socket = matches!(request.extensions().get::<Peer>(), Some(Peer::Local { .. }));
    let verdict = if by_socket || PROBES.contains(&request.uri().path()) {
        Ok(())
    } else {
        let local = request.extensions().get::<LocalAddress>().map(|LocalAddress(local)| local);
        check(&hosts, &request, local.map(SocketAddr::ip))
    };
    match verdict {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn check(hosts: &Hosts, request: &Request, local: Option<IpAddr>) -> Result<(), Problem> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let (first, second) = (named.next(), named.next());
    let read = |text: &str| text.parse::<Authority>().ok().filter(|name| !name.host().is_empty());
    let host = first.filter(|_| second.is_none()).and_then(|host| host.to_str().ok()).and_then(read);
    let Some(host) = host else {
        return Err(Problem::new(Kind::MissingHost, words::problem::no_host()));
    };
    // A request to a proxy names the server in its first line too, and that is what counts (RFC 9112, 3.2.2).
    for name in [Some(&host), request.uri().authority()].into_iter().flatten() {
        if !hosts.knows(name.host(), local) {
            let shown: String = name.host().chars().take(SHOWN_CHARS).collect();
            return Err(Problem::new(
                Kind::UnknownHost,
                format!(
                    "{shown} is no name of this server that it knows. Use the address in ADMIN_URL; whoever runs \
                     the server can set that, or add the name to ALLOWED_HOSTS."
                ),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn verdict(uri: &str, host: &[&str]) -> Option<Kind> {
        let hosts =
            Hosts::new(["https://HQ.example.org:8443", "http://[fd00::7]:3001"], ["lab", "192.0.2.7"]);
        let mut request = Request::builder().uri(uri);
        for host in host {
            request = request.header(header::HOST, *host);
        }
        let request = request.body(Body::empty()).unwrap();
        check(&hosts, &request, Some("10.1.2.3".parse().unwrap())).err().map(|problem| problem.kind())
    }

    #[test]
    fn loopback_what_was_named_and_where_it_came_in_pass() {
        for host in [
            "127.0.0.1:3000",
            "127.8.8.8",
            "localhost:3000",
            "LOCALHOST.",
            "[::1]:3000",
            "[::ffff:127.0.0.1]",
            "hq.example.org",
            "HQ.Example.Org.:443",
            "[fd00::7]",
            "lab:3000",
            "192.0.2.7",
            "10.1.2.3:3000",
        ] {
            assert_eq!(verdict("/", &[host]), None, "{host}");
        }
        assert_eq!(verdict("http://hq.example.org/", &["hq.example.org"]), None);
    }

    #[test]
    fn any_other_name_does_not() {
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "hq.example.org.evil.example",
            "10.1.2.4",
            "evil.example@127.0.0.1.evil",
        ] {
            assert_eq!(verdict("/", &[host]), Some(Kind::UnknownHost), "{host}");
        }
        assert_eq!(verdict("http://evil.example/", &["127.0.0.1"]), Some(Kind::UnknownHost));
        for hosts in [&[][..], &[""], &["127.0.0.1", "127.0.0.1"], &["a b"], &[":80"]] {
            assert_eq!(verdict("/", hosts), Some(Kind::MissingHost), "{hosts:?}");
        }
    }

    #[test]
    fn a_long_name_is_not_repeated_whole() {
        let request =
            Request::builder().header(header::HOST, "a".repeat(20_000)).body(Body::empty()).unwrap();
        let problem = check(&Hosts::default(), &request, None).unwrap_err();
        assert!(problem.detail().len() < 400, "{}", problem.detail());
    }
}
