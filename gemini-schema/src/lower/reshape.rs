//! Replacing the shapes that a dialect cannot say, and recording the way back.

use std::collections::BTreeMap;

use super::capabilities::Capabilities;
use super::recursion::nothing;
use super::uniform;
use crate::lift::{Encoder, KEY, Lift, Lifts, Member, Rest, VALUE, place};
use crate::schema::{Additional, ArrayShape, EnumMember, IntegerMember, MapShape, ObjectShape};
use crate::{Annotations, OrderedJson, Property, Schema, Shape};

/// A schema as a dialect can say it.
pub(super) struct Reshaped {
    pub(super) schema: Schema,
    pub(super) lifts: Lifts,
    /// Whether recursion was cut at some depth.
    pub(super) is_cut: bool,
    /// Whether nothing was left when it was, because it never ends.
    pub(super) is_endless: bool,
    /// Whether it became too large where references were written out.
    pub(super) is_too_large: bool,
}

/// How many nodes, and how many references one inside the other, may be written out.
const MOST_NODES: usize = 20_000;
const MOST_REFERENCES: u32 = 64;

/// How often a type may contain itself where recursion is written out, unless it says otherwise.
const DEPTH: u32 = 3;

/// What stands for an object without properties.
const EMPTY: &str = "empty";

/// Without capabilities, nothing is ever reshaped.
pub(super) fn reshape(root: &Schema, can: Option<Capabilities>) -> Reshaped {
    let Some(can) = can else {
        let lifts = Lifts::default();
        let mut schema = root.clone();
        read_examples(&mut schema, root);
        let (is_cut, is_endless, is_too_large) = (false, false, false);
        return Reshaped { schema, lifts, is_cut, is_endless, is_too_large };
    };
    let mut reshaper = Reshaper {
        root,
        can,
        lifts: BTreeMap::new(),
        depths: BTreeMap::new(),
        is_cut: false,
        written: 0,
        inside: 0,
    };
    // A root that contains itself is its own first level.
    let is_root = |(_, definition): &(&String, &Schema)| definition.shape == root.shape;
    if let Some((name, _)) = root.definitions.iter().find(is_root) {
        reshaper.depths.insert(name, 1);
    }
    if can.references {
        reshaper.lifts = reshaper.definitions().map(|(name, _, lift)| (name, lift)).collect();
    }
    let (mut schema, mut lift, is_endless) = match reshaper.part(root) {
        Part::Whole(schema, lift) => (schema, lift, false),
        Part::Only(_) | Part::Nothing => (Schema::null(), Lift::Same, true),
    };
    let mut definitions = BTreeMap::new();
    if can.references {
        for (name, definition, lift) in reshaper.definitions() {
            schema.definitions.insert(name.clone(), definition);
            definitions.insert(name, lift);
        }
    }
    let is_object = matches!(schema.shape, Shape::Object(_)) && !schema.annotations.nullable;
    if !can.any_root && !is_object {
        let inner = std::mem::take(&mut schema.definitions);
        schema = Schema::object([Property::required(VALUE, schema)]);
        schema.definitions = inner;
        lift = Lift::Wrapped(Box::new(lift));
    }
    let lifts = Lifts::new(lift, definitions);
    let is_too_large = reshaper.is_too_large();
    Reshaped { schema, lifts, is_cut: reshaper.is_cut, is_endless, is_too_large }
}

struct Reshaper<'a> {
    root: &'a Schema,
    can: Capabilities,
    /// Those of the definitions, where they are known already.
    lifts: BTreeMap<String, Lift>,
    /// How often each definition is being written out.
    depths: BTreeMap<&'a str, u32>,
    is_cut: bool,
    /// How many nodes were written out in the place of references.
    written: usize,
    /// How many references this place is inside of.
    inside: u32,
}

