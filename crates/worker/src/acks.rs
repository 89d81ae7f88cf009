//! Who waits for which acknowledgement of the server.

use std::{collections::HashMap, sync::Mutex};

use tokio::sync::oneshot;

/// What the server said of a message: taken, or the code of its refusal.
pub(crate) type Ack = Option<u16>;

/// The messages that are on their way.
#[derive(Debug, Default)]
pub(crate) struct Acks(Mutex<Places>);

#[derive(Debug, Default)]
struct Places {
    waiting: HashMap<String, (u64, oneshot::Sender<Ack>)>,
    given: u64,
}

impl Acks {
    /// Waits for the acknowledgement of `id` from now on, before the message leaves.
    pub(crate) fn expect(&self, id: &str) -> Expected<'_> {
        let (sender, receiver) = oneshot::channel();
        let mut places = self.lock();
        places.given += 1;
        let place = places.given;
        places.waiting.insert(id.to_owned(), (place, sender));
        Expected { acks: self, id: id.to_owned(), place, receiver }
    }

    /// Hands an acknowledgement to whoever waits for it; whether somebody did.
    pub(crate) fn deliver(&self, id: &str, ack: Ack) -> bool {
        let waiting = self.lock().waiting.remove(id);
        waiting.is_some_and(|(_, waiting)| waiting.send(ack).is_ok())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Places> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// An acknowledgement that is waited for; no longer once this is dropped.
pub(crate) struct Expected<'a> {
    acks: &'a Acks,
    id: String,
    place: u64,
    receiver: oneshot::Receiver<Ack>,
}

impl Expected<'_> {
    /// The acknowledgement.
    pub(crate) async fn arrived(&mut self) -> Ack {
        match (&mut self.receiver).await {
            Ok(ack) => ack,
            // Somebody else waits for the same id now; whoever holds the place settles the message.
            Err(_) => std::future::pending().await,
        }
    }
}

impl Drop for Expected<'_> {
    fn drop(&mut self) {
        // Whoever took the place since then keeps it.
        let mut places = self.acks.lock();
        if places.waiting.get(&self.id).is_some_and(|(place, _)| *place == self.place) {
            places.waiting.remove(&self.id);
        }
    }
}
