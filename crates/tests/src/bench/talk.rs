//! Customers who write to bots, and how long each waits for its reply: one after the other, as many at once as go, or at a
//! rate of their own whatever the bots do.
#![expect(clippy::expect_used, reason = "a lock whose holder panicked ends the measurement")]

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, task::JoinSet};
use virtual_whatsapp::{Customer, EventKind, Server};

use super::over_http::OverHttp;

/// How long a reply may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(30);
/// What customers write.
pub const TEXT: &str = "menu";

/// Who waits in a chat, by the customer's number and the bot's, first come first.
type InChats = HashMap<(String, String), VecDeque<(Instant, mpsc::UnboundedSender<Duration>)>>;

/// What customers and those who wait for their replies share.
#[derive(Clone, Default)]
struct Waiting {
    chats: Arc<Mutex<InChats>>,
    /// Messages that were sent and replies that came to somebody who waited.
    said: Arc<AtomicU64>,
}

impl Waiting {
    fn chats(&self) -> MutexGuard<'_, InChats> {
        self.chats.lock().expect("nobody panics with it")
    }
}

/// One customer's chat with one bot.
#[derive(Clone)]
pub struct Chat {
    customer: Customer,
    number: String,
}

/// Everybody who writes.
pub struct Talk {
    whatsapp: Server,
    waiting: Waiting,
    /// By the bot, in the order of bots.
    chats: Vec<Vec<Chat>>,
    _listening: JoinSet<()>,
}

/// What came of an open loop.
pub struct Open {
    /// How long each reply took from the moment at which its message was due, in milliseconds.
    pub delays: Vec<f64>,
    /// Messages without a reply.
    pub unanswered: usize,
}

impl Talk {
    /// Nobody, on this server.
    #[must_use]
    pub fn on(whatsapp: &Server) -> Self {
        let waiting = Waiting::default();
        let mut listening = JoinSet::new();
        listening.spawn(listen(whatsapp.clone(), waiting.clone()));
        Self { whatsapp: whatsapp.clone(), waiting, chats: Vec::new(), _listening: listening }
    }

    /// Has so many customers know each of these bots, and each have had one reply: a first message begins a Signal
    /// session.
    ///
    /// # Errors
    /// Where a reply does not come.
    pub async fn meet(&mut self, numbers: &[String], customers: usize) -> Result<(), String> {
        self.chats.resize_with(numbers.len().max(self.chats.len()), Vec::new);
        for (n, number) in numbers.iter().enumerate() {
            while self.chats[n].len() < customers {
                let own = format!("25571{n:04}{:03}", self.chats[n].len());
                let customer = self.whatsapp.customer(&own, "Asha").map_err(|error| error.to_string())?;
                let chat = Chat { customer, number: number.clone() };
                self.ask(&chat).await?;
                self.chats[n].push(chat);
            }
        }
        Ok(())
    }

    /// One message to each bot of a list that may be away; the replies are awaited by the caller.
    ///
    /// # Errors
    /// Where a message does not leave.
    pub fn write_to_all(&self, sessions: usize) -> Result<mpsc::UnboundedReceiver<Duration>, String> {
        let (told, replies) = mpsc::unbounded_channel();
        for chats in self.chats.iter().take(sessions) {
            let Some(chat) = chats.first() else { continue };
            self.send(chat, Instant::now(), &told)?;
        }
        Ok(replies)
    }

    /// Messages one after the other, over all bots in turn: what each reply took, in milliseconds.
    ///
    /// # Errors
    /// Where a reply does not come.
    pub async fn one_by_one(&self, sessions: usize, count: usize) -> Result<Vec<f64>, String> {
        let mut delays = Vec::with_capacity(count);
        for n in 0..count {
            delays.push(milliseconds(self.ask(&self.chats[n % sessions][0]).await?));
        }
        Ok(delays)
    }

    /// The same over the server's HTTP API.
    ///
    /// # Errors
    /// Where a reply does not come.
    pub async fn over_http(&self, sessions: usize, count: usize) -> Result<Vec<f64>, String> {
        let mut http = OverHttp::on(&self.whatsapp).await?;
        let mut delays = Vec::with_capacity(count);
        for n in 0..count {
            let chat = &self.chats[n % sessions][0];
            delays.push(http.ask(chat.customer.number(), &chat.number).await?);
        }
        http.end().await;
        Ok(delays)
    }

    /// How many messages were sent and replies came: so many rows a log of all of it has.
    #[must_use]
    pub fn said(&self) -> u64 {
        self.waiting.said.load(Ordering::Relaxed)
    }

    /// The first reply's text of the first bot, for the bots of others to answer the same.
    #[must_use]
    pub fn reply(&self) -> Option<String> {
        let chat = self.chats.first()?.first()?;
        let replies = chat.customer.received(&chat.number);
        replies.last()?.body.text().map(str::to_owned)
    }

