//! A way to PostgreSQL that can stand still, as a network does that drops every packet: nobody is refused, nothing is closed, and
//! nothing comes.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::watch,
    task::JoinSet,
};

/// How PostgreSQL names its socket in a folder.
const SOCKET: &str = ".s.PGSQL.5432";

/// A way that can stand still.
pub struct Standstill {
    folder: PathBuf,
    stands: Arc<watch::Sender<bool>>,
    /// Ends with this.
    _laid: JoinSet<()>,
}

impl Standstill {
    /// Lays it in `folder`, to a server whose address is given; where clients have to go then.
    ///
    /// # Panics
    /// Where the address names no folder, or no socket can be made.
    pub fn to(address: &str, folder: &Path) -> Self {
        let (_, host) = address.split_once("host=").expect("the server has a folder");
        let server = Path::new(host.split('&').next().unwrap_or(host)).join(SOCKET);
        std::fs::create_dir_all(folder).expect("a folder can be made");
        let listener = UnixListener::bind(folder.join(SOCKET)).expect("a socket can be made");
        let stands = Arc::new(watch::Sender::new(false));
        let told = Arc::clone(&stands);
        let mut laid = JoinSet::new();
        laid.spawn(async move {
            let mut carried = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (server, told) = (server.clone(), told.subscribe());
                carried.spawn(async move {
                    let Ok(server) = UnixStream::connect(server).await else { return };
                    let ((from_client, to_client), (from_server, to_server)) =
                        (client.into_split(), server.into_split());
                    tokio::select! {
                        () = one_way(from_client, to_server, told.clone()) => {}
                        () = one_way(from_server, to_client, told) => {}
                    }
                });
            }
        });
        Self { folder: folder.to_owned(), stands, _laid: laid }
    }

    /// The same address, by this way.
    #[must_use]
    pub fn address(&self, address: &str) -> String {
        let (before, after) = address.split_once("host=").expect("the server has a folder");
        let rest = after.split_once('&').map(|(_, rest)| format!("&{rest}")).unwrap_or_default();
        format!("{before}host={}{rest}", self.folder.display())
    }

    /// From now on nothing comes, in neither direction, or all goes on where it stood.
    pub fn stands(&self, stands: bool) {
        self.stands.send_replace(stands);
    }
}

/// Carries bytes while it does not stand still.
async fn one_way(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut stands: watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let Ok(read @ 1..) = from.read(&mut bytes).await else { return };
        if stands.wait_for(|stands| !stands).await.is_err() || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
