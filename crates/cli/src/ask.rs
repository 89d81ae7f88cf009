//! Asking whoever types a command whether it is meant.

use std::io::{self, IsTerminal as _};

use crate::{error::CliError, output};

/// Asks, and goes on where the answer is this word. Where nobody can be asked, and where the answer is another one, it says so.
pub(crate) fn whether(
    question: impl std::fmt::Display,
    word: &str,
    nobody: &str,
    otherwise: &str,
) -> Result<(), CliError> {
    if !io::stdin().is_terminal() {
        return Err(CliError::Usage(nobody.to_owned()));
    }
    output::remark(question);
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    if typed.trim() == word { Ok(()) } else { Err(CliError::Usage(otherwise.to_owned())) }
}
