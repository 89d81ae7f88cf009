//! Who holds a place at a listener. There are so many for everybody and a share of them for each address; where they
//! are all taken, the oldest connection whose request has not come in whole gives way to the new one. So nobody closes
//! a listener to the others by holding connections open, neither slowly sent heads nor slowly sent bodies.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

/// How many there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// For everybody.
    pub(super) all: usize,
    /// For one address.
    pub(super) share: usize,
}

/// The places of one listener.
#[derive(Debug)]
pub(super) struct Places {
    sizes: Sizes,
    state: Mutex<State>,
    /// Told when a place may have become free.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    held: HashMap<u64, Held>,
}

#[derive(Debug)]
struct Held {
    /// Whose share it is of; `None` is of nobody's.
    from: Option<IpAddr>,
    /// Since when its request has not come in whole; `None` while one is being answered.
    unfinished_since: Option<Instant>,
    gives_way: CancellationToken,
}

/// A place; dropping it makes it free.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    id: u64,
    gives_way: CancellationToken,
}

/// No place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// This address has its share already, and answers are under way on all of it.
    Share,
    /// Answers are under way on all places there are.
    All,
}

impl Places {
    pub(super) fn new(sizes: Sizes) -> Arc<Self> {
        Arc::new(Self { sizes, state: Mutex::default(), changed: Notify::new() })
    }

    /// Takes a place, and where there is none, that of the oldest connection that can give way.
    pub(super) fn take(self: &Arc<Self>, from: Option<IpAddr>) -> Result<Place, Taken> {
        let mut state = self.lock();
        let of_address = from.map_or(0, |_| state.held.values().filter(|held| held.from == from).count());
        if of_address >= self.sizes.share {
            state.make_room(|held| held.from == from).ok_or(Taken::Share)?;
        } else if state.held.len() >= self.sizes.all {
            state.make_room(|_| true).ok_or(Taken::All)?;
        }
        let id = state.next;
        state.next += 1;
        let gives_way = CancellationToken::new();
        let held = Held { from, unfinished_since: Some(Instant::now()), gives_way: gives_way.clone() };
        state.held.insert(id, held);
        Ok(Place { places: Arc::clone(self), id, gives_way })
    }

    /// The same, waiting for a place where there is none for anybody.
    pub(super) async fn taken(self: &Arc<Self>, from: Option<IpAddr>) -> Option<Place> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Listened for before looking, so that nothing falls between the two.
            changed.as_mut().enable();
            match self.take(from) {
                Ok(place) => return Some(place),
                Err(Taken::Share) => return None,
                Err(Taken::All) => changed.await,
            }
        }
    }

    /// Has the oldest connection give way that can: there are no descriptors left to accept another one with.
    pub(super) fn shed_one(&self) {
        let _ = self.lock().make_room(|_| true);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn make_room(&mut self, among: impl Fn(&Held) -> bool) -> Option<()> {
        let candidates = self.held.iter().filter(|(_, held)| among(held));
        let oldest =
            candidates.filter_map(|(id, held)| held.unfinished_since.map(|since| (since, *id))).min();
        let held = self.held.remove(&oldest?.1)?;
        held.gives_way.cancel();
        Some(())
    }
}

impl Place {
    /// Returns when another connection was given this one's place.
    pub(super) async fn gave_way(&self) {
        self.gives_way.cancelled().await;
    }

    /// A request has come in whole and is being answered.
    pub(super) fn answering(&self) {
        self.set(None);
    }

    /// A request is awaited, or is coming in.
    pub(super) fn waiting(&self) {
        self.set(Some(Instant::now()));
        self.places.changed.notify_one();
    }

    fn set(&self, unfinished_since: Option<Instant>) {
        if let Some(held) = self.places.lock().held.get_mut(&self.id) {
            held.unfinished_since = unfinished_since;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().held.remove(&self.id);
        self.places.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    fn gone(place: &Place) -> bool {
        place.gives_way.is_cancelled()
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_unfinished_one_of_the_same_address_gives_way_first() {
        let places = Places::new(Sizes { all: 4, share: 2 });
        let other = places.take(at(2)).unwrap();
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        let (first, second) = (places.take(at(1)).unwrap(), places.take(at(1)).unwrap());
        first.answering();
        let third = places.take(at(1)).unwrap();
        assert!(gone(&second) && !gone(&first) && !gone(&other), "what is being answered stays");
        third.answering();
        assert_eq!(places.take(at(1)).unwrap_err(), Taken::Share);
        assert!(places.take(at(3)).is_ok(), "another address has a share of its own");
    }

    #[tokio::test(start_paused = true)]
    async fn where_all_are_taken_the_oldest_gives_way_and_then_one_waits() {
        let places = Places::new(Sizes { all: 2, share: 2 });
        let first = places.take(at(1)).unwrap();
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        let second = places.take(at(2)).unwrap();
        let third = places.take(None).unwrap();
        assert!(gone(&first) && !gone(&second));
        second.answering();
        third.answering();
        assert_eq!(places.take(at(4)).unwrap_err(), Taken::All);
        let (place, ()) = tokio::join!(places.taken(at(4)), async { third.waiting() });
        assert!(place.is_some() && gone(&third), "whose answer has gone out can give way again");
        drop((first, second, third, place));
        assert!(places.lock().held.is_empty());
    }
}
