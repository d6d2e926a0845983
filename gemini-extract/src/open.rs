//! Open sets of names on the wire: a known name is a variant, an unknown one keeps its text.

/// Declares an enum whose values are names on the wire, with room for names of the future.
macro_rules! open_set {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A name this version does not know, as it came.
            Unknown(Box<str>),
        }

        impl $name {
            /// The name on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    unknown => Self::Unknown(unknown.into()),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use open_set;

#[cfg(test)]
mod tests {
    use crate::FinishReason;

    #[test]
    fn known_names_are_variants_and_unknown_ones_keep_their_text() {
        assert_eq!(FinishReason::from("MAX_TOKENS"), FinishReason::MaxTokens);
        let unknown = FinishReason::from("A_NEW_ONE");
        assert_eq!(unknown, FinishReason::Unknown("A_NEW_ONE".into()));
        assert_eq!(unknown.to_string(), "A_NEW_ONE");
    }
}
