//! Waits until a device has taken what it was handed.

use std::time::Duration;

use tokio::time::timeout;
use virtual_whatsapp::{LinkedDevice, Server};

/// Where nothing happens for so long, nothing more is waited for.
const QUIET: Duration = Duration::from_millis(400);

/// Waits until the device has settled all that was handed to it.
pub(crate) async fn settled(whatsapp: &Server, device: &LinkedDevice, limit: Duration) -> Result<(), String> {
    let events = whatsapp.events();
    let waiting = async {
        loop {
            let last = events.last();
            if device.status().queue == 0 {
                return;
            }
            let _ = timeout(QUIET, events.next_after(last)).await;
        }
    };
    let done = timeout(limit, waiting).await;
    done.map_err(|_| format!("{} stanzas were never acknowledged", device.status().queue))
}
