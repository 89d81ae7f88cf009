//! `flowhq tenant move-in`.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::PathBuf,
};

use ::api::{MoveIn as Wanted, Tenant};
use clap::Args;
use domain::RecordId;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

/// Take in a tenant that another installation has moved out, and start it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant move-in amina.move
  ssh old flowhq tenant move-out \"Amina Salon\" --key - --yes --to - < amina.key | flowhq tenant move-in -

It keeps its id, its rows and its linked device: no phone links again. Its owner gets a new link to
sign in (flowhq owner link), since passwords and browsers that are signed in stay where they were.")]
pub(crate) struct MoveIn {
    /// The file; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl MoveIn {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        if self.connect.url.is_some() {
            let why = "the file is read where flowhq serve runs: give this command there, without --url";
            return Err(CliError::Usage(why.to_owned()));
        }
        let client = api::client(place, &self.connect)?;
        let waiting = output::Waiting::new("Taking the tenant in");
        let folder = place.settings()?.paths.moves();
        let name = format!("{}.in", RecordId::generate());
        let path = folder.join(&name);
        let laid = || -> io::Result<()> {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
            let mut into = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            match self.file.to_str() {
                Some("-") => io::copy(&mut io::stdin().lock(), &mut into)?,
                _ => io::copy(&mut File::open(&self.file)?, &mut into)?,
            };
            into.sync_all()
        };
        let laid = laid().map_err(CliError::file(&self.file));
        let body = Wanted { file: name };
        let arrived: Result<Tenant, CliError> = match laid {
            Ok(()) => client
                .send_json_to_its_end(Method::POST, "/admin/tenants/move-in", Some(&body))
                .await
                .map_err(Into::into),
            Err(error) => Err(error),
        };
        let _gone = std::fs::remove_file(&path);
        drop(waiting);
        super::print_change(&arrived?, "it is here", self.format)
    }
}
