//! Files that are none of its own.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{Attempt, Target, raw};

pub(super) const ALL: &[Attempt] = &[
    Attempt { what: "read a sibling's WhatsApp session", tries: |t| read(&t.sibling.join("session.db")) },
    Attempt { what: "read a sibling's journal", tries: |t| read(&t.sibling.join("journal.db")) },
    Attempt { what: "list a sibling's directory", tries: |t| list(&t.sibling) },
    Attempt { what: "write a file into a sibling's directory", tries: |t| made(&t.sibling.join("planted")) },
    Attempt { what: "open a sibling's journal for writing", tries: |t| write(&t.sibling.join("journal.db")) },
    Attempt { what: "close a sibling's directory by its mode", tries: |t| chmod(&t.sibling) },
    Attempt {
        what: "change the times of a sibling's journal",
        tries: |t| times(&t.sibling.join("journal.db")),
    },
    Attempt { what: "list all tenants' directories", tries: |t| list(&t.data.join("sessions")) },
    Attempt { what: "list the data directory", tries: |t| list(&t.data) },
    Attempt { what: "read the database", tries: |t| read(&t.data.join("flowhq.db")) },
    Attempt { what: "open the database for writing", tries: |t| write(&t.data.join("flowhq.db")) },
    Attempt { what: "read the key of all links", tries: |t| read(&t.data.join("link.key")) },
    Attempt { what: "read the master key", tries: |t| read(&t.data.join("master.key")) },
    Attempt { what: "read the control plane's log", tries: |t| read(&t.data.join("logs/control-plane.log")) },
    Attempt {
        what: "make a directory in the data directory",
        tries: |t| made_directory(&t.data.join("planted")),
    },
    Attempt {
        what: "make and remove a file in the data directory",
        tries: |t| made(&t.data.join("planted-file")),
    },
    Attempt { what: "reach the database by a link in its own directory", tries: by_link },
    Attempt { what: "give the database a second name in its own directory", tries: by_name },
    Attempt { what: "move a file out of its own directory", tries: moved },
    Attempt { what: "read /etc/passwd", tries: |_| read(Path::new("/etc/passwd")) },
    Attempt { what: "list /", tries: |_| list(Path::new("/")) },
    Attempt { what: "list /etc", tries: |_| list(Path::new("/etc")) },
    Attempt { what: "write into /tmp", tries: |_| made(&std::env::temp_dir().join(unique())) },
    Attempt { what: "write into /dev/shm", tries: |_| made(&Path::new("/dev/shm").join(unique())) },
    Attempt { what: "read the control plane's environment", tries: |t| read(&of(t.serve_pid, "environ")) },
    Attempt {
        what: "open the control plane's memory",
        tries: |t| File::open(of(t.serve_pid, "mem")).map(drop),
    },
    Attempt { what: "list the control plane's descriptors", tries: |t| list(&of(t.serve_pid, "fd")) },
    Attempt { what: "read the control plane's arguments", tries: |t| read(&of(t.serve_pid, "cmdline")) },
    Attempt { what: "follow the control plane's root directory", tries: |t| list(&of(t.serve_pid, "root")) },
    Attempt {
        what: "read a sibling's environment",
        tries: |t| File::open(of(t.sibling_pid, "environ")).map(drop),
    },
    Attempt { what: "read a sibling's memory map", tries: |t| read(&of(t.sibling_pid, "maps")) },
    Attempt { what: "list all processes", tries: |_| list(Path::new("/proc")) },
    Attempt { what: "fill the disk with one file", tries: one_large },
    Attempt { what: "reserve the disk without writing", tries: reserved },
    Attempt { what: "make a pipe with a name in its own directory", tries: |t| node(&t.own, libc::S_IFIFO) },
    Attempt {
        what: "make a directory in its own directory",
        tries: |t| made_directory(&t.own.join("within")),
    },
];

pub(super) fn of(pid: i32, what: &str) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}/{what}"))
}

pub(super) fn unique() -> String {
    format!("flowhq-attempt-{}", std::process::id())
}

pub(super) fn read(path: &Path) -> io::Result<()> {
    let mut file = File::open(path)?;
    let read = io::copy(&mut io::Read::take(&mut file, 4_096), &mut io::sink())?;
    if read > 0 { Ok(()) } else { Err(io::Error::other("nothing in it")) }
}

pub(super) fn write(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(path).map(drop)
}

pub(super) fn list(path: &Path) -> io::Result<()> {
    fs::read_dir(path)?.next().ok_or_else(|| io::Error::other("nothing in it"))?.map(drop)
}

pub(super) fn made(path: &Path) -> io::Result<()> {
    File::create(path)?.write_all(b"x")?;
    fs::remove_file(path)
}

fn made_directory(path: &Path) -> io::Result<()> {
    fs::create_dir(path)?;
    fs::remove_dir(path)
}

fn chmod(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, fs::metadata(path)?.permissions())
}

fn times(path: &Path) -> io::Result<()> {
    raw::path_call(libc::SYS_utimensat, path, |path| [libc::AT_FDCWD as usize, path, 0, 0])
}

fn by_link(target: &Target) -> io::Result<()> {
    let link = target.own.join("linked");
    std::os::unix::fs::symlink(target.data.join("flowhq.db"), &link)?;
    let read = read(&link);
    fs::remove_file(link)?;
    read
}

fn by_name(target: &Target) -> io::Result<()> {
    let name = target.own.join("named");
    fs::hard_link(target.data.join("flowhq.db"), &name)?;
    fs::remove_file(name)
}

fn moved(target: &Target) -> io::Result<()> {
    let (here, there) = (target.own.join("moving"), target.data.join(unique()));
    File::create(&here)?;
    let moved = fs::rename(&here, &there);
    let _the_other_is_there = (fs::remove_file(here), fs::remove_file(there));
    moved
}

/// One byte beyond what its directory may hold.
fn one_large(target: &Target) -> io::Result<()> {
    let path = target.own.join("large");
    let mut file = File::create(&path)?;
    let written = rustix::io::pwrite(&mut file, b"x", target.directory_bytes);
    fs::remove_file(path)?;
    Ok(written.map(drop)?)
}

fn reserved(target: &Target) -> io::Result<()> {
    let path = target.own.join("reserved");
    let file = File::create(&path)?;
    let reserved = rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, 1_000_000);
    fs::remove_file(path)?;
    Ok(reserved?)
}

fn node(own: &Path, kind: libc::mode_t) -> io::Result<()> {
    let path = own.join("node");
    raw::path_call(libc::SYS_mknodat, &path, |path| {
        [libc::AT_FDCWD as usize, path, (kind | 0o600) as usize, 0]
    })?;
    fs::remove_file(path)
}
