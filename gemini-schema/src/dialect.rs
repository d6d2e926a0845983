//! The dialects a schema can be lowered to.

/// A way of writing a schema down, with what can be said in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// The OpenAPI subset of `generationConfig.responseSchema`: upper-case types, `nullable`,
    /// `propertyOrdering`. Taken by every model and by the Batch API.
    Gemini,
    /// The JSON Schema subset of `generationConfig.responseJsonSchema`, for what the other
    /// cannot say: maps, mixed tuples, recursion, values of any shape.
    GeminiJson,
    /// The same field as [`Gemini`](Dialect::Gemini) on Vertex AI, which has maps and references,
    /// and takes no other keyword beside `anyOf` or `ref`.
    Vertex,
    /// `response_format.json_schema` of the OpenAI-compatible endpoint, in its strict form: closed
    /// objects, every property required, an object as the root.
    OpenAi,
    /// JSON Schema Draft 2020-12 with the exact meaning of the type, for validators.
    Draft202012,
}

impl Dialect {
    /// The field of a request that carries a schema of this dialect, if a request can.
    #[must_use]
    pub fn carrier(self) -> Option<&'static str> {
        match self {
            Dialect::Gemini | Dialect::Vertex => Some("responseSchema"),
            Dialect::OpenAi => Some("response_format.json_schema.schema"),
            Dialect::GeminiJson => Some("responseJsonSchema"),
            Dialect::Draft202012 => None,
        }
    }
}
