//! Frames and codec shared by worker and control plane.
pub mod message;
