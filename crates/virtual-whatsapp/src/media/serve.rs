//! The store over HTTP, as clients speak to WhatsApp's: `POST …/TOKEN?auth=…` puts a file there, `GET` of its direct
//! path fetches it.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::{StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Found, Refused};
use crate::truth::EventKind;
use crate::world::World;

/// What an upload brings along.
#[derive(serde::Deserialize)]
struct Upload {
    #[serde(default)]
    auth: String,
}

fn router(world: Arc<World>) -> Router {
    let most = world.options.limits.media_file;
    Router::new()
        .route("/mms/{kind}/{token}", post(upload))
        .route("/product/{kind}/{token}", post(upload))
        .route("/newsletter/{kind}/{token}", post(upload))
        .route("/v/{folder}/{name}", get(download))
        // A little more, so that the store itself says what is too large.
        .layer(DefaultBodyLimit::max(most.saturating_add(1)))
        .with_state(world)
}

/// Serves one connection to its end.
pub(crate) async fn serve<S>(world: Arc<World>, stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let limits = world.options.limits;
    let service = TowerToHyperService::new(router(world));
    let ended = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.handshake)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection to the media store ended early");
    }
}

async fn upload(
    State(world): State<Arc<World>>,
    Path((kind, token)): Path<(String, String)>,
    Query(Upload { auth }): Query<Upload>,
    body: Bytes,
) -> Response {
    if auth != world.media.auth {
        return (StatusCode::UNAUTHORIZED, "auth: take it from media_conn").into_response();
    }
    let bytes = body.len();
    match world.media.upload(&token, body, world.clock.now_ms(), &world.options.limits) {
        Ok(path) => {
            world.event(EventKind::MediaUploaded { kind, bytes });
            let url = format!("https://{}{path}", world.media.host().unwrap_or_default());
            axum::Json(serde_json::json!({ "url": url, "direct_path": path })).into_response()
        }
        Err(refused) => {
            let status = match refused {
                Refused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                Refused::OtherToken => StatusCode::BAD_REQUEST,
            };
            (status, refused.to_string()).into_response()
        }
    }
}

async fn download(State(world): State<Arc<World>>, Path((_, name)): Path<(String, String)>) -> Response {
    match world.media.get(&name, world.clock.now_ms()) {
        Found::File(bytes) => {
            world.event(EventKind::MediaDownloaded { bytes: bytes.len() });
            ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
        }
        Found::Expired => (StatusCode::GONE, "the file was kept for its time and is gone").into_response(),
        Found::Nothing => (StatusCode::NOT_FOUND, "there is no such file").into_response(),
    }
}
