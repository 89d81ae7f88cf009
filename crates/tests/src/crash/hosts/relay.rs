//! The cable between the control plane and a host: it is held, cut and mended at any moment.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
    task::JoinSet,
};

use crate::cable;

/// How it is with a cable.
#[derive(Debug, Clone, Copy, Default)]
struct Way {
    /// Nothing passes to the host.
    there: bool,
    /// Nothing passes to the control plane.
    back: bool,
    /// Whatever was open is closed, and so is whatever is opened.
    cut: bool,
    /// Where the host listens, once it does.
    host: Option<SocketAddr>,
}

/// A cable.
pub(super) struct Relay {
    /// Where the control plane connects.
    pub(super) port: u16,
    way: Arc<watch::Sender<Way>>,
    /// Ends with this.
    _laid: JoinSet<()>,
}

impl Relay {
    /// Lays one that leads nowhere yet.
    pub(super) async fn lay() -> Self {
        let way = Arc::new(watch::Sender::new(Way::default()));
        let of = Arc::clone(&way);
        let (port, laid) = cable::lay(move |control| carry(control, of.subscribe())).await;
        Self { port, way, _laid: laid }
    }

    /// Leads to where the host listens from now on.
    pub(super) fn lead(&self, host: SocketAddr) {
        self.way.send_modify(|way| way.host = Some(host));
    }

    /// What is said does not arrive from now on, in one direction or both.
    pub(super) fn hold(&self, there: bool, back: bool) {
        self.way.send_modify(|way| (way.there, way.back) = (there, back));
    }

    /// Breaks.
    pub(super) fn cut(&self) {
        self.way.send_modify(|way| way.cut = true);
    }

    /// All passes again, what was held first.
    pub(super) fn mend(&self) {
        self.way.send_modify(|way| (way.there, way.back, way.cut) = (false, false, false));
    }
}

async fn carry(control: TcpStream, way: watch::Receiver<Way>) {
    let now = *way.borrow();
    let (Some(host), false) = (now.host, now.cut) else { return };
    let Ok(host) = TcpStream::connect(host).await else { return };
    let ((from_control, to_control), (from_host, to_host)) = (control.into_split(), host.into_split());
    let mut told = way.clone();
    tokio::select! {
        () = one_way(from_control, to_host, way.clone(), |way| way.there) => {}
        () = one_way(from_host, to_control, way, |way| way.back) => {}
        _ = told.wait_for(|way| way.cut) => {}
    }
}

/// Carries bytes until an end closes; none while they are held.
async fn one_way(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut way: watch::Receiver<Way>,
    held: impl Fn(&Way) -> bool,
) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut bytes).await;
        if way.wait_for(|way| !held(way)).await.is_err() {
            return;
        }
        let Ok(read @ 1..) = read else { return };
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn what_is_held_comes_late_and_what_is_cut_is_closed() {
        let host = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let relay = Relay::lay().await;
        relay.lead(host.local_addr().unwrap());
        let mut control = TcpStream::connect((Ipv4Addr::LOCALHOST, relay.port)).await.unwrap();
        let (mut there, _) = host.accept().await.unwrap();
        relay.hold(true, false);
        control.write_all(b"late").await.unwrap();
        there.write_all(b"now").await.unwrap();
        let mut said = [0; 3];
        control.read_exact(&mut said).await.unwrap();
        let mut late = [0; 4];
        // The other direction has passed since.
        assert!(there.try_read(&mut late).is_err() && said == *b"now");
        relay.mend();
        there.read_exact(&mut late).await.unwrap();
        assert_eq!(late, *b"late");
        relay.cut();
        assert_eq!(control.read(&mut said).await.unwrap_or_default(), 0);
        let mut refused = TcpStream::connect((Ipv4Addr::LOCALHOST, relay.port)).await.unwrap();
        assert_eq!(refused.read(&mut said).await.unwrap_or_default(), 0);
    }
}
