//! Plots of a record as SVG: small, one file each, readable on light and on dark pages.

use std::fmt::Write as _;

use super::{
    service::Subject,
    sheet::Record,
    view::{View, number},
};

/// A plot: a figure over the number of sessions, both in powers of ten.
#[derive(Debug, Clone, Copy)]
pub struct Plot {
    /// Its file without the ending.
    pub file: &'static str,
    /// What it shows.
    pub title: &'static str,
    what: &'static str,
}

/// All of them.
pub const PLOTS: &[Plot] = &[
    Plot { file: "memory", title: "Memory (PSS) of the whole service, idle, in MiB", what: "idle_pss" },
    Plot { file: "reply", title: "Message in to reply out, one by one, median in ms", what: "reply_median" },
    Plot { file: "rate", title: "Messages answered a second, at most", what: "highest_rate" },
    Plot { file: "restart", title: "Restart until all have answered, in seconds", what: "reboot_answered" },
];

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 320.0;
/// Left, top, right and bottom of the field.
const FIELD: [f64; 4] = [56.0, 40.0, 440.0, 280.0];
/// Dark enough on white, light enough on black, and told apart by who sees few colours (after Okabe and Ito).
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#cc79a7", "#8c6d00", "#009e73", "#56606b"];

/// The plot's file.
#[must_use]
pub fn svg(plot: &Plot, record: &Record) -> String {
    let view = View(record);
    let sizes = view.sizes(plot.what);
    let lines: Vec<(Subject, Vec<(f64, f64)>)> = view
        .subjects()
        .into_iter()
        .map(|subject| {
            let points = sizes.iter().filter_map(|size| {
                let value = view.middle(subject, plot.what, *size).filter(|value| *value > 0.0)?;
                #[expect(clippy::cast_precision_loss, reason = "a number of sessions")]
                Some((*size as f64, value))
            });
            (subject, points.collect::<Vec<_>>())
        })
        .filter(|(_, points)| !points.is_empty())
        .collect();
    let values: Vec<f64> = lines.iter().flat_map(|(_, points)| points.iter().map(|point| point.1)).collect();
    let (low, high) = decades(&values);
    #[expect(clippy::cast_precision_loss, reason = "a number of sessions")]
    let (first, last) = (
        sizes.first().map_or(1.0, |size| *size as f64).log10(),
        sizes.last().map_or(1.0, |size| *size as f64).log10(),
    );
    let [left, top, right, bottom] = FIELD;
    let x = |value: f64| left + (value.log10() - first) / (last - first).max(0.1) * (right - left);
    let y = |value: f64| bottom - (value.log10() - f64::from(low)) / f64::from(high - low) * (bottom - top);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\">\n\
         <style>text{{font:13px system-ui,sans-serif;fill:#1f2328}}.grid{{stroke:#8884;fill:none}}\
         @media(prefers-color-scheme:dark){{text{{fill:#e6edf3}}.mark{{filter:brightness(1.5)}}}}</style>\n\
         <text x=\"{left}\" y=\"20\" font-weight=\"600\">{title}</text>\n",
        title = plot.title
    );
    for decade in low..=high {
        let value = 10_f64.powi(decade);
        let (at, label) = (y(value), number(value).trim_end_matches('0').trim_end_matches('.').to_owned());
        let label = if value >= 1.0 { format!("{value}") } else { label };
        let _ = writeln!(text, "<path class=\"grid\" d=\"M{left} {at:.1}H{right}\"/>");
        let _ = writeln!(
            text,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            left - 6.0,
            at + 4.0
        );
    }
    for size in &sizes {
        #[expect(clippy::cast_precision_loss, reason = "a number of sessions")]
        let at = x(*size as f64);
        let _ = writeln!(
            text,
            "<text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{size}</text>",
            bottom + 18.0
        );
    }
    let middle = f64::midpoint(left, right);
    let _ = writeln!(
        text,
        "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">sessions</text>",
        bottom + 36.0
    );
    for (place, (subject, points)) in lines.iter().enumerate() {
        let colour = COLOURS[place % COLOURS.len()];
        let path: Vec<_> =
            points.iter().map(|(size, value)| format!("{:.1} {:.1}", x(*size), y(*value))).collect();
        let _ = writeln!(
            text,
            "<g class=\"mark\"><path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join("L")
        );
        for (size, value) in points {
            let _ = writeln!(
                text,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"/>",
                x(*size),
                y(*value)
            );
        }
        #[expect(clippy::cast_precision_loss, reason = "one of six lines")]
        let line = top + 18.0 * place as f64;
        let _ = writeln!(
            text,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\" fill=\"{colour}\"/></g>\n\
             <text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            right + 16.0,
            line - 5.0,
            right + 32.0,
            line + 4.0,
            subject.title()
        );
    }
    text + "</svg>\n"
}

/// The powers of ten between which all values lie, two of them at least.
fn decades(values: &[f64]) -> (i32, i32) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(0.0, f64::max);
    if !least.is_finite() || most <= 0.0 {
        return (0, 1);
    }
    #[expect(clippy::cast_possible_truncation, reason = "exponents of figures")]
    let (low, high) = (least.log10().floor() as i32, most.log10().ceil() as i32);
    (low, high.max(low + 1))
}

#[cfg(test)]
mod tests {
    use super::decades;

    #[test]
    fn the_scale_holds_all_values() {
        assert_eq!((decades(&[2.0, 300.0]), decades(&[1.0]), decades(&[])), ((0, 3), (0, 1), (0, 1)));
    }
}
