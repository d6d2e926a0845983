//! Placeholder.

/// Placeholder.
#[proc_macro_derive(GeminiSchema, attributes(gemini, serde))]
pub fn derive(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    proc_macro::TokenStream::new()
}
