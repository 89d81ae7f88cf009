//! What a process of a build for tests reads at its start: the failures that await it.

use std::{fs::File, path::Path};

use crate::{Failure, InstallError, Rule, install, rules};

/// The file of a run's folder whose being there ends all failures.
pub const LIFTED: &str = "faults.lifted";

/// Failures that cannot be planned.
#[derive(Debug, thiserror::Error)]
pub enum ArmError {
    /// The plan cannot be read, or what fails not be written down.
    #[error("the plan of failures: {0}")]
    File(#[from] std::io::Error),
    /// Not `FILE FAILURE NTH once|lasting`.
    #[error(
        "the plan of failures says \"{0}\"; write a part of the file's path, a failure, a number, and once or lasting: journal.db full 3 once"
    )]
    Plan(String),
    /// SQLite takes no file system.
    #[error(transparent)]
    Install(#[from] InstallError),
}

/// Puts the rules of `PROCESS.faults` in `folder` into force, one on each line, for as long as this process lives and
/// [`LIFTED`] is not there. What fails is written to `PROCESS.failed`. Without such a file nothing is done.
///
/// # Errors
/// Where the plan cannot be carried out.
pub fn arm(folder: &Path, process: &str) -> Result<(), ArmError> {
    let text = match std::fs::read_to_string(folder.join(format!("{process}.faults"))) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    install()?;
    for line in text.lines() {
        let rule = parse(line).ok_or_else(|| ArmError::Plan(line.chars().take(80).collect()))?;
        let told =
            File::options().create(true).append(true).open(folder.join(format!("{process}.failed")))?;
        rules::put(rule, Some((folder.join(LIFTED), told)));
    }
    Ok(())
}

fn parse(line: &str) -> Option<Rule> {
    let mut words = line.split(' ');
    let rule = Rule {
        file: words.next()?.to_owned(),
        failure: Failure::of(words.next()?)?,
        nth: words.next()?.parse().ok().filter(|nth| *nth > 0)?,
        lasting: match words.next()? {
            "once" => false,
            "lasting" => true,
            _ => return None,
        },
    };
    words.next().is_none().then_some(rule)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_plan_that_can_never_come_true_is_refused() {
        assert!(parse("journal.db full 3 once").is_some_and(|rule| rule.nth == 3 && !rule.lasting));
        assert!(parse("journal.db io 1 lasting").is_some_and(|rule| rule.lasting));
        for wrong in [
            "",
            "journal.db",
            "journal.db full 0 once",
            "journal.db fire 1 once",
            "a io 1 twice",
            "a io 1 once x",
        ] {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }
}
