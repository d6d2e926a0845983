//! Recorded answers.

use gemini_emulator::{Cassette, Emulator};
use serde_json::{Value, json};

use crate::client::{by_json_schema, by_schema, prompt, send, start, with_config};

const RECIPES: [&str; 2] = [
    "List a few popular cookie recipes. Be sure to include the amounts of ingredients.",
    "List a few popular cookie recipes.",
];
const GRADES: &str = "List 10 home-baked cookies and give them grades based on tastiness.";
const OBOE: &str = "What type of instrument is an oboe?";

fn recipes_schema() -> Value {
    json!({"type": "ARRAY", "items": {"type": "OBJECT",
        "propertyOrdering": ["recipe_name", "ingredients"],
        "required": ["recipe_name", "ingredients"],
        "properties": {"recipe_name": {"type": "STRING"},
            "ingredients": {"type": "ARRAY", "items": {"type": "STRING"}}}}})
}

#[tokio::test]
async fn cookie_recipes() {
    let emulator = start().await;
    for text in RECIPES {
        let answer = send(&emulator, &by_schema(text, &recipes_schema())).await.text();
        assert!(answer.starts_with(r#"[{"recipe_name":"Brown Butter"#), "{answer}");
        let recipes: Vec<Value> = serde_json::from_str(&answer).unwrap();
        assert!(recipes.len() >= 3);
        for recipe in &recipes {
            let ingredients = recipe["ingredients"].as_array().unwrap();
            let has_amount = |text: &Value| text.as_str().unwrap().contains(char::is_numeric);
            assert!(ingredients.len() >= 3 && ingredients.iter().all(has_amount), "{recipe}");
        }
    }
}

#[tokio::test]
async fn graded_cookies() {
    let emulator = start().await;
    let grades = ["a+", "a", "b", "c", "d", "f"];
    let schema = json!({"type": "array", "minItems": 10, "maxItems": 10, "items": {
        "type": "object", "required": ["recipe_name", "rating"], "additionalProperties": false,
        "propertyOrdering": ["rating", "recipe_name"],
        "properties": {"recipe_name": {"type": "string"}, "rating": {"enum": grades}}}});
    let answer = send(&emulator, &by_json_schema(GRADES, &schema)).await.text();
    assert!(answer.starts_with(r#"[{"rating":"a+","recipe_name":"Brown Butter"#), "{answer}");
    let cookies: Vec<Value> = serde_json::from_str(&answer).unwrap();
    assert_eq!(cookies.len(), 10);
    for grade in grades {
        assert!(cookies.iter().any(|cookie| cookie["rating"] == grade), "{grade}");
    }
}

#[tokio::test]
async fn the_oboe() {
    let emulator = start().await;
    let schema = json!({"type": "STRING",
        "enum": ["Percussion", "String", "Woodwind", "Brass", "Keyboard"]});
    let config = json!({"responseMimeType": "text/x.enum", "responseSchema": schema});
    assert_eq!(send(&emulator, &with_config(OBOE, &config)).await.text(), "Woodwind");
    let spaced = " What type of  instrument\nis an oboe? ";
    assert_eq!(send(&emulator, &by_schema(spaced, &schema)).await.text(), "\"Woodwind\"");
    assert!(send(&emulator, &prompt(OBOE)).await.text().contains("woodwind"));
}

#[tokio::test]
async fn other_schemas_get_documents_of_their_own() {
    let emulator = start().await;
    let config = json!({"responseMimeType": "text/x.enum",
        "responseSchema": {"type": "STRING", "enum": ["loud", "quiet"]}});
    let text = send(&emulator, &with_config(OBOE, &config)).await.text();
    assert!(["loud", "quiet"].contains(&text.as_str()), "{text}");
    let schema = json!({"type": "ARRAY", "items": {"type": "OBJECT", "required": ["title"],
        "properties": {"title": {"type": "STRING"}}}});
    let text = send(&emulator, &by_schema(RECIPES[0], &schema)).await.text();
    let recipes: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(recipes.iter().all(|recipe| recipe["title"].is_string()), "{text}");
}

#[tokio::test]
async fn own_cassettes_come_first() {
    let folder = std::env::temp_dir().join(format!("gemini-emulator-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let record = |answer: &str| {
        let interaction = json!({"prompt": OBOE, "mimeType": "text/plain", "answer": answer});
        json!({"interactions": [interaction]}).to_string()
    };
    std::fs::write(folder.join("2.json"), record("second")).unwrap();
    std::fs::write(folder.join("1.json"), record("first")).unwrap();
    std::fs::write(folder.join("notes.txt"), "not a cassette").unwrap();
    let cassette = Cassette::load(&folder).unwrap();
    std::fs::write(folder.join("3.json"), "{}").unwrap();
    let broken = Cassette::load(&folder).unwrap_err();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(broken.path().unwrap().ends_with("3.json"), "{broken}");
    let missing = Cassette::load(&folder).unwrap_err();
    assert!(std::error::Error::source(&missing).is_some());

    let emulator = Emulator::builder().cassette(cassette).start().await.unwrap();
    assert_eq!(send(&emulator, &prompt(OBOE)).await.text(), "first");
}

#[tokio::test]
async fn a_script_comes_before_cassettes() {
    let emulator = start().await;
    emulator.enqueue(gemini_emulator::Reply::text("scripted"));
    assert_eq!(send(&emulator, &prompt(OBOE)).await.text(), "scripted");
}