    /// So many at once, each writing again as soon as it is answered, for this long: replies a second.
    ///
    /// # Errors
    /// Where a reply does not come.
    pub async fn at_once(&self, sessions: usize, flights: usize, time: Duration) -> Result<f64, String> {
        let began = Instant::now();
        let chats = self.interleaved(sessions);
        let flights = flights.min(chats.len());
        let flying = (0..flights).map(|flight| {
            let own: Vec<&Chat> = chats.iter().skip(flight).step_by(flights).copied().collect();
            async move {
                let mut replies = 0_u32;
                for chat in own.iter().cycle() {
                    if began.elapsed() >= time {
                        break;
                    }
                    self.ask(chat).await?;
                    replies += 1;
                }
                Ok::<_, String>(replies)
            }
        });
        let replies = futures_util::future::try_join_all(flying).await?;
        Ok(f64::from(replies.iter().sum::<u32>()) / began.elapsed().as_secs_f64())
    }

    /// Messages at this rate in even steps, whether replies come or not; what each reply took from when its message was due.
    ///
    /// # Errors
    /// Where a message does not leave.
    pub async fn at_rate(&self, sessions: usize, rate: f64, time: Duration) -> Result<Open, String> {
        let chats: Vec<Chat> = self.interleaved(sessions).into_iter().cloned().collect();
        let (told, mut replies) = mpsc::unbounded_channel();
        let (waiting, step) = (self.waiting.clone(), Duration::from_secs_f64(1.0 / rate));
        // A thread of its own: the timer of the runtime is a millisecond wide.
        let sending = tokio::task::spawn_blocking(move || {
            let began = Instant::now();
            let mut sent = 0_u32;
            loop {
                let due = began + step * sent;
                if due.duration_since(began) >= time {
                    return Ok::<_, String>(sent);
                }
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                send(&waiting, &chats[sent as usize % chats.len()], due, &told)?;
                sent += 1;
            }
        });
        let mut delays = Vec::new();
        // It ends once whoever sent and all who waited have gone: the senders of the channel with them.
        while let Ok(Some(delay)) = tokio::time::timeout(PATIENCE, replies.recv()).await {
            delays.push(milliseconds(delay));
        }
        let sent = sending.await.map_err(|error| error.to_string())??;
        // A reply that comes after all must not count as that of a later message.
        self.waiting.chats().clear();
        Ok(Open { unanswered: (sent as usize).saturating_sub(delays.len()), delays })
    }

    /// All chats, so that neighbours in the list are of different bots.
    fn interleaved(&self, sessions: usize) -> Vec<&Chat> {
        let most = self.chats.iter().take(sessions).map(Vec::len).max().unwrap_or_default();
        (0..most).flat_map(|n| self.chats.iter().take(sessions).filter_map(move |own| own.get(n))).collect()
    }

    async fn ask(&self, chat: &Chat) -> Result<Duration, String> {
        let (told, mut replies) = mpsc::unbounded_channel();
        self.send(chat, Instant::now(), &told)?;
        let reply = tokio::time::timeout(PATIENCE, replies.recv()).await.ok().flatten();
        reply.ok_or_else(|| format!("{} was not answered within {PATIENCE:?}", chat.number))
    }

    fn send(
        &self,
        chat: &Chat,
        since: Instant,
        told: &mpsc::UnboundedSender<Duration>,
    ) -> Result<(), String> {
        send(&self.waiting, chat, since, told)
    }
}

/// Puts the customer into the queue of its chat and lets its message go: the reply may be there before this returns.
fn send(
    waiting: &Waiting,
    chat: &Chat,
    since: Instant,
    told: &mpsc::UnboundedSender<Duration>,
) -> Result<(), String> {
    let key = (chat.customer.number().to_owned(), chat.number.clone());
    waiting.chats().entry(key).or_default().push_back((since, told.clone()));
    waiting.said.fetch_add(1, Ordering::Relaxed);
    chat.customer.send_text(&chat.number, TEXT).map_err(|error| error.to_string())?;
    Ok(())
}

/// Tells whoever waits first in a chat when its reply has been decrypted by the customer's phone.
async fn listen(whatsapp: Server, waiting: Waiting) {
    let events = whatsapp.events();
    let mut seen = events.last();
    loop {
        for event in events.next_after(seen).await {
            seen = event.seq;
            let EventKind::Received { by, from, .. } = &event.kind else { continue };
            let now = Instant::now();
            let key = (by.clone(), from.clone());
            let first = waiting.chats().get_mut(&key).and_then(VecDeque::pop_front);
            if let Some((since, told)) = first {
                waiting.said.fetch_add(1, Ordering::Relaxed);
                // Whoever has given up waiting hears nothing.
                let _gone = told.send(now.saturating_duration_since(since));
            }
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
