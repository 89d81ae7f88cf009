//! The second factor of the admin password, and how often codes of an account were tried.

use domain::Timestamp;
use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::Operator;
use crate::{
    AccountChange, Actor, AdminFactor, CodeTry, SecondFactor, StoreError,
    db::Tx,
    rows::Reader,
    sql::{accounts, factors, settings},
};

/// Tries older than this count no more.
const TRIES_COUNT_FOR: SignedDuration = SignedDuration::from_hours(24);

impl Operator {
    /// The second factor of the admin password.
    pub async fn admin_factor(&self) -> Result<AdminFactor, StoreError> {
        let mut tx = self.read().await?;
        read_factor(&mut tx).await
    }

    /// Sets the second factor of the admin password, or takes it away; sessions from before end. A change of password is
    /// none of its changes and does nothing here.
    pub async fn change_admin_factor(&self, change: &AccountChange) -> Result<(), StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = tx.args();
        let (args, event) = match change {
            AccountChange::Password(_) => return Ok(()),
            AccountChange::Totp { secret, recovery } => (
                args.text(secret.expose_secret()).text(&json!(recovery).to_string()),
                "OPERATOR_SECOND_FACTOR_SET",
            ),
            AccountChange::NoTotp => (args.opt_text(None).opt_text(None), "OPERATOR_SECOND_FACTOR_REMOVED"),
        };
        tx.execute(&factors::SET, args.time(now)).await?;
        forget(&mut tx, Actor::Admin).await?;
        self.note(&mut tx, event, json!({ "operator": Actor::Admin.to_string() })).await?;
        Ok(tx.commit().await?)
    }

    /// The secrets of all second factors, in the form in which they are kept.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn factor_secrets(&self) -> Result<Vec<(Actor, SecretString)>, StoreError> {
        let mut tx = self.read().await?;
        let admin = read_factor(&mut tx).await?.totp_secret;
        let args = tx.args();
        let mut secrets: Vec<_> = admin.into_iter().map(|secret| (Actor::Admin, secret)).collect();
        for row in tx.rows(&accounts::SECRETS, args).await? {
            let row = &mut Reader::new(&row);
            secrets.push((Actor::User(row.id()?), SecretString::from(row.text()?)));
        }
        Ok(secrets)
    }

    /// Keeps the same secrets in another form: whose, what must still be kept, and what is kept from now on. No byte of the
    /// former form stays in the files, as far as the engine lets us.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn reseal_factors(
        &self,
        changes: &[(Actor, SecretString, SecretString)],
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        reseal(&mut tx, changes).await?;
        tx.commit().await?;
        self.store.forget_deleted().await
    }

    /// All settings, by their names.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn settings(&self) -> Result<Vec<(String, SecretString)>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        let rows = tx.rows(&settings::LIST, args).await?;
        rows.iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                Ok((row.text()?, SecretString::from(row.text()?)))
            })
            .collect()
    }

    /// As [`Self::reseal_factors`], and the same for settings by their names, with a line of the audit log: all of it at once.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn change_master_key(
        &self,
        secrets: &[(Actor, SecretString, SecretString)],
        kept: &[(String, SecretString, SecretString)],
        payload: serde_json::Value,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        reseal(&mut tx, secrets).await?;
        for (key, from, to) in kept {
            let args = tx.args().text(key).text(to.expose_secret()).text(from.expose_secret());
            tx.execute(&settings::RESEAL, args).await?;
        }
        self.note(&mut tx, "MASTER_KEY_CHANGED", payload).await?;
        tx.commit().await?;
        self.store.forget_deleted().await
    }

    /// Uses a second factor of the admin password up. `false` where it was used before, or is none.
    pub async fn use_admin_factor(&self, factor: &SecondFactor) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let taken = match factor {
            SecondFactor::Step(step) => {
                let args = tx.args().count(*step);
                tx.execute(&factors::USE_STEP, args).await? > 0
            }
            SecondFactor::Recovery(hash) => {
                let before = read_factor(&mut tx).await?.recovery;
                let left: Vec<_> = before.iter().filter(|code| *code != hash).collect();
                if left.len() == before.len() {
                    false
                } else {
                    let args = tx.args().text(&json!(left).to_string()).text(&json!(before).to_string());
                    tx.execute(&factors::SET_RECOVERY, args).await? > 0
                }
            }
        };
        tx.commit().await?;
        Ok(taken)
    }

    /// Counts a try of a code before the code is looked at: for the account, whoever tries from wherever, in one
    /// statement. Five are free, then the wait grows to an hour.
    pub async fn count_code(&self, account: Actor) -> Result<CodeTry, StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = tx.args().text(&account.to_string()).time(now).time(now - TRIES_COUNT_FOR);
        let counted = tx.row(&factors::COUNT_TRY, args).await?;
        let outcome = match counted {
            Some(row) => CodeTry::Counted(Reader::new(&row).count()?),
            None => {
                let args = tx.args().text(&account.to_string());
                let row = tx.row(&factors::NEXT_TRY, args).await?;
                // Whoever has forgotten the tries meanwhile has made room for the next one.
                CodeTry::NotBefore(row.map_or(Ok(now), |row| Reader::new(&row).time())?)
            }
        };
        tx.commit().await?;
        Ok(outcome)
    }

    /// Forgets the tries of an account: a right code has come.
    pub async fn forget_codes(&self, account: Actor) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        forget(&mut tx, account).await?;
        Ok(tx.commit().await?)
    }

    /// Accounts whose codes were tried at least this often since then, and how often.
    pub async fn codes_tried(
        &self,
        at_least: u64,
        since: Timestamp,
    ) -> Result<Vec<(Actor, u64)>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().count(at_least).time(since);
        let rows = tx.rows(&factors::TRIED, args).await?;
        rows.iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                Ok((Actor::read(&row.text()?), row.count()?))
            })
            .collect()
    }
}

async fn reseal(tx: &mut Tx, changes: &[(Actor, SecretString, SecretString)]) -> Result<(), StoreError> {
    for (actor, from, to) in changes {
        let (from, to) = (from.expose_secret(), to.expose_secret());
        let args = tx.args();
        match actor {
            Actor::Admin => tx.execute(&factors::RESEAL, args.text(to).text(from)).await?,
            Actor::User(id) => tx.execute(&accounts::RESEAL, args.id(*id).text(to).text(from)).await?,
            Actor::System | Actor::Worker => 0,
        };
    }
    Ok(())
}

async fn read_factor(tx: &mut Tx) -> Result<AdminFactor, StoreError> {
    let args = tx.args();
    let Some(row) = tx.row(&factors::GET, args).await? else { return Ok(AdminFactor::default()) };
    let row = &mut Reader::new(&row);
    Ok(AdminFactor {
        totp_secret: row.opt_text()?.map(SecretString::from),
        totp_used_step: row.opt_count()?,
        recovery: row.opt_json()?.unwrap_or_default(),
        version: row.int()?,
    })
}

/// Within a transaction.
pub(super) async fn forget(tx: &mut Tx, account: Actor) -> Result<(), StoreError> {
    let args = tx.args().text(&account.to_string());
    tx.execute(&factors::FORGET_TRIES, args).await?;
    Ok(())
}
