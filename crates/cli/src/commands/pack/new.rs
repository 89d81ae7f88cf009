//! `flowhq pack new`.

use std::{fs, path::PathBuf};

use clap::Args;

use crate::{error::CliError, output};

/// Begin a pack: a folder that works as it is
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq pack new bakery
  flowhq pack check bakery")]
pub(crate) struct New {
    /// The folder's name; the pack's id is the same in capitals
    name: PathBuf,
}

impl New {
    pub(crate) fn run(&self) -> Result<(), CliError> {
        let name = self.name.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let id: String =
            name.to_uppercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let lawful = (2..=32).contains(&id.len()) && id.starts_with(|c: char| c.is_ascii_uppercase());
        if !lawful {
            let said =
                format!("\"{name}\": a pack's name has 2 to 32 letters and digits and begins with a letter");
            return Err(CliError::Usage(said));
        }
        // Nothing that is there is written over.
        fs::create_dir(&self.name).map_err(CliError::file(&self.name))?;
        for (path, bytes) in replies::new_pack(&id) {
            let path = self.name.join(path);
            fs::write(&path, bytes).map_err(CliError::file(&path))?;
        }
        let folder = self.name.display();
        output::line(format_args!("{id} begins in {folder}"))?;
        output::remark(format_args!(
            "Next: flowhq pack try {folder} --language EN. docs/packs.md says what else a pack can do."
        ));
        Ok(())
    }
}
