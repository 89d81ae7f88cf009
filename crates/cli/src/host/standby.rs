//! A control plane that stands by: it answers that it lives and is not ready, until it is its turn.

use axum::{Router, response::IntoResponse, routing::get};
use config::Settings;
use http::{StatusCode, header};
use store::{Store, Turn};
use tokio_util::sync::CancellationToken;
use web::serve::Listener;

use super::site;
use crate::error::CliError;

/// Waits until no other control plane has the database. Its port is free again then.
pub(crate) async fn stand_by(settings: &Settings) -> Result<Turn, CliError> {
    let target = super::target(settings);
    let stop = CancellationToken::new();
    let tcp = Listener::Tcp(super::bind(settings).await?);
    let answers = web::serve::serve(tcp, router(), site::proxies(settings), stop.clone());
    let turn = async {
        let turn = Store::wait_for_turn(&target).await;
        stop.cancel();
        turn
    };
    let (turn, ()) = tokio::join!(turn, answers);
    turn.map_err(|error| CliError::Failed(error.to_string()))
}

fn router() -> Router {
    Router::new().route("/livez", get(lives)).fallback(waits)
}

async fn lives() -> impl IntoResponse {
    axum::Json(serde_json::json!({ "status": "ok" }))
}

/// Whoever was led here comes by another connection the next time, which whatever spreads connections leads to the one that
/// works: over a connection that is kept they would be told the same for ever.
async fn waits() -> impl IntoResponse {
    let words = "this control plane stands by: another one has the database\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CONNECTION, "close")], words)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpStream},
        time::timeout,
    };
    use tokio_util::sync::CancellationToken;
    use web::{Proxies, serve::Listener};

    use super::router;

    /// What comes over one connection until the other side ends it; nothing where it does not.
    async fn until_its_end(path: &str, at: std::net::SocketAddr) -> Option<String> {
        let mut stream = TcpStream::connect(at).await.unwrap();
        let asked = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        stream.write_all(asked.as_bytes()).await.unwrap();
        let mut said = String::new();
        timeout(Duration::from_secs(60), stream.read_to_string(&mut said)).await.ok()?.ok()?;
        Some(said)
    }

    #[tokio::test]
    async fn nobody_is_kept_by_one_that_stands_by() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let served =
            web::serve::serve(Listener::Tcp(listener), router(), Proxies::new(|_| false), stop.clone());
        let asked = async {
            let said = until_its_end("/admin/tenants", at).await.expect("the connection is ended");
            assert!(said.starts_with("HTTP/1.1 503") && said.contains("stands by"), "{said}");
            stop.cancel();
        };
        tokio::join!(served, asked);
    }
}
