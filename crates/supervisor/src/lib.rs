//! Desired state to worker processes.
