//! A walk over a schema as it is sent, counting.

use std::collections::HashMap;

use super::Metrics;
use crate::path::Path;
use crate::{Number, OrderedJson};

/// The numbers, and where the greatest of them come from.
pub(super) struct Survey {
    pub(super) metrics: Metrics,
    /// Where the deepest array or object is.
    pub(super) deepest: String,
    /// The array with the greatest `maxItems`.
    pub(super) longest: Greatest,
    /// The object whose names have the most bytes.
    pub(super) wordiest: Greatest,
    /// Enumerations with many members, in their order.
    pub(super) enums: Vec<(String, usize)>,
}

/// Enumerations below this size are no news.
pub(super) const LARGE_ENUM: usize = 100;

/// The greatest number so far, and its place.
#[derive(Default)]
pub(super) struct Greatest {
    pub(super) path: String,
    pub(super) value: u64,
}

impl Greatest {
    fn offer(&mut self, value: u64, path: &Path) {
        if value > self.value {
            *self = Greatest { path: path.as_str().to_owned(), value };
        }
    }
}

impl Survey {
    pub(super) fn of(root: &OrderedJson, bytes: usize) -> Survey {
        let mut survey = Survey {
            metrics: Metrics { estimated_tokens: bytes.div_ceil(4), ..Metrics::default() },
            deepest: String::new(),
            longest: Greatest::default(),
            wordiest: Greatest::default(),
            enums: Vec::new(),
        };
        let mut path = Path::default();
        survey.node(root, &mut path);
        for keyword in ["$defs", "defs"] {
            for (name, definition) in members(root, keyword) {
                path.step(keyword, |path| {
                    path.step(name, |path| survey.node(definition, path));
                });
            }
        }
        let mut depths = Depths { root, known: HashMap::new() };
        let (depth, deepest) = depths.of(root, &mut path);
        survey.metrics.depth = depth;
        survey.deepest = deepest;
        survey
    }

    fn node(&mut self, node: &OrderedJson, path: &mut Path) {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        if let Some(enumeration) = node.get("enum").and_then(OrderedJson::as_array) {
            let texts = enumeration.iter().filter_map(OrderedJson::as_str);
            self.metrics.enum_members += enumeration.len();
            self.metrics.enum_characters += texts.map(|text| text.chars().count()).sum::<usize>();
            self.metrics.largest_enum = self.metrics.largest_enum.max(enumeration.len());
            if enumeration.len() > LARGE_ENUM {
                self.enums.push((path.as_str().to_owned(), enumeration.len()));
            }
        }
        if let Some(OrderedJson::Number(Number::Integer(most))) = node.get("maxItems") {
            let most = most.to_u64().unwrap_or(u64::MAX);
            self.metrics.max_items = self.metrics.max_items.saturating_add(most);
            self.longest.offer(most, path);
        }
        let properties = members(node, "properties");
        let bytes: usize = properties.iter().map(|(name, _)| name.len()).sum();
        self.metrics.properties += properties.len();
        self.metrics.name_bytes += bytes;
        self.wordiest.offer(count(bytes), path);
        let branches = node.get("anyOf").and_then(OrderedJson::as_array);
        self.metrics.alternatives += branches.map_or(0, <[_]>::len);
        children(node, path, &mut |child, path| self.node(child, path));
    }
}

/// How deeply objects and arrays are nested, definitions followed once.
struct Depths<'a> {
    root: &'a OrderedJson,
    /// The depth of what a reference leads to; none while it is being looked at.
    known: HashMap<&'a str, usize>,
}

impl<'a> Depths<'a> {
    /// The depth, and the path of the deepest place.
    fn of(&mut self, node: &'a OrderedJson, path: &mut Path) -> (usize, String) {
        let own = usize::from(is_container(node));
        let mut deepest = (0, path.as_str().to_owned());
        let reference = ["$ref", "ref"].iter().find_map(|name| node.get(name)?.as_str());
        if let Some(reference) = reference {
            deepest.0 = self.definition(reference);
        }
        children(node, path, &mut |child, path| {
            let found = self.of(child, path);
            if found.0 > deepest.0 {
                deepest = found;
            }
        });
        (deepest.0 + own, deepest.1)
    }

    fn definition(&mut self, reference: &'a str) -> usize {
        if let Some(known) = self.known.get(reference) {
            return *known;
        }
        self.known.insert(reference, 0);
        let mut parts = reference.trim_start_matches("#/").splitn(2, '/');
        let (keyword, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let name = name.replace("~1", "/").replace("~0", "~");
        let definition = members(self.root, keyword).iter().find(|(key, _)| *key == name);
        let depth = definition.map_or(0, |(_, node)| self.of(node, &mut Path::default()).0);
        self.known.insert(reference, depth);
        depth
    }
}

fn is_container(node: &OrderedJson) -> bool {
    let names = match node.get("type") {
        Some(OrderedJson::Array(names)) => names.as_slice(),
        Some(name) => std::slice::from_ref(name),
        None => &[],
    };
    names
        .iter()
        .filter_map(OrderedJson::as_str)
        .any(|name| name.eq_ignore_ascii_case("object") || name.eq_ignore_ascii_case("array"))
}

fn members<'a>(
    node: &'a OrderedJson,
    keyword: &str,
) -> &'a [(std::borrow::Cow<'static, str>, OrderedJson)] {
    node.get(keyword).and_then(OrderedJson::as_object).unwrap_or(&[])
}

/// The schemas directly below a node, definitions left aside.
fn children<'a>(
    node: &'a OrderedJson,
    path: &mut Path,
    visit: &mut dyn FnMut(&'a OrderedJson, &mut Path),
) {
    for (name, property) in members(node, "properties") {
        path.step("properties", |path| path.step(name, |path| visit(property, path)));
    }
    for keyword in ["items", "additionalProperties", "propertyNames"] {
        if let Some(child @ OrderedJson::Object(_)) = node.get(keyword) {
            path.step(keyword, |path| visit(child, path));
        }
    }
    for keyword in ["anyOf", "prefixItems"] {
        let branches = node.get(keyword).and_then(OrderedJson::as_array).unwrap_or(&[]);
        for (index, branch) in branches.iter().enumerate() {
            path.step(keyword, |path| path.step(index, |path| visit(branch, path)));
        }
    }
}
