//! Links that can be used once: an operator's to an owner, invitations, what is asked for by email, and a look.

use domain::{Language, LinkKind, MembershipStatus, Role, TenantId, Timestamp, UserId, Via};
use jiff::SignedDuration;
use store::{Actor, PortalLink, StoreError};

use super::{
    Address, Begun, CHANGING, EMAILED, INVITED, LOOK_LINK, People, PeopleError, Token, sessions::later,
    token::id_of,
};

/// Links that a person may ask for by email within an hour.
const AN_HOUR: u64 = 5;

/// A link that was made.
#[derive(Debug)]
pub struct Made {
    /// Its secret.
    pub token: Token,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// Whose it is.
    pub user: UserId,
}

/// What a link is, before it is used.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The link.
    pub link: PortalLink,
    /// The name of the tenant that it leads to.
    pub tenant_name: Option<String>,
    /// What its person is or becomes there.
    pub role: Option<Role>,
}

/// A letter to be sent.
#[derive(Debug)]
pub struct Posted {
    /// To whom.
    pub to: String,
    /// The language that the person reads.
    pub language: Language,
    /// For what the link is.
    pub kind: LinkKind,
    /// Its secret.
    pub token: Token,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// The address to be, of a change of address.
    pub new_email: Option<String>,
}

/// What came of using a link.
#[derive(Debug)]
pub enum Asked {
    /// A session has begun.
    Begun(Box<Begun>),
    /// One of the two links of a change of address was used; whether the address has changed by that.
    EmailConfirmed(bool),
}

impl People {
    /// Makes a link by which an owner of a tenant gets in, whom an operator vouches for. Somebody new becomes its owner.
    ///
    /// # Errors
    /// [`PeopleError::NoAddress`]; [`PeopleError::MemberAlready`] where the person is staff of this tenant.
    pub async fn owner_link(
        &self,
        by: Actor,
        tenant: TenantId,
        name: Option<&str>,
        email: &str,
    ) -> Result<Made, PeopleError> {
        let address = Address::read(email).ok_or(PeopleError::NoAddress)?;
        let people = self.store().by(by);
        let before = people.account_by_email(address.as_str()).await?;
        let seat = match &before {
            Some(account) => people.seat(account.user.id, tenant).await?,
            None => None,
        };
        let active = seat.filter(|seat| seat.status == MembershipStatus::Active);
        let (user, kind) = match (active, before) {
            (Some(seat), Some(account)) if seat.role == Role::Owner => (account.user.id, LinkKind::SignIn),
            (Some(_), _) => return Err(PeopleError::MemberAlready),
            (None, _) => {
                let name = name.map_or_else(|| name_of(address.as_str()), ToOwned::to_owned);
                let member = people.invite(tenant, &name, address.as_str(), Role::Owner).await?;
                (member.user.id, LinkKind::Invitation)
            }
        };
        let link =
            Link { kind, user, tenant: Some(tenant), email: address.as_str(), proves: true, lasts: INVITED };
        self.make(link, (by, None)).await
    }

    /// Makes a link by which an operator sees a tenant's portal as its owner does. It can be used for a minute.
    ///
    /// # Errors
    /// [`PeopleError::NoOwner`].
    pub async fn look_link(&self, by: Actor, tenant: TenantId) -> Result<Made, PeopleError> {
        let version = self.0.account(by).await?.ok_or(PeopleError::SessionOver)?.version;
        let people = self.0.0.store.tenant(tenant).members().await?;
        let owner = people.into_iter().find(|member| {
            member.membership.role == Role::Owner && member.membership.status == MembershipStatus::Active
        });
        let owner = owner.ok_or(PeopleError::NoOwner)?.user;
        let link = Link {
            kind: LinkKind::Look,
            user: owner.id,
            tenant: Some(tenant),
            email: &owner.email,
            proves: false,
            lasts: LOOK_LINK,
        };
        self.make(link, (by, Some(version))).await
    }

