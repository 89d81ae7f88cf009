//! Each host is asked again and again how it does: silence makes it away, an answer brings it back by itself.

use std::{io, sync::Arc};

use futures_util::future::join_all;
use store::{HostFacts, StoreError};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::{Places, host::Known};
use crate::{HostAbout, end};

/// How long a worker that has no business on a host is given to end in good order.
const END_TIME: std::time::Duration = std::time::Duration::from_secs(10);

impl Places {
    /// Looks after all hosts until it is told to stop.
    pub async fn watch(self: Arc<Self>, stop: CancellationToken) {
        let watches = self.hosts.values().map(|host| self.watch_one(host));
        tokio::select! {
            () = stop.cancelled() => {}
            _ = join_all(watches) => stop.cancelled().await,
        }
    }

    /// Asks each once.
    pub(super) async fn look_around(&self) {
        join_all(self.hosts.values().map(|host| self.look_at(host))).await;
    }

    async fn look_at(&self, host: &Arc<Known>) {
        if let Err(why) = self.ask(host).await {
            self.silent(host, why).await;
        }
    }

    async fn watch_one(&self, host: &Arc<Known>) {
        let mut ticks = interval(self.care.ask_every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut answered = Instant::now();
        loop {
            ticks.tick().await;
            match self.ask(host).await {
                Ok(()) => answered = Instant::now(),
                Err(why) if answered.elapsed() >= self.care.away_after || host.away().is_some() => {
                    self.silent(host, why).await;
                }
                Err(why) => tracing::debug!(host = %host.name, why, "a host was asked and did not answer"),
            }
        }
    }

    /// Asks one; why it is not to be used, where it is not.
    async fn ask(&self, host: &Arc<Known>) -> Result<(), String> {
        let about = match timeout(self.care.answer_within, host.runtime.about()).await {
            Ok(Ok(about)) => about,
            Ok(Err(error)) => return Err(error.to_string()),
            Err(_) => return Err(format!("no answer within {} s", self.care.answer_within.as_secs_f32())),
        };
        if about.name != *host.name {
            return Err(format!("{} answers as host {}; mend HOSTS", host.address, about.name));
        }
        // Before anything is trusted to it: a clone of its volume, or one from a backup, is an older start of it.
        self.note(host, &about).await.map_err(|error| match error {
            StoreError::Conflict { .. } => format!(
                "it answers with incarnation {}, and a newer one has answered before: it is a copy of the host or has an old \
                 volume",
                about.incarnation
            ),
            error => error.to_string(),
        })?;
        metrics::gauge!("flowhq_host_running", "host" => host.name.to_string()).set(as_figure(about.running));
        if let Some(free) = about.disk_free {
            metrics::gauge!("flowhq_host_disk_free_bytes", "host" => host.name.to_string())
                .set(as_figure(free));
        }
        metrics::gauge!("flowhq_host_up", "host" => host.name.to_string()).set(1.0);
        if host.answered(about, self.clock.now()) {
            tracing::info!(host = %host.name, "a host answers");
            self.told(&host.name);
            self.work.notify_one();
            self.end_strays(host).await;
        }
        Ok(())
    }

    /// Writes down what has changed; and now and then that it answers.
    async fn note(&self, host: &Known, about: &HostAbout) -> Result<(), StoreError> {
        const NOTED_EVERY: std::time::Duration = std::time::Duration::from_secs(60);
        let now = self.clock.now();
        let known = host.about();
        let same = known.is_some_and(|known| {
            (known.incarnation, known.capacity, &known.version)
                == (about.incarnation, about.capacity, &about.version)
        });
        let lately = host.noted().is_some_and(|at| now.duration_since(at).unsigned_abs() < NOTED_EVERY);
        if same && lately && host.away().is_none() {
            return Ok(());
        }
        let facts = HostFacts {
            name: host.name.to_string(),
            address: host.address.clone(),
            incarnation: about.incarnation,
            version: about.version.chars().take(100).collect(),
            capacity: about.capacity,
        };
        self.store.operator().host_answered(&facts).await?;
        host.note(now);
        Ok(())
    }

    async fn silent(&self, host: &Arc<Known>, why: String) {
        metrics::gauge!("flowhq_host_up", "host" => host.name.to_string()).set(0.0);
        if host.silent(why.clone()) {
            tracing::error!(host = %host.name, why, "a host is away; its bots may go on, and nothing of it is started elsewhere");
            self.told(&host.name);
        }
        if let Err(error) = self.store.operator().host_away(&host.name).await {
            tracing::warn!(host = %host.name, %error, "that a host is away was not written down");
        }
    }

    /// Ends what runs on a host that has come back and whose place is elsewhere by now: of a host that a person had given up.
    async fn end_strays(&self, host: &Known) {
        let ended = async {
            for tenant in host.runtime.list().await? {
                let place = self.place_of(tenant).await?;
                if place.as_deref() == Some(&*host.name) {
                    continue;
                }
                for process in host.runtime.find(tenant, None).await? {
                    tracing::warn!(host = %host.name, %tenant, "ending a worker whose place is elsewhere");
                    // Whether or not it has, nothing of it is started here.
                    let _late = timeout(2 * END_TIME, end(&*process, END_TIME)).await;
                    host.runtime.forget(process.id()).await;
                }
            }
            io::Result::Ok(())
        };
        if let Err(error) = ended.await {
            tracing::warn!(host = %host.name, %error, "what runs on a host that has come back was not looked at");
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for a chart")]
const fn as_figure(count: u64) -> f64 {
    count as f64
}
