//! Server-sent events, read line by line (WHATWG HTML, section 9.2).

use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::{ClientError, Driver};

/// A line or event longer than this is none of ours.
const LONGEST: usize = 4 * 1024 * 1024;

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its data.
    pub data: String,
}

/// A stream of events.
#[derive(Debug)]
pub struct Events {
    body: Incoming,
    _connection: Driver,
    at: String,
    parser: Parser,
}

#[derive(Debug, Default)]
struct Parser {
    bytes: Vec<u8>,
    event: Event,
}

impl Events {
    pub(super) fn new(body: Incoming, connection: Driver, at: String) -> Self {
        Self { body, _connection: connection, at, parser: Parser::default() }
    }

    /// The next event, or `None` where the server has ended the stream.
    ///
    /// # Errors
    /// Where the connection breaks, or an event is too long.
    pub async fn next(&mut self) -> Result<Option<Event>, ClientError> {
        let broken = |cause: String| ClientError::Answer { at: self.at.clone(), cause };
        loop {
            if let Some(event) = self.parser.event() {
                return Ok(Some(event));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(Err(error)) => return Err(broken(error.to_string())),
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.parser.bytes.extend_from_slice(data);
                    }
                    if self.parser.bytes.len() + self.parser.event.data.len() > LONGEST {
                        return Err(broken("an event is too long".to_owned()));
                    }
                }
            }
        }
    }
}

impl Parser {
    /// Takes lines from the buffer until one ends an event.
    fn event(&mut self) -> Option<Event> {
        while let Some(end) = self.bytes.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            if line.is_empty() {
                let event = std::mem::take(&mut self.event);
                if !event.data.is_empty() {
                    return Some(event);
                }
                continue;
            }
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut self.event.name),
                "data" => {
                    if !self.event.data.is_empty() {
                        self.event.data.push('\n');
                    }
                    self.event.data.push_str(value);
                }
                // Comments keep the connection alive.
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_they_are_cut() {
        let text = ": hello\nevent: qr\ndata: {\"a\":\ndata: 1}\n\nid: 7\nevent: empty\n\ndata: x\r\n\r\n";
        for cut in 0..text.len() {
            let mut parser = Parser::default();
            let mut events = Vec::new();
            for part in [&text[..cut], &text[cut..]] {
                parser.bytes.extend_from_slice(part.as_bytes());
                events.extend(std::iter::from_fn(|| parser.event()));
            }
            assert_eq!(events.len(), 2);
            assert_eq!((events[0].name.as_str(), events[0].data.as_str()), ("qr", "{\"a\":\n1}"));
            assert_eq!((events[1].name.as_str(), events[1].data.as_str()), ("", "x"));
        }
    }
}