    /// Makes a link for a letter to whoever has this address; `None` where nobody has, or where there were too many of late.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn email_link(&self, address: &Address, reset: bool) -> Result<Option<Posted>, PeopleError> {
        let Some(account) = self.store().account_by_email(address.as_str()).await? else { return Ok(None) };
        let user = account.user.id;
        let seats = self.store().seats(user).await?;
        let invited = self.invited_since();
        let lives = |seat: &store::PersonSeat| match seat.status {
            MembershipStatus::Active => true,
            MembershipStatus::Invited => seat.updated_at >= invited,
            MembershipStatus::Removed => false,
        };
        let known = account.is_known || seats.iter().any(lives);
        if !known || self.store().links_since(user, self.ago(SignedDuration::from_hours(1))).await? >= AN_HOUR
        {
            return Ok(None);
        }
        let kind = if reset { LinkKind::Reset } else { LinkKind::SignIn };
        let email = account.user.email.as_str();
        let link = Link { kind, user, tenant: None, email, proves: true, lasts: EMAILED };
        let made = self.make(link, (Actor::User(user), None)).await?;
        Ok(Some(Posted {
            to: email.to_owned(),
            language: account.language,
            kind,
            token: made.token,
            expires_at: made.expires_at,
            new_email: None,
        }))
    }

    /// Makes the two links of a change of address, one for each mailbox. Whether somebody else has the new one is not told:
    /// then there is a letter to neither.
    ///
    /// # Errors
    /// [`PeopleError::NoAddress`], [`PeopleError::SameAddress`].
    pub async fn change_email(&self, user: UserId, email: &str) -> Result<Vec<Posted>, PeopleError> {
        let new = Address::read(email).ok_or(PeopleError::NoAddress)?;
        let account = self.store().account(user).await?.ok_or(PeopleError::SessionOver)?;
        if account.user.email == new.as_str() {
            return Err(PeopleError::SameAddress);
        }
        let taken = self.store().account_by_email(new.as_str()).await?.is_some();
        let hour = self.ago(SignedDuration::from_hours(1));
        if taken || self.store().links_since(user, hour).await? >= AN_HOUR {
            return Ok(Vec::new());
        }
        let expires_at = later(self.0.now(), CHANGING);
        let (old_token, new_token) = (Token::make(), Token::make());
        let link = |token: &Token, pair: &Token| PortalLink {
            id: token.id.clone(),
            kind: LinkKind::ChangeEmail,
            user,
            tenant: None,
            email: new.as_str().to_owned(),
            proves: true,
            pair: Some(pair.id.clone()),
            made_by: (Actor::User(user), None),
            expires_at,
        };
        self.store().make_links(&[link(&old_token, &new_token), link(&new_token, &old_token)]).await?;
        let letter = |to: &str, token| Posted {
            to: to.to_owned(),
            language: account.language,
            kind: LinkKind::ChangeEmail,
            token,
            expires_at,
            new_email: Some(new.as_str().to_owned()),
        };
        Ok(vec![letter(&account.user.email, old_token), letter(new.as_str(), new_token)])
    }

    /// What a link is; it is not used by that.
    ///
    /// # Errors
    /// [`PeopleError::LinkVoid`].
    pub async fn look_at(&self, token: &str) -> Result<Seen, PeopleError> {
        let link = self.store().link(&id_of(token)).await?.ok_or(PeopleError::LinkVoid)?;
        let seat = match link.tenant {
            Some(tenant) => {
                let seat = self.store().seat(link.user, tenant).await?;
                Some(seat.filter(|seat| self.leads(&link, seat)).ok_or(PeopleError::LinkVoid)?)
            }
            None => None,
        };
        let (tenant_name, role) = seat.map(|seat| (seat.name, seat.role)).unzip();
        Ok(Seen { link, tenant_name, role })
    }

    /// Whether what a link leads to is still there for its person.
    fn leads(&self, link: &PortalLink, seat: &store::PersonSeat) -> bool {
        match seat.status {
            // Whoever has accepted it is let in by it no more.
            MembershipStatus::Active => link.kind != LinkKind::Invitation,
            MembershipStatus::Invited => {
                link.kind == LinkKind::Invitation && seat.updated_at >= self.invited_since()
            }
            MembershipStatus::Removed => false,
        }
    }

    /// Uses a link. `language` is what somebody new reads, `here` who is signed in where it is used.
    ///
    /// # Errors
    /// [`PeopleError::LinkVoid`]; [`PeopleError::SignInFirst`] where an invitation was passed on by hand and its person has an
    /// account: the invitation is accepted when they sign in to it; [`PeopleError::ProveFirst`] where nobody has shown yet that
    /// the account's address is theirs, and nobody is signed in to it here; [`PeopleError::AddressTaken`].
    pub async fn take_link(
        &self,
        token: &str,
        language: Language,
        here: Option<UserId>,
    ) -> Result<Asked, PeopleError> {
        let link = self.look_at(token).await?.link;
        match link.kind {
            LinkKind::ChangeEmail => {
                let confirmed = self.store().confirm_email(&link.id).await;
                let (_, changed) = confirmed.map_err(|error| match error {
                    StoreError::Conflict { field: "email", .. } => PeopleError::AddressTaken,
                    StoreError::NotFound("link") => PeopleError::LinkVoid,
                    other => other.into(),
                })?;
                self.0.take_back();
                return Ok(Asked::EmailConfirmed(changed));
            }
            LinkKind::Look => return self.look(&link).await.map(begun),
            LinkKind::SignIn | LinkKind::Invitation | LinkKind::Reset => {}
        }
        let account = self.store().account(link.user).await?.ok_or(PeopleError::LinkVoid)?;
        if !link.proves && account.is_known && here != Some(link.user) {
            // A password that was set under an address of which nobody knows whose it is may be a stranger's, who has not
            // got this link, however.
            let shown = account.verified_at.is_some();
            return Err(if shown { PeopleError::SignInFirst } else { PeopleError::ProveFirst });
        }
        if link.email != account.user.email {
            return Err(PeopleError::LinkVoid);
        }
        self.store().take_link(&link.id).await?.ok_or(PeopleError::LinkVoid)?;
        let since = self.invited_since();
        let signed = self.store().sign_in_known(link.user, link.proves, link.tenant, language, since).await?;
        if signed.dropped_password {
            self.0.take_back();
        }
        let tenant = link.tenant.or(signed.joined.first().copied());
        let sets = link.kind == LinkKind::Reset || account.password_hash.is_none() || signed.dropped_password;
        self.begun(link.user, Via::Link, tenant, sets).await.map(begun)
    }

    async fn look(&self, link: &PortalLink) -> Result<Begun, PeopleError> {
        let (operator, version) = link.made_by.clone();
        let version = version.ok_or(PeopleError::LinkVoid)?;
        let account = self.0.account(operator).await?;
        if account.is_none_or(|account| account.version != version) {
            return Err(PeopleError::LinkVoid);
        }
        self.store().take_link(&link.id).await?.ok_or(PeopleError::LinkVoid)?;
        let looking = Some((operator, version));
        let token = self.begin(link.user, Via::Look, link.tenant, looking, false).await?;
        let found = self.session(&token.id).await?;
        Ok(Begun { token, found, set_password: false })
    }

    pub(super) async fn make(
        &self,
        link: Link<'_>,
        made_by: (Actor, Option<String>),
    ) -> Result<Made, PeopleError> {
        let (token, expires_at) = (Token::make(), later(self.0.now(), link.lasts));
        let new = PortalLink {
            id: token.id.clone(),
            kind: link.kind,
            user: link.user,
            tenant: link.tenant,
            email: link.email.to_owned(),
            proves: link.proves,
            pair: None,
            made_by: made_by.clone(),
            expires_at,
        };
        self.store().by(made_by.0).make_links(&[new]).await?;
        Ok(Made { token, expires_at, user: link.user })
    }
}

fn begun(begun: Begun) -> Asked {
    Asked::Begun(Box::new(begun))
}

/// A link to be made.
pub(super) struct Link<'a> {
    pub(super) kind: LinkKind,
    pub(super) user: UserId,
    pub(super) tenant: Option<TenantId>,
    pub(super) email: &'a str,
    pub(super) proves: bool,
    pub(super) lasts: SignedDuration,
}

/// What somebody is called of whom only the address is known.
#[must_use]
pub fn name_of(address: &str) -> String {
    let local = address.split(['@', '+']).next().unwrap_or_default();
    let mut words = local.split(['.', '_', '-']).filter(|word| !word.is_empty()).map(|word| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
    });
    let first = words.next().unwrap_or_default();
    words.fold(first, |name, word| name + " " + &word).chars().take(120).collect()
}
