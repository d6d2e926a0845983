//! Types that contain themselves: `responseSchema` has none, and `responseJsonSchema` follows
//! them through properties that may be left out.

use std::collections::BTreeMap;

use gemini_schema::{Dialect, GeminiSchema};
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct List {
    value: i32,
    #[serde(default)]
    next: Option<Box<List>>,
}

#[test]
fn lists() {
    let end = List { value: 1, next: None };
    let list = List { value: i32::MIN, next: Some(Box::new(end.clone())) };
    zoo::<List>().values([end.clone(), list]).everywhere();
    zoo::<Vec<List>>().value(vec![end]).everywhere();
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Tree {
    /// what it is called
    name: String,
    /// the folders inside
    #[serde(default)]
    children: Vec<Tree>,
}

#[test]
fn trees() {
    let leaf = Tree { name: "leaf".into(), children: vec![] };
    let tree = Tree { name: String::new(), children: vec![leaf.clone(), leaf] };
    zoo::<Tree>().value(tree).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Endless {
    name: String,
    children: Vec<Endless>,
}

/// The list could be empty, but the service unrolls through optional properties only.
#[test]
fn trees_whose_children_are_always_there() {
    let leaf = Endless { name: "leaf".into(), children: vec![] };
    let tree = Endless { name: String::new(), children: vec![leaf] };
    zoo::<Endless>().value(tree).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Company {
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    people: Vec<Employee>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Employee {
    name: String,
    #[serde(default)]
    owns: Option<Box<Company>>,
}

#[test]
fn types_that_contain_each_other() {
    let owner = Employee {
        name: "Ada".into(),
        owns: Some(Box::new(Company { name: "small".into(), people: vec![] })),
    };
    let company = Company { name: "large".into(), people: vec![owner.clone()] };
    zoo::<Company>().value(company).everywhere();
    zoo::<Employee>().value(owner).everywhere();
}

/// An expression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Expression {
    Number(f64),
    Negated {
        #[serde(default)]
        inner: Option<Box<Expression>>,
    },
    Sum {
        #[serde(default)]
        terms: Vec<Expression>,
    },
}

#[test]
fn recursion_through_enums() {
    let sum = Expression::Sum {
        terms: vec![Expression::Number(0.5), Expression::Negated { inner: None }],
    };
    zoo::<Expression>().values([Expression::Number(1.0), sum]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Loose {
    Leaf(u8),
    Node {
        #[serde(default)]
        below: Vec<Loose>,
    },
}

#[test]
fn recursion_without_tags() {
    let node = Loose::Node { below: vec![Loose::Leaf(1), Loose::Node { below: vec![] }] };
    zoo::<Loose>().values([Loose::Leaf(0), node]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Node {
    Text { text: String },
    Element(Element),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Element {
    name: String,
    #[serde(default)]
    nodes: Vec<Node>,
}

#[test]
fn recursion_through_a_tagged_newtype() {
    let element = Element { name: "p".into(), nodes: vec![Node::Text { text: "a".into() }] };
    let node = Node::Element(element.clone());
    zoo::<Node>().value(node).everywhere();
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, GeminiSchema)]
struct Section {
    title: String,
    #[serde(default)]
    sections: BTreeMap<String, Section>,
}

#[test]
fn recursion_through_maps() {
    let outer =
        Section { title: "a".into(), sections: [("1/2".to_owned(), Section::default())].into() };
    zoo::<Section>().value(outer).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Generic<T> {
    value: T,
    /// the rest, if any
    #[serde(default)]
    rest: Option<Box<Generic<T>>>,
    #[serde(default)]
    other: Option<Box<Generic<bool>>>,
}

#[test]
fn recursion_through_generics() {
    let end = Generic { value: true, rest: None, other: None };
    let value = Generic { value: 1_u8, rest: None, other: Some(Box::new(end)) };
    zoo::<Generic<u8>>().value(value).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Forest(Vec<Forest>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Peano {
    Zero,
    Next(Box<Peano>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Null {
    next: Option<Box<Null>>,
}

#[test]
fn recursion_without_optional_properties() {
    let forest = Forest(vec![Forest(vec![]), Forest(vec![Forest(vec![])])]);
    zoo::<Forest>()
        .value(forest)
        .refused_in(Dialect::Gemini, &["/$defs/Forest/items"])
        .refused_in(Dialect::Vertex, &["/$defs/Forest/items"])
        .refused_in(Dialect::GeminiJson, &["/$defs/Forest/items"])
        .everywhere();
    let two = Peano::Next(Box::new(Peano::Next(Box::new(Peano::Zero))));
    zoo::<Peano>().value(two).everywhere();
    let next = Some(Box::new(Null { next: None }));
    zoo::<Null>().value(Null { next }).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct TwoTrees {
    left: Tree,
    /// may be missing
    right: Option<Tree>,
    more: Vec<Tree>,
}

#[test]
fn recursive_types_used_several_times() {
    let tree = Tree { name: "t".into(), children: vec![] };
    let trees = TwoTrees { left: tree.clone(), right: Some(tree.clone()), more: vec![tree] };
    zoo::<TwoTrees>().value(trees).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Limited {
    #[gemini(minimum = 1)]
    weight: u8,
    #[gemini(min_items = 1, max_items = 3)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parts: Option<Vec<Limited>>,
}

#[test]
fn limits_at_every_depth() {
    let part = Limited { weight: 255, parts: None };
    let whole = Limited { weight: 1, parts: Some(vec![part.clone(), part]) };
    zoo::<Limited>()
        .value(whole)
        .refuses(r#"{"weight":1,"parts":[{"weight":0}]}"#, "/parts/0/weight", "minimum")
        .refuses(r#"{"weight":1,"parts":[{"weight":1,"parts":[]}]}"#, "/parts/0/parts", "minItems")
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Holder {
    id: u8,
    #[serde(flatten)]
    tree: Tree,
}

#[test]
fn flattened_trees() {
    let tree =
        Tree { name: "t".into(), children: vec![Tree { name: String::new(), children: vec![] }] };
    zoo::<Holder>().value(Holder { id: 1, tree }).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "op")]
enum Operation {
    Literal {
        #[gemini(maximum = 3)]
        value: i64,
    },
    Negate {
        #[serde(default)]
        operand: Option<Box<Operation>>,
    },
    Named {
        #[serde(default)]
        operands: BTreeMap<String, Operation>,
    },
}

#[test]
fn recursion_through_tagged_variants() {
    let literal = Operation::Literal { value: i64::MIN };
    let negate = Operation::Negate { operand: Some(Box::new(literal.clone())) };
    let named = Operation::Named { operands: [(String::new(), negate)].into() };
    zoo::<Operation>()
        .values([literal, named])
        .refuses(
            r#"{"op":"Negate","operand":{"op":"Literal","value":4}}"#,
            "/operand/value",
            "maximum",
        )
        .everywhere();
}
