//! What the parts of one bot share.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use domain::{AheadClock, BotSettings, Digits, Limits};
use link::{
    Exit,
    message::{DocumentKind, Gathered, ProblemCode, SessionReport},
};
use replies::Profile;
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    acks::Acks,
    channel::{Address, Channel, Connection, EarlierChat, Linking},
    journal::{Journal, JournalError, Kept, NewId},
    outcomes::Outcomes,
    pace::Pace,
    standing::{Linked, Standing},
    view::Board,
    voice::{self, KnownBusiness, Packed, Voice},
};

/// How long a phone may take to tell of its earlier chats once it has linked the device.
const CHATS_WITHIN: Duration = Duration::from_secs(30);

/// A connection on which messages flow, with its number within this process.
#[derive(Clone)]
pub(crate) struct Live {
    /// Grows with each connection.
    pub(crate) number: u64,
    /// The connection.
    pub(crate) connection: Arc<dyn Connection>,
}

/// What somebody wants of the whole worker.
#[derive(Debug, Clone, Default)]
pub(crate) struct Orders {
    /// End in good order: answer nothing new.
    pub(crate) stop: CancellationToken,
    /// Unlink the device, then end.
    pub(crate) log_out: CancellationToken,
    /// Connect to WhatsApp. Given from the start, unless something is to be erased first.
    pub(crate) connect: CancellationToken,
}

/// What the parts of one bot share.
pub(crate) struct Bot {
    pub(crate) journal: Journal,
    /// The journal again, for what is said to customers.
    pub(crate) outcomes: Arc<dyn Outcomes>,
    pub(crate) clock: AheadClock,
    pub(crate) channel: Arc<dyn Channel>,
    pub(crate) standing: watch::Sender<Standing>,
    pub(crate) live: watch::Sender<Option<Live>>,
    pub(crate) board: Board,
    pub(crate) acks: Acks,
    pub(crate) pace: Pace,
    /// Whether the journal failed when a message was last marked: nothing is sent then before it takes a mark again.
    pub(crate) marks_first: AtomicBool,
    /// Until when somebody looks for a code.
    pub(crate) code_wanted_until: watch::Sender<Option<Instant>>,
    /// The number of the phone that is to be linked by a typed code, until that code is void; QR codes otherwise.
    pub(crate) typed_on: watch::Sender<Option<Digits>>,
    /// By how much WhatsApp's clock is ahead of this machine's, in milliseconds, as the last login told.
    pub(crate) clock_behind_ms: watch::Sender<Option<i64>>,
    pub(crate) orders: Orders,
    /// What came down beside the settings. Held while any of it is taken over: two connections of the link may bring some
    /// at once.
    pub(crate) configuring: tokio::sync::Mutex<KnownBusiness>,
    /// Held while the session gets another mark.
    pub(crate) marking: tokio::sync::Mutex<()>,
    /// Why the worker must end at once, where it must.
    pub(crate) fatal: watch::Sender<Option<Exit>>,
}

impl Bot {
    /// Where message ids come from.
    pub(crate) fn new_id(&self) -> NewId {
        let channel = Arc::clone(&self.channel);
        Arc::new(move || channel.new_message_id())
    }

    /// Takes settings and limits over from the control plane, unless newer ones are known.
    pub(crate) async fn configure(&self, settings: BotSettings, limits: Limits) {
        let told = self.configuring.lock().await;
        let known = self.standing.borrow().settings.clone();
        let newest = match &known {
            Some(known) if known.version > settings.version => {
                tracing::warn!(
                    known = known.version,
                    got = settings.version,
                    "older settings were passed over"
                );
                Arc::clone(known)
            }
            _ => Arc::new(settings),
        };
        // Stored first: a restart without a link must not answer by settings that were replaced.
        if known.as_ref() != Some(&newest)
            && let Err(error) = self.journal.put_settings((*newest).clone()).await
        {
            self.trouble(&error);
        }
        let voice = match &self.standing.borrow().voice {
            Some(voice) if voice.0.business().settings == *newest => Some(voice.clone()),
            _ => told.voice(&newest),
        };
        if told.profile.is_none() && known.as_ref().map(|known| known.pack) != Some(newest.pack) {
            self.stock(voice.as_ref()).await;
        }
        self.clock.set_ahead(limits.clock_ahead_ms);
        self.standing.send_if_modified(|standing| {
            let before = standing.clone();
            standing.settings = Some(newest);
            standing.limits = limits;
            standing.voice = voice;
            *standing != before
        });
        drop(told);
        self.report_connected();
    }

    /// Where no profile has come down, the stock is that of the one that ships.
    async fn stock(&self, voice: Option<&Voice>) {
        let Some(voice) = voice else { return };
        let profile = Arc::clone(&voice.0.business().profile);
        if let Err(error) = self.journal.take_stock(profile).await {
            self.trouble(&error);
        }
    }

