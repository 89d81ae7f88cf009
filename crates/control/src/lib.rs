//! Admin API of the control plane.
