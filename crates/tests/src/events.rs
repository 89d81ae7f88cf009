//! Server-sent events of the admin API.

use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::Value;

/// An open stream of events.
#[derive(Debug)]
pub struct Events {
    body: Incoming,
    text: String,
}

impl Events {
    pub(crate) fn new(body: Incoming) -> Self {
        Self { body, text: String::new() }
    }

    /// The next event's name and data, or `None` where the server has ended the stream.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let event = parse(event);
                self.text = rest.to_owned();
                if event.is_some() {
                    return event;
                }
                continue;
            }
            let frame = self.body.frame().await?.ok()?;
            if let Some(data) = frame.data_ref() {
                self.text.push_str(std::str::from_utf8(data).expect("events are cut between characters"));
            }
        }
    }
}

fn parse(event: &str) -> Option<(String, Value)> {
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim_start);
    let data = serde_json::from_str(field("data:")?).expect("events carry JSON");
    Some((field("event:").unwrap_or_default().to_owned(), data))
}
