//! What many tests begin with: a control plane, one linked bot, and a customer who has had an answer.

use virtual_whatsapp::{Customer, LinkedDevice, Options, Server, VirtualWhatsApp};

use crate::{Admin, Bot, ControlPlane, Flavour, Place};

/// A control plane with one linked bot, and a customer.
pub struct Linked {
    /// The control plane.
    pub plane: ControlPlane,
    /// Where it lives.
    pub place: Place,
    /// WhatsApp.
    pub whatsapp: Server,
    /// The bot.
    pub bot: Bot,
    /// The bot's device.
    pub device: LinkedDevice,
    /// Somebody to whom the bot has answered once.
    pub asha: Customer,
    /// The worker's process.
    pub pid: u32,
}

impl Linked {
    /// Begins in a place; the customer is called `name` and has said `text`.
    ///
    /// # Panics
    /// Where any of it does not come about.
    pub async fn who_says(place: Place, name: &str, text: &str) -> Self {
        let whatsapp = VirtualWhatsApp::start(Options::default()).await.expect("the virtual WhatsApp starts");
        let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
        let (bot, device) = Bot::linked(plane.admin(), &whatsapp, 1).await;
        let asha = whatsapp.customer("255712000001", name).expect("a customer");
        bot.answers(&asha, text).await;
        plane.admin().wait_for_logs(&bot.id, "one in and one out", |logs| logs.len() == 2).await;
        let pid = bot.pid(plane.admin()).await;
        Self { plane, place, whatsapp, bot, device, asha, pid }
    }

    /// Begins in a place.
    ///
    /// # Panics
    /// Where any of it does not come about.
    pub async fn begin(place: Place) -> Self {
        Self::who_says(place, "Asha", "Hello").await
    }

    /// The admin API.
    #[must_use]
    pub fn admin(&self) -> &Admin {
        self.plane.admin()
    }

    /// Stops the worker, and waits for its end.
    pub async fn stop_worker(&self) {
        self.admin().worker(&self.bot.id, "stop").await;
        crate::process::ended(self.pid).await;
    }
}