    /// Takes a whole document over from the control plane.
    pub(crate) async fn learn(&self, document: Gathered) {
        let mut told = self.configuring.lock().await;
        let stored = match (document.what, document.text) {
            (DocumentKind::Profile, None) => return,
            (DocumentKind::Profile, Some(json)) => match serde_json::from_str::<Profile>(&json) {
                Ok(mut profile) => {
                    profile.version = document.name.parse().unwrap_or(profile.version);
                    let profile = Arc::new(profile);
                    told.profile = Some(Arc::clone(&profile));
                    self.journal.put_profile(profile).await
                }
                Err(error) => {
                    // The parser's words may quote a customer's number: name only the place.
                    tracing::error!(line = error.line(), column = error.column(), "a profile cannot be read");
                    return;
                }
            },
            (DocumentKind::Pack, None) => {
                told.pack = Packed::Gone;
                self.journal.put_pack(document.name, None).await
            }
            (DocumentKind::Pack, Some(files)) => match voice::compiled(&files) {
                Some(pack) => {
                    let hash = pack.version().hash.clone();
                    told.pack = Packed::Sent(pack);
                    self.journal.put_pack(hash, Some(files)).await
                }
                // Of a newer installation, say. Until a build comes that can read it, a person has to answer.
                None => {
                    told.pack = Packed::Gone;
                    self.journal.put_pack(document.name, None).await
                }
            },
        };
        if let Err(error) = stored {
            self.trouble(&error);
        }
        self.standing.send_modify(|standing| {
            standing.voice = standing.settings.as_deref().and_then(|settings| told.voice(settings));
        });
    }

    /// By what it answers, once that is known.
    pub(crate) fn voice(&self) -> Option<Arc<replies::Bot>> {
        self.standing.borrow().voice.as_ref().map(|voice| Arc::clone(&voice.0))
    }

    /// Whether the tenant's open records are to come with this connection.
    pub(crate) async fn await_records(&self, follow: bool) {
        if !self.standing.borrow().awaits_records {
            return;
        }
        if follow {
            return;
        }
        // A control plane that keeps no records has none to tell.
        if let Err(error) = self.journal.know_records().await {
            self.trouble(&error);
        }
        self.standing.send_modify(|standing| standing.awaits_records = false);
    }

    /// Takes over the tenant's records that the control plane has kept.
    pub(crate) async fn restore(&self, kept: Kept) -> Result<(), JournalError> {
        self.journal.restore_records(self.voice(), kept, self.clock.now()).await?;
        self.standing.send_modify(|standing| standing.awaits_records = false);
        Ok(())
    }

    /// A phone has linked this device: it tells of its earlier chats soon.
    pub(crate) fn was_linked(&self) {
        let linked = Linked { at: self.clock.now(), chats_due: Some(Instant::now() + CHATS_WITHIN) };
        self.standing.send_modify(|standing| standing.linked = Some(linked));
    }

    /// Notes with whom the phone had chatted before it linked this device.
    pub(crate) async fn learn_chats(&self, chats: Vec<EarlierChat>, all: bool) -> Result<(), JournalError> {
        let linked_at = self.standing.borrow().linked.as_ref().map(|linked| linked.at);
        if !chats.is_empty() {
            let linked_at = linked_at.unwrap_or_else(|| self.clock.now());
            self.journal.chatted_before(chats, linked_at).await?;
        }
        if all {
            self.chats_are_told();
        }
        Ok(())
    }

    /// Nobody waits any longer for what the phone tells of its earlier chats.
    pub(crate) fn chats_are_told(&self) {
        self.standing.send_if_modified(|standing| {
            standing.linked.as_mut().is_some_and(|linked| linked.chats_due.take().is_some())
        });
    }

    /// How a device that is not linked is to be linked now.
    pub(crate) fn linking(&self) -> Linking {
        self.typed_on.borrow().clone().map_or(Linking::Qr, Linking::PairingCode)
    }

    /// Links by QR codes again, unless a pairing code for another number than `number` is wanted meanwhile.
    pub(crate) fn back_to_qr(&self, number: &Digits) {
        self.typed_on.send_if_modified(|wanted| wanted.take_if(|wanted| wanted == number).is_some());
    }

    /// Notes under which account the device is linked.
    pub(crate) async fn linked_as(&self, account: Address) {
        if self.standing.borrow().account == account {
            return;
        }
        if let Err(error) = self.journal.put_account(account.clone()).await {
            self.trouble(&error);
        }
        self.standing.send_modify(|standing| standing.account = account);
    }

    /// What to report of a connected session: held, or connected.
    pub(crate) fn connected_report(&self) -> Option<SessionReport> {
        let standing = self.standing.borrow();
        if let Some(number) = standing.held_number() {
            return Some(SessionReport::Held { number: number.clone() });
        }
        let number = standing.account.number.clone()?;
        Some(SessionReport::Connected { number, lid: standing.account.lid.clone() })
    }

    /// Reports a connected session anew where a hold has begun or ended.
    fn report_connected(&self) {
        if self.live.borrow().is_some()
            && let Some(report) = self.connected_report()
        {
            self.board.amend(report);
        }
    }

    /// Says what is wrong with the journal, and ends the worker where nothing can mend it.
    pub(crate) fn trouble(&self, error: &JournalError) {
        tracing::error!(%error, "the journal failed");
        let exit = error.exit();
        let code = match exit {
            Some(Exit::JournalCorrupt) => ProblemCode::JournalCorrupt,
            Some(_) => ProblemCode::Other,
            None => ProblemCode::Disk,
        };
        self.board.problem(code, error.to_string());
        if exit.is_some() {
            self.fatal.send_if_modified(|fatal| {
                fatal.is_none() && {
                    *fatal = exit;
                    true
                }
            });
        }
    }
}
