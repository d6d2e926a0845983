//! Serde's attributes: the schema accepts what serde reads, and what serde writes is sent as that.

use std::collections::{BTreeMap, HashMap};

use gemini_schema::{Dialect, GeminiSchema, Lowered, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::{ALL, agree, refuses, returns, round, sends};

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all(serialize = "camelCase", deserialize = "kebab-case"))]
#[gemini(example = sample())]
struct Renamed {
    recipe_name: String,
    #[serde(rename(serialize = "b", deserialize = "a"), default)]
    first: u8,
    #[serde(rename(serialize = "a", deserialize = "b"))]
    second: u8,
    course: Course,
    parts: Vec<Part>,
    counts: BTreeMap<Course, u8>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, GeminiSchema)]
enum Course {
    #[serde(rename(serialize = "main"))]
    Dessert,
    #[serde(rename(deserialize = "main"), alias = "entree")]
    Main,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all_fields(serialize = "UPPERCASE"), rename_all(deserialize = "lowercase"))]
enum Part {
    Dough {
        with_eggs: bool,
    },
    Icing,
    #[serde(untagged)]
    Free(u8),
}

fn sample() -> Renamed {
    Renamed {
        recipe_name: "n".to_owned(),
        first: 1,
        second: 2,
        course: Course::Dessert,
        parts: vec![Part::Dough { with_eggs: true }, Part::Icing, Part::Free(3)],
        counts: [(Course::Main, 4)].into(),
    }
}

