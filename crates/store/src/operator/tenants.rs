//! Tenants and their workers across the platform.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use domain::{Digits, Phone, Show, Sort, TenantId};

use serde_json::json;
use sqlx::any::AnyRow;

use super::{Operator, new_tenant::insert, overview::array};
use crate::{
    Cursor, NewTenant, Page, PageRequest, StatusCounts, StoreError, TenantDetail, TenantFilter,
    WorkerProcess,
    actor::note,
    db::{Access, Args},
    page::pattern,
    rows,
    rows::Reader,
    sql::{Statement, tenants, workers},
};

/// A place in a list by need: the group's rank above these bits, the time when a tenant was made in them.
const GROUP_BITS: u32 = 48;

impl Operator {
    /// Takes an account from other tenants whose claim to it has ended: whose worker is stopped, or, where `owned` says
    /// that `tenant` has declared the number, who have not declared it. A claim of theirs that an operator has confirmed
    /// stands. Each loses a line in the audit log; how many there were.
    pub async fn release_claims(
        &self,
        tenant: TenantId,
        account: &crate::LinkedAccount,
        owned: bool,
    ) -> Result<usize, StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = tx
            .args()
            .id(tenant)
            .text(account.number.as_str())
            .opt_text(account.lid.as_deref())
            .time(now)
            .flag(owned);
        let released = tx.rows(&crate::sql::lifecycle::RELEASE_CLAIMS, args).await?;
        let losers =
            released.iter().map(|row| Reader::new(row).id()).collect::<Result<Vec<TenantId>, _>>()?;
        tx.commit().await?;
        for loser in &losers {
            let scope = self.store.tenant(*loser);
            let payload = serde_json::json!({ "number": account.number.masked() });
            scope.record_event("system", None, "NUMBER_CLAIM_ENDED", &payload).await?;
        }
        Ok(losers.len())
    }

    /// Creates a tenant with its configuration, session and worker rows in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] in `phone_number` where another tenant has declared it; nothing is created then.
    pub async fn create_tenant(&self, new: &NewTenant) -> Result<TenantDetail, StoreError> {
        let tenant = TenantId::generate();
        let now = self.store.now();
        let mut tx = self.store.begin(Access { tenant: Some(tenant), write: true }).await?;
        insert(&mut tx, tenant, new, now).await?;
        let args = tx.args();
        let row = tx.row(&tenants::GET, args).await?.ok_or(StoreError::NotFound("tenant"))?;
        let detail = rows::detail(&row)?;
        let payload = json!({ "template_type": new.template_type, "language": new.language });
        note(&mut tx, self.actor, "TENANT_CREATED", &payload, now).await?;
        tx.commit().await?;
        Ok(detail)
    }

    /// The tenants that have declared these numbers, and their names, by number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn declared_by(
        &self,
        numbers: &[&Phone],
    ) -> Result<HashMap<String, (TenantId, String)>, StoreError> {
        let numbers: Vec<_> = numbers.iter().map(|number| number.as_str()).collect();
        let mut tx = self.read().await?;
        let args = tx.args().text(&json!(numbers).to_string());
        let rows = tx.rows(&tenants::CLAIMS, args).await?;
        let claim = |row: &AnyRow| {
            let row = &mut Reader::new(row);
            Ok((row.text()?, (row.id()?, row.text()?)))
        };
        rows.iter().map(claim).collect()
    }

    /// Which of these names tenants have, in lower case.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn names_among(&self, names: &[&str]) -> Result<HashSet<String>, StoreError> {
        // SQLite knows the letter case of ASCII letters alone, PostgreSQL that of all.
        let lower: Vec<_> =
            names.iter().flat_map(|name| [name.to_ascii_lowercase(), name.to_lowercase()]).collect();
        let mut tx = self.read().await?;
        let args = tx.args().text(&json!(lower).to_string());
        let rows = tx.rows(&tenants::NAMES_AMONG, args).await?;
        rows.iter().map(|row| Ok(Reader::new(row).text()?.to_lowercase())).collect()
    }

    /// How many other tenants have this name.
    pub async fn namesakes(&self, name: &str, of: TenantId) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(name).id(of);
        let row = tx.row(&tenants::NAMESAKES, args).await?.ok_or(StoreError::NotFound("tenant"))?;
        Reader::new(&row).count()
    }

    /// A page of tenants in the filter's order, each with its one-to-one rows.
    pub async fn list_tenants(
        &self,
        filter: &TenantFilter,
        page: PageRequest,
    ) -> Result<Page<TenantDetail>, StoreError> {
        let tagged = self.of_tag(filter).await?;
        let filter = tagged.as_ref().unwrap_or(filter);
        if filter.sort == Sort::Need && filter.show.is_none() {
            return self.list_by_need(filter, page).await;
        }
        let items = self.some_tenants(filter, page).await?;
        let key = |detail: &TenantDetail| {
            let at = match filter.sort {
                Sort::Newest | Sort::Need => detail.tenant.created_at.as_millisecond(),
                Sort::Name => 0,
                Sort::Seen => detail.session.last_seen_at.map_or(0, domain::Timestamp::as_millisecond),
                Sort::Memory => {
                    detail.worker.memory_bytes.map_or(0, |bytes| i64::try_from(bytes).unwrap_or(i64::MAX))
                }
            };
            Cursor { at, id: detail.tenant.id.uuid() }
        };
        Ok(page.cut(items, key))
    }

    /// The same filter with the ids of those that have its tag, where it names one: found by an index, and few.
    async fn of_tag(&self, filter: &TenantFilter) -> Result<Option<TenantFilter>, StoreError> {
        let Some(tag) = &filter.tag else { return Ok(None) };
        let mut ids = self.tagged(tag).await?;
        if let Some(only) = &filter.ids {
            let only: HashSet<&TenantId> = only.iter().collect();
            ids.retain(|id| only.contains(id));
        }
        Ok(Some(TenantFilter { ids: Some(ids), tag: None, ..filter.clone() }))
    }

    /// Group after group, each by a statement of its own that finds its rows by an index; a place is a group and a place
    /// in it.
    async fn list_by_need(
        &self,
        filter: &TenantFilter,
        page: PageRequest,
    ) -> Result<Page<TenantDetail>, StoreError> {
        let begin = page.before.map_or(0, |cursor| cursor.at >> GROUP_BITS);
        let mut items: Vec<(i64, TenantDetail)> = Vec::new();
        for (rank, show) in (0_i64..).zip(Show::ALL).filter(|(rank, _)| *rank >= begin) {
            if filter.grouping.as_ref().is_some_and(|known| known.overview.of(show) == 0) {
                continue;
            }
            let more = u32::try_from(page.fetch()).unwrap_or(1).saturating_sub(items.len() as u32);
            if more == 0 {
                break;
            }
            // One row fewer is asked for than is fetched.
            let within = PageRequest {
                limit: more.saturating_sub(1).max(1),
                before: page
                    .before
                    .filter(|_| rank == begin)
                    .map(|cursor| Cursor { at: cursor.at & ((1 << GROUP_BITS) - 1), id: cursor.id }),
            };
            let filter = TenantFilter { show: Some(show), sort: Sort::Newest, ..filter.clone() };
            let found = self.some_tenants(&filter, within).await?;
            items.extend(found.into_iter().take(more as usize).map(|detail| (rank, detail)));
        }
        let key = |(rank, detail): &(i64, TenantDetail)| Cursor {
            at: (rank << GROUP_BITS) | detail.tenant.created_at.as_millisecond(),
            id: detail.tenant.id.uuid(),
        };
        let Page { items, next } = page.cut(items, key);
        Ok(Page { items: items.into_iter().map(|(_, detail)| detail).collect(), next })
    }

    async fn some_tenants(
        &self,
        filter: &TenantFilter,
        page: PageRequest,
    ) -> Result<Vec<TenantDetail>, StoreError> {
        let [all, of, but] = match filter.sort {
            Sort::Newest | Sort::Need => [&tenants::LIST, &tenants::LIST_OF, &tenants::LIST_BUT],
            Sort::Name => [&tenants::LIST_BY_NAME, &tenants::LIST_OF_BY_NAME, &tenants::LIST_BUT_BY_NAME],
            Sort::Seen => [&tenants::LIST_BY_SEEN, &tenants::LIST_OF_BY_SEEN, &tenants::LIST_BUT_BY_SEEN],
            Sort::Memory => {
                [&tenants::LIST_BY_MEMORY, &tenants::LIST_OF_BY_MEMORY, &tenants::LIST_BUT_BY_MEMORY]
            }
        };
        let (at, id) = page.bounds();
        let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let args = Args::default()
            .opt_label(filter.status)
            .opt_text(search.map(pattern).as_deref())
            .int(at)
            .text(&id)
            .int(page.fetch())
            .opt_text(search.and_then(number_pattern).as_deref());
        let needs = filter.grouping.as_ref().map_or(&[][..], |known| &known.needs);
        let grouped = filter.show.filter(|show| Show::ALL.contains(show));
        // Who they are, where that is known or asked for.
        let some = match (&filter.ids, grouped) {
            (None, Some(Show::Needs)) => Some(needs.to_vec()),
            (None, Some(show)) => filter.grouping.as_ref().and_then(|known| known.few.get(&show).cloned()),
            (ids, _) => ids.clone(),
        };
        let some = some.map(|ids| {
            let needs: HashSet<_> = needs.iter().collect();
            let is_meant =
                |id: &TenantId| grouped.is_none_or(|show| needs.contains(id) == (show == Show::Needs));
            ids.into_iter().filter(is_meant).collect::<Vec<_>>()
        });
        let grouped_by_index = grouped.filter(|_| matches!(filter.sort, Sort::Newest | Sort::Need));
        let (statements, args) = match (some, grouped) {
            (Some(some), _) => {
                let args = args.opt_label(filter.show).opt_time(filter.stale_before);
                (vec![of], args.text(&array(&some)))
            }
            (None, Some(_)) => match grouped_by_index.map(newest).filter(|found| !found.is_empty()) {
                Some(newest) => (newest.to_vec(), args.text(&array(needs))),
                None => {
                    let args = args.opt_label(filter.show).opt_time(filter.stale_before);
                    (vec![but], args.text(&array(needs)))
                }
            },
            (None, None) => (vec![all], args.opt_label(filter.show).opt_time(filter.stale_before)),
        };
        let mut found = Vec::new();
        if search.is_some() {
            for statement in &statements {
                found.extend(self.store.seek(None, statement, args.clone()).await?);
            }
        } else {
            // Of one moment: who goes from one status to another meanwhile is found once.
            let mut tx = self.read().await?;
            for statement in &statements {
                found.extend(tx.rows(statement, args.clone()).await?);
            }
        }
        let mut found = found.iter().map(rows::detail).collect::<Result<Vec<TenantDetail>, _>>()?;
        if statements.len() > 1 {
            found.sort_by_key(|detail| Reverse((detail.tenant.created_at, detail.tenant.id)));
            // Where each was asked at a moment of its own, as those who search are.
            found.dedup_by_key(|detail| detail.tenant.id);
            found.truncate(usize::try_from(page.fetch()).unwrap_or(usize::MAX));
        }
        Ok(found)
    }

    /// How many tenants stand in each status.
    pub async fn count_by_status(&self) -> Result<StatusCounts, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        let counts = tx.rows(&tenants::COUNT_BY_STATUS, args).await?;
        counts
            .iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                Ok((row.label()?, row.count()?))
            })
            .collect()
    }

    /// All worker rows, for reconciling.
    pub async fn workers(&self) -> Result<Vec<WorkerProcess>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        tx.rows(&workers::LIST, args).await?.iter().map(|row| rows::worker(&mut Reader::new(row))).collect()
    }

    /// Which tenant has linked this number.
    pub async fn tenant_by_linked_number(&self, number: &Digits) -> Result<Option<TenantId>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(number.as_str());
        tx.row(&tenants::BY_LINKED_NUMBER, args).await?.map(|row| Reader::new(&row).id()).transpose()
    }

    /// Which tenant has linked the account with this LID.
    pub async fn tenant_by_linked_lid(&self, lid: &str) -> Result<Option<TenantId>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(lid);
        tx.row(&tenants::BY_LINKED_LID, args).await?.map(|row| Reader::new(&row).id()).transpose()
    }
}

/// What finds the newest of a group: of one status each. Empty where no index has them.
const fn newest(show: Show) -> &'static [&'static Statement] {
    match show {
        Show::Waiting => &[&tenants::LIST_WITHOUT_CODE, &tenants::LIST_WITH_CODE],
        Show::Reconnecting => &[&tenants::LIST_RECONNECTING],
        Show::Answering => &[&tenants::LIST_ANSWERING],
        Show::Suspended => &[&tenants::LIST_SUSPENDED],
        Show::Paused => &[&tenants::LIST_PAUSED],
        Show::New => &[&tenants::LIST_NEW],
        Show::Needs | Show::Error | Show::Stale => &[],
    }
}

/// A search text that looks like a number, as people write them, as a pattern for numbers as they are stored.
fn number_pattern(search: &str) -> Option<String> {
    let alike = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')');
    let digits: String = search.chars().filter(char::is_ascii_digit).collect();
    // The zero before a number at home is not part of it.
    let digits = digits.trim_start_matches('0');
    (search.chars().all(alike) && digits.len() >= 2).then(|| format!("%{digits}%"))
}
