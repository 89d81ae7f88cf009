//! The API's description, made from the code.

use utoipa::OpenApi;

/// What stands at the top of the description.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Virtual WhatsApp",
        description = "Control of a WhatsApp server for tests and demonstrations: make accounts, link devices, write, wait, and let things go wrong. Errors are problem documents (RFC 9457) with a stable word at the end of `type`.",
        license(name = "AGPL-3.0-only")
    ),
    tags(
        (name = "server", description = "Where it is, whom to trust, counts, restart"),
        (name = "accounts", description = "Phones and customers"),
        (name = "linking", description = "Linking a device by QR code or pairing code"),
        (name = "devices", description = "Linked devices"),
        (name = "messages", description = "Writing"),
        (name = "transcript", description = "What a phone has seen: read, wait, listen, exactly once"),
        (name = "gestures", description = "Typing, reading, calling and the like"),
        (name = "groups", description = "Groups"),
        (name = "faults", description = "What goes wrong on purpose"),
        (name = "events", description = "Everything that happened")
    )
)]
pub(super) struct Api;
