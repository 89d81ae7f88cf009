//! "Try this bot": a conversation with a tenant's own settings and profile before any phone is linked. It is kept in memory
//! for a while, and nothing of it is ever sent, logged or written down.

mod act;
mod show;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{TenantId, Timestamp};
use jiff::SignedDuration;
use replies::{Bot, Business, Pack, Simulator};
use store::Actor;
use utoipa_axum::routes;
use web::routes::{Route, operator};

pub(crate) use self::act::act;
use crate::{App, error::Answer, profile, tenants::Desk};

/// Conversations that are remembered at once; the one that was longest left alone goes first.
const REMEMBERED: usize = 32;
/// How long one is remembered since its last word.
const MINUTES: i64 = 30;
/// Lines of one that are shown; older ones are forgotten.
const LINES: usize = 100;
/// Turns after which one begins anew, since its records would grow without end.
const TURNS: usize = 1_000;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![operator(routes!(show::handle)), operator(routes!(act::handle))]
}

/// The conversations of this run, one for each operator and tenant.
#[derive(Default)]
pub(crate) struct Trials(Mutex<HashMap<(Actor, TenantId), Trial>>);

/// Shows nothing that was said.
impl std::fmt::Debug for Trials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trials").finish_non_exhaustive()
    }
}

/// The versions of settings and profile, and the pack's hash.
type MadeOf = (i64, i64, Option<String>);

struct Trial {
    simulator: Simulator,
    lines: Vec<api::TriedLine>,
    turns: usize,
    /// What its bot was made of.
    made_of: MadeOf,
    used_at: Timestamp,
}

impl Trials {
    /// What was said so far, where anything was.
    fn seen(&self, key: (Actor, TenantId), now: Timestamp) -> Option<api::Tried> {
        let mut trials = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut trials, now);
        trials.get(&key).map(Trial::document)
    }

    /// Forgets a conversation.
    fn end(&self, key: (Actor, TenantId)) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }

    /// Goes on with a conversation, or begins one, with the bot that is made where the tenant told it something new.
    fn go_on(
        &self,
        key: (Actor, TenantId),
        now: Timestamp,
        made_of: MadeOf,
        bot: impl Fn() -> Bot,
        turn: impl FnOnce(&mut Trial),
    ) -> api::Tried {
        let mut trials = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut trials, now);
        if trials.get(&key).is_some_and(|trial| trial.turns >= TURNS) {
            trials.remove(&key);
        }
        if !trials.contains_key(&key) && trials.len() >= REMEMBERED {
            let longest = trials.iter().min_by_key(|(_, trial)| trial.used_at).map(|(key, _)| *key);
            longest.and_then(|longest| trials.remove(&longest));
        }
        let trial = trials.entry(key).or_insert_with(|| Trial {
            simulator: Simulator::new(bot(), now),
            lines: Vec::new(),
            turns: 0,
            made_of: made_of.clone(),
            used_at: now,
        });
        if trial.made_of != made_of {
            trial.simulator.exchange(bot());
            trial.made_of = made_of;
        }
        trial.used_at = now;
        trial.turns += 1;
        turn(trial);
        let over = trial.lines.len().saturating_sub(LINES);
        trial.lines.drain(..over);
        trial.document()
    }
}

fn forget(trials: &mut HashMap<(Actor, TenantId), Trial>, now: Timestamp) {
    trials.retain(|_, trial| now.duration_since(trial.used_at) < SignedDuration::from_mins(MINUTES));
}

impl Trial {
    fn document(&self) -> api::Tried {
        api::Tried { now: self.simulator.now, lines: self.lines.clone() }
    }

    fn say(&mut self, text: &str) {
        self.line(false, text.to_owned());
        let said = self.simulator.say(text);
        if said.is_empty() {
            self.line(true, String::new());
        }
        said.into_iter().for_each(|text| self.line(true, text));
    }

    fn wait(&mut self, minutes: u32) {
        let said = self.simulator.wait(SignedDuration::from_mins(minutes.into()));
        said.into_iter().for_each(|text| self.line(true, text));
    }

    fn line(&mut self, bot: bool, text: String) {
        self.lines.push(api::TriedLine { bot, text, at: self.simulator.now });
    }
}

/// What was said so far, where anything was.
pub(crate) fn so_far(desk: &Desk) -> api::Tried {
    let now = desk.app.now();
    let seen = desk.app.trials.seen(key(desk), now);
    seen.unwrap_or(api::Tried { now, lines: Vec::new() })
}

/// One question to a bot made of these, which is forgotten with its answer.
pub(crate) fn once(
    desk: &Desk,
    settings: domain::BotSettings,
    profile: replies::Profile,
    text: &str,
) -> Result<api::Tried, web::Problem> {
    let text = act::said(text)?;
    let now = desk.app.now();
    let business = Business { settings, profile: profile.into() };
    let simulator = Simulator::new(Bot::new(profile::pack(desk), business), now);
    let made_of = (0, 0, None);
    let mut trial = Trial { simulator, lines: Vec::new(), turns: 0, made_of, used_at: now };
    trial.say(text);
    Ok(trial.document())
}

/// Who tries which bot.
fn key(desk: &Desk) -> (Actor, TenantId) {
    (desk.actor, desk.id())
}

/// Has something happen in the trial of whoever asks.
async fn turn(desk: &Desk, turn: impl FnOnce(&mut Trial)) -> Answer<api::Tried> {
    let profile = profile::stands(desk).await?;
    let settings = desk.detail.bot_settings();
    let pack: Option<Arc<Pack>> = profile::pack(desk);
    let made_of = (settings.version, profile.version, pack.as_ref().map(|pack| pack.version().hash.clone()));
    let bot = || {
        let business = Business { settings: settings.clone(), profile: profile.clone().into() };
        Bot::new(pack.clone(), business)
    };
    Ok(desk.app.trials.go_on(key(desk), desk.app.now(), made_of, bot, turn))
}
