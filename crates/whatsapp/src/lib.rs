//! The worker's channel on whatsapp-rust; the heavy dependency lives here alone.
