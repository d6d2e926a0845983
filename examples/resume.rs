//! A page of plain text as input: a résumé with its dates and lists.
//!
//!     cargo run --example resume
//!     cargo run --example resume -- path/to/another.txt

use std::error::Error;

use gemini_examples::Connection;
use gemini_extract::GeminiSchema;
use serde::Deserialize;

const RESUME: &str = include_str!("inputs/resume.txt");

/// The résumé of one person.
#[derive(Debug, Deserialize, GeminiSchema)]
struct Resume {
    name: String,
    #[gemini(format = "email")]
    email: Option<String>,
    city: Option<String>,
    /// The present position first.
    positions: Vec<Position>,
    education: Vec<Education>,
    skills: Vec<String>,
    languages: Vec<Language>,
}

#[derive(Debug, Deserialize, GeminiSchema)]
struct Position {
    title: String,
    employer: String,
    begin: Month,
    /// `null` if it goes on.
    end: Option<Month>,
    #[gemini(max_items = 10)]
    achievements: Vec<String>,
}

#[derive(Debug, Deserialize, GeminiSchema)]
struct Education {
    degree: String,
    school: String,
    #[gemini(minimum = 1900, maximum = 2100)]
    year: Option<u16>,
}

#[derive(Debug, Deserialize, GeminiSchema)]
struct Month {
    #[gemini(minimum = 1900, maximum = 2100)]
    year: u16,
    /// `null` if only the year is given.
    #[gemini(minimum = 1, maximum = 12)]
    month: Option<u8>,
}

#[derive(Debug, Deserialize, GeminiSchema)]
struct Language {
    name: String,
    level: Level,
}

#[derive(Debug, Deserialize, GeminiSchema)]
#[serde(rename_all = "snake_case")]
enum Level {
    Native,
    Fluent,
    Conversational,
    Basic,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Connection { client, .. } = &Connection::open().await?;
    let text = match std::env::args().nth(1) {
        Some(path) => std::fs::read_to_string(path)?,
        None => RESUME.to_owned(),
    };

    let resume: Resume = client
        .extract(text)
        .system("Note what the résumé says. Use null for what it does not say; invent nothing.")
        .await?;

    println!("{} ({})", resume.name, resume.city.as_deref().unwrap_or("no city given"));
    println!("{}", resume.email.as_deref().unwrap_or("no e-mail address given"));
    for position in &resume.positions {
        let end = position.end.as_ref().map_or("today".to_owned(), month);
        let begin = month(&position.begin);
        println!("{begin} to {end}: {}, {}", position.title, position.employer);
        for achievement in &position.achievements {
            println!("  - {achievement}");
        }
    }
    for education in &resume.education {
        let year = education.year.map_or("no year given".to_owned(), |year| year.to_string());
        println!("{year}: {}, {}", education.degree, education.school);
    }
    println!("skills: {}", resume.skills.join(", "));
    for language in &resume.languages {
        println!("{}: {:?}", language.name, language.level);
    }
    Ok(())
}

fn month(date: &Month) -> String {
    match date.month {
        Some(month) => format!("{}-{month:02}", date.year),
        None => date.year.to_string(),
    }
}
