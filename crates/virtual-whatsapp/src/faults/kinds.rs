//! What can go wrong, where, and for how long.

use std::time::Duration;

/// Something that goes wrong on purpose.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// Every stanza to the device comes later, in the same order.
    Delay {
        /// By how much.
        by: Distribution,
    },
    /// The connection is cut, without a word, once this many stanzas have been written to it while the fault was on.
    DropAfter {
        /// How many.
        stanzas: u64,
    },
    /// From now on nothing comes from or goes to the client, and the connection stays open until the client ends it.
    HalfOpen,
    /// Logins are refused with this `failure` reason: 401, 403, 405, 409, 503 or any other.
    RefuseLogin {
        /// The reason.
        reason: u16,
    },
    /// Logins are refused with a temporary ban (`failure` 402) that names its rest.
    Ban {
        /// Seconds that the refusal names.
        seconds: u64,
    },
    /// The connection ends with this stream error, for instance 503 or 515.
    StreamError {
        /// The code.
        code: u16,
    },
    /// The connection ends because another one of the same session has taken over.
    Replaced,
    /// Each message to the device is written twice.
    Duplicate,
    /// A message to the device is kept back until the next one has been written.
    Reorder,
    /// The ciphertext of messages to the device is damaged on the way.
    Undecryptable,
    /// Messages from the device are delivered and not acknowledged.
    NoAck,
    /// Messages from the device are acknowledged and not delivered.
    AckWithoutDelivery,
    /// Messages from the device are refused with this error.
    AckError {
        /// The code, for instance 463, 479 or 500.
        code: u16,
    },
    /// Messages to people who never wrote to the account are refused with error 463.
    RefuseStrangers,
    /// A stanza to the device is lost on the way; what waits for an answer comes again after a while.
    Lose,
    /// Stanzas to the device carry times that are so much later than the server's clock, or earlier where it is
    /// negative: one of the two clocks is wrong.
    ClockSkew {
        /// Milliseconds.
        ms: i64,
    },
    /// So many bytes a second reach the device, and no more.
    Bandwidth {
        /// Bytes.
        bytes_per_second: u64,
    },
    /// Requests for device lists and key bundles are refused with error 429, `rate-overlimit`.
    RateOverlimit,
}

/// How a random time is drawn.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Distribution {
    /// Always the same.
    Fixed {
        /// Milliseconds.
        ms: u64,
    },
    /// Every value as likely as any other.
    Uniform {
        /// The shortest, in milliseconds.
        least_ms: u64,
        /// The longest, in milliseconds.
        most_ms: u64,
    },
    /// Mostly short and seldom long, as on a network.
    Exponential {
        /// The mean, in milliseconds.
        mean_ms: u64,
        /// None is longer than this, in milliseconds.
        most_ms: u64,
    },
}

impl Distribution {
    /// Draws one; `unit` is evenly distributed over 0 to 1, without 1.
    pub(crate) fn draw(self, unit: f64) -> Duration {
        let ms = match self {
            Self::Fixed { ms } => return Duration::from_millis(ms),
            Self::Uniform { least_ms, most_ms } => {
                let span = most_ms.saturating_sub(least_ms) as f64;
                least_ms as f64 + span * unit
            }
            Self::Exponential { mean_ms, most_ms } => {
                (-(1.0 - unit).ln() * mean_ms as f64).min(most_ms as f64)
            }
        };
        Duration::from_micros((ms * 1000.0) as u64)
    }
}

/// Whom a fault hits.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "scope", rename_all = "snake_case")]
pub enum Scope {
    /// Every device.
    All,
    /// Every device of one account.
    Account {
        /// Its number.
        number: String,
    },
    /// One device.
    Device {
        /// The account's number.
        number: String,
        /// The device's number within the account.
        device: u16,
    },
}

impl Scope {
    pub(crate) fn covers(&self, number: &str, device: u16) -> bool {
        match self {
            Self::All => true,
            Self::Account { number: n } => n == number,
            Self::Device { number: n, device: d } => n == number && *d == device,
        }
    }
}

/// What kind of stanza a fault hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StanzaKind {
    /// Messages.
    Message,
    /// Receipts.
    Receipt,
    /// Notifications.
    Notification,
    /// Calls.
    Call,
    /// Answers to requests, and requests of the server's own.
    Iq,
    /// Acknowledgements.
    Ack,
    /// Marks.
    Ib,
    /// Who is there.
    Presence,
    /// Who types.
    Chatstate,
}

impl StanzaKind {
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Receipt => "receipt",
            Self::Notification => "notification",
            Self::Call => "call",
            Self::Iq => "iq",
            Self::Ack => "ack",
            Self::Ib => "ib",
            Self::Presence => "presence",
            Self::Chatstate => "chatstate",
        }
    }
}

/// How long a fault stays on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "lasts", rename_all = "snake_case")]
pub enum Lasts {
    /// Until it has been applied this often (a stanza, a login, a connection).
    Times {
        /// How often.
        times: u32,
    },
    /// For a time by the server's clock.
    For {
        /// Milliseconds.
        ms: u64,
    },
    /// Until it is switched off.
    Always,
}

impl Lasts {
    /// Until it has been applied once.
    pub const ONCE: Self = Self::Times { times: 1 };
}

/// A fault that is switched on.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct FaultSpec {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
    /// For whom.
    #[serde(flatten)]
    pub scope: Scope,
    /// For how long.
    #[serde(flatten)]
    pub lasts: Lasts,
    /// Only stanzas of this kind, where the fault is one of stanzas. Without it `duplicate`, `reorder`, `undecryptable`
    /// and `lose` hit messages, and the rest all stanzas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stanza: Option<StanzaKind>,
    /// How likely it is each time, from 0 to 1.
    #[serde(default = "certain")]
    pub chance: f64,
    /// The same seed makes the same draws again; without one they follow the server's.
    #[serde(default)]
    pub seed: Option<u64>,
}

const fn certain() -> f64 {
    1.0
}

impl FaultSpec {
    /// A certain fault.
    #[must_use]
    pub const fn new(fault: Fault, scope: Scope, lasts: Lasts) -> Self {
        Self { fault, scope, lasts, stanza: None, chance: 1.0, seed: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_within_their_bounds() {
        let uniform = Distribution::Uniform { least_ms: 10, most_ms: 20 };
        assert_eq!(uniform.draw(0.0), Duration::from_millis(10));
        assert_eq!(uniform.draw(0.5), Duration::from_millis(15));
        let long_tail = Distribution::Exponential { mean_ms: 100, most_ms: 250 };
        assert_eq!(long_tail.draw(0.0), Duration::ZERO);
        assert_eq!(long_tail.draw(0.999_999), Duration::from_millis(250));
        assert_eq!(Distribution::Fixed { ms: 7 }.draw(0.3), Duration::from_millis(7));
        let turned = Distribution::Uniform { least_ms: 20, most_ms: 10 };
        assert_eq!(turned.draw(0.9), Duration::from_millis(20));
    }

    #[test]
    fn a_spec_reads_as_flat_json() {
        let json = r#"{"fault":"delay","by":{"shape":"fixed","ms":5},"scope":"account","number":"1","lasts":"times","times":2}"#;
        let spec: FaultSpec = serde_json::from_str(json).unwrap();
        let delay = Fault::Delay { by: Distribution::Fixed { ms: 5 } };
        let scope = Scope::Account { number: "1".into() };
        assert_eq!(spec, FaultSpec::new(delay, scope, Lasts::Times { times: 2 }));
    }
}
