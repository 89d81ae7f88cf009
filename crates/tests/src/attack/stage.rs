//! What is attacked: a control plane, a neighbour's bot with customers, and the tenant whose worker lies.

use std::{net::SocketAddr, path::PathBuf};

use serde_json::json;
use virtual_whatsapp::{Customer, Options, Server, VirtualWhatsApp};

use super::{Attacker, Terms, worker};
use crate::{Bot, ControlPlane, Place, binaries::binary, process};

/// Customers of the neighbour.
const CUSTOMERS: usize = 3;
/// The number that the liar's tenant has declared.
pub(super) const LIARS_NUMBER: &str = "255754099999";

/// What is attacked, and who goes on beside it.
pub(super) struct Stage {
    pub(super) place: Place,
    pub(super) plane: ControlPlane,
    pub(super) whatsapp: Server,
    /// The tenant whose customers must notice nothing.
    pub(super) neighbour: Bot,
    /// Its worker, which must not be restarted.
    pub(super) neighbours_pid: u32,
    pub(super) customers: Vec<Customer>,
    /// The tenant whose worker lies; empty where none does.
    pub(super) liar: String,
}

impl Stage {
    pub(super) async fn set(attacker: Attacker, terms: &Terms) -> Self {
        let whatsapp = VirtualWhatsApp::start(Options { seed: Some(terms.seed), ..Options::default() });
        let whatsapp = whatsapp.await.expect("the virtual WhatsApp starts");
        let mut place = Place::new()
            .with("LOG_LEVEL", "info")
            .with("WORKER_STOP_GRACE_MS", "500")
            .with("WORKER_DIRECTORY_MAX_MB", "60");
        place.set("WORKER_EXECUTABLE", worker::executable(&place, &terms.liar, binary(terms.flavour)));
        if terms.planted && attacker == Attacker::Worker {
            place.set(crash::CANARY, crash::Canary::NumberInMetrics.name());
        }
        let plane = ControlPlane::start(&place, terms.flavour, &whatsapp.url()).await;
        let admin = plane.admin();
        let (neighbour, _) = Bot::linked(admin, &whatsapp, 1).await;
        let neighbours_pid = neighbour.pid(admin).await;
        let customers: Vec<_> = (0..CUSTOMERS)
            .map(|n| whatsapp.customer(&format!("2557120001{n:02}"), "Asha").expect("a customer"))
            .collect();
        // The first message makes a Signal session, which is no figure of the attack's.
        for customer in &customers {
            neighbour.answers(customer, "Hello").await;
        }
        let config = json!({ "template_type": "SUPPORT", "language": "EN", "business_name": "Liar" });
        let liar = admin.create_tenant("Liar", LIARS_NUMBER, config).await;
        Self { place, plane, whatsapp, neighbour, neighbours_pid, customers, liar }
    }

    /// Where the listener is.
    pub(super) fn address(&self) -> SocketAddr {
        let url = self.plane.url().trim_start_matches("http://").trim_end_matches('/');
        url.replace("localhost", "127.0.0.1").parse().expect("an address")
    }

    /// A folder of the liar's.
    pub(super) fn liars_cell(&self) -> PathBuf {
        self.place.cell(&self.liar)
    }

    pub(super) async fn end(self) {
        self.plane.stop().await;
        self.place.end_all();
        self.whatsapp.shutdown().await;
    }

    /// Processes that were started here: the control plane, the neighbour's worker, and what the liar has left.
    pub(super) fn processes(&self) -> usize {
        let own = [self.plane.pid(), self.neighbours_pid];
        let others = self.place.processes();
        others.into_iter().filter(|pid| !own.contains(pid) && process::lives(*pid)).count()
    }
}
