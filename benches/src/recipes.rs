//! The same recipe three times: without limits, with them, and with parts that have to be lifted.

use std::collections::BTreeMap;

use gemini_schema::GeminiSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A recipe whose limits serde knows.
#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
pub struct Recipe {
    name: String,
    difficulty: Difficulty,
    servings: u8,
    minutes: u32,
    rating: f64,
    ingredients: Vec<Ingredient>,
    steps: Vec<String>,
    source: Option<String>,
    vegetarian: bool,
}

#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
struct Ingredient {
    name: String,
    amount: f64,
    unit: Option<Unit>,
}

/// The same with limits that serde does not know.
#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
pub struct LimitedRecipe {
    #[gemini(min_length = 1, max_length = 80)]
    name: String,
    difficulty: Difficulty,
    #[gemini(minimum = 1, maximum = 24)]
    servings: u8,
    #[gemini(minimum = 1)]
    minutes: u32,
    #[gemini(minimum = 0, maximum = 5)]
    rating: f64,
    #[gemini(min_items = 1, max_items = 40)]
    ingredients: Vec<LimitedIngredient>,
    #[gemini(min_items = 1, max_items = 40)]
    steps: Vec<String>,
    source: Option<String>,
    vegetarian: bool,
}

#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
struct LimitedIngredient {
    #[gemini(min_length = 1)]
    name: String,
    #[gemini(minimum = 0)]
    amount: f64,
    unit: Option<Unit>,
}

/// The same with a map, a tuple of different types and a part of any shape, which the dialect
/// `Gemini` cannot say as they are.
#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
pub struct LiftedRecipe {
    name: String,
    difficulty: Difficulty,
    servings: u8,
    minutes: u32,
    rating: f64,
    ingredients: Vec<Ingredient>,
    steps: Vec<String>,
    source: Option<String>,
    vegetarian: bool,
    nutrition: BTreeMap<String, f64>,
    oven: (u16, String),
    remarks: Value,
}

/// The lifted one with the limits.
#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
pub struct LimitedLiftedRecipe {
    #[gemini(min_length = 1, max_length = 80)]
    name: String,
    difficulty: Difficulty,
    #[gemini(minimum = 1, maximum = 24)]
    servings: u8,
    #[gemini(minimum = 1)]
    minutes: u32,
    #[gemini(minimum = 0, maximum = 5)]
    rating: f64,
    #[gemini(min_items = 1, max_items = 40)]
    ingredients: Vec<LimitedIngredient>,
    #[gemini(min_items = 1, max_items = 40)]
    steps: Vec<String>,
    source: Option<String>,
    vegetarian: bool,
    nutrition: BTreeMap<String, f64>,
    oven: (u16, String),
    remarks: Value,
}

#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
enum Difficulty {
    Easy,
    Medium,
    Hard,
}

#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Gram,
    Millilitre,
    Spoon,
}

/// Recipes as serde writes any of the types here, with what only the lifted ones have if it is
/// asked for.
#[must_use]
pub fn recipes(count: usize, parts: Parts) -> Vec<Value> {
    (0..count).map(|index| recipe(index, parts)).collect()
}

/// What stands in a recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// What every recipe has.
    Common,
    /// The map, the tuple and the remarks too.
    All,
}

fn recipe(index: usize, parts: Parts) -> Value {
    const NAMES: [&str; 6] = ["flour", "brown sugar", "butter", "eggs", "cr\u{e8}me", "oats"];
    const DIFFICULTIES: [&str; 3] = ["Easy", "Medium", "Hard"];
    const UNITS: [Option<&str>; 4] = [Some("gram"), Some("millilitre"), Some("spoon"), None];
    let ingredients: Vec<Value> = NAMES
        .iter()
        .zip(UNITS.iter().cycle())
        .take(3 + index % 4)
        .enumerate()
        .map(|(place, (name, unit))| {
            let amount = f64::from(u32::try_from(index + 7 * place).unwrap_or(1)) + 0.5;
            json!({"name": name, "amount": amount, "unit": unit})
        })
        .collect();
    let steps: Vec<String> = (0..3 + index % 3)
        .map(|step| format!("Step {step}: mix what is in the bowl, \"slowly\", for {index} turns."))
        .collect();
    let mut recipe = json!({
        "name": format!("Cookies of day {index}"),
        "difficulty": DIFFICULTIES.get(index % 3),
        "servings": 1 + index % 24,
        "minutes": 15 + index % 90,
        "rating": f64::from(u8::try_from(index % 50).unwrap_or(0)) / 10.0,
        "ingredients": ingredients,
        "steps": steps,
        "source": index.is_multiple_of(2).then(|| format!("https://example.com/recipes/{index}")),
        "vegetarian": index.is_multiple_of(3),
    });
    if parts == Parts::All {
        recipe["nutrition"] = json!({"energy": 412.5, "fat": 18.0, "protein": 6.25, "sugar": 31.0});
        recipe["oven"] = json!([160 + index % 60, "fan"]);
        recipe["remarks"] = json!({"tested": true, "by": ["Ada", "Lin"], "score": index});
    }
    recipe
}
