//! Customers who write to their bots all the while, one message after the other, and wait for each answer.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::watch, task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;
use virtual_whatsapp::{Customer, Server};

use crate::{Bot, LIMIT};

/// Between an answer and the next message, where nothing else is said.
pub const PAUSE: Duration = Duration::from_millis(250);

/// Customers, one for each bot.
pub struct Crowd {
    ends: CancellationToken,
    /// Answers that all of them have got.
    answers: Arc<watch::Sender<u64>>,
    talks: JoinSet<Said>,
    pairs: Vec<(Bot, Customer)>,
}

/// What one customer has seen.
struct Said {
    times: Vec<Duration>,
    unanswered: u64,
}

/// What they have seen together.
#[derive(Debug, Default, Clone)]
pub struct Heard {
    /// Messages that were written, the first of each customer apart.
    pub messages: u64,
    /// Messages without an answer.
    pub lost: u64,
    /// Answers beyond one for each message.
    pub doubled: u64,
    /// How long answers took, shortest first.
    pub times: Vec<Duration>,
    /// Rows that each tenant's log must have: what came in, and what went out.
    pub rows: BTreeMap<String, usize>,
}

impl Heard {
    /// The time within which this share of the answers came.
    #[must_use]
    pub fn within(&self, share: f64) -> Duration {
        let at = (self.times.len() as f64 * share) as usize;
        self.times.get(at.min(self.times.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

impl Crowd {
    /// Gives each bot a customer, who has had an answer.
    pub async fn gather(whatsapp: &Server, bots: &[Bot]) -> Vec<(Bot, Customer)> {
        let mut pairs = Vec::new();
        for (n, bot) in bots.iter().enumerate() {
            let customer = whatsapp.customer(&format!("25571300{n:04}"), "Asha").expect("a customer");
            // Makes a Signal session, which is no figure of a run's.
            bot.answers(&customer, "menu").await;
            pairs.push((bot.clone(), customer));
        }
        pairs
    }

    /// Begins to write, with a pause between an answer and the next message: as fast as people are. They begin one after the other,
    /// spread over one pause: all at once, the first messages alone would be the slowest hundredth of a run.
    #[must_use]
    pub fn begin(pairs: &[(Bot, Customer)], pause: Duration) -> Self {
        let (ends, answers) = (CancellationToken::new(), Arc::new(watch::Sender::new(0)));
        let mut talks = JoinSet::new();
        for (n, (bot, customer)) in (0_u32..).zip(pairs) {
            let talk = Talk {
                after: pause * n / pairs.len() as u32,
                customer: customer.clone(),
                number: bot.number.clone(),
                pause,
                ends: ends.clone(),
                answers: Arc::clone(&answers),
            };
            talks.spawn(talk.go_on());
        }
        Self { ends, answers, talks, pairs: pairs.to_vec() }
    }

    /// Waits until so many more answers have come. Where they do not come in time, whoever waits for one counts it as lost.
    pub async fn hears(&self, more: u64) {
        let mut answers = self.answers.subscribe();
        let until = *answers.borrow_and_update() + more;
        let _lost = timeout(LIMIT + LIMIT, answers.wait_for(|answers| *answers >= until)).await;
    }

    /// Has everybody wait for the last answer, and counts. `before` is what each had written before.
    pub async fn end(mut self) -> Heard {
        self.ends.cancel();
        let mut heard = Heard::default();
        while let Some(said) = self.talks.join_next().await {
            let said = said.expect("a customer");
            heard.messages += said.times.len() as u64 + said.unanswered;
            heard.lost += said.unanswered;
            heard.times.extend(said.times);
        }
        heard.times.sort_unstable();
        for (bot, customer) in &self.pairs {
            let answers = customer.received(&bot.number);
            let ids: BTreeSet<_> = answers.iter().map(|entry| entry.id.clone()).collect();
            let written = customer
                .transcript(&bot.number)
                .iter()
                .filter(|entry| entry.direction == virtual_whatsapp::Direction::In)
                .count();
            heard.doubled += (answers.len() as u64).saturating_sub(written as u64);
            heard.doubled += (answers.len() - ids.len()) as u64;
            heard.rows.insert(bot.id.clone(), written + answers.len());
        }
        heard
    }
}

/// One customer.
struct Talk {
    customer: Customer,
    number: String,
    /// When it begins.
    after: Duration,
    pause: Duration,
    ends: CancellationToken,
    answers: Arc<watch::Sender<u64>>,
}

impl Talk {
    async fn go_on(self) -> Said {
        let Self { customer, number, after, pause, ends, answers } = self;
        let mut said = Said { times: Vec::new(), unanswered: 0 };
        if timeout(after, ends.cancelled()).await.is_ok() {
            return said;
        }
        loop {
            let before = customer.received_count(&number);
            let began = Instant::now();
            customer.send_text(&number, "menu").expect("the message leaves the customer's phone");
            if customer.wait_for_count(&number, before + 1, LIMIT).await.is_err() {
                said.unanswered += 1;
                return said;
            }
            said.times.push(began.elapsed());
            answers.send_modify(|answers| *answers += 1);
            // Until it is over, or the next message's turn.
            if timeout(pause, ends.cancelled()).await.is_ok() {
                return said;
            }
        }
    }
}
