//! The control plane's end of the link, as a test drives it.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use link::{
    DownSender, Hello, Identity, Welcome,
    message::{Down, LogRow, Question, SessionReport, Up},
};
use tokio::{sync::watch, task::JoinHandle};

/// One open connection.
pub struct Control {
    pub hello: Hello,
    sender: Arc<tokio::sync::Mutex<DownSender>>,
    /// Whether log rows are acknowledged as they come; they are unless a test says otherwise.
    pub acknowledges: Arc<AtomicBool>,
    heard: Arc<Mutex<Vec<Up>>>,
    changed: watch::Receiver<usize>,
    listening: JoinHandle<()>,
}

impl Control {
    /// Dials, proves itself, and welcomes the worker.
    pub async fn dial(directory: &Path, name: &str, identity: &Identity, welcome: Welcome) -> Self {
        let stream = link::socket::connect(directory, name).await.unwrap();
        let side = link::dial(stream, identity).await.unwrap();
        let (hello, greeted) = side.hello().await.unwrap();
        let (sender, mut receiver) = greeted.welcome(welcome).await.unwrap();
        let (sender, acknowledges) =
            (Arc::new(tokio::sync::Mutex::new(sender)), Arc::new(AtomicBool::new(true)));
        let (answers, is_on, journal) = (Arc::clone(&sender), Arc::clone(&acknowledges), hello.journal);
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (count, changed) = watch::channel(0);
        let all = Arc::clone(&heard);
        let listening = tokio::spawn(async move {
            while let Ok(up) = receiver.recv().await {
                let taken = match &up {
                    _ if !is_on.load(Ordering::Relaxed) => None,
                    Up::Logs { rows, .. } => {
                        rows.last().map(|row| Down::Acknowledge { journal, sequence: row.sequence })
                    }
                    Up::Records { rows, .. } => {
                        rows.last().map(|row| Down::AcknowledgeRecords { journal, sequence: row.sequence })
                    }
                    Up::Deliveries { rows, .. } => {
                        rows.last().map(|row| Down::AcknowledgeDeliveries { journal, sequence: row.sequence })
                    }
                    _ => None,
                };
                all.lock().unwrap().push(up);
                if let Some(taken) = taken {
                    let _ = answers.lock().await.send(taken).await;
                }
                count.send_modify(|count| *count += 1);
            }
        });
        Self { hello, sender, acknowledges, heard, changed, listening }
    }

    pub async fn say(&mut self, down: Down) {
        self.sender.lock().await.send(down).await.unwrap();
    }

    pub async fn ask(&mut self, request: &str, question: Question) {
        self.say(Down::Ask { request: request.to_owned(), question }).await;
    }

    /// From now on, log rows are acknowledged only where the test does it.
    pub fn acknowledge_nothing(&self) {
        self.acknowledges.store(false, Ordering::Relaxed);
    }

    pub fn heard(&self) -> Vec<Up> {
        self.heard.lock().unwrap().clone()
    }

    /// Waits until `found` finds something in all that was heard.
    pub async fn until<T>(&mut self, found: impl Fn(&[Up]) -> Option<T>) -> T {
        let wait = async {
            loop {
                self.changed.borrow_and_update();
                if let Some(it) = found(&self.heard.lock().unwrap()) {
                    return it;
                }
                self.changed.changed().await.expect("the worker hung up");
            }
        };
        tokio::time::timeout(Duration::from_secs(120), wait).await.expect("the worker never said it")
    }

    /// Waits for a report of the session.
    pub async fn until_report(&mut self, wanted: impl Fn(&SessionReport) -> bool) -> SessionReport {
        self.until(|heard| {
            heard.iter().rev().find_map(|up| match up {
                Up::Session(report) if wanted(report) => Some(report.clone()),
                _ => None,
            })
        })
        .await
    }

    /// Waits until rows up to `sequence` were heard; the rows of all batches, in order of arrival.
    pub async fn until_logged(&mut self, sequence: u64) -> Vec<LogRow> {
        self.until(|heard| {
            let rows = rows(heard);
            rows.iter().any(|row| row.sequence >= sequence).then_some(rows)
        })
        .await
    }

    /// Waits until the worker has closed the connection.
    pub async fn until_closed(self) -> Vec<Up> {
        let _ = self.listening.await;
        let heard = self.heard.lock().unwrap();
        heard.clone()
    }

    pub async fn acknowledge(&mut self, sequence: u64) {
        let journal = self.hello.journal;
        self.say(Down::Acknowledge { journal, sequence }).await;
    }
}

pub fn rows(heard: &[Up]) -> Vec<LogRow> {
    let rows = heard.iter().filter_map(|up| match up {
        Up::Logs { rows, .. } => Some(rows.clone()),
        _ => None,
    });
    rows.flatten().collect()
}
