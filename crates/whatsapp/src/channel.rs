//! The worker's channel: opens one connection at a time on one session.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use tokio::sync::mpsc;
use whatsapp_rust::{
    Client,
    bot::{Bot, BotHandle},
    wacore::{request::RequestUtils, store::DevicePropsOverride, time::now_secs_u64},
    waproto::whatsapp::device_props::PlatformType,
};
use worker::channel::{Channel, ChannelEvent, Connection, Inbox, Linking, OpenError};

use crate::{
    Options,
    backend::Guarded,
    connection::WhatsAppConnection,
    driver::Driver,
    hook::Hook,
    http::GuardedHttp,
    session::Session,
    signals::{Listener, Signal},
    text::causes,
    transport::Dialler,
    tuning,
    waits::Waits,
};

/// One tenant's WhatsApp account, as a linked device.
pub struct WhatsApp {
    options: Options,
    session: Arc<Session>,
    open: Arc<AtomicBool>,
}

impl WhatsApp {
    /// Prepares the channel; nothing is opened or created yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let session =
            Arc::new(Session::new(options.files.clone(), options.session.clone(), options.owner.clone()));
        Self { options, session, open: Arc::new(AtomicBool::new(false)) }
    }

    async fn start(
        &self,
        backend: Guarded,
        hook: Hook,
        listener: Listener,
        dialler: Dialler,
    ) -> Result<(Arc<Client>, BotHandle), OpenError> {
        let props = DevicePropsOverride::new()
            .with_os(self.options.device_name.as_str())
            .with_platform_type(PlatformType::DESKTOP);
        let bot = Bot::builder()
            .with_backend(backend)
            .with_transport_factory(dialler)
            .with_http_client(GuardedHttp::new())
            .with_runtime(Waits)
            .with_version(self.options.version)
            .with_device_props(props)
            .with_cache_config(tuning::caches())
            .with_inbound_durability_hook(hook)
            .with_event_handler(listener)
            .build()
            .await
            .map_err(|error| {
                OpenError::Other(format!("the session could not be opened: {}", causes(&error)))
            })?;
        let client = bot.client();
        // One loop opens connections again, and it is the worker's.
        client.enable_auto_reconnect.store(false, Ordering::Relaxed);
        Ok((client, bot.spawn()))
    }
}

#[async_trait]
impl Channel for WhatsApp {
    async fn is_linked(&self) -> Result<bool, OpenError> {
        self.session.is_linked().await
    }

    async fn marked(&self, known: &[String], marked: bool) -> Result<Option<String>, OpenError> {
        self.session.marked(known.to_vec(), marked).await
    }

    async fn mark(&self, mark: String) -> Result<(), OpenError> {
        self.session.mark(mark).await
    }

    fn new_message_id(&self) -> String {
        // The device's own number would go into a hash beside 16 random bytes; without it the form is the same.
        RequestUtils::message_id_at(None, now_secs_u64())
    }

    async fn open(
        &self,
        inbox: Arc<dyn Inbox>,
        linking: Linking,
        events: mpsc::Sender<ChannelEvent>,
    ) -> Result<Arc<dyn Connection>, OpenError> {
        let only = Only::take(&self.open)?;
        let stores = self.session.stores().await?;
        let (sender, signals) = mpsc::unbounded_channel::<Signal>();
        let receipts = Arc::new(AtomicUsize::new(0));
        let dialler = Dialler::new(&self.options);
        let on_fatal = Arc::clone(&self.options.on_fatal);
        let backend = Guarded::new(stores, on_fatal, Arc::clone(&inbox), sender.clone());
        let sent = backend.sent();
        let hook = Hook::new(Arc::clone(&inbox), sender.clone(), self.options.inbox_patience);
        let listener = Listener::new(sender.clone(), Arc::clone(&receipts));
        let (client, run) = self.start(backend, hook, listener, dialler.clone()).await?;
        let (connection, control) =
            WhatsAppConnection::new(Arc::clone(&client), Arc::clone(&self.session), sender, sent);
        let driver = Driver {
            client,
            run,
            session: Arc::clone(&self.session),
            inbox,
            patience: self.options.inbox_patience,
            linking,
            signals,
            receipts,
            events,
            dialler,
            only,
        };
        connection.run(driver.drive(control));
        Ok(Arc::new(connection))
    }
}

/// The right to the one connection, given back when dropped.
pub(crate) struct Only(Arc<AtomicBool>);

impl Only {
    fn take(open: &Arc<AtomicBool>) -> Result<Self, OpenError> {
        if open.swap(true, Ordering::AcqRel) {
            return Err(OpenError::Other("a connection of this session is still open".to_owned()));
        }
        Ok(Self(Arc::clone(open)))
    }
}

impl Drop for Only {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
