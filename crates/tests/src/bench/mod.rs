//! What `scripts/bench` measures: Flow HQ on the virtual WhatsApp, beside bots of other makes in the same run, and what its
//! figures are made into. It measures only what runs as a process of its own, and changes nothing of it.

pub mod calls;
pub mod counts;
pub mod document;
pub mod figures;
pub mod flow;
pub mod meter;
pub mod over_http;
pub mod pages;
pub mod peer;
pub mod plot;
pub mod run;
pub mod service;
pub mod sheet;
pub mod stats;
pub mod talk;
pub mod view;
