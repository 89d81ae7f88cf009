//! Which moves make hosts even, and how many it takes: the fewest. Pure.

use std::{cmp::Ordering, collections::BTreeSet};

use super::Room;

/// By how many hundredths of what they take two hosts may differ.
const WITHIN: u128 = 5;

/// The way of one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way<'a> {
    /// The host that it leaves.
    pub from: &'a str,
    /// The host that it goes to.
    pub to: &'a str,
}

/// The next move that makes these hosts more even; nothing where any two differ by at most one tenant or five hundredths. A host
/// that takes none is left out.
#[must_use]
pub fn next_way<'a>(rooms: impl IntoIterator<Item = Room<'a>>) -> Option<Way<'a>> {
    let (from, to) = next(&by_share(rooms))?;
    Some(Way { from: from.host, to: to.host })
}

/// How many moves it takes until they are even.
#[must_use]
pub fn moves<'a>(rooms: impl IntoIterator<Item = Room<'a>>) -> u64 {
    let (mut rooms, mut moves) = (by_share(rooms), 0);
    while let Some((from, to)) = next(&rooms) {
        // Each of these moves takes one from where most are to where fewer are even then, so that they come to an end.
        for (room, tenants) in [(from, from.tenants - 1), (to, to.tenants + 1)] {
            rooms.remove(&Filled(room));
            rooms.insert(Filled(Room { tenants, ..room }));
        }
        moves += 1;
    }
    moves
}

/// A host among others, by how full it is, and by its name among equals. Shares are compared crosswise, so that no fraction is
/// rounded.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Filled<'a>(Room<'a>);

impl Ord for Filled<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, other) = (self.0, other.0);
        times(one.tenants, other.capacity)
            .cmp(&times(other.tenants, one.capacity))
            .then_with(|| one.host.cmp(other.host))
    }
}

impl PartialOrd for Filled<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Those that take tenants, the emptiest first.
fn by_share<'a>(rooms: impl IntoIterator<Item = Room<'a>>) -> BTreeSet<Filled<'a>> {
    rooms.into_iter().filter(|room| room.capacity > 0).map(Filled).collect()
}

/// From where to where the next move leads.
fn next<'a>(rooms: &BTreeSet<Filled<'a>>) -> Option<(Room<'a>, Room<'a>)> {
    let (fullest, emptiest) = (rooms.last()?.0, rooms.first()?.0);
    if is_within(&fullest, &emptiest) {
        return None;
    }
    if helps(&fullest, &emptiest) {
        return Some((fullest, emptiest));
    }
    // One tenant is much to a small host: others may differ by more than one of theirs.
    let mut differ = rooms.iter().rev().flat_map(|from| rooms.iter().map(move |to| (from.0, to.0)));
    differ.find(|(from, to)| !is_within(from, to) && helps(from, to))
}

/// Whether one is fuller than the other by at most what is even enough.
fn is_within(fuller: &Room<'_>, emptier: &Room<'_>) -> bool {
    let differ =
        times(fuller.tenants, emptier.capacity).saturating_sub(times(emptier.tenants, fuller.capacity));
    differ.saturating_mul(100) <= times(fuller.capacity, emptier.capacity).saturating_mul(WITHIN)
}

/// Whether one tenant less here and one more there leaves neither as full as this one was.
fn helps(from: &Room<'_>, to: &Room<'_>) -> bool {
    to.tenants < to.capacity && times(to.tenants + 1, from.capacity) < times(from.tenants, to.capacity)
}

fn times(one: u64, other: u64) -> u128 {
    u128::from(one) * u128::from(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["a", "b", "c", "d"];

    fn rooms(filled: &[(u64, u64)]) -> Vec<Room<'static>> {
        filled
            .iter()
            .zip(NAMES)
            .map(|(&(tenants, capacity), host)| Room { host, capacity, tenants })
            .collect()
    }

    /// How they are filled in the end.
    fn evened(mut rooms: Vec<Room<'_>>) -> Vec<u64> {
        while let Some(Way { from, to }) = next_way(rooms.iter().copied()) {
            for room in &mut rooms {
                room.tenants -= u64::from(room.host == from);
                room.tenants += u64::from(room.host == to);
            }
        }
        rooms.iter().map(|room| room.tenants).collect()
    }

    #[test]
    fn from_the_fullest_to_the_emptiest_until_they_are_even() {
        assert_eq!(next_way(rooms(&[(6, 10), (1, 10), (3, 10)])), Some(Way { from: "a", to: "b" }));
        assert_eq!(evened(rooms(&[(6, 10), (0, 10)])), [3, 3]);
        assert_eq!(evened(rooms(&[(7, 10), (0, 10)])), [4, 3], "they differ by one");
        assert_eq!(
            evened(rooms(&[(600, 1_000), (0, 1_000)])),
            [325, 275],
            "within five hundredths, and no further"
        );
        assert_eq!(evened(rooms(&[(60, 100), (0, 300)])), [18, 42], "by what each takes");
        assert_eq!(
            evened(rooms(&[(5, 10), (60, 100), (50, 100)])),
            [5, 57, 53],
            "a small host is not all that counts"
        );
    }

    #[test]
    fn what_is_even_stays_and_who_takes_none_is_left_out() {
        for even in
            [&[][..], &[(5, 10)], &[(5, 10), (4, 10)], &[(105, 1_000), (55, 1_000)], &[(9, 0), (0, 10)]]
        {
            assert_eq!((next_way(rooms(even)), moves(rooms(even))), (None, 0), "{even:?}");
        }
        assert_eq!(moves(rooms(&[(106, 1_000), (55, 1_000)])), 1);
        assert_eq!(moves(rooms(&[(20, 10), (0, 10)])), 10, "more than it takes");
        assert_eq!(moves(rooms(&[(u64::MAX, 1), (u64::MAX, 1)])), 0);
    }

    /// All ways in which so many tenants can be on these hosts.
    fn ways(tenants: u64, hosts: usize) -> Vec<Vec<u64>> {
        if hosts == 1 {
            return vec![vec![tenants]];
        }
        let with = |first: u64| {
            ways(tenants - first, hosts - 1).into_iter().map(move |rest| [vec![first], rest].concat())
        };
        (0..=tenants).flat_map(with).collect()
    }

    #[test]
    fn it_takes_the_fewest_moves_that_there_are() {
        for capacity in [4, 20, 30] {
            for from in ways(capacity, 3) {
                let begun: Vec<_> = from.iter().map(|&tenants| (tenants, capacity)).collect();
                let fewest = ways(capacity, 3).into_iter().filter(|to| {
                    let ended: Vec<_> = to.iter().map(|&tenants| (tenants, capacity)).collect();
                    next_way(rooms(&ended)).is_none()
                });
                let fewest =
                    fewest.map(|to| from.iter().zip(to).map(|(from, to)| from.saturating_sub(to)).sum());
                assert_eq!(Some(moves(rooms(&begun))), fewest.min(), "{from:?} of {capacity}");
            }
        }
    }

    #[test]
    fn a_hundred_hosts_and_as_many_that_are_empty_are_even_after_half_of_all_have_gone() {
        let names: Vec<_> = (0..200).map(|number| format!("host-{number}")).collect();
        let on = |number| if number < 100 { 900 } else { 0 };
        let room = |(number, host)| Room { host, capacity: 1_000, tenants: on(number) };
        let moves = moves(names.iter().map(String::as_str).enumerate().map(room));
        assert!((42_000..=45_000).contains(&moves), "{moves}");
    }
}
