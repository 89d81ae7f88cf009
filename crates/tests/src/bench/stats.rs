//! Middle, spread and tail of some figures.

/// The figure below which this part of all lie, from 0 to 1; none where there are none.
#[must_use]
pub fn at(figures: &[f64], part: f64) -> Option<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list, within it"
    )]
    sorted.get((last as f64 * part).round() as usize).copied()
}

/// The middle one.
#[must_use]
pub fn median(figures: &[f64]) -> Option<f64> {
    at(figures, 0.5)
}

/// How much `y` grows with each one more of `x`: least squares; none where nothing varies.
#[must_use]
pub fn slope(points: &[(f64, f64)]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
    let count = points.len() as f64;
    let sum = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>();
    let (mid_x, mid_y) = (sum(|point| point.0) / count, sum(|point| point.1) / count);
    let across: f64 = points.iter().map(|(x, _)| (x - mid_x).powi(2)).sum();
    let along: f64 = points.iter().map(|(x, y)| (x - mid_x) * (y - mid_y)).sum();
    (across > 0.0).then(|| along / across)
}

#[cfg(test)]
mod tests {
    use super::{at, median, slope};

    #[test]
    fn the_middle_and_the_tail_are_figures_that_were_seen() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(at(&[3.0, 1.0, 2.0], 0.99), Some(3.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn a_line_has_its_slope_and_one_point_has_none() {
        let rise = slope(&[(1.0, 5.0), (10.0, 23.0), (50.0, 103.0)]).unwrap();
        assert!((rise - 2.0).abs() < 1e-9, "{rise}");
        assert_eq!(slope(&[(1.0, 5.0)]), None);
    }
}
