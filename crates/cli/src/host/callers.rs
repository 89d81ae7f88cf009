//! Who may call over `admin.sock`, beside what its file mode says. Whoever is let in there is an administrator, and a worker
//! that shares our user passes every file mode.

use std::sync::Arc;

use supervisor::Handle;
use tokio::net::unix::UCred;
use web::serve::Admit;

/// The longest way up from a process to its worker that is looked at.
const ANCESTORS: usize = 64;

/// Lets in our own user and root, but no worker, nothing in a worker's session or group, and nothing that a worker started.
pub(super) fn admit(supervisor: Handle) -> Admit {
    let own = rustix::process::geteuid().as_raw();
    let workers = Arc::new(move || -> Vec<u32> {
        supervisor.all_live().into_iter().filter_map(|(_, live)| live.pid).collect()
    });
    Admit::new(move |caller| {
        let refusal = refusal(caller, own, &workers());
        if let Some(why) = refusal {
            tracing::warn!(
                why,
                pid = caller.and_then(|caller| caller.pid()),
                "a caller of admin.sock was refused"
            );
        }
        refusal.is_none()
    })
}

fn refusal(caller: Option<UCred>, own: u32, workers: &[u32]) -> Option<&'static str> {
    let Some(caller) = caller else { return Some("the system does not tell who calls") };
    if ![0, own].contains(&caller.uid()) {
        return Some("another user's process");
    }
    let Some(mut pid) = caller.pid().and_then(|pid| u32::try_from(pid).ok()) else {
        return Some("a process of another namespace");
    };
    for _ in 0..ANCESTORS {
        if workers.contains(&pid) {
            return Some("a worker, or what it has started");
        }
        // A caller that has ended is nobody's any more; what it has written is still there to be read.
        let Some(Place { parent, group, session }) = place(pid) else { return Some("it has ended") };
        if workers.contains(&group) || workers.contains(&session) {
            return Some("of a worker's session");
        }
        if parent <= 1 {
            return None;
        }
        pid = parent;
    }
    Some("it has too many ancestors")
}

struct Place {
    parent: u32,
    group: u32,
    session: u32,
}

/// `/proc/PID/stat` (proc(5)): "pid (name) state parent group session …". A process of another namespace has 0.
fn place(pid: u32) -> Option<Place> {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat).into_owned();
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(1);
    let mut number = || fields.next()?.parse().ok();
    Some(Place { parent: number()?, group: number()?, session: number()? })
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use tokio::net::UnixStream;

    use super::refusal;

    /// The credentials of this process, as a socket tells them.
    fn this() -> tokio::net::unix::UCred {
        UnixStream::pair().unwrap().0.peer_cred().unwrap()
    }

    #[tokio::test]
    async fn our_user_is_let_in_and_no_worker_nor_what_it_started() {
        let own = rustix::process::geteuid().as_raw();
        let pid = std::process::id();
        assert_eq!(refusal(Some(this()), own, &[]), None);
        assert!(refusal(Some(this()), own, &[pid]).is_some(), "a worker itself");
        assert!(refusal(None, own, &[]).is_some());
        // What we are is what our parent started.
        assert!(refusal(Some(this()), own, &[std::os::unix::process::parent_id()]).is_some());
        let session = rustix::process::getsid(None).unwrap().as_raw_nonzero().get().unsigned_abs();
        assert!(refusal(Some(this()), own, &[session]).is_some(), "of a worker's session");
        // A neighbour is no reason.
        let mut other = Command::new("/bin/sleep").arg("60").stdin(Stdio::null()).spawn().unwrap();
        assert_eq!(refusal(Some(this()), own, &[other.id()]), None);
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
