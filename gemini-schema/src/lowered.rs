//! A schema as it is sent, and the way back.

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};

use serde::de::Deserialize;
use serde::ser::Serialize;

use crate::decode::Reading;
use crate::lift::Lifts;
use crate::lower::MaxItems;
use crate::{
    DecodeError, Dialect, Elements, EnumMember, GeminiSchema, Metrics, OrderedJson, Schema,
    SchemaError, Shape, Warning, check, decode, lower, metrics,
};

/// A schema in one dialect, rendered once, that decodes the answers to it.
///
/// # Examples
///
/// ```
/// use gemini_schema::{Dialect, GeminiSchema, Lowered};
/// use serde::Deserialize;
///
/// #[derive(Debug, PartialEq, Deserialize, GeminiSchema)]
/// struct City {
///     name: String,
///     population: u32,
/// }
///
/// let lowered = Lowered::of::<City>(Dialect::Gemini)?;
/// let body = format!(r#"{{"generationConfig":{{"responseSchema":{lowered}}}}}"#);
/// # assert!(serde_json::from_str::<serde_json::Value>(&body).is_ok());
/// let city: City = lowered.decode(r#"{"name": "Lyon", "population": 522250.0}"#)?;
/// assert_eq!(city.population, 522_250);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Lowered {
    dialect: Dialect,
    schema: Schema,
    json: OrderedJson,
    text: Box<str>,
    notes: Vec<Note>,
    metrics: Metrics,
    warnings: Vec<Warning>,
    /// The shape that is sent, and the way back from it.
    lift: (Schema, Lifts),
    is_lifted: bool,
    is_cut: bool,
    reading: Reading,
    elements: OnceLock<Option<Elements>>,
}

/// Something about a type that its carrier does not enforce while the model decodes.
///
/// It stands in a description or in a keyword that the service is known to ignore; decoding
/// checks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    path: String,
    text: String,
}

type Cache = RwLock<HashMap<(TypeId, Dialect), Result<Arc<Lowered>, SchemaError>>>;

static CACHE: LazyLock<Cache> = LazyLock::new(Cache::default);

impl Lowered {
    /// The schema of a type in a dialect, built once per type and program.
    ///
    /// # Errors
    ///
    /// [`SchemaError`], as from [`Schema::lower`].
    pub fn of<T: GeminiSchema + ?Sized>(dialect: Dialect) -> Result<Arc<Lowered>, SchemaError> {
        let key = (typeid::of::<T>(), dialect);
        let known = CACHE.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(result) = known {
            return result;
        }
        let result = Schema::of::<T>().lower(dialect).map(Arc::new);
        let mut cache = CACHE.write().unwrap_or_else(PoisonError::into_inner);
        cache.entry(key).or_insert(result).clone()
    }

    pub(crate) fn new(schema: &Schema, dialect: Dialect) -> Result<Lowered, SchemaError> {
        Lowered::with(schema, dialect, MaxItems::Sent)
    }

    fn with(schema: &Schema, dialect: Dialect, most: MaxItems) -> Result<Lowered, SchemaError> {
        let lowering = lower::lower(schema, dialect, most)?;
        let text = lowering.json.to_string().into_boxed_str();
        let (metrics, warnings) = metrics::measure(&lowering.json, &text, dialect);
        let mut schema = schema.clone();
        let reading = Reading::of(&mut schema);
        let is_lifted = !lowering.lifts.is_same();
        Ok(Lowered {
            dialect,
            schema,
            json: lowering.json,
            text,
            notes: lowering.notes,
            metrics,
            warnings,
            lift: (lowering.sent, lowering.lifts),
            is_lifted,
            is_cut: lowering.is_cut,
            reading,
            elements: OnceLock::new(),
        })
    }

    /// The dialect.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The schema as it is sent; it serializes with its properties in order.
    #[must_use]
    pub fn schema(&self) -> &OrderedJson {
        &self.json
    }

    /// The schema as it is sent, as compact JSON rendered once.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the answer is one of several strings, so that `text/x.enum` can carry it.
    #[must_use]
    pub fn is_string_enum(&self) -> bool {
        matches!(self.schema.shape, Shape::Enum(_)) && !self.schema.annotations.nullable
    }

