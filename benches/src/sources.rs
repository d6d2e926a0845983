//! Crates that differ only in what they derive.

use std::fmt::Write as _;

/// How many structs a crate has, of ten fields each.
pub const STRUCTS: usize = 100;

/// What the types of a crate derive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derives {
    /// `Serialize` and `Deserialize`.
    Serde,
    /// The same and `GeminiSchema`.
    Gemini,
    /// The same and `JsonSchema` of schemars.
    Schemars,
}

/// What is compared.
pub const DERIVES: [Derives; 3] = [Derives::Serde, Derives::Gemini, Derives::Schemars];

impl Derives {
    /// The name of the package.
    #[must_use]
    pub fn package(self) -> &'static str {
        match self {
            Derives::Serde => "with-serde",
            Derives::Gemini => "with-gemini",
            Derives::Schemars => "with-schemars",
        }
    }

    /// Its manifest. `schema` is the folder of `gemini-schema`.
    #[must_use]
    pub fn manifest(self, schema: &str) -> String {
        let dependency = match self {
            Derives::Serde => String::new(),
            Derives::Gemini => format!("gemini-schema = {{ path = {schema:?} }}\n"),
            Derives::Schemars => "schemars = \"1\"\n".to_owned(),
        };
        format!(
            "[package]\nname = {:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\n{dependency}",
            self.package(),
        )
    }

    /// Its one file.
    #[must_use]
    pub fn source(self) -> String {
        let mut source = "//! Types of every usual kind.\n\n".to_owned();
        for number in 0..STRUCTS / 10 {
            self.enumeration(number, &mut source);
        }
        for number in 0..STRUCTS {
            self.structure(number, &mut source);
        }
        source
    }

    fn list(self) -> &'static str {
        match self {
            Derives::Serde => "serde::Serialize, serde::Deserialize",
            Derives::Gemini => "serde::Serialize, serde::Deserialize, gemini_schema::GeminiSchema",
            Derives::Schemars => "serde::Serialize, serde::Deserialize, schemars::JsonSchema",
        }
    }

    fn enumeration(self, number: usize, source: &mut String) {
        let derives = self.list();
        let _ = write!(
            source,
            "/// What kind of thing {number} is.\n#[derive({derives})]\n\
             #[serde(rename_all = \"snake_case\")]\npub enum Kind{number} {{\n    \
             /// The usual kind.\n    Usual,\n    RatherRare,\n    Unique,\n    Unknown,\n}}\n\n",
        );
    }

    fn structure(self, number: usize, source: &mut String) {
        let derives = self.list();
        let (length, range, items) = match self {
            Derives::Serde => ("", "", ""),
            Derives::Gemini => (
                "    #[gemini(min_length = 1, max_length = 80)]\n",
                "    #[gemini(minimum = 1, maximum = 1000)]\n",
                "    #[gemini(max_items = 20)]\n",
            ),
            Derives::Schemars => (
                "    #[schemars(length(min = 1, max = 80))]\n",
                "    #[schemars(range(min = 1, max = 1000))]\n",
                "    #[schemars(length(max = 20))]\n",
            ),
        };
        let part = match number % 10 {
            0 => "String".to_owned(),
            _ => format!("Thing{}", number - 1),
        };
        let kind = number / 10;
        let _ = write!(
            source,
            "/// Thing {number}, as it is found.\n#[derive({derives})]\n\
             #[serde(rename_all = \"camelCase\")]\npub struct Thing{number} {{\n    \
             /// What it is called.\n{length}    pub full_name: String,\n    \
             /// How many there are.\n{range}    pub count: u32,\n    \
             /// How much of it is there.\n    pub share: f64,\n    \
             pub is_open: bool,\n    \
             /// What else is to say.\n    pub remark: Option<String>,\n    \
             /// Words to find it by.\n{items}    pub key_words: Vec<String>,\n    \
             #[serde(default)]\n    pub first_seen: Option<u32>,\n    \
             /// Its largest part.\n    pub largest_part: {part},\n    \
             pub kind: Kind{kind},\n    \
             pub weights: Vec<f64>,\n}}\n\n",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crates_differ_only_in_what_they_derive() {
        let plain = |derives: Derives| {
            let source = derives.source().replace(derives.list(), "");
            let lines = source
                .lines()
                .filter(|line| !line.contains("#[gemini(") && !line.contains("#[schemars("));
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(plain(Derives::Serde), plain(Derives::Gemini));
        assert_eq!(plain(Derives::Serde), plain(Derives::Schemars));
        let source = Derives::Gemini.source();
        assert_eq!(source.matches("pub struct").count(), STRUCTS);
        assert_eq!(source.matches("    pub ").count(), 10 * STRUCTS);
        assert_eq!(
            source.matches("#[gemini(").count(),
            Derives::Schemars.source().matches("#[schemars(").count()
        );
    }
}