/// What is left of a part where recursion is cut.
#[allow(clippy::large_enum_variant, reason = "lives for a moment on the stack")]
enum Part {
    /// All of it.
    Whole(Schema, Lift),
    /// One value only: `null`, `[]` or `{}`.
    Only(&'static str),
    /// No value at all.
    Nothing,
}

impl<'a> Reshaper<'a> {
    /// What is left of the definitions.
    fn definitions(&mut self) -> impl Iterator<Item = (String, Schema, Lift)> {
        let definitions = self.root.definitions.iter();
        definitions.filter_map(|(name, definition)| match self.part(definition) {
            Part::Whole(definition, lift) => Some((name.clone(), definition, lift)),
            Part::Only(_) | Part::Nothing => None,
        })
    }

    fn part(&mut self, schema: &'a Schema) -> Part {
        let annotations = &schema.annotations;
        self.written += usize::from(self.inside > 0);
        if self.is_too_large() {
            return Part::Nothing;
        }
        let part = match &schema.shape {
            Shape::Array(shape) => self.array(shape),
            Shape::Tuple(places) => self.tuple(places),
            Shape::Object(shape) => self.object(shape),
            Shape::Map(shape) => self.map(shape),
            Shape::AnyOf(branches) => self.any_of(branches),
            Shape::Reference(name) => self.reference(name),
            Shape::IntegerEnum(members) if !self.can.integer_enums => named(members),
            Shape::Any if !self.can.any => Part::Whole(
                Schema::string().with_description("Any value, as JSON text."),
                Lift::Json,
            ),
            _ => Part::Whole(schema_without_definitions(schema), Lift::Same),
        };
        match part {
            Part::Whole(reshaped, lift) => {
                let mut reshaped = annotated(reshaped, annotations);
                let encoder = Encoder { definitions: &self.lifts, root: self.root };
                let example = reshaped.annotations.example.take();
                reshaped.annotations.example =
                    example.map(|example| encoder.visit(&lift, schema, example));
                Part::Whole(reshaped, lift)
            }
            Part::Only(_) | Part::Nothing if annotations.nullable => Part::Only("null"),
            other => other,
        }
    }

    fn array(&mut self, shape: &'a ArrayShape) -> Part {
        match self.part(&shape.items) {
            Part::Whole(items, lift) => {
                let shape = ArrayShape { items: Box::new(items), ..shape.clone() };
                Part::Whole(Shape::Array(shape).into(), wrap(lift, Lift::Items))
            }
            _ if shape.min_items.unwrap_or(0) == 0 => Part::Only("[]"),
            _ => Part::Nothing,
        }
    }

    fn tuple(&mut self, places: &'a [Schema]) -> Part {
        let mut schemas = Vec::new();
        let mut lifts = Vec::new();
        for place in places {
            let Part::Whole(schema, lift) = self.part(place) else { return Part::Nothing };
            schemas.push(schema);
            lifts.push(lift);
        }
        if self.can.tuples || schemas.is_empty() || uniform(&schemas).is_some() {
            let is_same = lifts.iter().all(|lift| *lift == Lift::Same);
            let lift = if is_same { Lift::Same } else { Lift::Places(lifts) };
            return Part::Whole(Schema::tuple(schemas), lift);
        }
        let properties = schemas.into_iter().enumerate();
        let properties = properties.map(|(index, schema)| Property::required(place(index), schema));
        Part::Whole(Schema::object(properties), Lift::Tuple(lifts))
    }

