//! Answers as they come in.
//!
//! Bytes are cut into [`Frames`], these into pieces of text (`source`), and the pieces are read by
//! one of three readers: elements, snapshots, or nothing but text. Every byte is looked at a fixed
//! number of times. An answer that is to be continued is asked for again with its token, and what
//! follows is one text with what came before.

mod begun;
mod completion;
mod elements;
mod frames;
mod growth;
mod guard;
mod opening;
mod reader;
mod scanner;
mod snapshots;
mod source;
mod sse;
mod summary;
mod text;

pub(crate) use begun::{Begun, StreamCall};
pub use elements::ElementStream;
pub use frames::{Frames, TooLarge};
pub use reader::{ElementReader, Problem};
pub use snapshots::{Snapshot, SnapshotStream};
pub use summary::StreamSummary;
pub use text::TextStream;
