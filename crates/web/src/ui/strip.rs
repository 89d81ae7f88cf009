//! Small pictures of a day: a strip of cells, and a line.

use askama::{Template, filters::HtmlSafe};

use super::Tone;

/// What a bar takes at least, in cells: one of five minutes would be narrower than a pixel, and an outage of five minutes
/// is what one looks for.
const NARROWEST: usize = 4;

/// Neighbouring cells that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    class: Tone,
    x: usize,
    width: usize,
    y: u8,
}

/// A day in cells. Colour and height both tell the state, so that it can be read without colours.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/strip.html")]
pub struct Strip {
    width: usize,
    runs: Vec<Run>,
    /// What it shows, in words.
    pub label: String,
}

impl Strip {
    /// Makes it of cells, oldest first; `None` is a cell that nobody watched. `label` says the same in words.
    #[must_use]
    pub fn new(cells: &[Option<Tone>], label: String) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        let mut before = None;
        for (x, cell) in cells.iter().enumerate() {
            match (cell, runs.last_mut()) {
                (Some(tone), Some(run)) if before == Some(*tone) && run.class == *tone => run.width += 1,
                (Some(tone), _) => runs.push(Run { class: *tone, x, width: 1, y: top(*tone) }),
                (None, _) => {}
            }
            before = *cell;
        }
        let width = cells.len().max(1);
        for run in &mut runs {
            run.width = run.width.max(NARROWEST.min(width));
            run.x = run.x.min(width - run.width);
        }
        // What is painted later lies above: a short outage over the good time beside it.
        runs.sort_by_key(|run| run.class == Tone::Bad);
        Self { width, runs, label }
    }
}

/// Where a cell's bar begins, of ten.
const fn top(tone: Tone) -> u8 {
    match tone {
        Tone::Bad => 0,
        Tone::Ok => 1,
        Tone::Warn => 4,
        Tone::Off => 8,
    }
}

/// A line of figures without axes.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/spark.html")]
pub struct Spark {
    width: usize,
    path: String,
    /// What it shows, in words.
    pub label: String,
}

impl Spark {
    /// Makes it of figures, oldest first.
    #[must_use]
    pub fn new(figures: &[u64], label: String) -> Self {
        let highest = figures.iter().copied().max().unwrap_or(0).max(1);
        let point = |(x, figure): (usize, &u64)| {
            let y = 19 - u64::try_from(u128::from(*figure) * 18 / u128::from(highest)).unwrap_or(18);
            format!("{}{x} {y}", if x == 0 { 'M' } else { 'L' })
        };
        let path = figures.iter().enumerate().map(point).collect();
        Self { width: figures.len().saturating_sub(1).max(1), path, label }
    }
}

impl HtmlSafe for Strip {}
impl HtmlSafe for Spark {}
