//! A local server that speaks the Gemini protocol.

mod answer;
mod cassette;
mod emulator;
mod error;
mod generate;
mod json;
mod log;
mod reply;
mod request;
mod schema;
mod server;

pub use cassette::{Cassette, CassetteError};
pub use emulator::{Emulator, EmulatorBuilder};
pub use log::{CENSORED, RecordedRequest};
pub use reply::{Part, Reply};
pub use schema::SchemaLimits;
pub use server::INVALID_API_KEY;
