//! What every method promises, on each engine.

mod accounts;
mod alerts;
mod isolation;
mod lifecycle;
mod logs;
mod overview;
mod people;
mod platform;
mod rights;
mod tenants;
mod workers;
