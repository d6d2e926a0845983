//! A list that is read element by element.

use serde::de::Deserialize;

use crate::check;
use crate::decode::{self, Reading};
use crate::lift::{Lift, Lifts};
use crate::schema::ArrayShape;
use crate::{DecodeError, Schema, Shape};

/// The elements of a list, for answers that are read while they come in.
///
/// Made by [`Lowered::elements`](crate::Lowered::elements). Every element is read as a part of
/// the whole answer would be, with its own constraints; those of the list are for
/// [`check_count`](Self::check_count).
///
/// # Examples
///
/// ```
/// use gemini_schema::{Dialect, Lowered};
///
/// let lowered = Lowered::of::<Vec<u8>>(Dialect::Gemini)?;
/// let elements = lowered.elements().ok_or("no list")?;
/// assert_eq!(elements.decode::<u8>(0, "7")?, 7);
/// let error = elements.decode::<u8>(1, "256").unwrap_err();
/// assert_eq!(error.violations()[0].path(), "/1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Elements {
    schema: Schema,
    reading: Reading,
    /// The shape of an element as it is sent, and the way back from it.
    lift: (Schema, Lifts),
    is_lifted: bool,
    list: ArrayShape,
}

impl Elements {
    /// The elements of a schema that is a list and never `null`.
    pub(crate) fn of(
        schema: &Schema,
        (sent, lifts): &(Schema, Lifts),
        whole: Reading,
    ) -> Option<Self> {
        let (list, sent) = (list(schema)?, part(sent, list(sent)?));
        let mut schema = part(schema, list);
        let own = Reading::of(&mut schema);
        let reading = if whole == Reading::Judged { whole } else { own };
        let lifts = Lifts::new(element_lift(lifts)?, lifts.definitions.clone());
        let is_lifted = !lifts.is_same();
        Some(Self { schema, reading, lift: (sent, lifts), is_lifted, list: list.clone() })
    }

    /// Reads one element; `index` is its place in the list, for the paths of violations.
    ///
    /// # Errors
    ///
    /// [`DecodeError`], as from [`Lowered::decode`](crate::Lowered::decode).
    pub fn decode<'de, T: Deserialize<'de>>(
        &self,
        index: u64,
        text: &'de str,
    ) -> Result<T, DecodeError> {
        let value = if self.is_lifted {
            decode::lift(&self.schema, self.reading, &self.lift, text)
        } else {
            decode::decode(&self.schema, self.reading, text)
        };
        value.map_err(|error| error.below(index))
    }

    /// Judges how many elements the whole list has.
    ///
    /// # Errors
    ///
    /// [`DecodeError`], if there are fewer or more than the type allows.
    pub fn check_count(&self, count: u64) -> Result<(), DecodeError> {
        decode::none(check::lengths(&self.list, count))
    }

    /// The greatest number of elements that the list may have.
    #[must_use]
    pub fn max_count(&self) -> Option<u64> {
        self.list.max_items
    }
}

/// The list that a schema is, directly or by a definition.
fn list(schema: &Schema) -> Option<&ArrayShape> {
    if schema.annotations.nullable {
        return None;
    }
    match &schema.shape {
        Shape::Reference(name) => list_of(schema.definitions.get(name)?),
        _ => list_of(schema),
    }
}

fn list_of(schema: &Schema) -> Option<&ArrayShape> {
    match &schema.shape {
        Shape::Array(shape) if !schema.annotations.nullable => Some(shape),
        _ => None,
    }
}

/// The elements' schema, with the definitions that it may refer to.
fn part(root: &Schema, list: &ArrayShape) -> Schema {
    let mut part = (*list.items).clone();
    part.definitions.clone_from(&root.definitions);
    part
}

fn element_lift(lifts: &Lifts) -> Option<Lift> {
    let mut root = &lifts.root;
    if let Lift::Reference(name) = root {
        root = lifts.definitions.get(name)?;
    }
    match root {
        Lift::Same => Some(Lift::Same),
        Lift::Items(lift) => Some((**lift).clone()),
        _ => None,
    }
}
