//! The words that stand in the database, the API and the pages, spelled the same everywhere.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray, VariantNames};

/// A word that is none of an enum's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{got}\" is not one of {}", expected.join(", "))]
pub struct UnknownLabel {
    /// What was given, cut to 64 characters.
    pub got: String,
    /// The words that are taken.
    pub expected: &'static [&'static str],
}

/// Reads one of an enum's words; the error lists all of them.
///
/// # Errors
/// Where the text is none of the words, letter case included.
pub fn parse_label<T: std::str::FromStr + VariantNames>(text: &str) -> Result<T, UnknownLabel> {
    text.parse().map_err(|_| UnknownLabel { got: text.chars().take(64).collect(), expected: T::VARIANTS })
}

/// Where a tenant stands. Changes only through [`TenantStatus::after`](crate::TenantStatus::after).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TenantStatus {
    /// Created, never started.
    New,
    /// The worker runs and waits for a QR code, or for the next round of them.
    QrPending,
    /// A QR code can be scanned.
    QrReady,
    /// Linked and meant to answer.
    Active,
    /// Stopped by an operator.
    Paused,
    /// Needs a person: logged out, refused, silent, or in a crash loop.
    Error,
}

/// What the worker says of its connection to WhatsApp.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SessionState {
    /// No connection to WhatsApp.
    Disconnected,
    /// Connected to be linked: a QR code can be scanned.
    QrReady,
    /// Linked and connected.
    Connected,
}

/// What is observed of a worker process.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum WorkerStatus {
    /// A process runs.
    Running,
    /// No process runs, and none should.
    Stopped,
    /// No process runs although one should; the supervisor has given up or waits to try again.
    Error,
}

/// What an operator wants of a worker.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DesiredState {
    /// There should be a process.
    Run,
    /// There should be none.
    Stopped,
}

/// What kind of business a bot answers for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum PackType {
    /// Appointments.
    Booking,
    /// A shop with a catalogue.
    Ecommerce,
    /// Questions and tickets.
    Support,
}

/// The language a bot answers in.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum Language {
    /// Swahili.
    Sw,
    /// English.
    En,
}

/// Which way a message went, seen from the business.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum Direction {
    /// From a customer.
    In,
    /// To a customer.
    Out,
}

/// What a person is to a tenant; ADMIN is an operator and stands for no tenant.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum Role {
    /// Owns the business.
    Owner,
    /// Works in the business.
    Staff,
    /// Operates the platform.
    Admin,
}

/// Whether a membership is in force.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum MembershipStatus {
    /// Invited, not confirmed: may do nothing yet.
    Invited,
    /// In force.
    Active,
    /// Ended.
    Removed,
}

/// How far a setup request has come.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum SetupStatus {
    /// Sent by the owner.
    Submitted,
    /// An operator is looking at it.
    Reviewing,
    /// Approved; the phone is not linked yet.
    Approved,
    /// Approved and linked.
    Active,
    /// Refused, with a note for the owner.
    Rejected,
}
