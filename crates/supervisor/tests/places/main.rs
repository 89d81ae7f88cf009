//! The supervisor with a real store and several hosts that this process plays; their workers are real processes, and fake.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

#[path = "../it/common.rs"]
#[allow(dead_code, reason = "one machine's tests use the rest")]
mod common;
mod crowd;
mod fleet;
mod hosts;

use store::NewTenant;

/// A new tenant.
fn salon() -> NewTenant {
    NewTenant {
        name: "Saluni ya Asha".to_owned(),
        phone: None,
        timezone: "Africa/Dar_es_Salaam".to_owned(),
        currency: "TZS".to_owned(),
        business_name: "Saluni ya Asha".to_owned(),
        template_type: domain::PackId::BOOKING,
        language: domain::Language::Sw,
        hours: None,
        rate_limit_per_minute: None,
        remove_deleted: false,
        profile: None,
    }
}
