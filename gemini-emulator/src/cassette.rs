//! Recorded answers to known prompts.

mod error;
mod exchange;
mod file;

use std::path::Path;

use crate::answer::print;
use crate::json::Json;
use crate::request::Output;
use crate::schema::{arrange, conforms};

pub use error::CassetteError;
pub(crate) use exchange::{Asked, Body, Exchange, Response};

/// The recordings that every emulator has.
const BUILT_IN: [&str; 2] =
    [include_str!("../cassettes/cookies.json"), include_str!("../cassettes/oboe.json")];

/// Recorded answers to known prompts, from JSON files.
///
/// A recording answers a request whose last turn has the recorded prompt as its text (white space
/// aside), that wants the recorded mime type, and whose schema the recorded answer conforms to. The
/// answer's properties are put in the order of the schema. What no recording answers, the emulator
/// makes from the schema.
///
/// # The format
///
/// A cassette is a JSON object with one list. `answer` is the document for `application/json`, and a
/// string for `text/plain` and `text/x.enum`. Any other member is refused, so that a typing error
/// doesn't hide a recording, and so that nothing else, a key least of all, is kept in the file.
///
/// ```json
/// {
///   "interactions": [
///     {
///       "prompt": "What type of instrument is an oboe?",
///       "mimeType": "text/x.enum",
///       "answer": "Woodwind"
///     }
///   ]
/// }
/// ```
///
/// An interaction may as well be a request with the response to it, as they go over the wire; this is
/// what a recorder writes (with the feature `record`). It answers requests with the same method, path, query (keys aside) and body (the order of members aside), before anything
/// is checked. Of several for equal requests each one answers once and the last one from then on. A
/// body is JSON, or the list of the pieces in which it came.
///
/// ```json
/// {
///   "interactions": [
///     {
///       "request": {
///         "method": "POST",
///         "path": "/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse",
///         "body": {"contents": [{"parts": [{"text": "2+2?"}]}]}
///       },
///       "response": {
///         "status": 200,
///         "contentType": "text/event-stream",
///         "headers": {},
///         "pieces": ["data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"4\"}]}}]}\r\n\r\n"]
///       }
///     }
///   ]
/// }
/// ```
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gemini_emulator::{Cassette, Emulator};
///
/// let cassette = Cassette::from_json(
///     r#"{"interactions":[{"prompt":"2+2?","mimeType":"text/plain","answer":"4"}]}"#,
/// )?;
/// let emulator = Emulator::builder().cassette(cassette).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cassette {
    interactions: Vec<Interaction>,
    exchanges: Vec<Exchange>,
}

/// One prompt and its answer.
#[derive(Debug, Clone, PartialEq)]
struct Interaction {
    /// With single spaces.
    prompt: String,
    mime_type: String,
    answer: Json,
}

impl Cassette {
    /// Reads a cassette.
    ///
    /// # Errors
    ///
    /// Fails if the text is not JSON of the format above; the error says where.
    pub fn from_json(text: &str) -> Result<Self, CassetteError> {
        file::read(text)
    }

    /// Reads a cassette from a file, or all `*.json` files of a folder as one, in the order of
    /// their names.
    ///
    /// # Errors
    ///
    /// Fails if a file can't be read or is not of the format above; the error names the file.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        file::load(path.as_ref())
    }

    /// The cassettes that every emulator has: the prompts of the service's own documentation on
    /// structured output, with answers of our own.
    #[must_use]
    pub fn built_in() -> Vec<Self> {
        BUILT_IN.into_iter().filter_map(|text| file::read(text).ok()).collect()
    }

    /// The requests and responses that were recorded as they are.
    pub(crate) fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// The text of a cassette with these interactions.
    #[cfg(feature = "record")]
    pub(crate) fn print(interactions: &[Json]) -> String {
        let interactions = (file::INTERACTIONS.to_owned(), Json::Array(interactions.to_vec()));
        let cassette = Json::Object([interactions].into_iter().collect());
        serde_json::to_string_pretty(&cassette).unwrap_or_else(|_| cassette.to_string()) + "\n"
    }

    /// The recorded text for a prompt, if there is one that conforms.
    pub(crate) fn answer(&self, prompt: &str, output: &Output) -> Option<String> {
        let prompt = single_spaced(prompt);
        let known = self.interactions.iter().filter(|interaction| {
            interaction.prompt == prompt && interaction.mime_type == output.mime_type()
        });
        known.into_iter().find_map(|interaction| interaction.text(output))
    }
}

impl Interaction {
    fn text(&self, output: &Output) -> Option<String> {
        let schema = match output {
            Output::Text | Output::Json(None) => return Some(print(&self.answer, output)),
            Output::Json(Some(schema)) | Output::Enum(schema) => schema,
        };
        let arranged = arrange(schema, &self.answer);
        conforms(schema, &arranged).then(|| print(&arranged, output))
    }
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_cassettes_are_all_there() {
        assert_eq!(Cassette::built_in().len(), BUILT_IN.len());
    }
}
