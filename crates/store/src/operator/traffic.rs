//! What all bots together got and sent, step by step, and how long their replies took.

use domain::Timestamp;

use super::Operator;
use crate::{StoreError, db::Args, rows::Reader, sql::logs};

/// Messages of all tenants within one step of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Messages of customers.
    pub received: u64,
    /// Replies, those by hand among them.
    pub sent: u64,
    /// The time that half of the replies took no longer than, in milliseconds, to a quarter of a second; `None` where nobody
    /// was answered, or where that was not asked for. A minute stands for all that is longer.
    pub reply_ms: Option<u64>,
}

impl Operator {
    /// What came and went in `steps` steps of `step_ms` milliseconds from `from` on, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::TookTooLong`] where there is more than can be counted in time.
    pub async fn traffic(
        &self,
        from: Timestamp,
        step_ms: i64,
        steps: usize,
    ) -> Result<Vec<Traffic>, StoreError> {
        let mut all = vec![Traffic::default(); steps];
        for row in self.store.seek(None, &logs::TRAFFIC, within(from, step_ms, steps)).await? {
            let row = &mut Reader::new(&row);
            let step = row.count()?;
            let (received, sent) = (row.count()?, row.count()?);
            if let Some(one) = usize::try_from(step).ok().and_then(|step| all.get_mut(step)) {
                *one = Traffic { received, sent, reply_ms: None };
            }
        }
        Ok(all)
    }

    /// The same with how long replies took, which is more to count.
    ///
    /// # Errors
    /// As above.
    pub async fn traffic_with_replies(
        &self,
        from: Timestamp,
        step_ms: i64,
        steps: usize,
    ) -> Result<Vec<Traffic>, StoreError> {
        let mut all = self.traffic(from, step_ms, steps).await?;
        let mut times: Vec<Vec<(u64, u64)>> = vec![Vec::new(); steps];
        for row in self.store.seek(None, &logs::REPLY_TIMES, within(from, step_ms, steps)).await? {
            let row = &mut Reader::new(&row);
            let step = row.count()?;
            let counted = (row.count()?, row.count()?);
            if let Some(one) = usize::try_from(step).ok().and_then(|step| times.get_mut(step)) {
                one.push(counted);
            }
        }
        for (one, times) in all.iter_mut().zip(times) {
            one.reply_ms = middle(&times).map(|quarters| quarters * 250);
        }
        Ok(all)
    }
}

fn within(from: Timestamp, step_ms: i64, steps: usize) -> Args {
    let all = step_ms.saturating_mul(i64::try_from(steps).unwrap_or(i64::MAX));
    let until = from.as_millisecond().saturating_add(all);
    Args::default().time(from).int(until).int(step_ms)
}

/// The value that half of those counted do not exceed; values and how many of each, the least first.
fn middle(counted: &[(u64, u64)]) -> Option<u64> {
    let all: u64 = counted.iter().map(|(_, count)| count).sum();
    let mut sofar = 0;
    counted
        .iter()
        .find(|(_, count)| {
            sofar += count;
            sofar * 2 >= all
        })
        .map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::middle;

    #[test]
    fn the_middle_is_that_of_all_that_was_counted() {
        assert_eq!(middle(&[]), None);
        assert_eq!(middle(&[(3, 1)]), Some(3));
        assert_eq!(middle(&[(1, 2), (8, 1), (240, 1)]), Some(1));
        assert_eq!(middle(&[(1, 1), (8, 3)]), Some(8));
    }
}
