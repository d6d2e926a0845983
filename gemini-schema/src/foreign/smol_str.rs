//! `smol_str` 0.2 and 0.3.

use crate::{GeminiSchema, Generator, Schema};

#[cfg(feature = "smol_str02")]
impl GeminiSchema for smol_str02::SmolStr {
    fn schema(_: &mut Generator) -> Schema {
        Schema::string()
    }
}

#[cfg(feature = "smol_str03")]
impl GeminiSchema for smol_str03::SmolStr {
    fn schema(_: &mut Generator) -> Schema {
        Schema::string()
    }
}
