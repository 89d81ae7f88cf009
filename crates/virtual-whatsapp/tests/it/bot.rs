//! An unmodified whatsapp-rust client that answers each text with `echo: ` and the text.

use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use virtual_whatsapp::{Customer, EventKind, LinkedDevice, Options, Phone, Server, VirtualWhatsApp};
use whatsapp_rust::pair_code::PairCodeOptions;
use whatsapp_rust::prelude::*;
use whatsapp_rust::transport::TokioWebSocketTransportFactory;
use whatsapp_rust::types::events::Event;

pub(crate) const BUSINESS: &str = "255754000111";
pub(crate) const ASHA: &str = "255754000222";
/// Real time that anything may take at most; nothing waits this long when all is well.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

pub(crate) struct EchoBot {
    events: async_channel::Receiver<Arc<Event>>,
    handle: Option<BotHandle>,
}

impl EchoBot {
    pub(crate) async fn start(server: &Server, directory: &TempDir) -> Self {
        Self::start_with(server, directory, None).await
    }

    /// Asks for a pairing code of this number besides the QR codes.
    pub(crate) async fn start_with(server: &Server, directory: &TempDir, number: Option<&str>) -> Self {
        let transport = TokioWebSocketTransportFactory::new().with_url(server.url());
        Self::start_over(transport, directory, number).await
    }

    /// The same over a transport of the test's own.
    pub(crate) async fn start_over(
        transport: TokioWebSocketTransportFactory,
        directory: &TempDir,
        number: Option<&str>,
    ) -> Self {
        let database = directory.path().join("session.db");
        let (sender, events) = async_channel::unbounded();
        let mut builder = Bot::builder()
            .with_backend(SqliteStore::new(database.to_str().unwrap()).await.unwrap())
            .with_transport_factory(transport)
            .with_version((2, 3000, 0))
            .skip_history_sync()
            .on_event(move |event, _| {
                let sender = sender.clone();
                async move {
                    let _ = sender.send(event).await;
                }
            })
            .on_message(|context| async move {
                let text = context.message.text_content().unwrap_or("").to_owned();
                if !text.is_empty() && !context.info.source.is_from_me {
                    // A bot that was shut down midway cannot answer.
                    let _ = context.reply(format!("echo: {text}")).await;
                }
            });
        if let Some(number) = number {
            let phone_number = number.to_owned();
            builder = builder.with_pair_code(PairCodeOptions { phone_number, ..Default::default() });
        }
        let bot = builder.build().await.unwrap();
        Self { events, handle: Some(bot.spawn()) }
    }

    pub(crate) async fn event(&self, what: &str, fits: impl Fn(&Event) -> bool) -> Arc<Event> {
        let search = async {
            loop {
                let event = self.events.recv().await.unwrap();
                if fits(&event) {
                    return event;
                }
            }
        };
        tokio::time::timeout(LIMIT, search).await.unwrap_or_else(|_| panic!("the bot never saw {what}"))
    }

    pub(crate) async fn qr(&self) -> String {
        match &*self.event("a QR code", |e| matches!(e, Event::PairingQrCode(_))).await {
            Event::PairingQrCode(qr) => qr.code.clone(),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn pairing_code(&self) -> String {
        match &*self.event("a pairing code", |e| matches!(e, Event::PairingCode(_))).await {
            Event::PairingCode(code) => code.code.clone(),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn client(&self) -> Arc<Client> {
        self.handle.as_ref().unwrap().client()
    }

    /// Writes to a number without having been asked; returns the message's id.
    pub(crate) async fn say(&self, number: &str, text: &str) -> Result<String, String> {
        let message =
            waproto::whatsapp::Message { conversation: Some(text.to_owned()), ..Default::default() };
        let sent = self.client().send_message(&Jid::pn(number), message).await;
        sent.map(|sent| sent.message_id.to_string()).map_err(|e| e.to_string())
    }

    pub(crate) async fn stop(mut self) {
        self.handle.take().unwrap().shutdown().await;
    }
}

/// A server with a linked, idle echo bot and a customer.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) phone: Phone,
    pub(crate) device: LinkedDevice,
    pub(crate) bot: EchoBot,
    pub(crate) asha: Customer,
    pub(crate) directory: TempDir,
}

impl World {
    pub(crate) async fn linked() -> Self {
        Self::linked_with(Options::default()).await
    }

    pub(crate) async fn linked_with(options: Options) -> Self {
        trace();
        let server = VirtualWhatsApp::start(options).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        let bot = EchoBot::start(&server, &directory).await;
        let phone = server.phone(BUSINESS).unwrap();
        let asha = server.customer(ASHA, "Asha").unwrap();
        let device = phone.scan(&bot.qr().await).await.unwrap();
        caught_up(&server, 0).await;
        wait(&server, 0, |e| matches!(e, EventKind::PrekeysUploaded { .. })).await;
        Self { server, phone, device, bot, asha, directory }
    }

    /// Everything that was written to the device has been settled.
    pub(crate) async fn settled(&self) {
        let mut seen = self.server.events().last();
        while self.device.status().queue > 0 {
            let fits = |e: &EventKind| matches!(e, EventKind::Acked { .. } | EventKind::Receipt { .. });
            // One may have come between the look and the wait.
            match self.server.events().wait_after(seen, Duration::from_millis(200), fits).await {
                Ok(event) => seen = event.seq,
                Err(_) => assert!(self.server.events().last() < seen + 10_000),
            }
        }
    }
}

pub(crate) async fn wait(server: &Server, after: u64, fits: impl FnMut(&EventKind) -> bool) -> u64 {
    let found = server.events().wait_after(after, LIMIT, fits).await;
    found.unwrap_or_else(|e| panic!("{e}; events: {:#?}", server.events().since(after))).seq
}

pub(crate) async fn caught_up(server: &Server, after: u64) -> u64 {
    wait(server, after, |e| matches!(e, EventKind::CaughtUp { .. })).await
}

/// Shows what happens when a test is run with `RUST_LOG`.
pub(crate) fn trace() {
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
}

pub(crate) fn texts(entries: &[virtual_whatsapp::ChatEntry]) -> Vec<&str> {
    entries.iter().filter_map(|e| e.body.text()).collect()
}
