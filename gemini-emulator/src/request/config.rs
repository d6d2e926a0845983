//! `generationConfig`: ranges, and how the answer must look.

mod output;

use super::complaints::Complaints;
use super::model::Model;
use crate::error::Refusal;
use crate::json::Json;
use crate::schema::SchemaLimits;

pub(crate) use output::Output;

const MOST_STOP_SEQUENCES: usize = 5;

/// What the answer depends on.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) candidate_count: usize,
    pub(crate) max_output_tokens: Option<usize>,
    pub(crate) stop_sequences: Vec<String>,
    pub(crate) include_thoughts: bool,
    pub(crate) output: Output,
}

impl Config {
    /// Reads a configuration that was found to be in order.
    pub(super) fn read(request: &Json) -> Self {
        let none = Json::Null;
        let config = request.get("generationConfig").unwrap_or(&none);
        let count = |name: &str| config.get(name).and_then(Json::as_count);
        let stops = config.items("stopSequences").iter().filter_map(Json::as_str);
        let thoughts =
            config.get("thinkingConfig").and_then(|config| config.get("includeThoughts"));
        Config {
            candidate_count: count("candidateCount").unwrap_or(1),
            max_output_tokens: count("maxOutputTokens"),
            stop_sequences: stops.filter(|stop| !stop.is_empty()).map(str::to_owned).collect(),
            include_thoughts: thoughts.and_then(Json::as_bool).unwrap_or_default(),
            output: Output::read(config),
        }
    }
}

pub(super) fn check(request: &Json, complaints: &mut Complaints) {
    let Some(config) = request.get("generationConfig") else {
        return;
    };
    let mark = complaints.enter_field("generation_config");
    check_ranges(config, complaints);
    output::check(config, complaints);
    complaints.leave(mark);
}

/// Refuses thinking settings that the model doesn't have.
pub(super) fn check_model(request: &Json, model: Model) -> Result<(), Refusal> {
    let config = request.get("generationConfig").and_then(|config| config.get("thinkingConfig"));
    let Some(config) = config else {
        return Ok(());
    };
    let budget = config.get("thinkingBudget").and_then(Json::as_i64);
    let has_level = config.get("thinkingLevel").is_some();
    if budget.is_some() && has_level {
        let message = "You can only set only one of thinking budget and thinking level.";
        return Err(Refusal::invalid_argument(message));
    }
    if has_level && model.is_before_3() {
        let message = "Thinking level is not supported for this model.";
        return Err(Refusal::invalid_argument(message));
    }
    if let (Some(budget), Some((least, most))) = (budget, model.thinking_budget())
        && budget != -1
        && !(least..=most).contains(&budget)
    {
        return Err(Refusal::invalid_argument(format!(
            "The thinking budget {budget} is invalid. Please choose a value between {least} and \
             {most}."
        )));
    }
    Ok(())
}

pub(super) fn check_limits(request: &Json, limits: &SchemaLimits) -> Result<(), Refusal> {
    match request.get("generationConfig") {
        Some(config) => output::check_limits(config, limits),
        None => Ok(()),
    }
}

fn check_ranges(config: &Json, complaints: &mut Complaints) {
    let ranges = [
        ("temperature", "temperature", 0.0, 2.0),
        ("topP", "top_p", 0.0, 1.0),
        ("candidateCount", "candidate_count", 1.0, 8.0),
        ("logprobs", "logprobs", 0.0, 20.0),
    ];
    for (name, field, low, high) in ranges {
        let value = config.get(name).and_then(Json::as_f64);
        if value.is_some_and(|value| !(low..=high).contains(&value)) {
            let text = format!("{field} must be in the range [{low:.1}, {high:.1}].");
            complaints.add(field, &text);
        }
    }
    for (name, field) in [("maxOutputTokens", "max_output_tokens"), ("topK", "top_k")] {
        if config.get(name).and_then(Json::as_f64).is_some_and(|value| value < 1.0) {
            complaints.add(field, &format!("{field} must be positive."));
        }
    }
    if config.items("stopSequences").len() > MOST_STOP_SEQUENCES {
        let text = format!("at most {MOST_STOP_SEQUENCES} stop sequences may be set.");
        complaints.add("stop_sequences", &text);
    }
}
