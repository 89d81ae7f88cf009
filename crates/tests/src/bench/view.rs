//! A record by what it says: figures of all repetitions together.

use std::collections::BTreeSet;

use strum::IntoEnumIterator as _;

use super::{service::Subject, sheet::Record, stats};

/// From how many sessions on the slope of memory is taken.
const SLOPE_FROM: usize = 10;

/// Views of a record.
pub struct View<'a>(pub &'a Record);

impl View<'_> {
    /// Who was measured.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let there = |subject: &Subject| self.0.figures.iter().any(|figure| figure.subject == subject.name());
        Subject::iter().filter(there).collect()
    }

    /// With how many sessions this was measured, of anybody.
    #[must_use]
    pub fn sizes(&self, what: &str) -> Vec<usize> {
        let figures = self.0.figures.iter().filter(|figure| figure.what == what);
        figures.map(|figure| figure.sessions).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Of all repetitions.
    #[must_use]
    pub fn values(&self, subject: Subject, what: &str, sessions: usize) -> Vec<f64> {
        let fits = self.0.figures.iter().filter(|figure| {
            figure.subject == subject.name() && figure.what == what && figure.sessions == sessions
        });
        fits.map(|figure| figure.value).collect()
    }

    /// The middle of all repetitions.
    #[must_use]
    pub fn middle(&self, subject: Subject, what: &str, sessions: usize) -> Option<f64> {
        stats::median(&self.values(subject, what, sessions))
    }

    /// The middle, with the least and the most behind it where it was measured more than once.
    #[must_use]
    pub fn cell(&self, subject: Subject, what: &str, sessions: usize) -> String {
        let values = self.values(subject, what, sessions);
        let Some(middle) = stats::median(&values) else { return "–".to_owned() };
        let spread = stats::at(&values, 0.0).zip(stats::at(&values, 1.0)).filter(|_| values.len() > 1);
        spread.map_or_else(
            || number(middle),
            |(least, most)| format!("{} ({}–{})", number(middle), number(least), number(most)),
        )
    }

    /// How much memory one more session takes: the slope from 10 sessions on.
    #[must_use]
    pub fn slope(&self, subject: Subject, what: &str) -> Option<f64> {
        let sizes = self.sizes(what).into_iter().filter(|size| *size >= SLOPE_FROM);
        #[expect(clippy::cast_precision_loss, reason = "a number of sessions")]
        let points: Vec<_> =
            sizes.filter_map(|size| Some((size as f64, self.middle(subject, what, size)?))).collect();
        stats::slope(&points)
    }
}

/// Three digits that count, thousands apart.
#[must_use]
pub fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, reason = "the exponent of a figure")]
    let exponent = value.abs().log10().floor() as i32;
    let digits = usize::try_from(2 - exponent).unwrap_or_default().min(6);
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let mut apart = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            apart.push(',');
        }
        apart.push(digit);
    }
    if rest.is_empty() { apart } else { format!("{apart}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_three_digits_that_count() {
        let shown = [0.0, 0.012_345, 2.5, 41.23, 235_500.0].map(number);
        assert_eq!(shown, ["0", "0.0123", "2.50", "41.2", "235,500"]);
    }
}
