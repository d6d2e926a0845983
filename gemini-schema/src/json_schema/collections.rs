//! Lists and objects.

use std::collections::HashSet;

use super::keywords::Keywords;
use super::reader::{Part, Reader};
use crate::path::Path;
use crate::schema::{Additional, ArrayShape, StringShape};
use crate::{OrderedJson, Property, Schema, Shape};

/// What the property is called that holds those with free names, where a dialect has none.
const ADDITIONAL: &str = "additional_properties";

const CLOSE: &str = "set additionalProperties to false, and put the open part into a property";

impl<'a> Reader<'a> {
    pub(super) fn array(&mut self, keywords: Keywords<'a>, path: &mut Path) -> Schema {
        let min_items = self.count("minItems", keywords, path).filter(|least| *least > 0);
        let max_items = self.count("maxItems", keywords, path);
        let (name, places) = match (keywords.get("prefixItems"), keywords.get("items")) {
            (Some(OrderedJson::Array(places)), _) => ("prefixItems", places),
            (_, Some(OrderedJson::Array(places))) => ("items", places),
            _ if max_items == Some(0) && min_items.is_none() => return Schema::tuple([]),
            (_, Some(items)) => {
                let items = path.step("items", |path| self.read(items, path)).schema;
                let items = Box::new(items);
                return Shape::Array(ArrayShape { items, min_items, max_items }).into();
            }
            (_, None) => {
                let items = Box::new(Schema::any());
                return Shape::Array(ArrayShape { items, min_items, max_items }).into();
            }
        };
        let most = max_items.and_then(|most| usize::try_from(most).ok());
        let length = most.map_or(places.len(), |most| most.min(places.len()));
        if min_items.is_some_and(|least| least > length as u64) {
            let remedy = "give each place its schema, or all elements the same by items";
            self.refuse_keyword(path, "minItems", remedy);
        }
        path.step(name, |path| {
            let places = places.iter().take(length).enumerate();
            let places =
                places.map(|(index, place)| path.step(index, |path| self.read(place, path)).schema);
            Schema::tuple(places.collect::<Vec<_>>())
        })
    }

    pub(super) fn object(&mut self, keywords: Keywords<'a>, path: &mut Path) -> Part {
        let additional = keywords.get("additionalProperties");
        let is_closed = additional == Some(&OrderedJson::Bool(false))
            || keywords.is("unevaluatedProperties", false);
        let required = self.required(keywords, path);
        let listed = keywords.get("properties").and_then(OrderedJson::as_object).unwrap_or(&[]);
        if listed.is_empty() && required.is_empty() {
            return self.map(keywords, is_closed, path);
        }
        for name in ["patternProperties", "propertyNames"] {
            if keywords.get(name).is_some() {
                self.refuse_keyword(path, name, CLOSE);
            }
        }
        if self.map_limits(keywords, path) != (None, None) {
            let name = ["minProperties", "maxProperties"].into_iter();
            for name in name.filter(|name| keywords.get(name).is_some()) {
                self.refuse_keyword(path, name, "say in required which properties are needed");
            }
        }
        let mut properties = Vec::with_capacity(listed.len());
        for (name, json) in listed {
            let schema =
                path.step("properties", |path| path.step(name, |path| self.read(json, path)));
            let required = required.contains(&name[..]);
            properties.push(Property { required, ..Property::optional(&**name, schema.schema) });
        }
        let free = additional.filter(|_| !is_closed).map(|values| {
            let values = path.step("additionalProperties", |path| self.read(values, path)).schema;
            Additional { name: ADDITIONAL.to_owned(), values }
        });
        let known: HashSet<&str> = listed.iter().map(|(name, _)| &name[..]).collect();
        let mut unknown: Vec<&str> =
            required.into_iter().filter(|name| !known.contains(name)).collect();
        unknown.sort_unstable();
        for name in unknown {
            if is_closed {
                let reason = format!("{name:?} is required and no property");
                path.step("required", |path| {
                    self.refuse(path, reason, "add it to properties, or remove it here")
                });
            }
            let schema = free.as_ref().map_or_else(Schema::any, |free| free.values.clone());
            properties.push(Property::required(name, schema));
        }
        if let Some(ordering) = keywords.get("propertyOrdering").and_then(OrderedJson::as_array) {
            let ordering: Vec<&str> = ordering.iter().filter_map(OrderedJson::as_str).collect();
            sort(&mut properties, &ordering);
        }
        let mut schema = Schema::object(properties);
        if let Shape::Object(shape) = &mut schema.shape {
            shape.additional = free.map(Box::new);
        }
        Part { schema, is_closed }
    }

