//! What the service answers, read by the rules of the wire: anything may be absent or null.

mod answer;
mod lenient;
mod names;
mod text;
mod usage;
mod wire;

pub(crate) use answer::Answer;
pub use answer::SafetyRating;
pub use names::{BlockReason, FinishReason, HarmCategory, HarmProbability, Modality};
pub(crate) use text::{BYTE_ORDER_MARK, decode, decode_element};
#[cfg(feature = "batch")]
pub(crate) use text::{json, named};
pub use usage::{ModalityTokens, Usage};
