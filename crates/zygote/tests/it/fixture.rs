//! A zygote whose workers say what they are, wait for a line, and end with the code in it.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a failed unwrap is a failed test")]
#![allow(clippy::disallowed_methods, reason = "it has no settings")]

use std::io::{BufRead as _, stdin};

use serde_json::json;
use zygote::Served;

fn main() {
    // What its workers would share, if they did not draw anew.
    let _drawn_before = (rand::random::<u64>(), rand_09::random::<u64>());
    let before = descriptors();
    if zygote::serve().unwrap() == Served::Ended {
        return;
    }
    let read = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).unwrap();
    let said = json!({
        "arguments": read("cmdline"),
        "directory": std::env::current_dir().unwrap(),
        "variable": std::env::var("FIXTURE").unwrap(),
        "leads": rustix::process::getsid(None).unwrap() == rustix::process::getpid(),
        "more_descriptors": descriptors() - before,
        "drawn": [rand::random::<u64>(), rand_09::random::<u64>()],
    });
    println!("{said}");
    let mut line = String::new();
    stdin().lock().read_line(&mut line).unwrap();
    std::process::exit(line.trim().parse().unwrap());
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}
