//! What each dialect can say by itself.

use crate::Dialect;

/// The shapes that need no change; what is missing here, reshaping replaces.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "a table of facts")]
pub(super) struct Capabilities {
    /// Objects with free keys that are strings.
    pub(super) maps: bool,
    /// Enumerations of numbers.
    pub(super) integer_enums: bool,
    /// Lists with a schema for each place.
    pub(super) tuples: bool,
    /// Nodes without a type.
    pub(super) any: bool,
    /// Objects without properties.
    pub(super) empty_objects: bool,
    /// References to definitions.
    pub(super) references: bool,
    /// Recursion through properties that are always there.
    pub(super) required_recursion: bool,
    /// Properties that may be left out.
    pub(super) optional_properties: bool,
    /// Roots that are no object.
    pub(super) any_root: bool,
}

impl Capabilities {
    /// Those of a dialect; `None` where nothing is ever reshaped.
    pub(super) fn of(dialect: Dialect) -> Option<Capabilities> {
        let nothing = Capabilities {
            maps: false,
            integer_enums: false,
            tuples: false,
            any: false,
            empty_objects: false,
            references: false,
            required_recursion: false,
            optional_properties: true,
            any_root: true,
        };
        match dialect {
            Dialect::Draft202012 => None,
            Dialect::Gemini => Some(nothing),
            Dialect::Vertex => Some(Capabilities { maps: true, references: true, ..nothing }),
            Dialect::GeminiJson => Some(Capabilities {
                maps: true,
                integer_enums: true,
                tuples: true,
                any: true,
                empty_objects: true,
                references: true,
                ..nothing
            }),
            Dialect::OpenAi => Some(Capabilities {
                integer_enums: true,
                empty_objects: true,
                references: true,
                required_recursion: true,
                optional_properties: false,
                any_root: false,
                ..nothing
            }),
        }
    }

    /// The same for a schema whose recursion may pass no property that can be left out: where
    /// references are only followed through such properties, it is written out instead.
    pub(super) fn for_recursion(self, is_endless: bool) -> Capabilities {
        let references = self.references && (self.required_recursion || !is_endless);
        Capabilities { references, ..self }
    }
}
