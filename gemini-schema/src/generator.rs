//! Building the schema of a type, recursion included.

use std::any::TypeId;
use std::collections::BTreeMap;

use crate::{Problem, Schema, Shape};

/// Builds schemas and keeps the definitions of recursive types.
///
/// [`GeminiSchema::schema`](crate::GeminiSchema::schema) gets one and hands it on to the types of
/// its parts.
#[derive(Debug, Default)]
pub struct Generator {
    building: Vec<Frame>,
    recursive: BTreeMap<String, TypeId>,
    definitions: BTreeMap<String, Schema>,
    #[cfg(feature = "schemars1")]
    adopted: Vec<(Identity, Schema)>,
}

/// A type whose schema is being built.
#[derive(Debug)]
struct Frame {
    identity: Identity,
    name: String,
}

/// Which type it is, its lifetimes left aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity(TypeId);

impl Identity {
    /// The identity of a type.
    #[must_use]
    pub fn of<T: ?Sized>() -> Identity {
        Identity(typeid::of::<T>())
    }
}

impl Generator {
    /// Builds the schema of a type that may contain itself.
    ///
    /// Where the type comes up again inside its own schema, a reference to its definition stands
    /// instead. `name` is what the definition is called; a number is added where two types have
    /// the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use gemini_schema::{GeminiSchema, Generator, Identity, Property, Schema};
    ///
    /// struct Chain(Option<Box<Chain>>);
    ///
    /// impl GeminiSchema for Chain {
    ///     fn schema(generator: &mut Generator) -> Schema {
    ///         generator.define(Identity::of::<Self>(), "Chain", |generator| {
    ///             let next = Option::<Box<Chain>>::schema(generator);
    ///             Schema::object([Property::optional("next", next)])
    ///         })
    ///     }
    /// }
    ///
    /// assert!(Schema::of::<Chain>().definitions().contains_key("Chain"));
    /// ```
    pub fn define(
        &mut self,
        identity: Identity,
        name: &str,
        build: impl FnOnce(&mut Generator) -> Schema,
    ) -> Schema {
        if let Some(name) = self.known(identity) {
            return Shape::Reference(name).into();
        }
        self.building.push(Frame { identity, name: name.to_owned() });
        let schema = build(self);
        self.building.pop();
        match self.name_of(identity) {
            Some(name) => {
                self.definitions.insert(name.clone(), grounded(schema, &name));
                Shape::Reference(name).into()
            }
            None => schema,
        }
    }

    /// Takes in a schema that was made elsewhere, its definitions included, once per type.
    #[cfg(feature = "schemars1")]
    pub(crate) fn adopt(&mut self, identity: Identity, make: impl FnOnce() -> Schema) -> Schema {
        if let Some((_, schema)) = self.adopted.iter().find(|(known, _)| *known == identity) {
            return schema.clone();
        }
        let mut schema = make();
        let mut definitions = std::mem::take(&mut schema.definitions);
        let names: BTreeMap<String, String> = definitions
            .keys()
            .map(|wanted| (wanted.clone(), self.reserve(wanted, identity)))
            .collect();
        for part in definitions.values_mut().chain([&mut schema]) {
            rename(part, &names);
        }
        for (wanted, definition) in definitions {
            self.definitions.insert(names.get(&wanted).cloned().unwrap_or(wanted), definition);
        }
        self.adopted.push((identity, schema.clone()));
        schema
    }

    /// The definition of a recursive type, once it is complete.
    pub(crate) fn definition(&self, name: &str) -> Option<&Schema> {
        self.definitions.get(name)
    }

    /// Adds the definitions to the root. A root that is itself recursive stands in full.
    pub(crate) fn finish(self, root: Schema) -> Schema {
        let mut root = match &root.shape {
            Shape::Reference(name) => match self.definitions.get(name) {
                Some(definition) => {
                    Schema { annotations: merge(&root, definition), ..definition.clone() }
                }
                None => root,
            },
            _ => root,
        };
        root.definitions = self.definitions;
        root
    }

    /// The name of the definition, if the type is being built or was found to be recursive.
    fn known(&mut self, identity: Identity) -> Option<String> {
        if let Some(name) = self.name_of(identity) {
            return Some(name);
        }
        let frame = self.building.iter().find(|frame| frame.identity == identity)?;
        let wanted = plain(&frame.name);
        Some(self.reserve(&wanted, identity))
    }

    /// A name that no other definition has.
    fn reserve(&mut self, wanted: &str, identity: Identity) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while self.recursive.contains_key(&name) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        self.recursive.insert(name.clone(), identity.0);
        name
    }

    fn name_of(&self, identity: Identity) -> Option<String> {
        let mut names = self.recursive.iter();
        names.find(|(_, known)| **known == identity.0).map(|(name, _)| name.clone())
    }
}

/// What the place says about a definition wins over what the definition says of itself.
pub(crate) fn merge(place: &Schema, definition: &Schema) -> crate::Annotations {
    let mut annotations = definition.annotations.clone();
    let own = place.annotations.clone();
    annotations.nullable |= own.nullable;
    annotations.title = own.title.or(annotations.title);
    annotations.description = own.description.or(annotations.description);
    annotations.example = own.example.or(annotations.example);
    annotations
}

#[cfg(feature = "schemars1")]
fn rename(schema: &mut Schema, names: &BTreeMap<String, String>) {
    if let Shape::Reference(name) = &mut schema.shape
        && let Some(new) = names.get(name)
    {
        name.clone_from(new);
    }
    for child in schema.shape.children_mut() {
        rename(child, names);
    }
}

/// A name that can stand in a URI as it is.
pub(crate) fn plain(name: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
    name.chars().map(|character| if is_plain(character) { character } else { '_' }).collect()
}

/// A definition that is not only a reference to itself, which says nothing.
fn grounded(schema: Schema, name: &str) -> Schema {
    match &schema.shape {
        Shape::Reference(own) if own == name && schema.annotations.nullable => Schema::null(),
        Shape::Reference(own) if own == name => Schema::invalid(Problem::new(
            format!("{name} consists of itself alone, so that it has no values"),
            "put an Option or a Vec around the inner one, and a field beside it",
        )),
        _ => schema,
    }
}
