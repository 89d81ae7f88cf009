//! Whom it has no business to speak with.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream, UdpSocket},
    os::{
        fd::{AsRawFd as _, OwnedFd},
        linux::net::SocketAddrExt as _,
        unix::net::{UnixListener, UnixStream},
    },
    path::Path,
    time::Duration,
};

use rustix::net::{AddressFamily, Protocol, SocketType, ipproto, socket};

use super::{Attempt, Target};

pub(super) const ALL: &[Attempt] = &[
    Attempt { what: "ask the control plane over admin.sock", tries: |t| asked(&t.data.join("admin.sock")) },
    Attempt { what: "connect to a sibling's socket", tries: |t| reached(&t.sibling_socket).map(drop) },
    Attempt { what: "connect to a database's port", tries: |t| connect(("127.0.0.1".to_owned(), t.port)) },
    Attempt {
        what: "connect to the control plane's listener",
        tries: |t| connect(("127.0.0.1".to_owned(), t.admin_port)),
    },
    Attempt { what: "connect to a metadata service", tries: metadata },
    Attempt { what: "connect by multipath TCP", tries: multipath },
    Attempt { what: "listen on a TCP port", tries: |_| std::net::TcpListener::bind("127.0.0.1:0").map(drop) },
    Attempt { what: "listen on a TCP port without binding one", tries: |_| unbound() },
    Attempt { what: "bind a UDP port", tries: |_| UdpSocket::bind("127.0.0.1:0").map(drop) },
    Attempt { what: "open a pair of Unix sockets", tries: |_| UnixStream::pair().map(drop) },
    Attempt { what: "open an abstract Unix socket", tries: |_| abstracted() },
    Attempt {
        what: "open a raw socket",
        tries: |_| opened(AddressFamily::INET, SocketType::RAW, Some(ipproto::ICMP)),
    },
    Attempt { what: "open a packet socket", tries: |_| opened(AddressFamily::PACKET, SocketType::RAW, None) },
    Attempt {
        what: "open a netlink socket",
        tries: |_| opened(AddressFamily::NETLINK, SocketType::RAW, None),
    },
];

pub(super) fn opened(family: AddressFamily, kind: SocketType, protocol: Option<Protocol>) -> io::Result<()> {
    Ok(socket(family, kind, protocol).map(drop)?)
}

fn connect(to: (String, u16)) -> io::Result<()> {
    TcpStream::connect(to).map(drop)
}

fn metadata(target: &Target) -> io::Result<()> {
    let address: SocketAddr = target.metadata.parse().map_err(io::Error::other)?;
    TcpStream::connect_timeout(&address, Duration::from_secs(2)).map(drop)
}

/// Asks for the tenants; had where the answer is one.
fn asked(socket: &Path) -> io::Result<()> {
    let mut stream = reached(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream
        .write_all(b"GET /admin/tenants HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    if &head == b"HTTP/1.1 200" {
        Ok(())
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&head).into_owned()))
    }
}

/// Connects through a descriptor of the directory, since a longer path than 107 bytes fits no address (unix(7)).
fn reached(socket: &Path) -> io::Result<UnixStream> {
    let (Some(directory), Some(name)) = (socket.parent(), socket.file_name()) else {
        return Err(io::Error::other("no path of a socket"));
    };
    let flags = rustix::fs::OFlags::PATH | rustix::fs::OFlags::DIRECTORY;
    let directory = rustix::fs::open(directory, flags, rustix::fs::Mode::empty())?;
    UnixStream::connect(Path::new(&format!("/proc/self/fd/{}", directory.as_raw_fd())).join(name))
}

fn multipath(target: &Target) -> io::Result<()> {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, Some(ipproto::MPTCP))?;
    let address = SocketAddr::from(([127, 0, 0, 1], target.port));
    Ok(rustix::net::connect(&socket, &address)?)
}

fn unbound() -> io::Result<()> {
    let socket: OwnedFd = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    Ok(rustix::net::listen(&socket, 1)?)
}

fn abstracted() -> io::Result<()> {
    let address =
        std::os::unix::net::SocketAddr::from_abstract_name(format!("flowhq-{}", std::process::id()))?;
    let _listener = UnixListener::bind_addr(&address)?;
    UnixStream::connect_addr(&address).map(drop)
}
