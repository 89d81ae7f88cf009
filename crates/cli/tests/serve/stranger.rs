//! A stranger who reaches the port and has no password: nothing that is sent stays or grows, and nobody is shut out.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use tokio::io::AsyncWriteExt;

use super::Serve;

/// As much as a head may have, nearly; and more than it may.
const FULL: usize = 31 * 1024;
const TOO_LONG: usize = 300 * 1024;

/// Sooner than a client's time for its headers is over.
const SOON: Duration = Duration::from_secs(5);

impl Serve {
    fn address(&self) -> SocketAddr {
        self.url.strip_prefix("http://").unwrap().parse().unwrap()
    }

    /// Memory of the process that is no file's, in kilobytes.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

/// The answer to these bytes, as far as it came.
fn ask(stream: &mut (impl Read + Write), bytes: &[u8]) -> String {
    // Whoever says too much is cut off: the rest cannot be written, and perhaps the answer not be read.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn over_tcp(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect_timeout(&address, SOON).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    ask(&mut stream, bytes)
}

fn over_socket(data_dir: &Path, path: &str) -> String {
    let mut stream = UnixStream::connect(data_dir.join("admin.sock")).unwrap();
    let question = format!("GET {path} HTTP/1.1\r\nhost: any.name.at.all\r\nconnection: close\r\n\r\n");
    ask(&mut stream, question.as_bytes())
}

/// A request of no use to anybody, each unlike the others.
fn hostile(n: usize) -> String {
    let size = if n.is_multiple_of(25) { TOO_LONG } else { FULL };
    let long = format!("{n}{}", "A".repeat(size));
    let (host, end) = ("host: 127.0.0.1", "connection: close\r\n\r\n");
    match n % 8 {
        0 => format!("{} / HTTP/1.1\r\n{host}\r\n{end}", "M".to_owned() + &long),
        1 => format!("BREW{n} /{long} HTTP/1.1\r\n{host}\r\n{end}"),
        2 => format!("POST /{long} HTTP/1.1\r\n{host}\r\n{end}"),
        3 => format!("DELETE /admin/tenants/{long} HTTP/1.1\r\n{host}\r\n{end}"),
        4 => format!("GET /admin/sign-in?next={long} HTTP/1.1\r\n{host}\r\n{end}"),
        5 => format!(
            "POST /admin/tenants HTTP/1.1\r\n{host}\r\nx-{n}: {long}\r\ncookie: flowhq_admin={}\r\n{end}",
            // None at all, and one as it could be.
            if n.is_multiple_of(3) { n.to_string() } else { format!("{n:A<22}") }
        ),
        6 => format!(
            "POST /admin/sign-out HTTP/1.1\r\nhost: {n}.evil.example\r\nx-request-id: {long}\r\n{end}"
        ),
        _ => format!("PUT / HTTP/1.1\r\nhost: {long}.example\r\n{end}"),
    }
}

fn attack(address: SocketAddr, requests: std::ops::Range<usize>) {
    std::thread::scope(|threads| {
        for thread in 0..4 {
            let mut mine = requests.clone().skip(thread).step_by(4);
            threads.spawn(move || {
                mine.all(|n| !over_tcp(address, hostile(n).as_bytes()).contains("HTTP/1.1 500"))
            });
        }
    });
}

#[test]
fn five_thousand_hostile_requests_leave_memory_figures_and_log_as_they_were() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path();
    let serve = Serve::start(data_dir);
    // What is allocated once stands before the first look.
    attack(serve.address(), 0..500);
    let figures = over_socket(data_dir, "/metrics");
    let before = serve.memory();
    attack(serve.address(), 500..5_500);
    let after = serve.memory();
    assert!(after < before + 10_000, "{before} kB before, {after} kB after");

    let log = std::fs::read_to_string(data_dir.join("logs/control-plane.log")).unwrap();
    assert!(log.contains("the control plane answers"), "the first line is still there");
    assert!(!data_dir.join("logs/control-plane.log.1").exists(), "it was not rotated");
    // One line of it for each would roll all logs over within the hour.
    assert!(log.lines().count() < 100, "{} lines", log.lines().count());
    let longest = log.lines().map(str::len).max().unwrap();
    assert!(longest < 1_000, "a line of {longest} bytes");

    let now = over_socket(data_dir, "/metrics");
    let labels = |text: &str| {
        let lines = text.lines().filter(|line| line.starts_with("flowhq_http_requests_total"));
        let mut lines: Vec<_> = lines.filter_map(|line| line.split('}').next().map(str::to_owned)).collect();
        lines.sort();
        lines
    };
    assert!(now.starts_with("HTTP/1.1 200") && !labels(&now).is_empty(), "the control");
    let new: Vec<_> = labels(&now).into_iter().filter(|line| !labels(&figures).contains(line)).collect();
    assert!(new.len() <= 1, "a figure for the look itself, and none for what strangers chose: {new:?}");
}

#[test]
fn slow_connections_of_one_address_shut_nobody_out() {
    // This process holds the other ends.
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let serve = Serve::start(directory.path());
    let address = serve.address();
    // All at once: a connection that waits for its place would hold up the next one.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..2_600 {
        let tell = tell.clone();
        runtime.spawn(async move {
            let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
            // One that gave way already takes no more.
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: ").await;
            tell.send(()).unwrap();
            std::future::pending::<()>().await;
            drop(stream);
        });
    }
    // More than there are places.
    for _ in 0..1_500 {
        told.blocking_recv().unwrap();
    }
    let question = b"GET /livez HTTP/1.1\r\nhost: any.name\r\nconnection: close\r\n\r\n";
    let answer = over_tcp(address, question);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
}
