//! Operators' accounts: who they are, how they sign in, and that there is a line in the audit log of each change.

use domain::{MembershipStatus, Role, UserId};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::Operator;
use crate::{
    AccountChange, Actor, Member, NewEvent, NewMember, OperatorAccount, OperatorListed, SecondFactor,
    StoreError,
    db::Tx,
    rows,
    sql::accounts::{self, BY_EMAIL, BY_ID},
};

const MISSING: StoreError = StoreError::NotFound("operator");

impl Operator {
    /// Adds an operator with a password, given by its argon2id hash.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the person is an operator already.
    pub async fn add_operator(
        &self,
        name: &str,
        email: &str,
        password_hash: &SecretString,
    ) -> Result<Member, StoreError> {
        let now = self.store.now();
        let new = NewMember {
            name: name.to_owned(),
            email: email.to_owned(),
            phone: None,
            role: Role::Admin,
            status: MembershipStatus::Active,
        };
        let mut tx = self.write().await?;
        let member = super::people::add(&mut tx, None, &new, now).await?;
        // The version begins with the time, so that a session of an account that was removed never fits the next one.
        let args = tx.args().id(member.user.id).text(password_hash.expose_secret()).time(now);
        tx.execute(&accounts::PUT, args).await?;
        // By id alone: the line outlives the account, and the page reads the name beside it as long as there is one.
        self.note(&mut tx, "OPERATOR_ADDED", json!({ "operator": member.user.id })).await?;
        tx.commit().await?;
        Ok(member)
    }

    /// The account of the operator with this address, letter case aside.
    pub async fn operator_by_email(&self, email: &str) -> Result<Option<OperatorAccount>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&email.trim().to_lowercase());
        tx.row(&BY_EMAIL, args).await?.map(|row| rows::account(&row)).transpose()
    }

    /// The account of an operator.
    pub async fn operator_by_id(&self, id: UserId) -> Result<Option<OperatorAccount>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().id(id);
        tx.row(&BY_ID, args).await?.map(|row| rows::account(&row)).transpose()
    }

    /// All operators, without what they sign in with.
    pub async fn list_operators(&self) -> Result<Vec<OperatorListed>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        tx.rows(&accounts::LIST, args).await?.iter().map(rows::operator_listed).collect()
    }

    /// Removes an operator; the person stays known to the audit log.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the person is no operator.
    pub async fn remove_operator(&self, id: UserId) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().id(id);
        tx.execute(&accounts::DROP, args).await?;
        let args = tx.args().id(id);
        if tx.execute(&accounts::DROP_MEMBERSHIP, args).await? == 0 {
            return Err(MISSING);
        }
        super::factors::forget(&mut tx, Actor::User(id)).await?;
        self.note(&mut tx, "OPERATOR_REMOVED", json!({ "operator": id })).await?;
        Ok(tx.commit().await?)
    }

    /// Changes how an operator signs in; sessions from before end.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the person is no operator.
    pub async fn change_account(&self, id: UserId, change: &AccountChange) -> Result<(), StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = tx.args().id(id);
        let (statement, args, event) = match change {
            AccountChange::Password(hash) => (
                &accounts::SET_PASSWORD,
                args.text(hash.expose_secret()).time(now),
                "OPERATOR_PASSWORD_CHANGED",
            ),
            AccountChange::Totp { secret, recovery } => (
                &accounts::SET_TOTP,
                args.text(secret.expose_secret()).text(&json!(recovery).to_string()).time(now),
                "OPERATOR_SECOND_FACTOR_SET",
            ),
            AccountChange::NoTotp => (
                &accounts::SET_TOTP,
                args.opt_text(None).opt_text(None).time(now),
                "OPERATOR_SECOND_FACTOR_REMOVED",
            ),
        };
        if tx.execute(statement, args).await? == 0 {
            return Err(MISSING);
        }
        // Tries count against the factor: another one, or none, has had none.
        if !matches!(change, AccountChange::Password(_)) {
            super::factors::forget(&mut tx, Actor::User(id)).await?;
        }
        self.note(&mut tx, event, json!({ "operator": id })).await?;
        Ok(tx.commit().await?)
    }

    /// Uses a second factor up. `false` where it was used before: of two that come at once, one is taken.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the person is no operator.
    pub async fn use_second_factor(&self, id: UserId, factor: &SecondFactor) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let taken = match factor {
            SecondFactor::Step(step) => {
                let args = tx.args().id(id).count(*step);
                tx.execute(&accounts::USE_STEP, args).await? > 0
            }
            SecondFactor::Recovery(hash) => {
                let args = tx.args().id(id);
                let account = rows::account(&tx.row(&BY_ID, args).await?.ok_or(MISSING)?)?;
                let mut left = account.recovery.clone();
                left.retain(|code| code != hash);
                if left.len() == account.recovery.len() {
                    false
                } else {
                    let (now, before) = (json!(left).to_string(), json!(account.recovery).to_string());
                    let args = tx.args().id(id).text(&now).text(&before);
                    tx.execute(&accounts::SET_RECOVERY, args).await? > 0
                }
            }
        };
        tx.commit().await?;
        Ok(taken)
    }

    /// Writes a line of no tenant in the transaction of what it tells of.
    pub(super) async fn note(
        &self,
        tx: &mut Tx,
        event_type: &'static str,
        payload: serde_json::Value,
    ) -> Result<(), StoreError> {
        let event = NewEvent {
            tenant_id: None,
            user_id: self.actor.user(),
            actor: self.actor.to_string(),
            event_type,
            payload,
        };
        super::events::insert(tx, &event, self.store.now()).await.map(drop)
    }
}
