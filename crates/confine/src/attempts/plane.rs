//! What code inside the control plane has no business with. It starts workers, sees its own processes and speaks with hosts, so
//! that less is forbidden to it than to a worker. `own` is here its data directory, `sibling` a directory of another program
//! of its user with a file `secret`, `sibling_pid` that program, and `sibling_socket` the name of its abstract socket.

use std::{
    fs::{self, File, OpenOptions},
    io,
    net::TcpListener,
    os::{
        linux::net::SocketAddrExt as _,
        unix::{
            ffi::OsStrExt as _,
            fs::OpenOptionsExt as _,
            net::{SocketAddr, UnixStream},
        },
    },
    path::Path,
    process::Command,
};

use rustix::net::{AddressFamily, SocketType, ipproto, socket};

use super::{Attempt, Target, files, network, processes, raw};

pub(super) const ALL: &[Attempt] = &[
    Attempt { what: "read another program's file", tries: |t| files::read(&secret(t)) },
    Attempt { what: "write another program's file", tries: |t| files::write(&secret(t)) },
    Attempt { what: "list another program's directory", tries: |t| files::list(&t.sibling) },
    Attempt {
        what: "write into another program's directory",
        tries: |t| files::made(&t.sibling.join("planted")),
    },
    Attempt { what: "reach another program's file by a link in its data directory", tries: linked },
    Attempt { what: "give another program's file a name in its data directory", tries: named },
    Attempt { what: "move another program's file into its data directory", tries: moved },
    Attempt { what: "read /etc/passwd", tries: |_| files::read(Path::new("/etc/passwd")) },
    Attempt { what: "list /", tries: |_| files::list(Path::new("/")) },
    Attempt { what: "list /etc", tries: |_| files::list(Path::new("/etc")) },
    Attempt { what: "read a shell", tries: |_| files::read(Path::new("/bin/sh")) },
    Attempt { what: "write into /tmp", tries: |_| files::made(&std::env::temp_dir().join(files::unique())) },
    Attempt {
        what: "write into /dev/shm",
        tries: |_| files::made(&Path::new("/dev/shm").join(files::unique())),
    },
    Attempt { what: "write beside its own executable", tries: |_| beside_itself() },
    Attempt { what: "make a device in its data directory", tries: device },
    Attempt { what: "read another process's environment", tries: |t| opened(t, "environ") },
    Attempt { what: "open another process's memory", tries: |t| opened(t, "mem") },
    Attempt {
        what: "follow another process's descriptor",
        tries: |t| fs::read_link(files::of(t.sibling_pid, "fd/0")).map(drop),
    },
    Attempt { what: "run a shell", tries: |_| processes::shell() },
    Attempt { what: "run a file that it has written", tries: written },
    Attempt { what: "run a file from memory", tries: |_| processes::from_memory() },
    Attempt {
        what: "listen on another TCP port",
        tries: |t| TcpListener::bind(("127.0.0.1", t.port)).map(drop),
    },
    Attempt { what: "speak with another program's abstract socket", tries: abstracted },
    Attempt {
        what: "open a raw socket",
        tries: |_| network::opened(AddressFamily::INET, SocketType::RAW, Some(ipproto::ICMP)),
    },
    Attempt {
        what: "open a packet socket",
        tries: |_| network::opened(AddressFamily::PACKET, SocketType::RAW, None),
    },
    Attempt {
        what: "open a packet socket for datagrams",
        tries: |_| network::opened(AddressFamily::PACKET, SocketType::DGRAM, None),
    },
    Attempt {
        what: "open a netlink socket",
        tries: |_| network::opened(AddressFamily::NETLINK, SocketType::RAW, None),
    },
    Attempt {
        what: "open a socket of multipath TCP",
        tries: |_| Ok(socket(AddressFamily::INET, SocketType::STREAM, Some(ipproto::MPTCP)).map(drop)?),
    },
    Attempt { what: "trace another process", tries: processes::traced },
    Attempt { what: "read another process's memory", tries: |t| processes::memory_of(t.sibling_pid) },
    Attempt { what: "take a descriptor of another process's", tries: processes::taken },
    Attempt {
        what: "make new namespaces",
        tries: |_| {
            raw::in_child(|| raw::call(libc::SYS_unshare, [libc::CLONE_NEWNS as usize, 0, 0, 0, 0, 0]))
        },
    },
    Attempt {
        what: "start a process in a new namespace",
        tries: |_| {
            raw::child(libc::SYS_clone, [(libc::CLONE_NEWUTS | libc::SIGCHLD) as usize, 0, 0, 0, 0, 0])
        },
    },
    Attempt { what: "mount a file system", tries: |_| raw::in_child(raw::mount) },
    Attempt { what: "change the root directory", tries: |_| raw::in_child(raw::chroot) },
    Attempt { what: "load a program into the kernel (bpf)", tries: |_| raw::bpf() },
    Attempt { what: "open a ring of io_uring", tries: |_| raw::io_uring() },
    Attempt { what: "add a key to the kernel's keyring", tries: |_| raw::key() },
    Attempt { what: "watch the processor's counters", tries: |_| raw::perf() },
    Attempt { what: "serve page faults (userfaultfd)", tries: |_| raw::userfault() },
    Attempt { what: "name the machine", tries: |_| raw::same_host_name() },
    Attempt { what: "every call by its number that it has no use for", tries: |_| raw::every_unused() },
];

fn secret(target: &Target) -> std::path::PathBuf {
    target.sibling.join("secret")
}

fn opened(target: &Target, what: &str) -> io::Result<()> {
    File::open(files::of(target.sibling_pid, what)).map(drop)
}

fn linked(target: &Target) -> io::Result<()> {
    let link = target.own.join("linked");
    std::os::unix::fs::symlink(secret(target), &link)?;
    let read = files::read(&link);
    fs::remove_file(link)?;
    read
}

fn named(target: &Target) -> io::Result<()> {
    let name = target.own.join("named");
    fs::hard_link(secret(target), &name)?;
    fs::remove_file(name)
}

fn moved(target: &Target) -> io::Result<()> {
    let there = target.own.join("moved");
    fs::rename(secret(target), &there)?;
    fs::rename(there, secret(target))
}

fn beside_itself() -> io::Result<()> {
    files::made(&std::env::current_exe()?.with_file_name(files::unique()))
}

/// One that gives nothing (null(4)).
fn device(target: &Target) -> io::Result<()> {
    let path = target.own.join("node");
    let number = libc::makedev(1, 3) as usize;
    raw::path_call(libc::SYS_mknodat, &path, |path| {
        [libc::AT_FDCWD as usize, path, (libc::S_IFCHR | 0o600) as usize, number]
    })?;
    fs::remove_file(path)
}

fn written(target: &Target) -> io::Result<()> {
    let path = target.own.join("script");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o700).open(&path)?;
    io::Write::write_all(&mut file, b"#!/bin/sh\nexit 0\n")?;
    drop(file);
    let ran = Command::new(&path).status();
    fs::remove_file(path)?;
    // Another thread's child may have the file open for writing for a moment (ETXTBSY): it came as far as that.
    match ran {
        Err(error) if error.raw_os_error() != Some(libc::ETXTBSY) => Err(error),
        _ => Ok(()),
    }
}

fn abstracted(target: &Target) -> io::Result<()> {
    let address = SocketAddr::from_abstract_name(target.sibling_socket.as_os_str().as_bytes())?;
    UnixStream::connect_addr(&address).map(drop)
}
