//! A local server that speaks the Gemini protocol, strictly: for tests, and for trying things out
//! without a key.
//!
//! It serves `generateContent`, `streamGenerateContent`, `countTokens` and `batchGenerateContent` of
//! `/{v1|v1beta}/models/{model}`, the models themselves, `files` with their uploads and downloads,
//! `cachedContents` and `batches`, on the loopback interface; and of
//! Vertex AI `generateContent` and `streamGenerateContent` below
//! `/{v1|v1beta1}/projects/{project}/locations/{location}` and, with a key instead of an access
//! token, below `/{v1|v1beta1}/publishers/google/models/{model}`. Any model is
//! known unless [`models`](EmulatorBuilder::models) says which, any key is taken except
//! [`INVALID_API_KEY`], any access token except [`INVALID_ACCESS_TOKEN`], and no answer comes from a model.
//!
//! # Start
//!
//! Start it in a test, point a client at [`Emulator::url`], say what it answers next, and look at
//! what arrived:
//!
//! ```
//! use gemini_emulator::{Emulator, Reply};
//! # use std::io::{Read, Write};
//! # /// Any HTTP client does; this one needs no crate.
//! # fn post(url: &str, path: &str, body: &str) -> std::io::Result<String> {
//! #     let host = url.trim_start_matches("http://");
//! #     let mut stream = std::net::TcpStream::connect(host)?;
//! #     let length = body.len();
//! #     write!(
//! #         stream,
//! #         "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nx-goog-api-key: any\r\n\
//! #          content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
//! #     )?;
//! #     let mut answer = String::new();
//! #     stream.read_to_string(&mut answer)?;
//! #     Ok(answer)
//! # }
//!
//! # #[tokio::main(flavor = "multi_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let emulator = Emulator::start().await?;
//! emulator.enqueue(Reply::text("Woodwind"));
//!
//! let path = "/v1beta/models/gemini-3.8-flash:generateContent";
//! let body = r#"{"contents":[{"parts":[{"text":"What is an oboe?"}]}]}"#;
//! let answer = post(emulator.url(), path, body)?;
//!
//! assert!(answer.contains("Woodwind"));
//! let requests = emulator.requests();
//! assert_eq!(requests[0].path, path);
//! assert_eq!(requests[0].body["contents"][0]["parts"][0]["text"], "What is an oboe?");
//! # Ok(())
//! # }
//! ```
//!
//! As a program it is `gemini-emulator --port 8080`; the official SDKs go there with
//! `GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8080`. `gemini-emulator --fault 'unavailable @ 1/10'` and
//! `--script FILE` let it fail; [`Script`] lists what can go wrong.
//!
//! # What it answers
//!
//! 1. The next scripted [`Reply`], whatever was sent.
//! 2. A [`Fault`], if it is its turn by its [`Rate`].
//! 3. The recorded response, if a [`Cassette`] has this very request.
//! 4. A refusal, if the request is not in order or over the [`RateLimits`].
//! 5. The reply that [`respond`](EmulatorBuilder::respond) has for the request.
//! 6. A recorded answer, if a [`Cassette`] has one for the prompt that conforms to the schema.
//! 7. Otherwise a document made from the schema that was sent. It conforms to the schema, its
//!    properties are in the order that the service would keep (`propertyOrdering`; without it,
//!    alphabetical for `responseSchema` and as written for `responseJsonSchema`), its texts are
//!    words of the prompt, and it depends on nothing but the request and the seed. Where the prompt
//!    is an object in JSON with numbers as names, and the schema a list of objects with such an `id`,
//!    the answer has an object for each number. Without a schema it is a short text that says that it
//!    is emulated.
//!
//! `modelVersion` is `emulated-` and the model's name, and `responseId` starts with `emulated-`.
//! Tokens are counted as one for four characters, 258 for a blob or file. An answer longer than
//! `maxOutputTokens` is cut and ends with `MAX_TOKENS`. With `includeThoughts` a thought comes first.
//!
//! Streams are server-sent events with `alt=sse`, otherwise a JSON array in pieces. A [`Reply`] can
//! split them anywhere ([`Split`]), hold pieces back, break them off, or put an error into their
//! middle. How long answers take is said by a [`Latency`]; delays run on a [`Clock`] that tests move
//! by hand.
//!
//! # Files, caches, batches
//!
//! They are kept in memory while the emulator runs, and their times are on its clock:
//!
//! - [`FileRules`]: how long uploads are processed, whether that fails, and how much memory they have.
//!   `fileData` with the name or the address of a file needs it to be there and `ACTIVE`; addresses
//!   elsewhere are not looked at. Uploads are resumable ones, in one or several pieces.
//! - [`CacheRules`]: how small a cache may be. Its tokens are counted in `promptTokenCount`, and again
//!   in `cachedContentTokenCount`.
//! - [`BatchRules`]: how long batches take, what goes wrong with them and with their rows, and how many
//!   there may be. Rows are checked and answered as though they had come alone, except for
//!   `responseJsonSchema`, which is ignored in them. An inline row that is no message of the protocol
//!   refuses its batch; any other mistake, and every mistake in a line of a file, is the row's own
//!   error. A file with a line that is no JSON object fails as a whole.
//!
//! [`Emulator::requests`] has every step of these too; [`Emulator::batches`] tells of batches by the
//! keys of their rows.
//!
//! The program has `--file-processing`, `--min-cache-tokens`, `--batch-pending`, `--batch-running`,
//! `--row-fault` and `--max-batches` for these.
//!
//! What doesn't exist, has expired or was deleted is refused with 403 where it is a file or a cache,
//! and with 404 where it is a batch.
//!
//! # What it refuses
//!
//! What the service refuses, with the service's status, message shape and details: unknown names
//! anywhere in a request, values of the wrong kind, schemas with formats, types or combinations that
//! the service doesn't take, parameters out of range, a missing or bad key. Three differences are
//! known:
//!
//! - The service doesn't publish how large a schema may be. [`SchemaLimits`] holds what users
//!   report, and can be changed. "Too many states for serving" is never answered.
//! - A JSON Schema may hold what the service ignores (`const`, `pattern`, `minLength`,
//!   `exclusiveMinimum`, `multipleOf`, `uniqueItems`, ...). The emulator keeps these in the
//!   documents that it makes. It ignores `allOf`, `not` and `if`, as the service does.
//! - If no document is found for a schema (a pattern with look-ahead, bounds that contradict each
//!   other, a million items), the answer is a 400 whose message starts with `gemini-emulator`, never
//!   a document that doesn't conform.
//!
//! # Features
//!
//! - `program`, on by default, builds the program. Turn the default features off to use the library
//!   alone.
//! - `record`, part of `program`, is for recording another server: a client of HTTP and TLS.

mod answer;
mod batches;
mod caches;
mod cassette;
mod clock;
mod emulator;
mod error;
mod fault;
mod files;
mod generate;
mod json;
mod latency;
mod log;
mod models;
mod page;
mod quota;
mod rate_limits;
#[cfg(feature = "record")]
mod record;
mod replay;
mod reply;
mod request;
mod schema;
mod script;
mod server;
mod store;
mod time;
mod vertex;

pub use batches::{BatchRules, RecordedBatch};
pub use caches::CacheRules;
pub use cassette::{Cassette, CassetteError};
pub use clock::{Clock, ManualClock, Sleep, SystemClock};
pub use emulator::{Emulator, EmulatorBuilder};
pub use fault::{Fault, Rate};
pub use files::FileRules;
pub use latency::Latency;
pub use log::{CENSORED, RecordedRequest};
pub use rate_limits::RateLimits;
#[cfg(feature = "record")]
pub use record::Recorder;
pub use reply::{Event, Part, Reply, Split};
pub use schema::SchemaLimits;
pub use script::{Script, ScriptError};
pub use server::INVALID_API_KEY;
pub use vertex::INVALID_ACCESS_TOKEN;
