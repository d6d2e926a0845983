//! `$ref`, resolved inside the document.

use std::collections::{HashMap, HashSet, VecDeque};

use super::reader::{Mode, Part, Reader};
use crate::generator::plain;
use crate::path::Path;
use crate::{OrderedJson, Schema, Shape};

/// How many definitions a schema may have.
const MOST_DEFINITIONS: usize = 1000;

/// The names of what is referred to, and what of it is still to be read.
#[derive(Default)]
pub(super) struct Names<'a> {
    by_pointer: HashMap<&'a str, String>,
    taken: HashSet<String>,
    root: String,
    open: VecDeque<Target<'a>>,
}

/// What a reference leads to.
pub(super) struct Target<'a> {
    pub(super) name: String,
    pub(super) pointer: String,
    pub(super) json: &'a OrderedJson,
}

impl<'a> Names<'a> {
    pub(super) fn name_root(&mut self, name: &str) {
        self.root = name.to_owned();
    }

    /// The next definition that nobody has read yet.
    pub(super) fn next(&mut self) -> Option<Target<'a>> {
        self.open.pop_front()
    }

    /// The name of what a reference leads to; `None` if there are too many.
    fn name(&mut self, reference: &'a str, pointer: &str, json: &'a OrderedJson) -> Option<String> {
        if let Some(name) = self.by_pointer.get(reference) {
            return Some(name.clone());
        }
        if self.taken.len() >= MOST_DEFINITIONS {
            return None;
        }
        let last = pointer.rsplit('/').next().unwrap_or_default();
        let wanted = plain(if last.is_empty() { &self.root } else { last });
        let mut name = wanted.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        self.by_pointer.insert(reference, name.clone());
        self.open.push_back(Target { name: name.clone(), pointer: pointer.to_owned(), json });
        Some(name)
    }
}

impl<'a> Reader<'a> {
    pub(super) fn reference(
        &mut self,
        target: &'a OrderedJson,
        path: &mut Path,
        mode: Mode,
    ) -> Part {
        let Some(reference) = target.as_str() else {
            return self.refuse(
                path,
                "the reference is no text",
                "write a JSON Pointer such as #/$defs/Name",
            );
        };
        let Some(pointer) = reference.strip_prefix('#').and_then(decoded) else {
            let remedy = "put the schema under $defs and refer to it as #/$defs/Name";
            return self.refuse(path, "the reference leads to another document", remedy);
        };
        let Some(json) = resolve(self.root, &pointer) else {
            let remedy = "write a JSON Pointer to a part of this document, such as #/$defs/Name";
            return self.refuse(path, "the reference leads nowhere", remedy);
        };
        if mode == Mode::Refer {
            return match self.names.name(reference, &pointer, json) {
                Some(name) => Schema::from(Shape::Reference(name)).into(),
                None => {
                    let remedy = "send only the definitions that are needed";
                    self.refuse(path, "there are more than 1000 definitions", remedy)
                }
            };
        }
        if self.expanding.contains(&reference) {
            let remedy = "refer to it from a property or from the elements of a list";
            return self.refuse(path, "the definition contains itself whole", remedy);
        }
        self.expanding.push(reference);
        let mut place = Path::default();
        place.set(&pointer);
        let part = self.visit(json, &mut place, mode);
        self.expanding.pop();
        part
    }
}

/// What a JSON Pointer leads to.
fn resolve<'a>(root: &'a OrderedJson, pointer: &str) -> Option<&'a OrderedJson> {
    if pointer.is_empty() {
        return Some(root);
    }
    let mut place = root;
    for step in pointer.strip_prefix('/')?.split('/') {
        let step = step.replace("~1", "/").replace("~0", "~");
        place = match place {
            OrderedJson::Object(_) => place.get(&step)?,
            OrderedJson::Array(elements) => elements.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(place)
}

/// The fragment of a URI without its escapes.
fn decoded(fragment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}
