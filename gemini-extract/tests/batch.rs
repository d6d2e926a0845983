//! Batches against the emulator on real sockets.
#![cfg(feature = "batch")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "these are tests")]

#[cfg(feature = "batch-cache")]
#[path = "batch/caches.rs"]
mod caches;
#[path = "batch/context_ends.rs"]
mod context_ends;
#[path = "batch/contexts.rs"]
mod contexts;
#[path = "batch/costs.rs"]
mod costs;
#[path = "batch/duplicates.rs"]
mod duplicates;
#[path = "batch/ends.rs"]
mod ends;
#[path = "batch/faults.rs"]
mod faults;
#[path = "batch/journals.rs"]
mod journals;
#[path = "batch/kills.rs"]
mod kills;
#[path = "batch/order.rs"]
mod order;
#[path = "batch/packs.rs"]
mod packs;
#[path = "batch/scene.rs"]
mod scene;
#[path = "batch/wrong_packs.rs"]
mod wrong_packs;
