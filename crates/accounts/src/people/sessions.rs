//! Sessions of the portal: what a browser's token stands for, and whether it still does.

use domain::{MembershipStatus, TenantId, Timestamp, UserId, Via};
use jiff::SignedDuration;
use store::{Actor, NewPortalSession, PersonAccount, PersonSeat, PortalSession};

use super::{IDLE, LONGEST, LOOK, People, PeopleError, Token, token::id_of};

/// How often it is written down that a session was used.
const NOTED: SignedDuration = SignedDuration::from_secs(60);

/// A session that goes on.
#[derive(Debug, Clone)]
pub struct Found {
    /// The session.
    pub session: PortalSession,
    /// Who it is.
    pub account: PersonAccount,
    /// What the person is to tenants, in force alone. For an operator who looks it is the one that is looked at.
    pub seats: Vec<PersonSeat>,
}

impl Found {
    /// The tenant that the session is about: the chosen one, where it is still theirs, or the only one.
    #[must_use]
    pub fn seat(&self) -> Option<&PersonSeat> {
        let chosen = self.session.tenant.and_then(|tenant| self.seat_of(tenant));
        match (chosen, &self.seats[..]) {
            (Some(chosen), _) => Some(chosen),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// What the person is to this tenant.
    #[must_use]
    pub fn seat_of(&self, tenant: TenantId) -> Option<&PersonSeat> {
        self.seats.iter().find(|seat| seat.tenant == tenant)
    }
}

/// By what hash a claim names the session of a token.
#[must_use]
pub fn session_id(token: &str) -> String {
    id_of(token)
}

impl People {
    /// Begins a session, and answers its secret.
    pub(super) async fn begin(
        &self,
        user: UserId,
        via: Via,
        tenant: Option<TenantId>,
        looking: Option<(Actor, String)>,
        new_password: bool,
    ) -> Result<Token, PeopleError> {
        let token = Token::make();
        let lasts = if via == Via::Look { LOOK } else { IDLE };
        let expires_at = later(self.0.now(), lasts);
        let id = token.id.clone();
        let new = NewPortalSession { id, user, tenant, via, looking, new_password, expires_at };
        self.store().put_session(&new).await?;
        Ok(token)
    }

    /// The session with this hash of a token, where it goes on; that it was used is written down.
    ///
    /// # Errors
    /// [`PeopleError::SessionOver`].
    pub async fn session(&self, id: &str) -> Result<Found, PeopleError> {
        let session = self.store().session(id).await?.ok_or(PeopleError::SessionOver)?;
        let found = self.with_person(session).await?.ok_or(PeopleError::SessionOver)?;
        let (now, session) = (self.0.now(), &found.session);
        if now.duration_since(session.seen_at) >= NOTED && session.via != Via::Look {
            let until = later(now, IDLE).min(later(session.created_at, LONGEST));
            self.store().see_session(id, until).await?;
        }
        Ok(found)
    }

    async fn with_person(&self, session: PortalSession) -> Result<Option<Found>, PeopleError> {
        if let Some((operator, version)) = &session.looking {
            let account = self.0.account(*operator).await?;
            if account.is_none_or(|account| account.version != *version) {
                return Ok(None);
            }
        }
        let Some(account) = self.store().account(session.user).await? else { return Ok(None) };
        let mut seats = self.store().seats(session.user).await?;
        seats.retain(|seat| seat.status == MembershipStatus::Active);
        if session.looking.is_some() {
            seats.retain(|seat| Some(seat.tenant) == session.tenant);
            if seats.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(Found { session, account, seats }))
    }

    /// Says which of one's tenants a session is about.
    ///
    /// # Errors
    /// [`PeopleError::NotTheirs`].
    pub async fn choose(&self, found: &Found, tenant: TenantId) -> Result<(), PeopleError> {
        if found.seat_of(tenant).is_none() {
            return Err(PeopleError::NotTheirs);
        }
        Ok(self.store().choose_tenant(&found.session.id, tenant).await?)
    }

    /// Ends a session, and what goes on for it.
    pub async fn end(&self, id: &str) -> Result<(), PeopleError> {
        self.store().end_session(id).await?;
        self.0.take_back();
        Ok(())
    }

    /// Ends all sessions of a person, this one included, and the links by which one would begin.
    pub async fn end_all(&self, user: UserId) -> Result<(), PeopleError> {
        self.store().end_sessions(user).await?;
        self.0.take_back();
        Ok(())
    }

    /// Until when somebody is a person of a tenant, without news; `None` where they are none any more.
    pub(crate) async fn holds(
        &self,
        actor: Actor,
        session: Option<&str>,
        tenant: TenantId,
    ) -> Result<Option<Timestamp>, PeopleError> {
        let Some(user) = actor.user() else { return Ok(None) };
        let Some(id) = session else {
            let seat = self.store().seat(user, tenant).await?;
            return Ok(seat.filter(|seat| seat.status == MembershipStatus::Active).map(|_| Timestamp::MAX));
        };
        let Some(session) = self.store().session(id).await?.filter(|session| session.user == user) else {
            return Ok(None);
        };
        let found = self.with_person(session).await?;
        Ok(found.filter(|found| found.seat_of(tenant).is_some()).map(|found| found.session.expires_at))
    }
}

/// A moment so much later; the last one there is where there is none.
pub(super) fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}
