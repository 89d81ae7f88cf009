//! A database for a test, of each engine, and things to put into it.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use domain::{
    Clock as _, DesiredState, Digits, Direction, JournalId, Language, LinkKind, LogId, ManualClock,
    MembershipStatus, PackId, Phone, RecordKind, Role, SetupRequestId, TenantEvent, TenantId, Timestamp,
    UserId, Via,
};
use sqlx::{AssertSqlSafe, Column as _, Row as _};
use tempfile::TempDir;

use super::postgres::{self, Addresses};
use crate::{
    Actor, CustomerChange, EventDetails, HostFacts, LinkedAccount, NewLog, NewMember, NewPortalSession,
    NewRecord, NewSetupRequest, NewTenant, NotesChange, PortalLink, PushSubscription, Store, Target,
    db::{Access, Rows, TABLES, Tx},
};

/// A store of its own, and the clock that it reads.
pub(super) struct World {
    pub(super) store: Store,
    pub(super) clock: Arc<ManualClock>,
    pub(super) target: Target,
    /// The addresses, where it is PostgreSQL.
    pub(super) addresses: Option<Addresses>,
    /// Keeps the directory of a SQLite file until the test is over.
    _dir: Option<TempDir>,
}

/// What [`World::fill`] has made.
pub(super) struct Filled {
    pub(super) user: UserId,
    pub(super) request: SetupRequestId,
    pub(super) journal: JournalId,
    pub(super) log: LogId,
    pub(super) contact: String,
}

/// Tables with a tenant's rows, each with the column that names the tenant.
pub(super) fn tenant_tables() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES.iter().filter_map(|table| match table.rows {
        Rows::OfTenant(column) => Some((table.name, column)),
        Rows::OfMembers | Rows::OfPlatform | Rows::Readable => None,
    })
}

/// An empty database of each engine.
pub(super) async fn worlds() -> Vec<World> {
    let mut worlds = vec![World::sqlite().await];
    worlds.extend(World::postgres().await);
    worlds
}

pub(super) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::from_millisecond(1_800_000_000_000).unwrap()))
}

pub(super) fn now(world: &World) -> Timestamp {
    world.clock.now()
}

impl World {
    /// An empty SQLite database in a directory of its own.
    pub(super) async fn sqlite() -> Self {
        let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
        let target = Target::Sqlite(dir.path().join("flow hq%?#.db"));
        let store = Store::open(&target, clock.clone()).await.unwrap();
        Self { store, clock, target, addresses: None, _dir: Some(dir) }
    }

    /// An empty PostgreSQL database.
    pub(super) async fn postgres() -> Option<Self> {
        let (addresses, clock) = (postgres::database().await?, clock());
        let target = Target::Postgres { url: addresses.runtime.clone(), migrate_url: None };
        let store = Store::open(&target, clock.clone()).await.unwrap();
        Some(Self { store, clock, target, addresses: Some(addresses), _dir: None })
    }

    /// The same database, opened once more.
    pub(super) async fn reopened(&self) -> Store {
        Store::open(&self.target, self.clock.clone()).await.unwrap()
    }

    /// Makes a salon.
    pub(super) async fn tenant(&self, name: &str) -> TenantId {
        self.store.operator().create_tenant(&salon(name)).await.unwrap().tenant.id
    }

