//! The sentences, by resource.

pub mod account;
pub mod alerts;
pub mod audit;
pub mod blocks;
pub mod books;
pub mod checks;
pub mod date;
pub mod desk;
pub mod did;
pub mod editing;
pub mod event;
pub mod figures;
pub mod forms;
pub mod health;
pub mod hosts;
pub mod importing;
pub mod letters;
pub mod linking;
pub mod messages;
pub mod moving;
pub mod notes;
pub mod notices;
pub mod operators;
pub mod owners;
pub mod people;
pub mod portal;
pub mod portal_books;
pub mod portal_bot;
pub mod portal_customers;
pub mod portal_home;
pub mod portal_linking;
pub mod portal_messages;
pub mod portal_settings;
pub mod portal_setup;
pub mod portal_sign_in;
pub mod portal_status;
pub mod portal_trying;
pub mod problem;
pub mod profile;
pub mod records;
pub mod setup;
pub mod shell;
pub mod sign_in;
pub mod source;
pub mod system;
pub mod tenant;
pub mod tenants;
pub mod ticks;
pub mod time;
pub mod trying;
pub mod uptime;
pub mod worker_log;
pub mod workers;

/// All of them, for tests.
pub const CATALOGUE: &[&[crate::Entry]] = &[
    account::ALL,
    alerts::ALL,
    audit::ALL,
    blocks::ALL,
    books::ALL,
    checks::ALL,
    date::ALL,
    desk::ALL,
    did::ALL,
    editing::ALL,
    event::ALL,
    figures::ALL,
    forms::ALL,
    health::ALL,
    importing::ALL,
    letters::ALL,
    linking::ALL,
    messages::ALL,
    hosts::ALL,
    moving::ALL,
    notes::ALL,
    notices::ALL,
    operators::ALL,
    owners::ALL,
    people::ALL,
    portal::ALL,
    portal_books::ALL,
    portal_bot::ALL,
    portal_customers::ALL,
    portal_home::ALL,
    portal_linking::ALL,
    portal_messages::ALL,
    portal_settings::ALL,
    portal_setup::ALL,
    portal_sign_in::ALL,
    portal_status::ALL,
    portal_trying::ALL,
    problem::ALL,
    profile::ALL,
    records::ALL,
    setup::ALL,
    shell::ALL,
    sign_in::ALL,
    source::ALL,
    system::ALL,
    tenant::ALL,
    tenants::ALL,
    ticks::ALL,
    time::ALL,
    trying::ALL,
    uptime::ALL,
    worker_log::ALL,
    workers::ALL,
];
