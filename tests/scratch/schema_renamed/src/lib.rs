//! Depends on `gemini-schema` under another name, and on nothing else.

use shapes::GeminiSchema;
use shapes::serde::{Deserialize, Serialize};

/// A cookie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(crate = "shapes::serde")]
pub struct Cookie {
    /// What it is called.
    pub name: String,
    /// How it tastes.
    pub taste: Taste,
    /// What is in it.
    #[gemini(min_items = 1)]
    pub ingredients: Vec<String>,
}

/// How something tastes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(crate = "shapes::serde", tag = "kind", rename_all = "lowercase")]
pub enum Taste {
    /// Sweet, with grams of sugar.
    Sweet {
        /// Grams.
        sugar: u8,
    },
    /// Salty.
    Salty,
}

#[cfg(test)]
mod tests {
    use shapes::{Dialect, Lowered};

    use super::*;

    #[test]
    fn the_derive_finds_its_library() {
        let text = r#"{"name":"Oat","taste":{"kind":"sweet","sugar":7},"ingredients":["oats"]}"#;
        let cookie = Cookie {
            name: "Oat".to_owned(),
            taste: Taste::Sweet { sugar: 7 },
            ingredients: vec!["oats".to_owned()],
        };
        for dialect in [Dialect::Gemini, Dialect::GeminiJson, Dialect::Draft202012] {
            let lowered = Lowered::of::<Cookie>(dialect).unwrap();
            assert_eq!(lowered.decode::<Cookie>(text).unwrap(), cookie);
            let none = text.replace("\"oats\"", "");
            assert!(lowered.decode::<Cookie>(&none).is_err());
        }
    }
}