    /// The contact of a row that can never be stored, made so on each engine: by an index that it does not fit, or by a
    /// trigger.
    pub(super) async fn poison(&self) -> String {
        if self.addresses.is_some() {
            // What compresses would fit.
            return (0..600).map(|n: u64| format!("{:x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
        }
        let mut tx = self.store.begin(Access { tenant: None, write: true }).await.unwrap();
        let trigger = "CREATE TRIGGER IF NOT EXISTS poison BEFORE INSERT ON message_logs \
                       WHEN NEW.contact = 'poison' BEGIN SELECT RAISE(ABORT, 'poisoned'); END";
        sqlx::raw_sql(trigger).execute(tx.connection()).await.unwrap();
        tx.commit().await.unwrap();
        "poison".to_owned()
    }

    /// Puts rows of a tenant into every table that has any.
    pub(super) async fn fill(&self, tenant: TenantId) -> Filled {
        let scope = self.store.tenant(tenant);
        self.store.operator().settle(tenant, "host-1").await.unwrap();
        let email = format!("{tenant}@example.com");
        let user = self
            .store
            .operator()
            .add_member(Some(tenant), &member(&email, Role::Owner))
            .await
            .unwrap()
            .user
            .id;
        let number = Phone::parse("+255712345678").unwrap();
        let new = NewSetupRequest::of(user, PackId::BOOKING, number);
        let request = scope.create_setup_request(&new).await.unwrap().id;
        let (journal, row) = (JournalId::generate(), journal_row(1));
        scope.append_logs(journal, std::slice::from_ref(&row)).await.unwrap();
        scope.append_records(journal, &[record_row(1)]).await.unwrap();
        let noted = CustomerChange { note: Some(Some("hers".to_owned())), ..CustomerChange::default() };
        scope.note_customer(&row.contact, &noted).await.unwrap();
        let noted = NotesChange { tags: Some(tags("vip, kariakoo")), note: Some("pays late".to_owned()) };
        scope.save_notes(None, noted).await.unwrap();
        scope.choose_notices(user, "{}", Some(now(self))).await.unwrap();
        scope.subscribe_push(&browser(user, "https://push.example.com/1")).await.unwrap();
        scope.record_event("admin", None, "TENANT_CREATED", &serde_json::json!({"name": "x"})).await.unwrap();
        self.store.operator().watch_heartbeats(now(self)).await.unwrap();
        self.store
            .operator()
            .watch_standings_of(&[tenant], std::time::Duration::from_secs(60))
            .await
            .unwrap();
        scope.order_erasure("255712000009").await.unwrap();
        scope.set_desired(DesiredState::Run).await.unwrap();
        scope.begin_generation(false).await.unwrap();
        scope.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await.unwrap();
        let number =
            Digits::new(format!("255{:015}", tenant.uuid().as_u128() % 1_000_000_000_000_000)).unwrap();
        scope.link_number(&LinkedAccount { number, lid: None }).await.unwrap();
        let expires_at = now(self) + jiff::SignedDuration::from_hours(1);
        let session = NewPortalSession {
            id: format!("session-{tenant}"),
            user,
            tenant: Some(tenant),
            via: Via::Link,
            looking: None,
            new_password: false,
            expires_at,
        };
        self.store.people().put_session(&session).await.unwrap();
        let link = PortalLink {
            id: format!("link-{tenant}"),
            kind: LinkKind::SignIn,
            user,
            tenant: Some(tenant),
            email,
            proves: true,
            pair: None,
            made_by: (Actor::Admin, None),
            expires_at,
        };
        self.store.people().make_links(&[link]).await.unwrap();
        let (keys, key) = (self.store.operator(), tenant.to_string());
        keys.take_key(&key, "r").await.unwrap();
        keys.answer_key(&key, 201, None, "{}", &[tenant]).await.unwrap();
        Filled { user, request, journal, log: row.id, contact: row.contact }
    }

    /// How many rows of a tenant each table has.
    pub(super) async fn count_rows(&self, tenant: TenantId) -> Vec<(&'static str, usize)> {
        let mut counts = Vec::new();
        for (table, rows) in self.dump(tenant).await {
            counts.push((table, rows.len()));
        }
        counts
    }

    /// All of a tenant's rows, as text, seen as the operator sees them.
    pub(super) async fn dump(&self, tenant: TenantId) -> Vec<(&'static str, Vec<String>)> {
        let mut tx = self.store.begin(Access { tenant: None, write: false }).await.unwrap();
        let mut tables = Vec::new();
        for (table, column) in tenant_tables() {
            let sql = format!("SELECT * FROM {table} WHERE {column} = '{tenant}' ORDER BY {column}, id");
            tables.push((table, raw(&mut tx, &sql).await.unwrap()));
        }
        tables
    }
}

/// The rows that bare SQL gives, as text.
pub(super) async fn raw(tx: &mut Tx, sql: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(tx.connection()).await?;
    let show = |row: &sqlx::any::AnyRow| {
        let cells = row.columns().iter().map(|column| {
            let text: Result<Option<String>, _> = row.try_get(column.ordinal());
            let number: Result<Option<i64>, _> = row.try_get(column.ordinal());
            format!(
                "{}={:?}",
                column.name(),
                text.map_or_else(|_| format!("{number:?}"), |text| format!("{text:?}"))
            )
        });
        cells.collect::<Vec<_>>().join(" ")
    };
    Ok(rows.iter().map(show).collect())
}

/// A salon in Swahili, with a number that no other has.
pub(super) fn salon(name: &str) -> NewTenant {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = format!("+25571{:07}", NEXT.fetch_add(1, Ordering::Relaxed));
    NewTenant {
        name: name.to_owned(),
        phone: Some(Phone::parse(&number).unwrap()),
        timezone: "Africa/Dar_es_Salaam".to_owned(),
        currency: "TZS".to_owned(),
        business_name: format!("{name} Saluni"),
        template_type: PackId::BOOKING,
        language: Language::Sw,
        hours: None,
        rate_limit_per_minute: None,
        remove_deleted: false,
        profile: Some("{}".to_owned()),
    }
}

/// What a host says of itself that takes a thousand tenants.
pub(super) fn host(name: &str, incarnation: i64) -> HostFacts {
    HostFacts {
        name: name.to_owned(),
        address: "10.0.0.1:7443".to_owned(),
        incarnation,
        version: "1.0".to_owned(),
        capacity: 1_000,
    }
}

/// Tags as people type them.
pub(super) fn tags(typed: &str) -> Vec<domain::Tag> {
    domain::Tag::typed(typed).unwrap()
}

/// A person in force.
pub(super) fn member(email: &str, role: Role) -> NewMember {
    NewMember {
        name: "Asha".to_owned(),
        email: email.to_owned(),
        phone: None,
        role,
        status: MembershipStatus::Active,
    }
}

/// A browser that asked for web push.
pub(super) fn browser(user_id: UserId, endpoint: &str) -> PushSubscription {
    let (public_key, auth_secret) = ("BPub".to_owned(), "secret".to_owned().into());
    PushSubscription { user_id, endpoint: endpoint.to_owned(), public_key, auth_secret }
}

/// A customer's message with this number in its journal.
pub(super) fn journal_row(sequence: u64) -> NewLog {
    let at = 1_800_000_000_000 + i64::try_from(sequence % 1_000_000).unwrap() * 1_000;
    NewLog {
        sequence,
        id: LogId::generate(),
        direction: Direction::In,
        contact: "255712000001".to_owned(),
        text: format!("message {sequence}"),
        wa_message_id: format!("3EB0{sequence:016X}"),
        at: Timestamp::from_millisecond(at).unwrap(),
        silence: None,
        sent_at: None,
        about: None,
        removes: false,
        delivery: None,
        writer: None,
        opted_out: false,
    }
}

/// An open booking with this number in its journal, and the same in its reference.
pub(super) fn record_row(sequence: u64) -> NewRecord {
    let at = 1_800_000_000_000 + i64::try_from(sequence % 1_000_000).unwrap() * 3_600_000;
    let at = Timestamp::from_millisecond(at).unwrap();
    NewRecord {
        sequence,
        reference: format!("B-{}", 1000 + sequence),
        number: u32::try_from(1000 + sequence).unwrap(),
        kind: RecordKind::Booking,
        contact: Some("255712000001".to_owned()),
        version: 1,
        open: true,
        state: "booked".to_owned(),
        stands_at: at,
        found_by: format!("B-{} Asha braids", 1000 + sequence),
        body: format!("{{\"kind\":\"booking\",\"reference\":\"B-{}\",\"name\":\"Asha\"}}", 1000 + sequence),
        changed_at: at,
    }
}
