//! How busy the machine is.

use std::{fs::File, io, io::Read as _};

/// How much is read of what the kernel tells; what is looked for stands at its beginning.
const READ_BYTES: u64 = 4 * 1024;

/// All processors together.
#[derive(Debug, Default)]
pub(super) struct Load {
    /// What they had done when it was looked last, in ticks: in all, and of that nothing.
    before: Option<(u64, u64)>,
}

impl Load {
    /// Which share of the time since the last look no processor had anything to do, from 0 to 1. `None` at first, and where the
    /// kernel does not tell.
    pub(super) fn idle(&mut self) -> Option<f64> {
        self.since(ticks(&beginning().ok()?)?)
    }

    fn since(&mut self, now: (u64, u64)) -> Option<f64> {
        let before = self.before.replace(now)?;
        let all = now.0.checked_sub(before.0).filter(|all| *all > 0)?;
        // What waited for a disk may count less than before.
        let idle = now.1.saturating_sub(before.1);
        Some(as_figure(idle) / as_figure(all))
    }
}

/// proc(5): "cpu user nice system idle iowait irq softirq steal guest guest_nice", where guests are in the first two as well.
fn ticks(stat: &str) -> Option<(u64, u64)> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line.split_ascii_whitespace().take(8).map_while(|tick| tick.parse().ok()).collect();
    (ticks.len() >= 5).then(|| (ticks.iter().sum(), ticks[3] + ticks[4]))
}

fn beginning() -> io::Result<String> {
    let mut text = String::new();
    File::open("/proc/stat")?.take(READ_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

#[expect(clippy::cast_precision_loss, reason = "a share, not a count")]
const fn as_figure(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_is_what_no_processor_used_since_the_last_look() {
        assert_eq!(ticks("cpu  10 20 30 400 5 6 7 8 9 9\ncpu0 1 2\n"), Some((486, 405)));
        assert_eq!(ticks("cpu  10 20\n"), None);
        assert_eq!(ticks("intr 1\n"), None);
        let mut load = Load::default();
        assert_eq!(load.since((1_000, 400)), None, "nothing to compare with");
        assert_eq!(load.since((1_200, 450)), Some(0.25));
        assert_eq!(load.since((1_300, 449)), Some(0.0));
        assert_eq!(load.since((1_300, 449)), None, "no time has passed");
        let mut load = Load::default();
        assert!(load.idle().is_none() && load.idle().is_none_or(|idle| (0.0..=1.0).contains(&idle)));
    }
}
