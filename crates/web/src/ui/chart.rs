//! Bars over time, drawn by the server: no script, and read by a screen reader as a sentence.

use askama::{Template, filters::HtmlSafe};

/// What a column is wide, in units of the picture, and the gap within it.
const COLUMN: usize = 10;
const GAP: usize = 2;
/// How high the picture is, in the same units.
const HEIGHT: u64 = 100;

/// One column: what it says when it is pointed at, and its figures, from the ground up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// When, and how much.
    pub title: String,
    /// One figure for each series.
    pub figures: Vec<u64>,
}

/// A bar of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bar {
    x: usize,
    width: usize,
    y: u64,
    height: u64,
    series: usize,
}

/// A column with its bars.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Drawn {
    x: usize,
    title: String,
    bars: Vec<Bar>,
}

/// Bars side by side for each step of time, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/chart.html")]
pub struct Chart {
    width: usize,
    drawn: Vec<Drawn>,
    /// What it shows, in words.
    label: String,
    /// The highest figure, as its unit has it.
    highest: String,
    /// When the first column begins.
    first: String,
    /// When the last one does.
    last: String,
    /// What each series is.
    legend: Vec<&'static str>,
}

impl Chart {
    /// Draws the columns. `label` says in a sentence what they show, `highest` how the largest figure reads; `ends` are the
    /// words below the first and the last column, and `legend` names each series where there are several.
    #[must_use]
    pub fn new(
        slots: &[Slot],
        label: String,
        highest: impl Fn(u64) -> String,
        ends: (String, String),
        legend: Vec<&'static str>,
    ) -> Self {
        let most = slots.iter().flat_map(|slot| slot.figures.iter().copied()).max().unwrap_or(0);
        let draw = |(at, slot): (usize, &Slot)| {
            let wide = (COLUMN - GAP) / slot.figures.len().max(1);
            let bar = |(series, figure): (usize, &u64)| {
                // What is there at all is seen.
                let height =
                    u64::try_from(u128::from(*figure) * u128::from(HEIGHT) / u128::from(most.max(1)));
                let height = height.unwrap_or(HEIGHT).max(u64::from(*figure > 0));
                let x = at * COLUMN + GAP / 2 + series * wide;
                Bar { x, width: wide, y: HEIGHT - height, height, series }
            };
            let bars = slot.figures.iter().enumerate().map(bar).filter(|bar| bar.height > 0).collect();
            Drawn { x: at * COLUMN, title: slot.title.clone(), bars }
        };
        let (first, last) = ends;
        Self {
            width: slots.len().max(1) * COLUMN,
            drawn: slots.iter().enumerate().map(draw).collect(),
            label,
            highest: highest(most),
            first,
            last,
            legend,
        }
    }
}

impl HtmlSafe for Chart {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_picture_and_the_least_is_seen() {
        let slot = |figures: &[u64]| Slot { title: "now <".to_owned(), figures: figures.to_vec() };
        let slots = [slot(&[1, 0]), slot(&[500, 250])];
        let ends = ("a".to_owned(), "b".to_owned());
        let chart = Chart::new(&slots, "label".to_owned(), |most| most.to_string(), ends, vec!["in", "out"]);
        let bars = |at: usize| -> Vec<_> {
            chart.drawn[at].bars.iter().map(|bar| (bar.x, bar.width, bar.y, bar.height, bar.series)).collect()
        };
        assert_eq!(bars(0), [(1, 4, 99, 1, 0)]);
        assert_eq!(bars(1), [(11, 4, 0, 100, 0), (15, 4, 50, 50, 1)]);
        let html = chart.to_string();
        assert!(html.contains("viewBox=\"0 0 20 100\"") && html.contains(">500<"), "{html}");
        assert!(!html.contains("now <"), "{html}");
        let empty = Chart::new(&[], String::new(), |most| most.to_string(), Default::default(), Vec::new());
        assert!(empty.to_string().contains("viewBox=\"0 0 10 100\""));
    }
}
