//! The three laws, shown on one type in one dialect.

use std::any::type_name;
use std::fmt::Debug;

use gemini_schema::{DecodeError, DecodeErrorKind, Dialect, Lowered, Note};
use serde::Serialize;

use super::{Specimen, mutation, places};
use crate::accepted::objections;
use crate::documents::Documents;
use crate::json::Json;
use crate::judge::Judge;
use crate::model::{Carrier, Obey, Reading};

/// Documents made by chance, for each type and dialect.
const RANDOM: usize = 80;
/// The same of a decoder that is not sure to enforce everything.
const RANDOM_CARELESS: usize = 20;
/// Keywords that no carrier is sure to enforce: without them, every decoder obeys.
const ADVISORY: [&str; 3] = ["minLength", "maxLength", "pattern"];
/// Limits that a carrier may leave to the decoding.
const DESCRIBED: [&str; 4] = ["minLength", "maxLength", "pattern", "format"];

pub(super) struct Trial<'a, T> {
    specimen: &'a Specimen<T>,
    lowered: &'a Lowered,
    schema: Json,
    carrier: Carrier,
    judge: Judge,
    complaints: Vec<String>,
}

impl<'a, T: Serialize + PartialEq + Debug> Trial<'a, T> {
    /// Every way in which the type breaks the laws in a dialect.
    pub(super) fn run(specimen: &'a Specimen<T>, lowered: &'a Lowered) -> Vec<String> {
        Trial::on(specimen, lowered, lowered.as_str())
    }

    /// The same with a schema of which it is only said that it was sent.
    pub(super) fn on(specimen: &'a Specimen<T>, lowered: &'a Lowered, sent: &str) -> Vec<String> {
        let carrier = match lowered.dialect() {
            Dialect::Gemini => Carrier::Schema,
            Dialect::GeminiJson => Carrier::JsonSchema,
            _ => Carrier::Draft,
        };
        let judged =
            Json::parse(sent).and_then(|schema| Ok((Judge::of(&schema, carrier)?, schema)));
        let (judge, schema) = match judged {
            Ok(judged) => judged,
            Err(error) => return vec![format!("{carrier:?}, accepted: {error} in {sent}")],
        };
        let mut trial = Trial { specimen, lowered, schema, carrier, judge, complaints: Vec::new() };
        trial.accepted();
        trial.complete();
        trial.refused();
        trial.noted();
        if let Err(error) = trial.sound() {
            trial.complain("sound", &error);
        }
        trial.complaints
    }

    fn complain(&mut self, law: &str, what: &str) {
        let head = format!("{:?}, {law}: ", self.carrier);
        let complaints = self.complaints.iter();
        if complaints.filter(|known| known.starts_with(&head)).count() < 3 {
            self.complaints.push(format!("{head}{what} in {}", self.lowered));
        }
    }

    fn accepted(&mut self) {
        for objection in objections(&self.schema, self.carrier) {
            self.complain("accepted", &objection);
        }
    }

    fn complete(&mut self) {
        let specimen = self.specimen;
        for value in &specimen.values {
            if let Err(error) = self.written(value) {
                self.complain("complete", &format!("{value:?}: {error}"));
            }
        }
    }

    fn written(&self, value: &T) -> Result<(), String> {
        let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
        self.judged(&text)?;
        self.lowered.check(&text).map_err(|error| format!("{error}: {text}"))?;
        let decoded = (self.specimen.decode)(self.lowered, &text);
        let decoded = decoded.map_err(|error| format!("{error}: {text}"))?;
        if decoded == *value {
            Ok(())
        } else {
            Err(format!("comes back as {decoded:?} from {text}"))
        }
    }

    /// What serde wrote has the right content, in the right order if it has one.
    fn judged(&self, text: &str) -> Result<(), String> {
        self.judge.content(text)?;
        if self.specimen.is_unordered {
            return Ok(());
        }
        self.judge.order(text)
    }

    fn refused(&mut self) {
        let specimen = self.specimen;
        for (text, path, keyword) in &specimen.refused {
            let outcome = (specimen.decode)(self.lowered, text);
            let is_right = outcome.as_ref().is_err_and(|error| {
                let mut violations = error.violations().iter();
                violations.any(|found| found.path() == *path && found.keyword() == *keyword)
            });
            if !is_right {
                let what = format!("{text} is not refused for {keyword} at {path:?}: {outcome:?}");
                self.complain("limits", &what);
            }
        }
    }

