//! Figures, measured and printed on request:
//! `cargo test --release -p virtual-whatsapp -- --ignored --nocapture figures`.

use std::time::{Duration, Instant};

use virtual_whatsapp::{Customer, Limits, Options, Phone, Server, VirtualWhatsApp};

use crate::wire::{Light, ack, attr};

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
/// delay from a customer's send to the device's socket.
async fn deliver(fleet: &Fleet, total: usize, window: usize) -> (Duration, Duration) {
    let each = total / fleet.lights.len();
    let mut tasks = Vec::new();
    let start = Instant::now();
    for (n, light) in fleet.lights.iter().enumerate() {
        let mut wire = light.online(&fleet.server).await;
        let (customer, to) = (fleet.customers[n].clone(), fleet.phones[n].number().to_owned());
        tasks.push(tokio::spawn(async move {
            let mut sent = std::collections::HashMap::new();
            let mut delays = Vec::with_capacity(each);
            let mut next = 0;
            while delays.len() < each {
                while next < each && sent.len() < window {
                    let now = Instant::now();
                    sent.insert(customer.send_text(&to, "hello").unwrap(), now);
                    next += 1;
                }
                let node = wire.until("a message", |n| n.tag == "message").await;
                wire.send(&ack(&node)).await;
                if let Some(at) = sent.remove(&attr(&node, "id")) {
                    delays.push(at.elapsed());
                }
            }
            delays
        }));
    }
    let mut delays = Vec::with_capacity(total);
    for task in tasks {
        delays.extend(task.await.unwrap());
    }
    let took = start.elapsed();
    delays.sort_unstable();
    (took, delays[delays.len() / 2])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn figures_messages_and_delay() {
    for devices in [1, 100, 1_000] {
        let fleet = fleet(devices).await;
        let total = 20_000.max(devices * 20);
        let (took, _) = deliver(&fleet, total, 16).await;
        let (_, median) = deliver(&fleet, devices * 10, 1).await;
        let rate = total as f64 / took.as_secs_f64();
        println!("{devices} devices: {rate:.0} messages/s, median delay {median:?} with one on its way each");
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
