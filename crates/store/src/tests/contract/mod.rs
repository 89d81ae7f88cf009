//! What every method promises, on each engine.

mod accounts;
mod alerts;
mod bounds;
mod deliveries;
mod desk;
mod groups;
mod hosts;
mod isolation;
mod lifecycle;
mod logs;
mod moves;
mod notes;
mod overview;
mod people;
mod places;
mod platform;
mod profiles;
mod records;
mod rights;
mod seek;
mod signing_in;
mod standings;
mod tenants;
mod workers;
