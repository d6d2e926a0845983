//! An enum inside a structure: ten cookies, each with one of six grades.
//!
//!     cargo run --example graded_recipes

use std::error::Error;

use gemini_examples::Connection;
use gemini_extract::GeminiSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, GeminiSchema)]
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

#[derive(Debug, Deserialize, GeminiSchema)]
struct GradedRecipe {
    recipe_name: String,
    rating: Grade,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Connection { client, .. } = &Connection::open().await?;
    let prompt = "List 10 home-baked cookies and give them grades based on tastiness.";

    let recipes: Vec<GradedRecipe> = client.extract(prompt).await?;

    for recipe in &recipes {
        println!("{:8} {}", format!("{:?}", recipe.rating), recipe.recipe_name);
    }
    Ok(())
}