    fn object(&mut self, shape: &'a ObjectShape) -> Part {
        let mut properties = Vec::new();
        let mut members = Vec::new();
        for property in &shape.properties {
            let (part, rest) = match self.part(&property.schema) {
                Part::Whole(schema, lift) => (Some((schema, lift)), None),
                Part::Only(value) => (None, Some(value)),
                Part::Nothing if property.required => return Part::Nothing,
                Part::Nothing => (None, None),
            };
            let Some((schema, lift)) = part else {
                let fill = rest.filter(|_| property.required);
                let member = Member::new(&property.name, Lift::Same);
                members.push(Member { fill, is_sent: false, rest, ..member });
                continue;
            };
            let (property, member) = self.property(property, schema, lift);
            properties.push(property);
            members.push(member);
        }
        let (additional, rest) = self.additional(shape, &mut properties);
        if properties.is_empty() && additional.is_none() && !self.can.empty_objects {
            let lift = Lift::Constant { sent: EMPTY, lifted: filled(&members), members };
            return Part::Whole(Schema::enumeration([EMPTY]), lift);
        }
        let is_same = rest == Rest::Same && members.iter().all(Member::is_plain_same);
        let lift = if is_same { Lift::Same } else { Lift::Members(members, rest) };
        let unread = shape.unread.clone();
        Part::Whole(Shape::Object(ObjectShape { properties, additional, unread }).into(), lift)
    }

    /// The properties with free names, or a property more that holds them all.
    fn additional(
        &mut self,
        shape: &'a ObjectShape,
        properties: &mut Vec<Property>,
    ) -> (Option<Box<Additional>>, Rest) {
        let Some(additional) = &shape.additional else { return (None, Rest::Same) };
        let Part::Whole(values, lift) = self.part(&additional.values) else {
            return (None, Rest::Same);
        };
        if self.can.maps {
            let rest = if lift == Lift::Same { Rest::Same } else { Rest::Values(Box::new(lift)) };
            let name = additional.name.clone();
            return (Some(Box::new(Additional { name, values })), rest);
        }
        let mut name = additional.name.clone();
        while properties.iter().any(|property| property.name == name) {
            name.push('_');
        }
        properties.push(Property::required(&name, entries(Schema::string(), values)));
        (None, Rest::Entries { name, lift: Box::new(lift) })
    }

    /// A property, made optional where recursion has to be able to end, or required where
    /// nothing may be left out.
    fn property(&self, property: &Property, schema: Schema, lift: Lift) -> (Property, Member) {
        let mut reshaped = Property { schema, ..property.clone() };
        let mut member = Member::new(&property.name, lift);
        if !self.can.required_recursion && property.required && recurs(&property.schema) {
            member.fill = nothing(&property.schema);
            reshaped.required = member.fill.is_none();
        }
        if !self.can.optional_properties && !reshaped.required {
            reshaped.required = true;
            member.is_forced = true;
            member.null_is_absence = !reshaped.schema.annotations.nullable;
            reshaped.schema.annotations.nullable = true;
        }
        (reshaped, member)
    }

    fn map(&mut self, shape: &'a MapShape) -> Part {
        let Part::Whole(values, lift) = self.part(&shape.values) else {
            let may_be_empty = shape.min_properties.unwrap_or(0) == 0;
            return if may_be_empty { Part::Only("{}") } else { Part::Nothing };
        };
        let is_plain =
            matches!(shape.keys.shape, Shape::String(_)) && !shape.keys.shape.has_limits();
        if self.can.maps && is_plain && !shape.has_limits() {
            let map = Schema::map(Schema::string(), values);
            return Part::Whole(map, wrap(lift, Lift::Values));
        }
        let keys = schema_without_definitions(&shape.keys);
        let mut list = entries(keys, values);
        if let Shape::Array(list) = &mut list.shape {
            list.min_items = shape.min_properties;
            list.max_items = shape.max_properties;
        }
        Part::Whole(list, Lift::Entries(Box::new(lift)))
    }

    fn any_of(&mut self, branches: &'a [Schema]) -> Part {
        let mut schemas = Vec::new();
        let mut lifts = Vec::new();
        let mut only = None;
        for (index, branch) in branches.iter().enumerate() {
            match self.part(branch) {
                Part::Whole(schema, lift) => {
                    schemas.push(schema);
                    lifts.push((index, lift));
                }
                Part::Only(value) => only = Some(value),
                Part::Nothing => {}
            }
        }
        match (schemas.len(), only) {
            (0, Some(value)) => Part::Only(value),
            (0, None) => Part::Nothing,
            (1, _) => match (schemas.pop(), lifts.pop()) {
                (Some(schema), Some((_, lift))) => Part::Whole(schema, lift),
                _ => Part::Nothing,
            },
            _ => {
                let is_same = lifts.iter().all(|(_, lift)| *lift == Lift::Same);
                let lift = if is_same { Lift::Same } else { Lift::AnyOf(lifts) };
                Part::Whole(Shape::AnyOf(schemas).into(), lift)
            }
        }
    }

