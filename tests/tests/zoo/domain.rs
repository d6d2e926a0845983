//! Types as they are used: recipes, a résumé, an invoice, a licence.

use gemini_schema::{Dialect, GeminiSchema};
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

/// A recipe for home-baked cookies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Recipe {
    /// What the cookies are called.
    recipe_name: String,
    /// Each with its amount.
    #[gemini(min_items = 1)]
    ingredients: Vec<String>,
    rating: Grade,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all = "lowercase")]
enum Grade {
    #[serde(rename = "a+")]
    APlus,
    A,
    B,
    C,
    D,
    F,
}

#[test]
fn recipes() {
    let recipe = |name: &str, rating| Recipe {
        recipe_name: name.into(),
        ingredients: vec!["1 cup of oats".into(), "½ tsp salt".into()],
        rating,
    };
    zoo::<Vec<Recipe>>()
        .values([vec![], vec![recipe("Oat", Grade::APlus), recipe("Sablé", Grade::F)]])
        .refuses(
            r#"[{"recipe_name":"a","ingredients":[],"rating":"b"}]"#,
            "/0/ingredients",
            "minItems",
        )
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Resume {
    name: String,
    #[gemini(format = "email")]
    mail: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    links: Vec<String>,
    positions: Vec<Position>,
    languages: Vec<Language>,
    #[serde(rename = "yearsOfExperience")]
    #[gemini(minimum = 0, maximum = 70)]
    years: f32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Position {
    employer: String,
    #[serde(flatten)]
    period: Period,
    duties: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Period {
    #[gemini(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    from: String,
    /// Null while it lasts.
    to: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "level", rename_all = "snake_case")]
enum Language {
    Native { language: String },
    Learned { language: String, since: Option<u16> },
}

#[test]
fn a_resume() {
    let period = Period { from: "2019-04".into(), to: None };
    let position = Position { employer: "Analytical Engines".into(), period, duties: vec![] };
    let languages = vec![
        Language::Native { language: "fr".into() },
        Language::Learned { language: "de".into(), since: Some(2001) },
    ];
    let resume = Resume {
        name: "Ada".into(),
        mail: Some("ada@example.org".into()),
        links: vec![],
        positions: vec![position],
        languages,
        years: 7.5,
    };
    zoo::<Resume>()
        .value(resume)
        .notes(&["/properties/mail", "/properties/positions/items/properties/from"])
        .everywhere();
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Invoice {
    #[gemini(min_length = 1, max_length = 20, example = "2026-0042")]
    number: String,
    #[gemini(format = "date-time")]
    issued: String,
    currency: Currency,
    #[gemini(min_items = 1, max_items = 50)]
    lines: Vec<Line>,
    total: Money,
    #[gemini(optional)]
    discount: Option<Discount>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Currency {
    Eur,
    Usd,
    /// Japanese yen
    Jpy,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Line {
    #[gemini(pattern = "^[A-Z]{3}[0-9]+$")]
    sku: String,
    #[gemini(minimum = 1)]
    quantity: u32,
    price: Money,
}

/// An amount in the smallest unit of its currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[gemini(minimum = 0)]
struct Money(i64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all = "camelCase")]
enum Discount {
    Percent(#[gemini(minimum = 0, maximum = 100)] f64),
    Amount(Money),
    FreeShipping,
}

#[test]
fn an_invoice() {
    let line = Line { sku: "ABC1".into(), quantity: 1, price: Money(i64::MAX) };
    let invoice = |discount| Invoice {
        number: "1".into(),
        issued: "2026-11-20T08:30:00Z".into(),
        currency: Currency::Jpy,
        lines: vec![line.clone()],
        total: Money(0),
        discount,
    };
    zoo::<Invoice>()
        .values([
            invoice(None),
            invoice(Some(Discount::Percent(99.5))),
            invoice(Some(Discount::Amount(Money(1)))),
            invoice(Some(Discount::FreeShipping)),
        ])
        .notes(&["/properties/lines/items/properties/sku", "/properties/number"])
        .everywhere();
}

/// A licence text, taken apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Licence {
    title: String,
    version: Option<String>,
    #[gemini(format = "date")]
    date: Option<String>,
    definitions: Vec<Definition>,
    sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Definition {
    term: String,
    meaning: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Section {
    Grant { grants: Vec<Right>, irrevocable: bool },
    Condition { must: String, unless: Option<String> },
    Other(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all = "kebab-case")]
enum Right {
    Reproduce,
    Sublicense,
    MakeDerivativeWorks,
}

#[test]
fn a_licence() {
    let grant = Section::Grant { grants: vec![Right::MakeDerivativeWorks], irrevocable: true };
    let condition = Section::Condition { must: "keep notices".into(), unless: None };
    let licence = Licence {
        title: "Licence".into(),
        version: Some("2.0".into()),
        date: Some("2004-01-01".into()),
        definitions: vec![Definition { term: "Work".into(), meaning: "the work".into() }],
        sections: vec![grant, condition, Section::Other("end".into())],
    };
    zoo::<Licence>().value(licence).notes_in(Dialect::Gemini, &["/properties/date"]).everywhere();
}
