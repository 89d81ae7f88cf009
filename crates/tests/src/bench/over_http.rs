//! Replies as a program of any language sees them: the customer's message goes in over the HTTP API of the virtual WhatsApp,
//! the reply is awaited on its event stream. What HTTP takes itself is in these figures.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::{net::TcpStream, task::JoinSet};
use virtual_whatsapp::{Control, ControlOptions, Server};

use super::talk::TEXT;
use crate::events::Events;

/// How long a reply may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The API of a server, with two connections that stay: one for messages, one for events.
pub struct OverHttp {
    control: Control,
    messages: http1::SendRequest<Full<Bytes>>,
    events: Events,
    // The sender of the connection on which events come: without it the connection would end.
    _listens: http1::SendRequest<Full<Bytes>>,
    _connections: JoinSet<()>,
}

impl OverHttp {
    /// Begins to listen.
    ///
    /// # Errors
    /// Where the API cannot be reached.
    pub async fn on(whatsapp: &Server) -> Result<Self, String> {
        let control = Control::start(whatsapp.clone(), ControlOptions::default()).await;
        let control = control.map_err(|error| error.to_string())?;
        let mut connections = JoinSet::new();
        let messages = connect(&control, &mut connections).await?;
        let mut listens = connect(&control, &mut connections).await?;
        let request = Request::get("/v1/events/stream").header(header::HOST, "localhost");
        let request = request.body(Full::default()).map_err(|error| error.to_string())?;
        let answer = asked(&mut listens, request).await?;
        let events = Events::new(answer.into_body());
        Ok(Self { control, messages, events, _listens: listens, _connections: connections })
    }

    /// One message, and how long its reply took, in milliseconds.
    ///
    /// # Errors
    /// Where the message is not taken or the reply does not come.
    pub async fn ask(&mut self, customer: &str, number: &str) -> Result<f64, String> {
        let message = json!({ "chat": number, "body": { "kind": "text", "text": TEXT } }).to_string();
        let request = Request::post(format!("/v1/accounts/{customer}/messages"));
        let request =
            request.header(header::HOST, "localhost").header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Full::new(Bytes::from(message))).map_err(|error| error.to_string())?;
        let began = Instant::now();
        let (sent, heard) = tokio::join!(
            async {
                let answer = asked(&mut self.messages, request).await?;
                // Read to its end, so that the connection can be used again.
                answer.into_body().collect().await.map(drop).map_err(|error| error.to_string())
            },
            tokio::time::timeout(PATIENCE, received(&mut self.events, customer, number))
        );
        sent?;
        let heard = heard.map_err(|_| format!("{number} was not answered within {PATIENCE:?}"))??;
        Ok(heard.saturating_duration_since(began).as_secs_f64() * 1e3)
    }

    /// Ends the API.
    pub async fn end(self) {
        let Self { control, messages, events, _listens: listens, _connections: connections } = self;
        drop((messages, events, listens, connections));
        control.shutdown().await;
    }
}

/// When the customer has got a message from this number.
async fn received(events: &mut Events, customer: &str, number: &str) -> Result<Instant, String> {
    loop {
        let (_, event) = events.next().await.ok_or("the stream of events has ended")?;
        if event["event"] == "received" && event["by"] == customer && event["from"] == number {
            return Ok(Instant::now());
        }
    }
}

async fn connect(
    control: &Control,
    connections: &mut JoinSet<()>,
) -> Result<http1::SendRequest<Full<Bytes>>, String> {
    let stream = TcpStream::connect(control.address()).await.map_err(|error| error.to_string())?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let (sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    connections.spawn(async move {
        // How it ends is told to whoever waits for an answer on it.
        let _ended = connection.await;
    });
    Ok(sender)
}

async fn asked(
    sender: &mut http1::SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
) -> Result<http::Response<Incoming>, String> {
    sender.ready().await.map_err(|error| error.to_string())?;
    let answer = sender.send_request(request).await.map_err(|error| error.to_string())?;
    if answer.status().is_success() {
        Ok(answer)
    } else {
        Err(format!("the API answers {}", answer.status()))
    }
}
