//! The emulator through a real socket.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::too_many_lines, reason = "a table of cases is as long as it has cases")]

#[path = "emulator/batches.rs"]
mod batches;
#[path = "emulator/caches.rs"]
mod caches;
#[path = "emulator/cassettes.rs"]
mod cassettes;
#[path = "emulator/client.rs"]
mod client;
#[path = "emulator/documents.rs"]
mod documents;
#[path = "emulator/draft.rs"]
mod draft;
#[path = "emulator/expect.rs"]
mod expect;
#[path = "emulator/faults.rs"]
mod faults;
#[path = "emulator/files.rs"]
mod files;
#[path = "emulator/hostile.rs"]
mod hostile;
#[path = "emulator/keys.rs"]
mod keys;
#[path = "emulator/limits.rs"]
mod limits;
#[path = "emulator/models.rs"]
mod models;
#[cfg(all(unix, feature = "program"))]
#[path = "emulator/program.rs"]
mod program;
#[cfg(feature = "record")]
#[path = "emulator/recording.rs"]
mod recording;
#[path = "emulator/refusals.rs"]
mod refusals;
#[path = "emulator/schema_refusals.rs"]
mod schema_refusals;
#[path = "emulator/schemas.rs"]
mod schemas;
#[path = "emulator/scripted.rs"]
mod scripted;
#[path = "emulator/settings.rs"]
mod settings;
#[path = "emulator/streams.rs"]
mod streams;
#[path = "emulator/strictness.rs"]
mod strictness;
#[path = "emulator/vertex.rs"]
mod vertex;
