//! Batches against the emulator on real sockets.
#![cfg(feature = "batch")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "these are tests")]

#[path = "batch/costs.rs"]
mod costs;
#[path = "batch/duplicates.rs"]
mod duplicates;
#[path = "batch/ends.rs"]
mod ends;
#[path = "batch/journals.rs"]
mod journals;
#[path = "batch/order.rs"]
mod order;
#[path = "batch/scene.rs"]
mod scene;
