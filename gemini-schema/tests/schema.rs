//! gemini-schema through its public API: what is sent, what is refused, what is read back.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "schema/agreeing.rs"]
mod agreeing;
#[path = "schema/bridges.rs"]
mod bridges;
#[path = "schema/building.rs"]
mod building;
#[path = "schema/checking.rs"]
mod checking;
#[path = "schema/decoding.rs"]
mod decoding;
#[path = "schema/described.rs"]
mod described;
#[path = "schema/foreign.rs"]
mod foreign;
#[path = "schema/holding.rs"]
mod holding;
#[path = "schema/kinds.rs"]
mod kinds;
#[path = "schema/lifting.rs"]
mod lifting;
#[path = "schema/lowering.rs"]
mod lowering;
#[path = "schema/metrics.rs"]
mod metrics;
#[path = "schema/random.rs"]
mod random;
#[path = "schema/refusing.rs"]
mod refusing;
#[path = "schema/runtime.rs"]
mod runtime;
#[path = "schema/serde.rs"]
mod serde_types;
#[path = "schema/support.rs"]
mod support;
#[path = "schema/through.rs"]
mod through;
