//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use config::ConfigFile;

use crate::{commands, error::EXIT_CODES, version};

/// WhatsApp bots for many businesses: one control plane, one worker process for each tenant.
#[derive(Debug, Parser)]
#[command(name = "flowhq", version = version::long(), after_help = EXIT_CODES, max_term_width = 100)]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the settings are.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Settings file [default: flowhq/flowhq.toml in the configuration directory, where there is one]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub(crate) config: Option<PathBuf>,
    /// Data directory, before what settings say
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    pub(crate) data_dir: Option<PathBuf>,
}

impl Place {
    /// Reads the settings from file, environment and these options.
    pub(crate) fn settings(&self) -> Result<config::Settings, config::ConfigError> {
        let file = self.config.as_deref().map_or(ConfigFile::Search, ConfigFile::At);
        let data_dir = self.data_dir.clone().map(|dir| ("DATA_DIR".into(), dir.into_os_string()));
        config::load(file, config::process_environment().chain(data_dir))
    }
}

/// How a command reaches `flowhq serve`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Connect {
    /// Address of another machine's admin listener [default: the socket in the data directory]
    #[arg(long, value_name = "URL", requires = "password_file", help_heading = "Connection")]
    pub(crate) url: Option<String>,
    /// File with the admin password, for --url
    #[arg(long, value_name = "FILE", requires = "url", help_heading = "Connection")]
    pub(crate) password_file: Option<PathBuf>,
}

/// How a command prints data.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Format {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// One tenant.
#[derive(Debug, Clone, Args)]
pub(crate) struct Which {
    /// Id of the tenant, or its name where no other tenant has the same
    #[arg(value_name = "TENANT")]
    pub(crate) tenant: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(commands::serve::Serve),
    Host(commands::host::HostAlone),
    Portal(commands::portal::PortalAlone),
    Demo(commands::demo::Demo),
    VirtualWhatsapp(commands::virtual_whatsapp::VirtualWhatsApp),
    #[command(subcommand)]
    Tenant(commands::tenant::Tenant),
    Start(commands::start::Start),
    Stop(commands::stop::Stop),
    Restart(commands::restart::Restart),
    Qr(commands::qr::Qr),
    Logs(commands::logs::Logs),
    Unlink(commands::unlink::Unlink),
    Suspend(commands::suspend::Suspend),
    ConfirmNumber(commands::confirm_number::ConfirmNumber),
    Message(commands::message::Message),
    #[command(subcommand)]
    Requests(commands::requests::Requests),
    #[command(subcommand)]
    Operator(commands::operator::Operator),
    Events(commands::events::Events),
    #[command(subcommand)]
    Contact(commands::contact::Contact),
    #[command(subcommand)]
    Owner(commands::owner::Owner),
    #[command(subcommand)]
    Db(commands::db::Db),
    Backup(commands::backup::Backup),
    Restore(commands::restore::Restore),
    #[command(subcommand)]
    MasterKey(commands::master_key::MasterKey),
    #[command(subcommand)]
    Pack(commands::pack::Packs),
    Doctor(commands::doctor::Doctor),
    Stress(commands::stress::Stress),
    Config(commands::config::Config),
    Completions(commands::completions::Completions),
    #[command(hide = true)]
    Worker(commands::worker::Worker),
    /// Give backups to BACKUP_COMMAND; started by `flowhq serve`
    #[command(hide = true, name = crate::host::backups::GIVE_BACKUPS)]
    GiveBackups,
    #[command(hide = true)]
    Zygote(commands::zygote::Zygote),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_says_what_it_said() {
        let mut help = String::new();
        let root = Cli::command().term_width(100).version("VERSION");
        collect(root, "flowhq", &mut help);
        insta::assert_snapshot!("help", help);
    }

    /// The help of a command and of all below it, hidden ones left out.
    fn collect(command: clap::Command, name: &str, help: &mut String) {
        let mut command = command.term_width(100).bin_name(name);
        command.build();
        help.push_str(&format!("$ {name} --help\n{}\n", command.clone().render_long_help()));
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            collect(sub.clone(), &format!("{name} {}", sub.get_name()), help);
        }
    }
}
