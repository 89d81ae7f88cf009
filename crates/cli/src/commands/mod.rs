//! One command to a file.

pub(crate) mod backup;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod confirm_number;
pub(crate) mod contact;
pub(crate) mod db;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod events;
pub(crate) mod host;
pub(crate) mod hosts;
pub(crate) mod logs;
pub(crate) mod master_key;
pub(crate) mod message;
pub(crate) mod operator;
pub(crate) mod owner;
pub(crate) mod pack;
pub(crate) mod portal;
pub(crate) mod qr;
pub(crate) mod requests;
pub(crate) mod restart;
pub(crate) mod restore;
pub(crate) mod serve;
pub(crate) mod start;
pub(crate) mod stop;
pub(crate) mod stress;
pub(crate) mod suspend;
#[cfg(feature = "virtual")]
mod taken_over;
pub(crate) mod tenant;
pub(crate) mod unlink;
pub(crate) mod virtual_whatsapp;
pub(crate) mod worker;
pub(crate) mod zygote;

use std::process::ExitCode;

use crate::{
    args::{Cli, Command},
    error::CliError,
};

/// Carries out what was asked.
pub(crate) fn run(cli: Cli) -> Result<ExitCode, CliError> {
    let place = &cli.place;
    let done = match cli.command {
        // The worker confines itself before it starts any thread, so it gets no runtime from here.
        Command::Worker(command) => return command.run(),
        Command::Zygote(command) => return command.run(),
        Command::Host(command) => match command.order() {
            Some(order) => wait_for(order.run(place)),
            None => command.run(place),
        },
        Command::Portal(command) => command.run(place),
        Command::Completions(command) => command.run(),
        Command::Config(command) => command.run(place),
        Command::Serve(command) => command.run(place),
        Command::Demo(command) => command.run(place),
        Command::VirtualWhatsapp(command) => command.run(),
        Command::Stress(command) => command.run(place),
        Command::Doctor(command) => return wait_for(command.run(place)),
        Command::Pack(command) => wait_for(command.run(place)),
        Command::Tenant(command) => wait_for(command.run(place)),
        Command::Start(command) => wait_for(command.run(place)),
        Command::Stop(command) => wait_for(command.run(place)),
        Command::Restart(command) => wait_for(command.run(place)),
        Command::Qr(command) => wait_for(command.run(place)),
        Command::Logs(command) => wait_for(command.run(place)),
        Command::Unlink(command) => wait_for(command.run(place)),
        Command::Suspend(command) => wait_for(command.run(place)),
        Command::ConfirmNumber(command) => wait_for(command.run(place)),
        Command::Message(command) => wait_for(command.run(place)),
        Command::Requests(command) => wait_for(command.run(place)),
        Command::Operator(command) => wait_for(command.run(place)),
        Command::Events(command) => wait_for(command.run(place)),
        Command::Contact(command) => wait_for(command.run(place)),
        Command::Owner(command) => wait_for(command.run(place)),
        Command::Db(command) => wait_for(command.run(place)),
        Command::Backup(command) => wait_for(command.run(place)),
        Command::Restore(command) => wait_for(command.run(place)),
        Command::MasterKey(command) => wait_for(command.run(place)),
        Command::GiveBackups => wait_for(crate::host::backups::give_backups()),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// Runs a command that only asks and prints: one thread does.
fn wait_for<T>(command: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(command)
}
