//! The program, as it is called from a shell, against the emulator.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "these are tests")]
#![cfg(feature = "emulator")]

#[path = "program/browser.rs"]
mod browser;
#[path = "program/by_batches.rs"]
mod by_batches;
#[path = "program/inputs.rs"]
mod inputs;
#[path = "program/jobs.rs"]
mod jobs;
#[path = "program/labels.rs"]
mod labels;
#[path = "program/runs.rs"]
mod runs;
#[path = "program/schemas.rs"]
mod schemas;
#[path = "program/served.rs"]
mod served;
#[path = "program/shell.rs"]
mod shell;
