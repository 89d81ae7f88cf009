//! Every setting of Flow HQ with its default, unit and meaning, in one table ([`ALL`]), and the code that reads them.
//!
//! Sources, later ones win: the defaults, a TOML file, the environment. The environment is passed in, so that a test
//! sets nothing of its own process. Reads files that settings name; writes and creates nothing.

mod database;
mod error;
mod file;
mod host_at;
mod kinds;
mod level;
mod load;
mod markdown;
mod network;
mod sections;
mod setting;
mod table;
mod takes;
mod values;

pub use database::DatabaseUrl;
pub use error::{ConfigError, Origin};
pub use host_at::HostAt;
pub use level::LogLevel;
pub use load::{ConfigFile, changed, load, process_environment};
pub use markdown::{BEGIN_MARK, END_MARK, settings_table};
pub use network::Network;
pub use secrecy::{ExposeSecret, SecretString};
pub use setting::{Fallback, Setting};
pub use table::{
    ALL, Admin, Alerts, Bots, Brand, Database, Logs, Machined, Paths, Portal, Server, Settings, WhatsApp,
    Workers, name,
};
pub use takes::Takes;