    fn reference(&mut self, name: &'a str) -> Part {
        if self.can.references {
            let lift = Lift::Reference(name.to_owned());
            return Part::Whole(Shape::Reference(name.to_owned()).into(), lift);
        }
        let Some(definition) = self.root.definitions.get(name) else { return Part::Nothing };
        let depth = self.depths.get(name).copied().unwrap_or(0);
        if depth >= definition.annotations.max_depth.unwrap_or(DEPTH) {
            self.is_cut = true;
            return Part::Nothing;
        }
        if self.inside >= MOST_REFERENCES {
            self.written = MOST_NODES;
            return Part::Nothing;
        }
        self.depths.insert(name, depth + 1);
        self.inside += 1;
        let part = self.part(definition);
        self.inside -= 1;
        self.depths.insert(name, depth);
        part
    }

    fn is_too_large(&self) -> bool {
        self.written >= MOST_NODES
    }
}

/// A list of keys with their values.
fn entries(keys: Schema, values: Schema) -> Schema {
    let entry = [Property::required(KEY, keys), Property::required(VALUE, values)];
    Schema::array(Schema::object(entry))
}

/// An enumeration of numbers by their names.
fn named(members: &[IntegerMember]) -> Part {
    let names = members.iter().map(|member| {
        let words = member.description.iter().map(|text| format!(", {text}"));
        let description = Some(format!("{}{}", member.value, words.collect::<String>()));
        EnumMember { description, ..EnumMember::new(&member.name) }
    });
    let lifts = members.iter().map(|member| (member.name.clone(), member.value.to_string()));
    Part::Whole(Shape::Enum(names.collect()).into(), Lift::Names(lifts.collect()))
}

/// Puts the annotations of a place on what stands there now; its own words come first.
fn annotated(mut schema: Schema, annotations: &Annotations) -> Schema {
    let own = std::mem::take(&mut schema.annotations);
    let description = match (&annotations.description, own.description) {
        (Some(first), Some(second)) if *first != second => Some(format!("{first}\n{second}")),
        (first, second) => first.clone().or(second),
    };
    schema.annotations = Annotations {
        title: annotations.title.clone().or(own.title),
        description,
        nullable: annotations.nullable || own.nullable,
        ..annotations.clone()
    };
    schema
}

/// The object of nothing but what fills its members.
fn filled(members: &[Member]) -> String {
    let members = members.iter().filter_map(|member| {
        let name = OrderedJson::String(member.name.clone().into());
        member.fill.map(|fill| format!("{name}:{fill}"))
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Names the members of examples as they are read.
fn read_examples(schema: &mut Schema, root: &Schema) {
    if let Some(example) = schema.annotations.example.take() {
        let encoder = Encoder { definitions: &BTreeMap::new(), root };
        let example = encoder.visit(&Lift::Same, schema, example);
        schema.annotations.example = Some(example);
    }
    for part in schema.shape.children_mut().chain(schema.definitions.values_mut()) {
        read_examples(part, root);
    }
}

fn schema_without_definitions(schema: &Schema) -> Schema {
    Schema { definitions: BTreeMap::new(), ..schema.clone() }
}

fn wrap(lift: Lift, around: fn(Box<Lift>) -> Lift) -> Lift {
    if lift == Lift::Same { lift } else { around(Box::new(lift)) }
}

/// Whether a definition is reached without going through another object.
fn recurs(schema: &Schema) -> bool {
    match &schema.shape {
        Shape::Reference(_) => true,
        Shape::Object(_) => false,
        shape => shape.children().any(recurs),
    }
}