    /// The least and the greatest number of properties, where they say something.
    fn map_limits(
        &mut self,
        keywords: Keywords<'a>,
        path: &mut Path,
    ) -> (Option<u64>, Option<u64>) {
        let least = self.count("minProperties", keywords, path).filter(|least| *least > 0);
        (least, self.count("maxProperties", keywords, path))
    }

    fn required(&mut self, keywords: Keywords<'a>, path: &mut Path) -> HashSet<&'a str> {
        let mut names = HashSet::new();
        match keywords.get("required") {
            None | Some(OrderedJson::Bool(_)) => {}
            Some(OrderedJson::Array(list)) => {
                names.extend(list.iter().filter_map(OrderedJson::as_str));
            }
            Some(_) => {
                path.step("required", |path| {
                    self.refuse(path, "this is no list", "list the names of properties")
                });
            }
        }
        names
    }

    /// An object without known properties.
    fn map(&mut self, keywords: Keywords<'a>, is_closed: bool, path: &mut Path) -> Part {
        let patterns = keywords.get("patternProperties").and_then(OrderedJson::as_object);
        let (keys, values) = match (patterns, keywords.get("additionalProperties")) {
            (Some([(source, values)]), None | Some(OrderedJson::Bool(false))) => {
                let place = |path: &mut Path| {
                    path.step(source, |path| {
                        let pattern = self.pattern(Some(source), path);
                        let keys = StringShape { pattern, ..StringShape::default() };
                        (Shape::String(keys).into(), self.read(values, path).schema)
                    })
                };
                path.step("patternProperties", place)
            }
            (Some(patterns), _) if !patterns.is_empty() => {
                let remedy = "use one pattern, and set additionalProperties to false";
                self.refuse_keyword(path, "patternProperties", remedy);
                return Schema::any().into();
            }
            (_, None) if !is_closed => (Schema::string(), Schema::any()),
            (_, Some(values)) if !is_closed => {
                let values = path.step("additionalProperties", |path| self.read(values, path));
                (Schema::string(), values.schema)
            }
            _ => {
                if self.map_limits(keywords, path).0.is_some() {
                    let remedy = "allow properties, or leave minProperties out";
                    self.refuse_keyword(path, "minProperties", remedy);
                }
                return Part { schema: Schema::object([]), is_closed };
            }
        };
        let keys = match keywords.get("propertyNames") {
            Some(_) if patterns.is_some_and(|patterns| !patterns.is_empty()) => {
                self.refuse_keyword(path, "propertyNames", "say it in the pattern");
                keys
            }
            Some(names) => path.step("propertyNames", |path| self.keys(names, path)),
            None => keys,
        };
        let (min_properties, max_properties) = self.map_limits(keywords, path);
        let mut map = Schema::map(keys, values);
        match &mut map.shape {
            Shape::Map(shape) => {
                shape.min_properties = min_properties;
                shape.max_properties = max_properties;
            }
            _ if (min_properties, max_properties) == (None, None) => {}
            _ => {
                let reason = "limits of a map whose names are listed would be lost";
                self.refuse(path, reason, "make each name a property, and say which are required");
            }
        }
        map.into()
    }

    /// The names of a map, which are always texts.
    fn keys(&mut self, names: &'a OrderedJson, path: &mut Path) -> Schema {
        let mut keys = self.read(names, path).schema;
        keys.annotations.nullable = false;
        match &keys.shape {
            Shape::String(_) | Shape::Enum(_) => keys,
            Shape::Any => Schema::string(),
            _ => {
                self.refuse(
                    path,
                    "the names would not be texts",
                    "use a string or an enum of strings",
                );
                Schema::string()
            }
        }
    }
}

/// Sorts properties as a list of names says; those that it leaves out come last.
fn sort(properties: &mut [Property], ordering: &[&str]) {
    use std::collections::HashMap;

    let places: HashMap<&str, usize> =
        ordering.iter().enumerate().map(|(place, name)| (*name, place)).collect();
    properties
        .sort_by_key(|property| places.get(&property.name[..]).copied().unwrap_or(usize::MAX));
}
