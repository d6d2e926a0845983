//! Text and characters.

use std::borrow::Cow;

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::{borrowing, zoo};
use serde::{Deserialize, Serialize};

const TEXTS: [&str; 6] =
    ["", "text", "é\u{301}漢", "\u{1d11e}\u{10ffff}", "\"\\/\n\u{0}\u{7f}", "null"];

#[test]
fn strings() {
    zoo::<String>().values(TEXTS.map(str::to_owned)).everywhere();
}

#[test]
fn boxed_text() {
    zoo::<Box<str>>().values(TEXTS.map(Box::from)).everywhere();
}

#[test]
fn owned_copies_of_text() {
    zoo::<Cow<'static, str>>().values(TEXTS.map(Cow::from)).everywhere();
}

#[test]
fn characters() {
    zoo::<char>()
        .values(['a', 'é', '\u{0}', '"', '\u{1d11e}', char::MAX])
        .refuses("\"\"", "", "minLength")
        .refuses("\"ab\"", "", "maxLength")
        .notes(&[""])
        .has_limits_of_its_own()
        .everywhere();
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Passage<'a> {
    #[serde(borrow)]
    words: Cow<'a, str>,
    #[serde(borrow, default)]
    gloss: Option<Cow<'a, str>>,
    initial: char,
}

#[test]
fn text_that_borrows_where_it_can() {
    let passage = |words, gloss: Option<&'static str>| Passage {
        words: Cow::Borrowed(words),
        gloss: gloss.map(Cow::Borrowed),
        initial: '\\',
    };
    borrowing::<Passage<'static>>()
        .values([passage("plain", None), passage("with \"escapes\"\n", Some("\u{1d11e}"))])
        .notes(&["/properties/initial"])
        .has_limits_of_its_own()
        .everywhere();
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Slice<'a> {
    words: &'a str,
}

/// Serde cannot lend text with escapes, so that `&str` has no sound schema.
#[test]
fn text_that_can_only_be_borrowed() {
    borrowing::<Slice<'static>>().nowhere(&["/properties/words"]);
}