#[test]
fn names_may_differ_between_reading_and_writing() {
    let read = json!({
        "recipe-name": "n", "a": 1, "b": 2, "course": "Dessert",
        "parts": [{"dough": {"with_eggs": true}}, "icing", 3], "counts": {"main": 4}
    });
    for dialect in ALL {
        let lowered = Lowered::of::<Renamed>(dialect).unwrap();
        assert_eq!(
            lowered.decode::<Renamed>(&lowered.encode(&sample()).unwrap()).unwrap(),
            sample()
        );
    }
    let text = Lowered::of::<Renamed>(Dialect::Draft202012).unwrap().encode(&sample()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), read);
    sends::<Renamed>(Dialect::Gemini, r#""example":{"recipe-name":"n","a":1,"b":2"#);
    sends::<Renamed>(Dialect::Draft202012, r#""examples":[{"recipe-name":"n","a":1,"b":2"#);
    assert!(Schema::of::<Renamed>().check(&read).is_empty());
    assert!(!Schema::of::<Renamed>().check(&serde_json::to_value(sample()).unwrap()).is_empty());
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct HalfSkipped {
    #[serde(skip_deserializing)]
    id: u64,
    #[serde(skip_serializing, default = "three")]
    depth: u8,
    #[serde(skip_serializing)]
    source: Option<String>,
    #[serde(default = "three", alias = "stars")]
    rating: u8,
}

fn three() -> u8 {
    3
}

#[test]
fn what_serde_only_writes_is_not_sent_and_what_it_only_reads_is_optional() {
    let value = HalfSkipped { id: 9, depth: 1, source: Some("s".to_owned()), rating: 5 };
    returns(&value, &HalfSkipped { id: 0, depth: 3, source: None, rating: 5 });
    agree::<HalfSkipped>(true, [json!({}), json!({"depth": 7, "source": "x", "stars": 1})]);
    agree::<HalfSkipped>(false, [json!({"depth": 256}), json!({"source": 1})]);
    assert!(!Schema::of::<HalfSkipped>().check(&json!({"id": 1})).is_empty());
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Extra {
    name: String,
    /// Whatever else is known.
    #[serde(flatten)]
    extra: BTreeMap<String, Vec<(u8, bool)>>,
    #[serde(flatten)]
    source: Source,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Source {
    page: u16,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Open {
    name: String,
    #[serde(flatten)]
    source: Option<Source>,
    #[serde(flatten)]
    kind: Kind,
    /// Whatever else is known.
    #[serde(flatten)]
    extra: BTreeMap<String, Vec<(u8, bool)>>,
    #[serde(rename = "extra")]
    more: Option<bool>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Kind {
    Plain,
    Long { pages: u8 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Anything {
    #[serde(flatten)]
    all: serde_json::Map<String, Value>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Tagged {
    Map(BTreeMap<String, u8>),
    Open {
        id: u8,
        #[serde(flatten)]
        rest: Value,
    },
}

fn open() -> Open {
    Open {
        name: "n".to_owned(),
        source: Some(Source { page: 3 }),
        kind: Kind::Long { pages: 2 },
        extra: [("x".to_owned(), vec![(1, true)]), ("é \"".to_owned(), vec![])].into(),
        more: None,
    }
}

#[test]
fn flattened_maps_are_additional_properties_or_entries() {
    round(&open());
    round(&Open { source: None, kind: Kind::Plain, extra: BTreeMap::new(), ..open() });
    let all = json!({"a": [1, null], "b": "x"});
    round(&Anything { all: all.as_object().cloned().unwrap() });
    round(&Tagged::Map([("a".to_owned(), 1)].into()));
    round(&Tagged::Open { id: 1, rest: json!({"a": {"b": []}}) });
    sends::<Open>(
        Dialect::Draft202012,
        r#""additionalProperties":{"type":"array","description":"Whatever"#,
    );
    sends::<Open>(Dialect::GeminiJson, r#""additionalProperties":{"type":"array""#);
    sends::<Open>(Dialect::Vertex, r#""additionalProperties":{"type":"ARRAY""#);
    sends::<Open>(Dialect::Gemini, r#""extra_":{"type":"ARRAY","items":{"type":"OBJECT""#);
    sends::<Open>(Dialect::OpenAi, r#""additionalProperties":false"#);
    let good = json!({"name": "n", "Plain": null, "extra": null, "x": [[1, true]]});
    agree::<Open>(true, [good.clone()]);
    agree::<Open>(false, [json!({"name": "n", "Plain": null, "extra": null, "x": [[256, true]]})]);
}

#[test]
fn an_entry_that_is_a_known_property_or_no_entry_is_a_violation() {
    let lowered = Lowered::of::<Open>(Dialect::Gemini).unwrap();
    let violations = |entries: &str| {
        let text = format!(r#"{{"name":"n","Plain":null,"extra":null,"extra_":{entries}}}"#);
        match lowered.decode::<Open>(&text) {
            Ok(_) => Vec::new(),
            Err(error) => {
                let found = error.violations().iter();
                found.map(|one| (one.path().to_owned(), one.keyword())).collect()
            }
        }
    };
    let at = |path: &str, keyword| vec![(path.to_owned(), keyword)];
    assert_eq!(violations("[]"), []);
    assert_eq!(violations(r#"[{"key":"a","value":[]}]"#), []);
    assert_eq!(violations(r#"[{"key":"name","value":[]}]"#), at("/extra_/0", "uniqueItems"));
    assert_eq!(
        violations(r#"[{"key":"a","value":[]},{"key":"a","value":[]}]"#),
        at("/extra_/1", "uniqueItems")
    );
    assert_eq!(violations(r#"[{"key":"a"}]"#), at("/extra_", "required"));
    assert_eq!(violations("{}"), at("/extra_", "type"));
    for text in [
        r#"{"extra_":[],"extra":null,"name":"n","Plain":null}"#,
        r#"{"name":"n","extra_" : [ ] , "Plain":null,"extra":null}"#,
        r#"{ "extra_":[{"value":[],"key":"a"}],"Plain":null,"name":"n","extra":null}"#,
    ] {
        assert_eq!(lowered.decode::<Open>(text).unwrap().name, "n");
    }
}

#[test]
fn a_flattened_map_that_would_read_the_members_of_others_is_refused() {
    refuses::<Extra>("would read the members of another flattened type");

    #[derive(GeminiSchema)]
    struct Aliased {
        #[serde(alias = "title")]
        _name: String,
        #[serde(flatten)]
        _extra: HashMap<String, u8>,
    }
    refuses::<Aliased>("the alias \"title\" stands beside a flattened map");

    #[derive(GeminiSchema)]
    struct Numbered {
        #[serde(flatten)]
        _extra: HashMap<u8, u8>,
    }
    refuses::<Numbered>("keys are not just any text");

    #[derive(GeminiSchema)]
    #[serde(tag = "kind")]
    struct Labelled {
        #[serde(flatten)]
        _extra: HashMap<String, u8>,
    }
    refuses::<Labelled>("or the tag");

    #[derive(GeminiSchema)]
    struct Both {
        #[serde(flatten)]
        _counts: HashMap<Course, u8>,
        #[serde(flatten)]
        _source: Source,
    }
    refuses::<Both>("would read the members");
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Colour {
    Red,
    #[serde(other)]
    Other,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "type")]
enum Shape {
    Circle {
        radius: u8,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "type", content = "is")]
enum Adjacent {
    Circle(u8),
    #[serde(other)]
    Unknown,
}

#[test]
fn other_is_a_name_like_any_and_stands_for_all_unknown_ones() {
    for colour in [Colour::Red, Colour::Other] {
        round(&colour);
    }
    for shape in [Shape::Circle { radius: 1 }, Shape::Unknown] {
        round(&shape);
    }
    for adjacent in [Adjacent::Circle(1), Adjacent::Unknown] {
        round(&adjacent);
    }
    sends::<Colour>(Dialect::Gemini, r#""enum":["Red","Other"]"#);
    agree::<Colour>(true, [json!("Red"), json!("Other"), json!("green")]);
    agree::<Shape>(true, [json!({"type": "Square"}), json!({"type": "Unknown"})]);
    agree::<Shape>(false, [json!({"type": "Circle"}), json!({}), json!({"type": 1})]);
    agree::<Adjacent>(true, [json!({"type": "Square"})]);
    agree::<Adjacent>(false, [json!({"type": "Circle"})]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(try_from = "Bounds", into = "Bounds")]
struct Range {
    least: u8,
    length: u8,
}

#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
struct Bounds {
    least: u8,
    most: u8,
}

impl TryFrom<Bounds> for Range {
    type Error = &'static str;

    fn try_from(Bounds { least, most }: Bounds) -> Result<Self, Self::Error> {
        let length = most.checked_sub(least).ok_or("the bounds are in the wrong order")?;
        Ok(Range { least, length })
    }
}

impl From<Range> for Bounds {
    fn from(Range { least, length }: Range) -> Self {
        Bounds { least, most: least + length }
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(from = "String")]
#[gemini(min_length = 2)]
struct Sku(String);

impl From<String> for Sku {
    fn from(text: String) -> Self {
        Sku(text)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(from = "RawTree", into = "RawTree")]
struct Tree(Vec<Tree>);

#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
struct RawTree {
    children: Vec<Tree>,
}

impl From<RawTree> for Tree {
    fn from(raw: RawTree) -> Self {
        Tree(raw.children)
    }
}

impl From<Tree> for RawTree {
    fn from(Tree(children): Tree) -> Self {
        RawTree { children }
    }
}

#[test]
fn a_type_that_is_read_from_another_has_its_schema() {
    round(&Range { least: 1, length: 2 });
    round(&Sku("ab".to_owned()));
    round(&Tree(vec![Tree(vec![]), Tree(vec![Tree(vec![])])]));
    agree::<Range>(false, [json!({"least": 1, "length": 1})]);
    let lowered = Lowered::of::<Vec<Range>>(Dialect::Gemini).unwrap();
    let error = lowered.decode::<Vec<Range>>(r#"[{"least":2,"most":1}]"#).unwrap_err();
    let [violation] = error.violations() else { panic!("{error}") };
    assert_eq!((violation.path(), violation.keyword()), ("/0", "serde"));
}
