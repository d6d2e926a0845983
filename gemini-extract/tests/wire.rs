//! The client against servers on real sockets.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "these are tests")]

#[path = "wire/answers.rs"]
mod answers;
#[cfg(feature = "batch")]
#[path = "wire/batch_canary.rs"]
mod batch_canary;
#[path = "wire/cached.rs"]
mod cached;
#[path = "wire/canary.rs"]
mod canary;
#[path = "wire/capture.rs"]
mod capture;
#[path = "wire/connections.rs"]
mod connections;
#[path = "wire/count.rs"]
mod count;
#[path = "wire/environment.rs"]
mod environment;
#[cfg(feature = "google_cloud_auth1")]
#[path = "wire/google.rs"]
mod google;
#[path = "wire/harness.rs"]
mod harness;
#[path = "wire/limits.rs"]
mod limits;
#[path = "wire/line.rs"]
mod line;
#[path = "wire/repairs.rs"]
mod repairs;
#[path = "wire/reports.rs"]
mod reports;
#[path = "wire/requests.rs"]
mod requests;
#[path = "wire/retries.rs"]
mod retries;
#[path = "wire/run_time.rs"]
mod run_time;
#[path = "wire/splits.rs"]
mod splits;
#[path = "wire/statuses.rs"]
mod statuses;
#[path = "wire/stops.rs"]
mod stops;
#[path = "wire/stream_ends.rs"]
mod stream_ends;
#[path = "wire/stream_faults.rs"]
mod stream_faults;
#[path = "wire/stream_texts.rs"]
mod stream_texts;
#[path = "wire/streams.rs"]
mod streams;
#[path = "wire/vertex.rs"]
mod vertex;
