//! The emulator through a real socket.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "emulator/cassettes.rs"]
mod cassettes;
#[path = "emulator/client.rs"]
mod client;
#[path = "emulator/documents.rs"]
mod documents;
#[path = "emulator/draft.rs"]
mod draft;
#[path = "emulator/hostile.rs"]
mod hostile;
#[path = "emulator/keys.rs"]
mod keys;
#[path = "emulator/limits.rs"]
mod limits;
#[path = "emulator/refusals.rs"]
mod refusals;
#[path = "emulator/schemas.rs"]
mod schemas;
#[path = "emulator/scripted.rs"]
mod scripted;
#[path = "emulator/settings.rs"]
mod settings;
