//! Writes the table of settings into README.md. Called by `just generate`.
#![expect(clippy::print_stdout, reason = "a tool that says what it did")]

use std::{error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = fs::read_to_string(&readme)?;
    let (before, rest) =
        text.split_once(config::BEGIN_MARK).ok_or("README.md has no mark for the settings")?;
    let (_, after) =
        rest.split_once(config::END_MARK).ok_or("README.md has no mark for the settings' end")?;
    let table = config::settings_table();
    fs::write(&readme, format!("{before}{}\n\n{table}\n{}{after}", config::BEGIN_MARK, config::END_MARK))?;
    println!("README.md: {} settings", config::ALL.len());
    Ok(())
}
