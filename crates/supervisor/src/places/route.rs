//! Each verb at the tenant's place.

use std::{collections::BTreeSet, fs::File, io, sync::Arc};

use async_trait::async_trait;
use domain::TenantId;
use futures_util::future::join_all;
use link::Generation;
use tokio::sync::watch;
use vault::Resealer;

use super::{Away, Places, host::Known};
use crate::{CellMark, LogTail, Order, Process, Runtime, StartError, Stream, WorkerId, service::lock};

/// What may run on a host.
async fn list_of(host: &Known) -> (Arc<str>, io::Result<Vec<TenantId>>) {
    (Arc::clone(&host.name), host.runtime.list().await)
}

impl Places {
    async fn of(&self, tenant: TenantId) -> io::Result<Arc<dyn Runtime>> {
        let host = self.place_of(tenant).await?;
        Ok(self.at(host.as_deref())?)
    }
}

#[async_trait]
impl Runtime for Places {
    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError> {
        let id = order.id;
        let host = self.place_of(id.tenant).await.map_err(|error| StartError::There(error.to_string()))?;
        let runtime = self.at(host.as_deref()).map_err(|away| StartError::Away(away.into()))?;
        let started = runtime.start(order).await;
        if started.is_ok() {
            self.runs(id, host);
        }
        started
    }

    async fn find(
        &self,
        tenant: TenantId,
        hint: Option<(Generation, u32)>,
    ) -> io::Result<Vec<Arc<dyn Process>>> {
        let host = self.place_of(tenant).await?;
        let found = self.at(host.as_deref())?.find(tenant, hint).await?;
        for process in &found {
            self.runs(process.id(), host.clone());
        }
        Ok(found)
    }

    /// Of those that answer.
    async fn list(&self) -> io::Result<Vec<TenantId>> {
        let hosts = self.hosts.values().filter(|host| host.away().is_none());
        let (here, lists) = tokio::join!(self.here.list(), join_all(hosts.map(|host| list_of(host))));
        let mut tenants: BTreeSet<TenantId> = here?.into_iter().collect();
        for (host, list) in lists {
            match list {
                Ok(list) => tenants.extend(list),
                Err(error) => tracing::warn!(%host, %error, "a host does not say what runs on it"),
            }
        }
        Ok(tenants.into_iter().collect())
    }

    async fn dial(&self, process: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        let id = process.id();
        let host = lock(&self.workers).get(&id).cloned();
        match host {
            Some(host) => self.at(host.as_deref())?.dial(process).await,
            None => self.of(id.tenant).await?.dial(process).await,
        }
    }

    async fn forget(&self, id: WorkerId) {
        let host = lock(&self.workers).remove(&id);
        let runtime = match host {
            Some(host) => self.at(host.as_deref()).ok(),
            None => self.of(id.tenant).await.ok(),
        };
        if let Some(runtime) = runtime {
            runtime.forget(id).await;
        }
    }

    async fn log_tail(&self, tenant: TenantId, most: u64, after: Option<u64>) -> io::Result<LogTail> {
        self.of(tenant).await?.log_tail(tenant, most, after).await
    }

    async fn journal_copy(&self, tenant: TenantId) -> io::Result<Vec<(&'static str, File)>> {
        self.of(tenant).await?.journal_copy(tenant).await
    }

    async fn journal_at_rest(&self, tenant: TenantId) -> io::Result<Vec<(&'static str, File)>> {
        self.of(tenant).await?.journal_at_rest(tenant).await
    }

    async fn cell_at_rest(
        &self,
        tenant: TenantId,
        resealer: Option<Arc<Resealer>>,
    ) -> io::Result<Vec<(String, File)>> {
        self.of(tenant).await?.cell_at_rest(tenant, resealer).await
    }

    /// Of a tenant that comes from another installation: on this machine, from where it can be moved.
    async fn lay_cell(
        &self,
        tenant: TenantId,
        resealer: Option<Arc<Resealer>>,
        files: Vec<(String, File)>,
    ) -> io::Result<()> {
        self.of(tenant).await?.lay_cell(tenant, resealer, files).await
    }

    async fn mark_cell(&self, tenant: TenantId, mark: CellMark) -> io::Result<()> {
        self.of(tenant).await?.mark_cell(tenant, mark).await
    }

    /// At its place, and wherever a move has left something of it.
    async fn purge(&self, tenant: TenantId) -> io::Result<()> {
        let place = self.store.operator().place(tenant).await.map_err(io::Error::other)?;
        self.at(place.host.as_deref())?.purge(tenant).await?;
        if place.step != domain::PlaceStep::Stays {
            self.at(place.other.as_deref())?.purge(tenant).await?;
        }
        let known = self.known.write().unwrap_or_else(std::sync::PoisonError::into_inner).remove(tenant);
        self.expected(known.flatten().as_deref(), false);
        Ok(())
    }

    /// A tenant that has no place yet is given one: the host with most room.
    async fn within_reach(&self, tenant: TenantId) -> io::Result<()> {
        match self.remembered(tenant) {
            Some(host) => self.reached(tenant, host.as_deref()).await,
            None => self.settle(tenant).await,
        }
    }

    /// Of a host that answers: by what it says of its volume.
    fn disk_short(&self, tenant: TenantId) -> Option<watch::Receiver<bool>> {
        let host = self.remembered(tenant).flatten()?;
        Some(self.hosts.get(&host)?.disk_short())
    }

    fn places(&self) -> Option<&Places> {
        Some(self)
    }
}

impl Places {
    async fn reached(&self, tenant: TenantId, host: Option<&str>) -> io::Result<()> {
        self.at(host)?.within_reach(tenant).await
    }

    async fn settle(&self, tenant: TenantId) -> io::Result<()> {
        let host = self.given(tenant).await?;
        self.moved(tenant, host.as_deref());
        self.reached(tenant, host.as_deref()).await
    }

    /// The host of a tenant, which is given one where it has none yet.
    async fn given(&self, tenant: TenantId) -> io::Result<Option<String>> {
        // It is never closed.
        let _turn = self.asked.acquire().await;
        let operator = self.store.operator();
        if self.hosts.is_empty() || !operator.is_unsettled(tenant).await.map_err(io::Error::other)? {
            return Ok(operator.place(tenant).await.map_err(io::Error::other)?.host);
        }
        // Before it is written down, so that the next one sees it.
        let host = self.keep_room().ok_or(Away::NoRoom)?;
        let settled = operator.settle(tenant, &host).await;
        if settled.as_ref().map_or(true, |place| place.host.as_deref() != Some(host.as_str())) {
            self.expected(Some(&host), false);
        }
        Ok(settled.map_err(io::Error::other)?.host)
    }
}
