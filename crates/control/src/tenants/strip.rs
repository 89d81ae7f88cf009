//! The strip of a bot's last day, out of the letters that the store keeps.

use domain::Timestamp;
use store::HeartbeatStrip;
use web::ui::{Strip, Tone};

use crate::App;

/// Five minutes each.
const CELLS: usize = 288;
const CELL_MS: i64 = 300_000;

/// What was heard of before this is stale.
pub(crate) fn stale_before(app: &App) -> Timestamp {
    app.now() - jiff::SignedDuration::try_from(app.stale_after).unwrap_or(jiff::SignedDuration::ZERO)
}

/// What was connected before this, and is not, is away for long.
pub(crate) fn away_before(now: Timestamp) -> Timestamp {
    now - domain::AWAY_FOR_LONG
}

/// Draws one. A tenant that was never looked at has an empty one.
pub(crate) fn draw(strip: Option<&HeartbeatStrip>, now: Timestamp) -> Strip {
    let mut cells = vec![None; CELLS];
    let slot = now.as_millisecond().div_euclid(CELL_MS);
    let (mut meant, mut answering) = (0_u32, 0_u32);
    if let Some(strip) = strip {
        // The letters end with that of their slot, which may be some cells ago.
        let ago = usize::try_from(slot - strip.slot).unwrap_or(0);
        for (back, letter) in strip.cells.bytes().rev().enumerate() {
            let Some(at) = CELLS.checked_sub(1 + ago + back) else { break };
            cells[at] = match letter {
                b'a' => Some(Tone::Off),
                b'b' => Some(Tone::Ok),
                b'c' => Some(Tone::Warn),
                b'd' | b'e' => Some(Tone::Bad),
                _ => None,
            };
            meant += u32::from(matches!(letter, b'b'..=b'e'));
            answering += u32::from(letter == b'b');
        }
    }
    let label = match (answering * 100).checked_div(meant) {
        None => words::health::strip_none().to_owned(),
        Some(percent) => words::health::strip(percent),
    };
    Strip::new(&cells, label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_end_where_they_were_written() {
        let now: Timestamp = "2026-01-10T12:00:00Z".parse().unwrap();
        let slot = now.as_millisecond() / CELL_MS;
        let drawn =
            |cells: &str, slot: i64| draw(Some(&HeartbeatStrip { cells: cells.to_owned(), slot }), now);
        let mut cells = vec![None; CELLS];
        cells[CELLS - 3] = Some(Tone::Ok);
        cells[CELLS - 2] = Some(Tone::Bad);
        let expected =
            Strip::new(&cells, "Last 24 hours: answering 50 % of the time it was meant to".to_owned());
        assert_eq!(drawn("be", slot - 1), expected);
        let empty = Strip::new(&vec![None; CELLS], words::health::strip_none().to_owned());
        assert_eq!(drawn("b", slot - 1_000).label, "Last 24 hours: not meant to run");
        assert_eq!(draw(None, now), empty);
    }
}