    fn noted(&mut self) {
        let dialect = self.lowered.dialect();
        let expected = self.specimen.notes.iter().find(|(noted, _)| *noted == dialect);
        let expected = expected.map_or(&[][..], |(_, paths)| paths);
        let mut found: Vec<&str> = self.lowered.notes().iter().map(Note::path).collect();
        found.sort_unstable();
        found.dedup();
        if found != expected {
            self.complain("notes", &format!("at {found:?} instead of {expected:?}"));
        }
    }

    fn sound(&mut self) -> Result<(), String> {
        let documents = self.documents(Obey::Everything, RANDOM)?;
        for document in &documents {
            if let Err(error) = self.obedient(document) {
                self.complain("sound", &format!("{document}: {error}"));
            }
        }
        if self.carrier == Carrier::Draft {
            self.exact(&documents);
            return Ok(());
        }
        if !holds(&self.schema, &ADVISORY) && self.lowered.notes().is_empty() {
            return Ok(());
        }
        for document in self.documents(Obey::Enforced, RANDOM_CARELESS)? {
            if let Err(error) = self.careless(&document) {
                self.complain("sound as enforced", &format!("{document}: {error}"));
            }
        }
        Ok(())
    }

    fn documents(&self, obey: Obey, random: usize) -> Result<Vec<String>, String> {
        let carrier = self.carrier;
        let documents = Documents::of(&self.schema, Reading { carrier, obey })?;
        let mut texts = documents.systematic();
        texts.extend(documents.random(type_name::<T>(), random));
        Ok(texts)
    }

    /// A document of a decoder that obeys every keyword decodes into a value that conforms in its
    /// turn. Only a format may be violated, for which there is no keyword and of which a note
    /// says so.
    fn obedient(&self, document: &str) -> Result<(), String> {
        if self.judge.allows(document) == Some(false) {
            return Err("the judge refuses it".to_owned());
        }
        match (self.specimen.decode)(self.lowered, document) {
            Ok(value) => {
                let text = serde_json::to_string(&value).map_err(|error| error.to_string())?;
                self.judged(&text).map_err(|error| format!("written again as {text}: {error}"))
            }
            Err(error) if violates(&error, &["format"]) && self.is_noted(&error) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// A document of a decoder that leaves out what its carrier does not enforce decodes, or
    /// violates nothing else; serde alone takes it even then.
    fn careless(&self, document: &str) -> Result<(), String> {
        let Err(error) = (self.specimen.decode)(self.lowered, document) else {
            return Ok(());
        };
        if !violates(&error, &DESCRIBED) {
            return Err(error.to_string());
        }
        if !self.is_noted(&error) {
            return Err(format!("{error}, and no note says so"));
        }
        match (self.specimen.plain)(document) {
            Err(refusal) if !self.specimen.has_limits_of_its_own => {
                Err(format!("serde refuses it: {refusal}"))
            }
            _ => Ok(()),
        }
    }

    /// Whether a note stands at the place of every violation.
    fn is_noted(&self, error: &DecodeError) -> bool {
        error.violations().iter().all(|violation| {
            let mut notes = self.lowered.notes().iter();
            notes.any(|note| places::judges(note.path(), violation.path()))
        })
    }

    /// The check of the library says the same as the judge, also of documents that went wrong.
    fn exact(&mut self, documents: &[String]) {
        let mutated = mutation::mutations(documents, type_name::<T>());
        for document in documents.iter().chain(&mutated) {
            if let Err(error) = self.agreed(document) {
                self.complain("exact", &format!("{document}: {error}"));
            }
        }
        for document in &mutated {
            if self.judge.allows(document) == Some(true)
                && let Err(error) = (self.specimen.decode)(self.lowered, document)
            {
                self.complain("sound", &format!("{document}: {error}"));
            }
        }
    }

    fn agreed(&self, document: &str) -> Result<(), String> {
        let checked = self.lowered.check(document);
        match self.judge.allows(document) {
            Some(allowed) if allowed != checked.is_ok() => {
                Err(format!("the judge says {allowed}, the check {checked:?}"))
            }
            _ => Ok(()),
        }
    }
}

/// Whether nothing is violated but these keywords.
fn violates(error: &DecodeError, keywords: &[&str]) -> bool {
    let mut violations = error.violations().iter();
    error.kind() == DecodeErrorKind::Violations
        && violations.all(|violation| keywords.contains(&violation.keyword()))
}

/// Whether a schema holds one of these keywords anywhere; a property of that name does no harm.
fn holds(schema: &Json, keywords: &[&str]) -> bool {
    let mut members = schema.members().iter();
    let mut elements = schema.elements().unwrap_or_default().iter();
    members.any(|(name, below)| keywords.contains(&&name[..]) || holds(below, keywords))
        || elements.any(|below| holds(below, keywords))
}
