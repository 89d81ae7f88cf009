//! A WhatsApp server for tests and demonstrations that speaks the real protocol.
