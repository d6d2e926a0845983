//! A list that is printed while the model writes it, and what is known at its end.
//!
//!     cargo run --example stream

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

    let mut recipes = client.extract::<Vec<Recipe>>(prompt).stream();
    while let Some(recipe) = recipes.next().await {
        let recipe = recipe?;
        println!("{}: {}", recipe.recipe_name, recipe.ingredients.join(", "));
    }

    let summary = recipes.summary();
    println!("\n{} tokens by {:?}", summary.usage.total_tokens, summary.model_version);
    Ok(())
}
