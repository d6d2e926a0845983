//! Batches against the emulator on real sockets.
#![cfg(feature = "batch")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "these are tests")]

#[path = "batch/api.rs"]
mod api;
#[path = "batch/api_kills.rs"]
mod api_kills;
#[path = "batch/api_restarts.rs"]
mod api_restarts;
#[path = "batch/api_results.rs"]
mod api_results;
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
#[path = "batch/labels.rs"]
mod labels;
#[path = "batch/order.rs"]
mod order;
#[path = "batch/packs.rs"]
mod packs;
#[path = "batch/scene.rs"]
mod scene;
#[path = "batch/votes.rs"]
mod votes;
#[path = "batch/wrong_packs.rs"]
mod wrong_packs;
