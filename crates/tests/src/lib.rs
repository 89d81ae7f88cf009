//! End-to-end tests of Flow HQ with real processes.
