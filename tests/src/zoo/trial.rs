//! The three laws, shown on one type in one dialect.

use std::any::type_name;
use std::fmt::Debug;

use gemini_schema::{DecodeError, DecodeErrorKind, Dialect, GeminiSchema, Lowered, Note, Schema};
use serde::Serialize;

use super::{Specimen, contract, mutation, places};
use crate::accepted::objections;
use crate::documents::Documents;
use crate::json::Json;
use crate::judge::Judge;
use crate::model::{Carrier, Obey, Reading};
use crate::walks::walks;

/// Documents made by chance, for each type and dialect.
const RANDOM: usize = 80;
/// The same of a decoder that is not sure to enforce everything.
const RANDOM_CARELESS: usize = 20;
/// Documents by a constrained decoder.
const WALKS: usize = 4;
/// What that decoder allows more: seconds of 60 and bare hosts where formats are meant, a key twice in a
/// list of entries, and any text for JSON, of which only words are told.
const WIDER: [&str; 3] = ["format", "uniqueItems", "contentMediaType"];
/// What that decoder says of keywords that it does not know; Draft 2020-12 alone has them.
const UNKNOWN: [&str; 1] = [r#"Unimplemented keys: ["propertyNames"]"#];
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

impl<'a, T: GeminiSchema + Serialize + PartialEq + Debug> Trial<'a, T> {
    /// Every way in which the type breaks the laws in a dialect.
    pub(super) fn run(specimen: &'a Specimen<T>, lowered: &'a Lowered) -> Vec<String> {
        Trial::on(specimen, lowered, lowered.as_str())
    }

    /// The same with a schema of which it is only said that it was sent.
    pub(super) fn on(specimen: &'a Specimen<T>, lowered: &'a Lowered, sent: &str) -> Vec<String> {
        let carrier = Carrier::of(lowered.dialect());
        let judged =
            Json::parse(sent).and_then(|schema| Ok((Judge::of(&schema, carrier)?, schema)));
        let (judge, schema) = match judged {
            Ok(judged) => judged,
            Err(error) => return vec![format!("{carrier:?}, accepted: {error} in {sent}")],
        };
        let mut trial = Trial { specimen, lowered, schema, carrier, judge, complaints: Vec::new() };
        trial.accepted();
        trial.complete();
        trial.lost();
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
        for value in specimen.values.iter().chain(&specimen.too_deep) {
            let is_too_deep = self.lowered.is_cut() && specimen.too_deep.contains(value);
            match self.written(value) {
                Err(_) if is_too_deep && self.lowered.encode(value).is_err() => {}
                Err(error) => self.complain("complete", &format!("{value:?}: {error}")),
                Ok(()) if is_too_deep => {
                    self.complain("complete", &format!("{value:?} is not too deep"));
                }
                Ok(()) => {}
            }
        }
    }

    /// Serde's own text conforms to the exact schema, and what is shown to the model to the one
    /// that is sent; it comes back as it was.
    fn written(&self, value: &T) -> Result<(), String> {
        let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
        if !self.specimen.writes_other_names {
            self.lowered.check(&text).map_err(|error| format!("{error}: {text}"))?;
        }
        let text = self.shown(value)?;
        self.read(value, &text)
    }

    fn shown(&self, value: &T) -> Result<String, String> {
        let text = self.lowered.encode(value).map_err(|error| error.to_string())?;
        self.judge.content(&text)?;
        self.judge.order(&text)?;
        Ok(text)
    }

    /// Whether serde itself reads what it wrote as the same value.
    fn is_faithful(&self, value: &T) -> bool {
        let text = serde_json::to_string(value).unwrap_or_default();
        (self.specimen.plain)(&text).is_ok_and(|read| read == *value)
    }

    fn read(&self, value: &T, text: &str) -> Result<(), String> {
        let decoded = (self.specimen.decode)(self.lowered, text);
        let decoded = decoded.map_err(|error| format!("{error}: {text}"))?;
        if decoded == *value {
            Ok(())
        } else {
            Err(format!("comes back as {decoded:?} from {text}"))
        }
    }

    fn lost(&mut self) {
        let specimen = self.specimen;
        for (dialect, value) in &specimen.lost {
            let outcome = self.written(value);
            let is_lost = *dialect == self.lowered.dialect();
            if is_lost == outcome.is_ok() {
                self.complain("complete", &format!("{value:?}, lost: {is_lost}: {outcome:?}"));
            }
        }
    }

    fn refused(&mut self) {
        let specimen = self.specimen;
        for (text, path, keyword) in &specimen.refused {
            let wrapped = format!(r#"{{"value":{text}}}"#);
            let text = if self.is_wrapped() { &wrapped } else { *text };
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
        let expected = self.specimen.noted(self.lowered.dialect());
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
        if !self.carrier.is_openapi() {
            self.walked();
        }
        if self.carrier == Carrier::Draft {
            self.exact(&documents);
            return Ok(());
        }
        let has_advice = !self.carrier.is_strict() && holds(&self.schema, &ADVISORY);
        if !has_advice && self.lowered.notes().is_empty() {
            return Ok(());
        }
        for document in self.documents(Obey::Enforced, RANDOM_CARELESS)? {
            if let Err(error) = self.careless(&document) {
                self.complain("sound as enforced", &format!("{document}: {error}"));
            }
        }
        Ok(())
    }

    /// What a constrained decoder of others writes decodes.
    fn walked(&mut self) {
        match walks(&self.schema.to_string(), type_name::<T>(), WALKS) {
            Ok(documents) => {
                for document in documents {
                    match (self.specimen.decode)(self.lowered, &document) {
                        Err(error) if violates(&error, &WIDER) => {}
                        Err(error) if violates(&error, self.beyond()) && self.is_noted(&error) => {}
                        Err(error) => {
                            self.complain("sound, walked", &format!("{document}: {error}"));
                        }
                        Ok(value) => {
                            let text = self.lowered.encode(&value).map_err(|e| e.to_string());
                            let again = text.and_then(|text| match self.is_faithful(&value) {
                                true => self.read(&value, &text),
                                false => Ok(()),
                            });
                            if let Err(error) = again {
                                let what = format!("{document}, written again: {error}");
                                self.complain("sound, walked", &what);
                            }
                        }
                    }
                }
            }
            Err(error) if UNKNOWN.iter().any(|known| error.contains(known)) => {}
            Err(error) => self.complain("walked", &error),
        }
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
                let again = self.shown(&value).and_then(|text| match self.is_faithful(&value) {
                    true => self.read(&value, &text),
                    false => Ok(()),
                });
                again.map_err(|error| format!("written again: {error}"))
            }
            Err(error) if violates(&error, self.beyond()) && self.is_noted(&error) => Ok(()),
            Err(error) if self.repeats_a_key(&error, document) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// A document of a decoder that leaves out what its carrier does not enforce decodes, or
    /// violates nothing else; serde alone takes it even then.
    fn careless(&self, document: &str) -> Result<(), String> {
        let Err(error) = (self.specimen.decode)(self.lowered, document) else {
            return Ok(());
        };
        if self.repeats_a_key(&error, document) || violates(&error, &["contentMediaType"]) {
            return Ok(());
        }
        if !violates(&error, &DESCRIBED) {
            return Err(error.to_string());
        }
        if !self.is_noted(&error) {
            return Err(format!("{error}, and no note says so"));
        }
        match (self.specimen.plain)(document) {
            Err(refusal) if !self.specimen.has_limits_of_its_own && !self.lowered.is_lifted() => {
                Err(format!("serde refuses it: {refusal}"))
            }
            _ => Ok(()),
        }
    }

    /// The keywords that even a decoder which obeys all of them cannot keep, having no word for
    /// them.
    fn beyond(&self) -> &'static [&'static str] {
        match self.carrier {
            Carrier::OpenAi => &["format", "minLength", "maxLength"],
            _ => &["format"],
        }
    }

    /// Whether nothing is wrong but that a list of entries has a key twice.
    fn repeats_a_key(&self, error: &DecodeError, document: &str) -> bool {
        self.lowered.is_lifted()
            && violates(error, &["uniqueItems"])
            && Json::parse(document).is_ok_and(|document| places::repeats_a_key(&document))
    }

    /// Whether the root is an object that the type knows nothing of.
    fn is_wrapped(&self) -> bool {
        let names = |schema: &Json| match schema.get("properties").map(Json::members) {
            Some([(name, _)]) => name == "value",
            _ => false,
        };
        let exact = Schema::of::<T>().lower(Dialect::Draft202012);
        let exact = exact.ok().and_then(|exact| Json::parse(exact.as_str()).ok());
        self.carrier == Carrier::OpenAi
            && names(&self.schema)
            && !exact.is_some_and(|exact| names(&exact))
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
        self.contract(&mutated);
        for document in &mutated {
            if self.judge.allows(document) == Some(true)
                && let Err(error) = (self.specimen.decode)(self.lowered, document)
            {
                self.complain("sound", &format!("{document}: {error}"));
            }
        }
    }

    /// The schema takes what serde takes, but for the listed differences.
    fn contract(&mut self, documents: &[String]) {
        let hostile = contract::HOSTILE.map(str::to_owned);
        let mut reads_more = false;
        for document in hostile.iter().chain(documents) {
            let read = (self.specimen.decode)(self.lowered, document);
            match (self.lowered.check(document), read) {
                (Err(refusal), Ok(value)) => {
                    let Some(violation) = contract::unexplained(document, &refusal) else {
                        continue;
                    };
                    reads_more = true;
                    if self.specimen.reads_more.is_none() {
                        let what = format!("{document}: {violation}, but serde reads {value:?}");
                        self.complain("contract", &what);
                    }
                }
                (Ok(()), Err(error))
                    if !(contract::may_be_refused(document)
                        // Numbers beyond the representation of an enumeration are not known.
                        || self.specimen.has_other && self.lowered.schema().to_string().contains("integer")
                        || violates(&error, self.beyond()) && self.is_noted(&error)) =>
                {
                    self.complain("contract", &format!("{document} conforms: {error}"));
                }
                _ => {}
            }
        }
        if self.specimen.reads_more.is_some() && !reads_more {
            self.complain("contract", "serde reads nothing more than other differences explain");
        }
    }

    fn agreed(&self, document: &str) -> Result<(), String> {
        let checked = self.lowered.check(document);
        match self.judge.allows(document) {
            Some(false) if checked.is_ok() && self.specimen.has_other => Ok(()),
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
