//! What has changed, for live streams: the news is small, the state itself stands in the store.

use domain::TenantId;

/// Something of a tenant's has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub tenant: TenantId,
    /// What.
    pub kind: ChangeKind,
}

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// Status of the tenant, its session or its worker.
    Status,
    /// There is another QR code, or none any more.
    Qr,
    /// There is another pairing code, or none any more, see [`Handle::live`](crate::Handle::live).
    PairingCode,
    /// A heartbeat with new figures.
    Figures,
    /// The conversation log has more rows.
    Logs,
    /// Messages of the conversation log have come farther.
    Deliveries,
    /// A booking, an order or a ticket is new, or another than before.
    Records,
    /// Other chats wait for a person, see [`Handle::live`](crate::Handle::live).
    HandOffs,
    /// The worker has told of a problem, see [`Handle::live`](crate::Handle::live).
    Problem,
}
