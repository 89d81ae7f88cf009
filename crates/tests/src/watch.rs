//! Waits until something changes in a folder: what other processes write there tells of itself.

use std::{io, os::fd::OwnedFd, path::Path};

use rustix::{
    fs::inotify::{CreateFlags, WatchFlags, add_watch, init},
    io::{Errno, read},
};
use tokio::io::{Interest, unix::AsyncFd};

/// Folders that are looked at (inotify(7)). What happens between two waits is not missed.
#[derive(Debug)]
pub struct Watch {
    inotify: AsyncFd<OwnedFd>,
}

impl Watch {
    /// Looks at the files of these folders from now on. One that is not there is passed over.
    ///
    /// # Errors
    /// Where the system has no more of these.
    pub fn of(folders: &[&Path]) -> io::Result<Self> {
        let inotify = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
        let changes = WatchFlags::MODIFY | WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::DELETE;
        for folder in folders {
            match add_watch(&inotify, *folder, changes) {
                Ok(_) | Err(Errno::NOENT) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Self { inotify: watched(inotify)? })
    }

    /// Waits until something has changed since the wait before.
    pub async fn changed(&self) {
        // What happened is of no matter: whoever waits looks again.
        let mut told = [0_u8; 4096];
        loop {
            let Ok(mut ready) = self.inotify.readable().await else { return std::future::pending().await };
            let mut any = false;
            while read(self.inotify.get_ref(), &mut told).is_ok_and(|length| length > 0) {
                any = true;
            }
            ready.clear_ready();
            if any {
                return;
            }
        }
    }
}

#[expect(
    deprecated,
    reason = "its successor is unsafe for kinds that may swap descriptors; an OwnedFd cannot"
)]
fn watched(inotify: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(inotify, Interest::READABLE)
}

#[cfg(test)]
mod tests {
    use super::Watch;

    #[tokio::test]
    async fn a_change_is_told_whether_it_came_before_the_wait_or_comes_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let watch = Watch::of(&[folder.path(), &folder.path().join("missing")]).unwrap();
        std::fs::write(folder.path().join("one"), "1").unwrap();
        watch.changed().await;
        let path = folder.path().join("two");
        let (writing, ()) = tokio::join!(
            async {
                tokio::task::yield_now().await;
                std::fs::write(path, "2")
            },
            watch.changed()
        );
        writing.unwrap();
    }
}
