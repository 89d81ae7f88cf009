//! How many calls processes make to the kernel, by name: counted by `strace`, which is told of all their threads.

use std::{collections::BTreeMap, path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

use crate::process::{self, Signal};

/// How long `strace` may take to begin, and to end.
const LIMIT: Duration = Duration::from_secs(60);
/// Calls after which something is on the disk.
const SYNCS: [&str; 5] = ["fsync", "fdatasync", "sync_file_range", "msync", "syncfs"];

/// Calls by their name.
#[derive(Debug, Default, Clone)]
pub struct Calls(pub BTreeMap<String, u64>);

impl Calls {
    /// All.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.0.values().sum()
    }

    /// Those that sync.
    #[must_use]
    pub fn syncs(&self) -> u64 {
        SYNCS.iter().filter_map(|name| self.0.get(*name)).sum()
    }

    /// The table that `strace -c` writes: time, seconds, microseconds a call, calls, errors where there are any, name.
    fn read(table: &str) -> Self {
        let lines = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let counted = lines.filter_map(|words| {
            let calls = words.get(3)?.parse().ok()?;
            let name = words.last().filter(|name| **name != "total")?;
            Some(((*name).to_owned(), calls))
        });
        Self(counted.collect())
    }
}

/// Counts while something goes on. `file` is where `strace` writes its table.
///
/// # Errors
/// Where `strace` is not there or may not trace, and where what goes on fails.
pub async fn during<T>(
    pids: &[u32],
    file: &Path,
    goes_on: impl Future<Output = Result<T, String>>,
) -> Result<(Calls, T), String> {
    let mut command = Command::new("strace");
    command.args(["-f", "-c", "-o"]).arg(file);
    for pid in pids {
        command.arg("-p").arg(pid.to_string());
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut strace = command.spawn().map_err(|error| format!("strace: {error}"))?;
    let errors = strace.stderr.take().ok_or("strace has no output")?;
    let mut lines = BufReader::new(errors).lines();
    let attached = async {
        let mut left = pids.len();
        let mut last = String::new();
        while left > 0 {
            let line = lines.next_line().await.ok().flatten();
            last = line.ok_or_else(|| format!("strace: {last}"))?;
            // Threads that begin later are told of too, by their own number.
            let of = |pid: &u32| last.contains(&format!("Process {pid} attached"));
            left -= usize::from(pids.iter().any(of));
        }
        Ok::<_, String>(())
    };
    tokio::time::timeout(LIMIT, attached).await.map_err(|_| "strace does not attach")??;
    let (came, ()) = tokio::join!(
        async {
            let came = goes_on.await;
            process::signal(strace.id().unwrap_or_default(), Signal::INT);
            came
        },
        // Whoever does not read lets the writer wait in the end.
        async { while let Ok(Some(_)) = lines.next_line().await {} }
    );
    let ended = tokio::time::timeout(LIMIT, strace.wait()).await.map_err(|_| "strace does not end")?;
    ended.map_err(|error| error.to_string())?;
    let table = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    Ok((Calls::read(&table), came?))
}

#[cfg(test)]
mod tests {
    use super::Calls;

    #[test]
    fn the_table_of_strace_is_read() {
        let table = "% time     seconds  usecs/call     calls    errors syscall\n\
                     ------ ----------- ----------- --------- --------- ----------------\n \
                     60.00    0.000300           3       100        12 futex\n \
                     40.00    0.000200         100         2           fdatasync\n\
                     ------ ----------- ----------- --------- --------- ----------------\n\
                     100.00    0.000500           4       102        12 total\n";
        let calls = Calls::read(table);
        assert_eq!((calls.all(), calls.syncs(), calls.0.len()), (102, 2, 2));
    }
}
