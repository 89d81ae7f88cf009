//! Tenants that go to another installation or come from one: whoever runs the control plane carries them, the API asks for it.

use std::{future::Future, pin::Pin};

use domain::TenantId;
use store::{Actor, StoreError};

/// What carries tenants.
pub trait Moves: Send + Sync + std::fmt::Debug {
    /// Gives a move key: with it one tenant may come here, once.
    fn move_key(&self) -> Carried<'_, String>;

    /// Fences a tenant for good and writes all of it into a file, sealed by the move key. Asked again it does the same again.
    fn out(&self, actor: Actor, tenant: TenantId, move_key: String) -> Carried<'_, api::MovedOut>;

    /// Takes in the tenant in a file of that name, and starts it where it was wanted to run; which it is.
    fn take_in(&self, actor: Actor, file: String) -> Carried<'_, TenantId>;
}

/// What comes of it, in a while.
pub type Carried<'a, T> = Pin<Box<dyn Future<Output = Result<T, MoveError>> + Send + 'a>>;

/// Why a tenant was not carried.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The database refused, or does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The supervisor refused.
    #[error(transparent)]
    Supervisor(#[from] supervisor::Error),
    /// Anything else, in a sentence that says what to do.
    #[error("{0}")]
    Said(String),
}

/// None at all.
#[derive(Debug)]
pub struct NoMoves;

impl NoMoves {
    fn none<T: Send + 'static>() -> Carried<'static, T> {
        Box::pin(std::future::ready(Err(MoveError::Said("this control plane carries no tenants".to_owned()))))
    }
}

impl Moves for NoMoves {
    fn move_key(&self) -> Carried<'_, String> {
        Self::none()
    }

    fn out(&self, _actor: Actor, _tenant: TenantId, _key: String) -> Carried<'_, api::MovedOut> {
        Self::none()
    }

    fn take_in(&self, _actor: Actor, _file: String) -> Carried<'_, TenantId> {
        Self::none()
    }
}
