//! QR codes in a terminal.

use qrcode::{Color, EcLevel, QrCode};

use crate::error::CliError;

/// Modules of quiet zone on each side; scanners want some, and a terminal has little room for four.
const QUIET: usize = 2;

/// Draws a code with half blocks, two modules to a character, dark on light by explicit colours,
/// so that it can be scanned in a terminal of any theme. Each line ends with a newline.
pub(crate) fn half_blocks(text: &str) -> Result<String, CliError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L)
        .map_err(|error| CliError::Failed(format!("the code cannot be drawn: {error}")))?;
    let width = code.width();
    let colors = code.to_colors();
    let side = width + 2 * QUIET;
    let dark = |x: usize, y: usize| {
        let inside = (QUIET..QUIET + width).contains(&x) && (QUIET..QUIET + width).contains(&y);
        inside && colors.get((y - QUIET) * width + (x - QUIET)) == Some(&Color::Dark)
    };
    let mut drawn = String::new();
    for y in (0..side).step_by(2) {
        // Black on bright white, whatever the theme says.
        drawn.push_str("\u{1b}[30;107m");
        for x in 0..side {
            drawn.push(match (dark(x, y), dark(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        drawn.push_str("\u{1b}[0m\n");
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_with_a_quiet_zone() {
        let drawn = half_blocks("2@abc,def,ghi").unwrap();
        let lines: Vec<_> = drawn
            .lines()
            .map(|line| line.trim_start_matches("\u{1b}[30;107m").trim_end_matches("\u{1b}[0m"))
            .collect();
        let side = lines[0].chars().count();
        assert_eq!(lines.len(), side.div_ceil(2));
        assert!(lines[0].chars().all(|c| c == ' '), "two rows of quiet zone are one line of blanks");
        assert!(lines.iter().all(|line| line.starts_with("  ") && line.ends_with("  ")));
        assert!(lines[1].trim_start().starts_with("█▀▀▀▀▀█"), "the finder pattern: {}", lines[1]);
    }

    #[test]
    fn what_is_too_long_is_an_error() {
        assert!(half_blocks(&"x".repeat(4000)).is_err());
    }
}
