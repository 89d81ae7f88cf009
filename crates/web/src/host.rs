//! The names under which a site may be asked for.

use std::net::SocketAddr;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_kit::{HostFault, Hosts};

use crate::{
    Kind, Problem,
    serve::{LocalAddress, Peer},
};

/// Asked for by whoever watches over the process, under any name; they tell no more than that it lives.
const PROBES: [&str; 2] = ["/livez", "/readyz"];

/// Refuses what was sent to another name. Whoever came by the Unix socket, or is in this process, was not led there by any.
pub(crate) async fn refuse_foreign_names(
    State(hosts): State<Hosts>,
    request: Request,
    next: Next,
) -> Response {
    let by_socket = matches!(request.extensions().get::<Peer>(), Some(Peer::Local { .. } | Peer::Portal));
    if by_socket || PROBES.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let local = request.extensions().get::<LocalAddress>().map(|LocalAddress(local)| local);
    match hosts.check(request.uri(), request.headers(), local.map(SocketAddr::ip)) {
        Ok(()) => next.run(request).await,
        Err(fault) => problem(&fault).into_response(),
    }
}

fn problem(fault: &HostFault) -> Problem {
    match fault {
        HostFault::Missing => Problem::new(Kind::MissingHost, words::problem::no_host()),
        HostFault::Foreign(name) => Problem::new(
            Kind::UnknownHost,
            format!(
                "{name} is no name of this server that it knows. Use the address in ADMIN_URL; whoever runs the server \
                 can set that, or add the name to ALLOWED_HOSTS."
            ),
        ),
    }
}
