//! The models that exist, and what the service says of them.

use serde_json::{Value, json};

use crate::error::Refusal;
use crate::page::{Page, PageSizes};

/// What is listed where every model is known.
const WELL_KNOWN: [&str; 6] = [
    "gemini-3.8-flash",
    "gemini-3.5-flash",
    "gemini-3.5-flash-lite",
    "gemini-3.1-pro-preview",
    "gemini-2.5-flash",
    "gemini-flash-latest",
];
const PAGE_SIZES: PageSizes = PageSizes { usual: 50, largest: 1000 };
const MODELS: &str = "models";

/// The models that an emulator has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Models {
    /// Nothing stands for every model there may be.
    only: Option<Vec<String>>,
}

impl Models {
    pub(crate) fn only(names: impl IntoIterator<Item = String>) -> Self {
        Models { only: Some(names.into_iter().collect()) }
    }

    /// Refuses a model that doesn't exist, as `generateContent` and the like do.
    pub(crate) fn check(
        &self,
        model: &str,
        (version, method): (&str, &str),
    ) -> Result<(), Refusal> {
        if self.has(model) {
            return Ok(());
        }
        Err(Refusal::not_found(format!(
            "models/{model} is not found for API version {version}, or is not supported for \
             {method}. Call ListModels to see the list of available models and their supported \
             methods."
        )))
    }

    /// One model, as `models.get` has it.
    pub(crate) fn get(&self, model: &str, version: &str) -> Result<Value, Refusal> {
        if self.has(model) {
            return Ok(describe(model));
        }
        let message = format!("Model is not found: models/{model} for api version {version}");
        Err(Refusal::not_found(message))
    }

    /// A page of models, as `models.list` has it.
    pub(crate) fn list(&self, query: Option<&str>) -> Result<Value, Refusal> {
        let page = Page::read(query, PAGE_SIZES)?;
        Ok(page.of(MODELS, (1..).zip(self.names()), describe))
    }

    fn has(&self, model: &str) -> bool {
        self.only.as_ref().is_none_or(|names| names.iter().any(|name| name == model))
    }

    fn names(&self) -> Vec<&str> {
        match &self.only {
            Some(names) => names.iter().map(String::as_str).collect(),
            None => WELL_KNOWN.to_vec(),
        }
    }
}

fn describe(model: &str) -> Value {
    json!({
        "name": format!("models/{model}"),
        "version": "emulated",
        "displayName": model,
        "description": "An emulated model. No answer comes from a model.",
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods":
            ["generateContent", "countTokens", "createCachedContent", "batchGenerateContent"],
        "temperature": 1,
        "topP": 0.95,
        "topK": 64,
        "maxTemperature": 2,
        "thinking": true,
    })
}
