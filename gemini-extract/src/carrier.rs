//! The field of the request that carries the schema, and how it is chosen.

use std::fmt;
use std::sync::Arc;

use gemini_schema::{Dialect, Lowered, Schema, SchemaError};

use crate::{Error, Result};

/// The field of the request that carries the schema.
///
/// Without [`with_carrier`](crate::Extract::with_carrier) a type travels by
/// [`ResponseSchema`](Self::ResponseSchema), which can say nearly all, in another shape where it
/// has to (a map as a list of entries). A type that contains itself goes by
/// [`ResponseJsonSchema`](Self::ResponseJsonSchema), because the classic schema writes recursion
/// out to a limited depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Carrier {
    /// `generationConfig.responseSchema`: the classic schema, understood by every model and by
    /// batches.
    ResponseSchema,
    /// `generationConfig.responseJsonSchema`: JSON Schema, for models from 2.5 on. It has maps,
    /// tuples and recursion of its own.
    ResponseJsonSchema,
    /// `generationConfig.responseFormat`: JSON Schema in the newest form. Chosen only by hand.
    ResponseFormat,
}

impl Carrier {
    /// The dialect in which this field speaks at the Gemini Developer API. On Vertex AI,
    /// [`ResponseSchema`](Self::ResponseSchema) speaks [`Dialect::Vertex`].
    #[must_use]
    pub fn dialect(self) -> Dialect {
        match self {
            Self::ResponseSchema => Dialect::Gemini,
            Self::ResponseJsonSchema | Self::ResponseFormat => Dialect::GeminiJson,
        }
    }

    /// The name of the field on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResponseSchema => "responseSchema",
            Self::ResponseJsonSchema => "responseJsonSchema",
            Self::ResponseFormat => "responseFormat",
        }
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How a service spells requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavor {
    Developer,
    Vertex,
}

impl Flavor {
    /// The dialect in which a field speaks.
    fn dialect(self, carrier: Carrier) -> Dialect {
        match (self, carrier) {
            (Self::Vertex, Carrier::ResponseSchema) => Dialect::Vertex,
            (Self::Developer | Self::Vertex, carrier) => carrier.dialect(),
        }
    }
}

/// Why a carrier was taken.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CarrierReason {
    /// It is the first choice, and the type fits.
    Default,
    /// [`with_carrier`](crate::Extract::with_carrier) asked for it.
    Requested,
    /// The type contains itself, and the first choice would cut that off at some depth.
    Recursive,
    /// The type doesn't fit the first choice; this says why.
    Needed(Arc<SchemaError>),
}

impl fmt::Display for CarrierReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("it is the first choice"),
            Self::Requested => f.write_str("it was asked for"),
            Self::Recursive => f.write_str("the type contains itself"),
            Self::Needed(error) => write!(f, "the type does not fit responseSchema: {error}"),
        }
    }
}

/// What the answer has to be.
#[derive(Clone, Debug)]
pub(crate) enum Contract {
    /// A value of a type; `Lowered::of::<T>`.
    Type(fn(Dialect) -> Result<Arc<Lowered>, SchemaError>),
    /// What a schema made at run time says, whatever type reads it.
    Schema(Arc<Schema>),
}

impl Contract {
    fn lower(&self, dialect: Dialect) -> Result<Arc<Lowered>, SchemaError> {
        match self {
            Self::Type(lower) => lower(dialect),
            Self::Schema(schema) => schema.lower(dialect).map(|lowered| lowered.judging().into()),
        }
    }
}

/// A schema ready to be sent, and the field that carries it.
#[derive(Clone)]
pub(crate) struct Carried {
    pub(crate) carrier: Carrier,
    pub(crate) reason: CarrierReason,
    pub(crate) lowered: Arc<Lowered>,
    flavor: Flavor,
}

impl Carried {
    /// Takes the carrier that was asked for, or the first that the type fits.
    pub(crate) fn choose(
        requested: Option<Carrier>,
        flavor: Flavor,
        contract: &Contract,
    ) -> Result<Self> {
        let lower = |carrier| contract.lower(flavor.dialect(carrier));
        let (classic, json) = (Carrier::ResponseSchema, Carrier::ResponseJsonSchema);
        let (carrier, reason, result) = match (requested, lower(requested.unwrap_or(classic))) {
            (Some(carrier), result) => (carrier, CarrierReason::Requested, result),
            (None, Ok(cut)) if cut.is_cut() => match lower(json) {
                Ok(whole) if !whole.is_cut() => (json, CarrierReason::Recursive, Ok(whole)),
                _ => (classic, CarrierReason::Default, Ok(cut)),
            },
            (None, Ok(lowered)) => (classic, CarrierReason::Default, Ok(lowered)),
            (None, Err(error)) => (json, CarrierReason::Needed(Arc::new(error)), lower(json)),
        };
        match result {
            Ok(lowered) => Ok(Self { carrier, reason, lowered, flavor }),
            Err(error) => Err(Error::schema(carrier, error)),
        }
    }

    /// The dialect in which the model answers.
    pub(crate) fn dialect(&self) -> Dialect {
        self.lowered.dialect()
    }

    /// Whether formats are a list, with one for each medium.
    pub(crate) fn has_format_list(&self) -> bool {
        self.flavor == Flavor::Vertex
    }

    /// The media type in which the model answers.
    pub(crate) fn mime_type(&self) -> MimeType {
        let is_classic = self.carrier == Carrier::ResponseSchema;
        if is_classic && self.lowered.is_string_enum() { MimeType::Enum } else { MimeType::Json }
    }
}

/// The media type of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MimeType {
    /// A JSON document.
    Json,
    /// The bare name of an enum's member.
    Enum,
}

impl MimeType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Enum => "text/x.enum",
        }
    }
}
