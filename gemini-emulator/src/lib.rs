//! A local server that speaks the Gemini protocol.

mod answer;
mod emulator;
mod error;

mod log;
mod reply;
mod server;

pub use emulator::{Emulator, EmulatorBuilder};
pub use log::{CENSORED, RecordedRequest};
pub use reply::{Part, Reply};
pub use server::INVALID_API_KEY;
