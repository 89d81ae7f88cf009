//! Figures, measured and printed on request:
//! `cargo test --release -p virtual-whatsapp -- --ignored --nocapture figures`.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::collections::HashMap;
use std::time::{Duration, Instant};

use virtual_whatsapp::{Customer, Limits, Options, Phone, Server, VirtualWhatsApp};

use crate::wire::{Light, Wire, ack, attr};

struct Fleet {
    server: Server,
    customers: Vec<Customer>,
    phones: Vec<Phone>,
    lights: Vec<Light>,
}

async fn fleet(devices: usize) -> Fleet {
    let limits = Limits { events: 1_000, transcript: 1_000, remembered: 16, ..Limits::default() };
    let server = VirtualWhatsApp::start(Options { limits, ..Options::default() }).await.unwrap();
    let (mut phones, mut lights, mut customers) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..devices {
        let phone = server.phone(&format!("2557540{n:05}")).unwrap();
        lights.push(Light::link(&server, &phone).await);
        phones.push(phone);
        customers.push(server.customer(&format!("2557550{n:05}"), "Customer").unwrap());
    }
    Fleet { server, customers, phones, lights }
}

/// Sends `total` messages, at most `window` a device on their way at a time, and returns the time and the median
/// delay from a customer's send to the stanza in the device's hands.
async fn deliver(
    fleet: &Fleet,
    wires: Vec<Wire>,
    total: usize,
    window: usize,
) -> (Duration, Duration, Vec<Wire>) {
    let each = total / wires.len();
    let mut tasks = Vec::new();
    let start = Instant::now();
    for (n, mut wire) in wires.into_iter().enumerate() {
        let (customer, to) = (fleet.customers[n].clone(), fleet.phones[n].number().to_owned());
        tasks.push(tokio::spawn(async move {
            let mut sent = HashMap::new();
            let mut delays = Vec::with_capacity(each);
            let mut next = 0;
            while delays.len() < each {
                while next < each && sent.len() < window {
                    let now = Instant::now();
                    sent.insert(customer.send_text(&to, "hello").unwrap(), now);
                    next += 1;
                }
                let node = wire.until("a message", |n| n.tag == "message").await;
                if let Some(at) = sent.remove(&attr(&node, "id")) {
                    delays.push(at.elapsed());
                }
                wire.send(&ack(&node)).await;
            }
            (wire, delays)
        }));
    }
    let (mut wires, mut delays) = (Vec::new(), Vec::with_capacity(total));
    for task in tasks {
        let (wire, some) = task.await.unwrap();
        wires.push(wire);
        delays.extend(some);
    }
    let took = start.elapsed();
    delays.sort_unstable();
    (took, delays[delays.len() / 2], wires)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn figures_messages_and_delay() {
    for devices in [1, 100, 1_000] {
        let fleet = fleet(devices).await;
        let mut wires = Vec::new();
        for light in &fleet.lights {
            wires.push(light.online(&fleet.server).await);
        }
        // The first message of each starts its session: not what is measured.
        let (_, _, wires) = deliver(&fleet, wires, devices, 1).await;
        let total = 10_000;
        let (took, _, wires) = deliver(&fleet, wires, total, 16).await;
        let mut wires = wires;
        wires.truncate(1);
        let (_, median, _) = deliver(&fleet, wires, 500, 1).await;
        let rate = total as f64 / took.as_secs_f64();
        println!("{devices} devices: {rate:.0} messages/s; median delay {median:?} with one on its way");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn figures_memory_of_devices() {
    let empty = resident();
    let devices = 1_000;
    let fleet = fleet(devices).await;
    let mut wires = Vec::new();
    for light in &fleet.lights {
        let mut wire = light.connect(&fleet.server).await;
        wire.until("success", |n| n.tag == "success").await;
        light.upload(&mut wire, 1..=812).await;
        crate::wire::activate(&mut wire).await;
        wires.push(wire);
    }
    let each = (resident() - empty) / devices as u64;
    println!(
        "{each} KiB a connected device, clients in the same process included; 1 GiB holds {}",
        (1 << 20) / each
    );
}

/// Resident memory of this process, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
