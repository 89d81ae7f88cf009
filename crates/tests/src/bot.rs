//! A tenant whose phone lives in the virtual WhatsApp.

use serde_json::{Value, json};
use virtual_whatsapp::{Customer, EventKind, LinkedDevice, Server};

use crate::{Admin, LIMIT};

/// A tenant, its number and the device that its phone has linked.
#[derive(Debug, Clone)]
pub struct Bot {
    /// The tenant's id.
    pub id: String,
    /// Its number, digits only.
    pub number: String,
}

impl Bot {
    /// Creates a tenant: customer care in English, the number `2557540` and four more digits.
    pub async fn create(admin: &Admin, n: u16) -> Self {
        let number = format!("2557540{n:05}");
        let config =
            json!({ "template_type": "SUPPORT", "language": "EN", "business_name": format!("Shop {n}") });
        Self { id: admin.create_tenant(&format!("Tenant {n}"), &number, config).await, number }
    }

    /// Starts the worker, scans its code with the tenant's phone and waits until customers can write to the bot.
    pub async fn link(&self, admin: &Admin, whatsapp: &Server) -> LinkedDevice {
        admin.worker(&self.id, "start").await;
        let code = admin.qr(&self.id).await;
        let phone = whatsapp.phone(&self.number).expect("a number");
        let device = phone.scan(&code).await.expect("the phone links the device");
        self.is_active(admin).await;
        self.has_keys(whatsapp).await;
        device
    }

    /// Waits until the linked device has uploaded keys: before that nobody can write to it.
    pub async fn has_keys(&self, whatsapp: &Server) {
        let keys = |event: &EventKind| matches!(event, EventKind::PrekeysUploaded { number, .. } if *number == self.number);
        whatsapp.events().wait_for(LIMIT, keys).await.expect("the device uploads its keys");
    }

    /// Creates and links.
    pub async fn linked(admin: &Admin, whatsapp: &Server, n: u16) -> (Self, LinkedDevice) {
        let bot = Self::create(admin, n).await;
        let device = bot.link(admin, whatsapp).await;
        (bot, device)
    }

    /// Waits until the tenant is ACTIVE with a connected session.
    pub async fn is_active(&self, admin: &Admin) -> Value {
        admin
            .wait_for(&self.id, "the tenant is ACTIVE and connected", |tenant| {
                tenant["status"] == "ACTIVE" && tenant["whatsapp_session"]["state"] == "CONNECTED"
            })
            .await
    }

    /// The worker's process id, once it has one.
    pub async fn pid(&self, admin: &Admin) -> u32 {
        let runs = |tenant: &Value| tenant["worker_process"]["pid"].is_u64();
        let tenant = admin.wait_for(&self.id, "the worker has a process id", runs).await;
        u32::try_from(tenant["worker_process"]["pid"].as_u64().expect("just looked")).expect("a process id")
    }

    /// Has a customer write and waits for the reply to it; the texts of all replies so far.
    pub async fn answers(&self, customer: &Customer, text: &str) -> Vec<String> {
        let before = customer.received_count(&self.number);
        customer.send_text(&self.number, text).expect("the message leaves the customer's phone");
        let replies = customer.wait_for_reply(&self.number, before + 1, LIMIT).await.expect("a reply");
        replies.iter().map(|reply| reply.body.text().unwrap_or_default().to_owned()).collect()
    }
}
