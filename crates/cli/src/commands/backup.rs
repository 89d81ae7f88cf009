//! `flowhq backup`.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use ::api::BackedUp;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    host::backups,
    output,
};

/// Back up the database and every tenant's journal while all goes on
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq backup                                  # a file in BACKUP_DIR
  flowhq backup --to /mnt/usb                    # and a copy of it there, read back
  flowhq backup --command 'rclone rcat store:$BACKUP_NAME'

The file is sealed by backup.key in DATA_DIR, or BACKUP_KEY: keep a copy of that key elsewhere, or
no backup can be read once this machine is gone. WhatsApp's keys are never in it: after a restore
each tenant links its phone again. Settings and PACKS_DIR are files of yours, and not in it either.")]
pub(crate) struct Backup {
    /// Copy it into this folder, too
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Give it to this command of the shell on its standard input; BACKUP_NAME is the file's name
    #[arg(long, value_name = "COMMAND")]
    command: Option<String>,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

/// Somebody waits, and can end it.
const COMMAND_TIME: std::time::Duration = std::time::Duration::from_secs(24 * 3_600);

impl Backup {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        if self.connect.url.is_some() && (self.to.is_some() || self.command.is_some()) {
            let why =
                "--to and --command read the file where flowhq serve runs: give them there, without --url";
            return Err(CliError::Usage(why.to_owned()));
        }
        let client = api::client(place, &self.connect)?;
        let waiting = output::Waiting::new("Making a backup");
        let made: BackedUp = client.post("/admin/system/backups").await?;
        if let Some(folder) = &self.to {
            let key = backups::key_of(&place.settings()?)?;
            copy(Path::new(&made.file), folder, &key)?;
        }
        if let Some(command) = &self.command {
            backups::give(command, Path::new(&made.file), COMMAND_TIME).await?;
        }
        drop(waiting);
        if self.format.json {
            output::json(&made)?;
        } else {
            output::line(format_args!("{}: {} bytes, {} journals", made.file, made.bytes, made.journals))?;
        }
        match made.left_out.as_slice() {
            [] => Ok(()),
            lacks => Err(CliError::Failed(format!("the backup lacks {}", lacks.join("; ")))),
        }
    }
}

/// Copies the file under its own name, and reads the copy.
fn copy(file: &Path, folder: &Path, key: &seal::FileKey) -> Result<(), CliError> {
    let into = folder.join(file.file_name().unwrap_or_default());
    let copied = || -> io::Result<()> {
        let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&into)?;
        io::copy(&mut File::open(file)?, &mut to)?;
        to.sync_all()?;
        File::open(folder)?.sync_all()
    };
    copied().map_err(CliError::file(&into))?;
    let read = File::open(&into).map_err(CliError::file(&into))?;
    backup::read(read, key, |_, _| Ok(()))
        .map(drop)
        .map_err(|error| CliError::Failed(format!("{}: {error}", into.display())))
}
