//! The main job: ask for recipes, hold them as Rust values.
//!
//!     cargo run --example recipes

use std::error::Error;

use gemini_examples::Connection;
use gemini_extract::GeminiSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, GeminiSchema)]
struct Recipe {
    recipe_name: String,
    /// With their amounts, such as "2 large eggs".
    #[gemini(min_items = 1)]
    ingredients: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Connection { client, .. } = &Connection::open().await?;
    let prompt =
        "List a few popular cookie recipes. Be sure to include the amounts of ingredients.";

    let recipes: Vec<Recipe> = client.extract(prompt).await?;

    for recipe in &recipes {
        println!("{}", recipe.recipe_name);
        for ingredient in &recipe.ingredients {
            println!("  - {ingredient}");
        }
    }
    Ok(())
}
