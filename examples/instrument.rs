//! A single choice: the answer is one variant of an enum, sent as `text/x.enum`.
//!
//!     cargo run --example instrument

use std::error::Error;

use gemini_examples::Connection;
use gemini_extract::GeminiSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, GeminiSchema)]
enum Instrument {
    Percussion,
    String,
    Woodwind,
    Brass,
    Keyboard,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Connection { client, .. } = &Connection::open().await?;

    let family: Instrument = client.extract("What type of instrument is an oboe?").await?;

    println!(
        "an oboe is {}",
        match family {
            Instrument::Percussion => "something to strike",
            Instrument::String => "a string instrument",
            Instrument::Woodwind => "a woodwind instrument",
            Instrument::Brass => "a brass instrument",
            Instrument::Keyboard => "a keyboard instrument",
        }
    );
    Ok(())
}