    /// The strings to choose from, where the answer is one of several; `null` may be another one.
    ///
    /// # Examples
    ///
    /// ```
    /// use gemini_schema::{Dialect, GeminiSchema, Lowered};
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize, GeminiSchema)]
    /// enum Metal {
    ///     #[serde(alias = "Ferrum")]
    ///     Iron,
    ///     #[serde(other)]
    ///     Unknown,
    /// }
    ///
    /// let lowered = Lowered::of::<Metal>(Dialect::Gemini)?;
    /// let [iron, unknown] = lowered.members() else { unreachable!("there are two") };
    /// assert!(iron.is_named("Ferrum") && !iron.is_other());
    /// assert!(unknown.is_other() && !unknown.is_named("Gold"));
    /// # Ok::<(), gemini_schema::SchemaError>(())
    /// ```
    #[must_use]
    pub fn members(&self) -> &[EnumMember] {
        match &self.schema.shape {
            Shape::Enum(members) => members,
            _ => &[],
        }
    }

    /// What the carrier does not enforce.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How large the schema is as it is sent.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }

    /// What the service has been seen to refuse, with a way out each; empty for
    /// [`Dialect::Draft202012`], which is sent nowhere.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The same, without the greatest lengths of lists in what is sent: decoding alone enforces
    /// them. Lists of one fixed length keep theirs.
    ///
    /// For schemas that the service refuses because `maxItems` adds up to too much.
    ///
    /// # Errors
    ///
    /// [`SchemaError`], as from [`Schema::lower`].
    ///
    /// # Examples
    ///
    /// ```
    /// use gemini_schema::{Dialect, GeminiSchema, Lowered};
    /// use serde::Deserialize;
    ///
    /// #[derive(Debug, Deserialize, GeminiSchema)]
    /// struct Index {
    ///     #[gemini(max_items = 2000)]
    ///     words: Vec<String>,
    /// }
    ///
    /// let lowered = Lowered::of::<Index>(Dialect::Gemini)?;
    /// assert_eq!(lowered.warnings()[0].path(), "/properties/words");
    /// let lowered = lowered.without_max_items()?;
    /// assert!(lowered.warnings().is_empty());
    /// # Ok::<(), gemini_schema::SchemaError>(())
    /// ```
    pub fn without_max_items(&self) -> Result<Lowered, SchemaError> {
        let reading = self.reading;
        let lowered = Lowered::with(&self.schema, self.dialect, MaxItems::KeptBack)?;
        Ok(Lowered { reading, ..lowered })
    }

    /// The same for readers that take any JSON, such as [`serde_json::Value`]: decoding judges the
    /// whole answer by the schema first, as [`Schema::check`] does.
    ///
    /// For schemas that are built at run time, which no type stands behind; those that are read
    /// from JSON Schema are judged in any case. Where there is a type, serde is stricter and faster.
    ///
    /// # Examples
    ///
    /// ```
    /// use gemini_schema::{Dialect, Schema};
    /// use serde_json::{Value, json};
    ///
    /// let schema = Schema::enumeration(["red", "green"]);
    /// let lowered = schema.lower(Dialect::Gemini)?.judging();
    /// assert_eq!(lowered.decode::<Value>(r#""red""#)?, json!("red"));
    /// let error = lowered.decode::<Value>(r#""blue""#).unwrap_err();
    /// assert_eq!(error.violations()[0].keyword(), "enum");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn judging(self) -> Lowered {
        Lowered { reading: Reading::Judged, elements: OnceLock::new(), ..self }
    }

    /// Judges a JSON text, such as a few-shot example, without deserializing it.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] with every violation, or if the text is not JSON.
    pub fn check(&self, text: &str) -> Result<(), DecodeError> {
        decode::conform(&self.schema, text, check::strict)
    }

    /// Reads an answer to this schema.
    ///
    /// Serde decides, straight from the text. A number such as `7.0` where the type wants an
    /// integer is read as `7`. Limits that serde does not know (`min_items`, `pattern`, ...) are
    /// held too; a type without them costs nothing more.
    ///
    /// # Errors
    ///
    /// [`DecodeError`]: the text is not JSON, ends too early, or breaks the schema, then with
    /// every violation and its path.
    pub fn decode<'de, T: Deserialize<'de>>(&self, text: &'de str) -> Result<T, DecodeError> {
        if self.is_lifted {
            decode::lift(&self.schema, self.reading, &self.lift, text)
        } else {
            decode::decode(&self.schema, self.reading, text)
        }
    }

    /// The way to read an answer element by element; `None` unless it is a list that is never
    /// `null`.
    #[must_use]
    pub fn elements(&self) -> Option<&Elements> {
        self.elements.get_or_init(|| Elements::of(&self.schema, &self.lift, self.reading)).as_ref()
    }

    /// The text of an answer in the shape that serde expects, not yet checked against the type;
    /// borrowed where that is the shape that is sent.
    ///
    /// # Errors
    ///
    /// [`DecodeError`], if the text is not JSON or cannot be turned back.
    pub fn lifted<'a>(&self, text: &'a str) -> Result<Cow<'a, str>, DecodeError> {
        if self.is_lifted {
            decode::lifted(&self.lift, text).map(Cow::Owned)
        } else {
            Ok(Cow::Borrowed(text))
        }
    }

    /// Writes a value as the model should: as serde writes it, in the shape that is sent.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] with every violation, if the value does not conform, lies deeper than the
    /// schema that is sent ([`is_cut`](Lowered::is_cut)), or if `serde_json` cannot write it.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use gemini_schema::{Dialect, Lowered};
    ///
    /// type Stock = BTreeMap<String, u8>;
    ///
    /// let lowered = Lowered::of::<Stock>(Dialect::Gemini)?;
    /// let text = lowered.encode(&Stock::from([("oats".to_owned(), 3)]))?;
    /// assert_eq!(text, r#"[{"key":"oats","value":3}]"#);
    /// assert_eq!(lowered.decode::<Stock>(&text)?["oats"], 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn encode<T: Serialize + ?Sized>(&self, value: &T) -> Result<String, DecodeError> {
        let text = serde_json::to_string(value).map_err(DecodeError::unwritten)?;
        self.encode_json(&text)
    }

    /// The same for a value that serde has written as JSON already.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] with every violation, or if the text is not JSON.
    pub fn encode_json(&self, text: &str) -> Result<String, DecodeError> {
        decode::conform(&self.schema, text, check::written)?;
        let (sent, lifts) = &self.lift;
        let encoded = lifts.encode(&self.schema, text).to_string();
        if self.is_cut {
            decode::conform(sent, &encoded, check::strict)?;
        }
        Ok(encoded)
    }

    /// Whether the answer has another shape than serde writes, which decoding turns back.
    #[must_use]
    pub fn is_lifted(&self) -> bool {
        self.is_lifted
    }

    /// Whether a recursive type was written out to a limited depth, so that deeper values
    /// cannot be answered.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }
}

impl fmt::Display for Lowered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Note {
    pub(crate) fn new(path: &str, text: impl Into<String>) -> Note {
        Note { path: path.to_owned(), text: text.into() }
    }

    /// Where in the schema that is sent, as a JSON Pointer into it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is not enforced there.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the root" } else { &self.path };
        write!(formatter, "at {path}: {}", self.text)
    }
}
