//! What is told of a run: as text, as JSON, and as a page.

mod accuracy;
mod chart;
mod context;
mod facts;
mod page;

use std::fs;
use std::path::Path;

pub(crate) use accuracy::Accuracy;
pub(crate) use chart::{duration, grouped};
pub(crate) use facts::{Ended, Facts, JobFacts, Report, Sample, per_second};

use crate::failure::{End, Failure, Result};

impl Facts {
    /// How the command ends that came to this.
    pub(crate) fn end(&self) -> End {
        match self.report.end {
            Ended::Complete if self.report.failed == 0 && self.unusable_rows == 0 => End::Done,
            Ended::Complete => End::Incomplete,
            Ended::Stopped => End::Interrupted,
            Ended::ErrorBudget | Ended::MaxCost => End::Limit,
            Ended::Failed { .. } => End::Failed,
        }
    }

    /// Why the job came to its end before all was done.
    pub(crate) fn reason(&self) -> Option<String> {
        match &self.report.end {
            Ended::Complete => None,
            Ended::Failed { message, help, .. } => Some(format!("{message}\n{help}")),
            end => Some(format!("{} {}", self.job.command, end.words())),
        }
    }

    /// The report as text of several lines.
    pub(crate) fn text(&self) -> String {
        let report = &self.report;
        let mut lines = vec![format!("{:<9} {}", self.job.command, report.end.words())];
        let mut line = |name: &str, text: String| lines.push(format!("{name:<9} {text}"));
        if let Ended::Failed { help, .. } = &report.end {
            line("", help.clone());
        }
        line(
            "rows",
            format!(
                "{} with a value, {} failed, {} unusable",
                grouped(report.answered),
                grouped(report.failed),
                grouped(self.unusable_rows)
            ),
        );
        if report.from_journal + report.from_cache + report.duplicates > 0 {
            line("", report.unasked());
        }
        for (title, counts) in [("labels", &report.labels), ("failures", &report.errors)] {
            for (index, (name, count)) in counts.iter().enumerate() {
                line(if index == 0 { title } else { "" }, format!("{name} {}", grouped(*count)));
            }
        }
        if report.abstained > 0 {
            line("abstained", grouped(report.abstained));
        }
        if let Some((share, more)) = report.votes() {
            line("votes", format!("{share} for the winners; {more}"));
        }
        if let Some(accuracy) = &self.accuracy {
            let (right, compared) = (grouped(accuracy.right), grouped(accuracy.compared));
            line("accuracy", format!("{right} of {compared} ({:.1} %)", accuracy.percent()));
        }
        line("requests", grouped(report.requests));
        for (index, words) in report.packs.words().into_iter().enumerate() {
            line(if index == 0 { "packs" } else { "" }, words);
        }
        if report.open_batches > 0 {
            let open = grouped(report.open_batches);
            line("open", format!("{open} at the service; `resume` takes what they bring"));
        }
        let tokens = &report.tokens;
        let (input, cached) = (grouped(tokens.input), grouped(tokens.cached));
        line("tokens", format!("{input} in ({cached} cached), {} out", grouped(tokens.output)));
        for (index, words) in report.context.words().into_iter().enumerate() {
            line(if index == 0 { "context" } else { "" }, words);
        }
        if let Some(cost) = report.cost {
            let earlier = report.earlier_cost.filter(|cost| *cost > 0.0);
            let earlier =
                earlier.map_or(String::new(), |cost| format!(", {cost:.4} at earlier starts"));
            line("cost", format!("{cost:.4}{earlier}"));
        }
        line("time", format!("{}, {:.1} records/s", duration(report.seconds), report.rate()));
        let facts::Latency { p50, p90, p99, max } = &report.latency;
        line("latency", format!("p50 {p50:.3} s, p90 {p90:.3} s, p99 {p99:.3} s, max {max:.3} s"));
        if self.job.is_emulated {
            line("emulated", "no model answered, and the values mean nothing".to_owned());
        }
        lines.join("\n")
    }
}

/// The form of a report, by the ending of its file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    Page,
    Json,
    Text,
}

impl Form {
    pub(crate) fn of(path: &Path) -> Result<Self> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match &*ending.to_ascii_lowercase() {
            "html" | "htm" => Ok(Self::Page),
            "json" => Ok(Self::Json),
            "txt" => Ok(Self::Text),
            _ => {
                let name = path.display();
                Err(Failure::usage(format!("{name}: a report is .html, .json or .txt")))
            }
        }
    }
}

/// Writes the report to a file, in the form that its ending says.
pub(crate) fn save(facts: &Facts, path: &Path) -> Result<()> {
    let failed = |error: &dyn std::error::Error| {
        Failure::of(format!("{} cannot be written", path.display()), error)
    };
    let text = match Form::of(path)? {
        Form::Page => page::page(facts).map_err(|error| failed(&error))?,
        Form::Json => serde_json::to_string_pretty(facts).map_err(|error| failed(&error))?,
        Form::Text => facts.text() + "\n",
    };
    fs::write(path, text).map_err(|error| failed(&error))
}
