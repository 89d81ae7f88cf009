//! What a linked process costs: threads and memory. The figures are printed; only the threads are asserted, since
//! memory depends on the profile.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Arc,
};

use whatsapp::{Endpoint, Options, WhatsApp};
use worker::channel::{Channel as _, ChannelEvent, Linking};

use crate::bot::{BUSINESS, Memory, World};

const URL: &str = "WHATSAPP_TEST_URL";
const SESSION: &str = "WHATSAPP_TEST_SESSION";

/// A process with one linked connection, as a worker would hold it.
struct Linked {
    process: Child,
    input: ChildStdin,
    lines: BufReader<ChildStdout>,
}

impl Linked {
    fn start(url: &str, session: &std::path::Path) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "footprint::a_linked_process", "--ignored", "--nocapture", "--test-threads=1"])
            .env(URL, url)
            .env(SESSION, session)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, input, lines: BufReader::new(output) }
    }

    fn until(&mut self, word: &str) {
        let mut line = String::new();
        while self.lines.read_line(&mut line).unwrap() > 0 {
            if line.contains(word) {
                return;
            }
            line.clear();
        }
        panic!("the process ended before it said {word}");
    }

    /// Kilobytes of a line of the kernel's account of this process's memory.
    fn kilobytes(&self, name: &str) -> u64 {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.process.id())).unwrap();
        let line = rollup.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    fn threads(&self) -> Vec<String> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.process.id())).unwrap();
        tasks
            .map(|task| fs::read_to_string(task.unwrap().path().join("comm")).unwrap().trim().to_owned())
            .collect()
    }

    fn stop(mut self) {
        self.input.write_all(b"stop\n").unwrap();
        self.until("closed");
        assert!(self.process.wait().unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_linked_process_has_few_threads_and_little_memory() {
    let mut world = World::linked().await;
    world.bot.connection.shutdown().await;
    world.bot.closed().await;
    let (url, session) = (world.server.url(), world.session());
    let asha = world.asha.clone();
    tokio::task::spawn_blocking(move || {
        let mut linked = Linked::start(&url, &session);
        linked.until("connected");
        asha.send_text(BUSINESS, "habari").unwrap();
        linked.until("message");
        let threads = linked.threads();
        println!(
            "a linked process: {} threads {threads:?}, PSS {} kB, anonymous {} kB, RSS {} kB",
            threads.len(),
            linked.kilobytes("Pss:"),
            linked.kilobytes("Anonymous:"),
            linked.kilobytes("Rss:"),
        );
        // Two for files and two that keep the storage's connection; the harness adds its own and the one that reads.
        assert!(threads.len() <= 1 + 2 + 2 + 2, "{threads:?}");
        linked.stop();
    })
    .await
    .unwrap();
}

/// The process itself; started by the test above.
#[test]
#[ignore = "started by another test"]
fn a_linked_process() {
    let (Some(url), Some(session)) = (std::env::var_os(URL), std::env::var_os(SESSION)) else { return };
    let endpoint = Endpoint::parse(url.to_str().unwrap()).unwrap();
    whatsapp::runtime()
        .unwrap()
        .block_on(hold(WhatsApp::new(Options::new(PathBuf::from(session), endpoint))));
}

async fn hold(channel: WhatsApp) {
    let inbox = Memory::new();
    let (sender, mut events) = tokio::sync::mpsc::channel(8);
    let connection = channel.open(Arc::clone(&inbox) as _, Linking::Qr, sender).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .stack_size(64 * 1024)
        .spawn(move || {
            let _ = std::io::stdin().read_line(&mut String::new());
            let _ = stop.send(());
        })
        .unwrap();
    let mut stopped = std::pin::pin!(stopped);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            event = events.recv() => match event {
                Some(ChannelEvent::Connected(_)) => {
                    println!("connected");
                    inbox.wait(1).await;
                    println!("message");
                }
                Some(_) => {}
                None => panic!("the connection ended"),
            },
        }
    }
    connection.shutdown().await;
    println!("closed");
}
