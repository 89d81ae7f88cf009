//! Which host a tenant is put on. Pure.

/// A host that takes tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room<'a> {
    /// Its name.
    pub host: &'a str,
    /// How many tenants it takes.
    pub capacity: u64,
    /// How many are on it, those on their way to it included.
    pub tenants: u64,
}

/// The host with most room for what it takes, by its name among equals; none where all are full.
#[must_use]
pub fn choose<'a>(rooms: impl IntoIterator<Item = Room<'a>>) -> Option<&'a str> {
    let free = rooms.into_iter().filter(|room| room.tenants < room.capacity);
    // Shares are compared crosswise, so that no fraction is rounded.
    let fuller = |one: &Room<'_>, other: &Room<'_>| {
        let [left, right] = [(one, other), (other, one)]
            .map(|(one, other)| u128::from(one.tenants) * u128::from(other.capacity));
        left.cmp(&right).then_with(|| one.host.cmp(other.host))
    };
    free.min_by(fuller).map(|room| room.host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(host: &str, capacity: u64, tenants: u64) -> Room<'_> {
        Room { host, capacity, tenants }
    }

    #[test]
    fn the_emptiest_by_its_share_takes_the_next() {
        assert_eq!(choose([room("a", 10, 5), room("b", 100, 40)]), Some("b"));
        assert_eq!(choose([room("b", 10, 5), room("a", 100, 50)]), Some("a"), "by name among equals");
        assert_eq!(choose([room("a", 10, 10), room("b", 100, 99)]), Some("b"));
        assert_eq!(choose([room("a", 0, 0), room("b", 1, 1)]), None);
        assert_eq!(choose([]), None);
        assert_eq!(choose([room("a", u64::MAX, 1), room("b", u64::MAX, 0)]), Some("b"));
    }

    #[test]
    fn hosts_of_any_size_are_filled_evenly() {
        let capacities = [100_u64, 250, 1_000, 40];
        let names = ["a", "b", "c", "d"];
        let mut on = [0_u64; 4];
        for _ in 0..700 {
            let rooms = (0..4).map(|at| room(names[at], capacities[at], on[at]));
            let chosen = choose(rooms).unwrap();
            on[names.iter().position(|name| *name == chosen).unwrap()] += 1;
        }
        // All of them at half, to within one tenant.
        for (on, capacity) in on.iter().zip(capacities) {
            assert!(on.abs_diff(capacity * 700 / 1_390) <= 1, "{on} of {capacity}");
        }
    }
}
