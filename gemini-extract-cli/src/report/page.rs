//! The report as one HTML page without scripts and without anything from elsewhere.

use askama::Template;

use super::chart::{Bars, CURVE, Curve, duration, grouped};
use super::facts::{Ended, Facts, Latency, Report};

/// So many kinds of mistakes are drawn.
const MISTAKES: usize = 12;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    facts: &'a Facts,
    is_complete: bool,
    help: Option<&'a str>,
    tiles: Vec<(&'static str, String, String)>,
    labels: Bars,
    errors: Bars,
    mistakes: Bars,
    tokens: Bars,
    latency: Bars,
    curve: Option<Curve>,
    curve_size: (f64, f64),
}

/// Writes the page.
pub(crate) fn page(facts: &Facts) -> askama::Result<String> {
    let Facts { report, samples, .. } = facts;
    let help = match &report.end {
        Ended::Failed { help, .. } => Some(&**help),
        _ => None,
    };
    let mistakes = facts.accuracy.as_ref().map(|accuracy| accuracy.worst(MISTAKES));
    let mistakes = mistakes.unwrap_or_default();
    Page {
        facts,
        is_complete: report.end == Ended::Complete,
        help,
        tiles: tiles(facts),
        labels: Bars::of_counts(&report.labels),
        errors: Bars::of_counts(&report.errors),
        mistakes: Bars::of_some(&mistakes),
        tokens: tokens(report),
        latency: latency(&report.latency),
        curve: Curve::of(samples),
        curve_size: CURVE,
    }
    .render()
}

/// The most important numbers: what they are, how much, and more about it.
fn tiles(facts: &Facts) -> Vec<(&'static str, String, String)> {
    let report = &facts.report;
    let mut left = vec![format!("{} failed", grouped(report.failed))];
    if facts.unusable_rows > 0 {
        left.push(format!("{} rows unusable", grouped(facts.unusable_rows)));
    }
    if report.not_asked > 0 {
        left.push(format!("{} not asked", grouped(report.not_asked)));
    }
    let cost = report.cost.map_or("unknown".to_owned(), |cost| format!("{cost:.4}"));
    let earlier = report.earlier_cost.filter(|cost| *cost > 0.0);
    let earlier = earlier.map_or(String::new(), |cost| format!("{cost:.4} at earlier starts"));
    let mut tiles = vec![
        ("answered", grouped(report.answered), left.join(", ")),
        ("requests", grouped(report.requests), report.unasked()),
        ("tokens", grouped(report.tokens.total), format!("{} out", grouped(report.tokens.output))),
        ("cost", cost, earlier),
        ("time", duration(report.seconds), format!("{:.1} records/s", report.rate())),
    ];
    let packs = report.packs.words();
    if !packs.is_empty() {
        tiles.insert(2, ("packs", grouped(report.packs.requests), packs.join("; ")));
    }
    if report.abstained > 0 {
        tiles.insert(1, ("abstained", grouped(report.abstained), String::new()));
    }
    if let Some((share, more)) = report.votes() {
        tiles.insert(1, ("agreement", share, more));
    }
    let context = report.context.words();
    if !context.is_empty() {
        let tokens = grouped(report.context.cached_tokens);
        tiles.push(("tokens out of the cache", tokens, context.join("; ")));
    }
    if let Some(accuracy) = &facts.accuracy {
        let (right, compared) = (grouped(accuracy.right), grouped(accuracy.compared));
        let share = format!("{:.1} %", accuracy.percent());
        tiles.insert(1, ("accuracy", share, format!("{right} of {compared}")));
    }
    tiles
}

fn tokens(report: &Report) -> Bars {
    let tokens = &report.tokens;
    let rows = [
        ("input, not cached", tokens.input.saturating_sub(tokens.cached)),
        ("input, cached", tokens.cached),
        ("output", tokens.output),
    ];
    let row = |(name, count): (&str, u64)| {
        #[allow(clippy::cast_precision_loss, reason = "the length of a bar")]
        (name.to_owned(), grouped(count), count as f64)
    };
    Bars::new(rows.into_iter().map(row).collect())
}

fn latency(latency: &Latency) -> Bars {
    let Latency { p50, p90, p99, max } = *latency;
    let rows =
        [("half within", p50), ("90 % within", p90), ("99 % within", p99), ("all within", max)];
    let row = |(name, seconds): (&str, f64)| (name.to_owned(), format!("{seconds:.3} s"), seconds);
    Bars::new(rows.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::page;
    use crate::report::Accuracy;
    use crate::report::context::Context;
    use crate::report::facts::{Ended, Facts, JobFacts, Latency, Packs, Report, Sample, Tokens};

    const HOSTILE: &str = "<script src=http://evil.example/x.js>\"'&</script>";

    fn facts(label: &str) -> Facts {
        let counts = BTreeMap::from([(label.to_owned(), 70), ("plant".to_owned(), 27)]);
        let job = JobFacts {
            command: "classify".to_owned(),
            model: label.to_owned(),
            input: label.to_owned(),
            output: label.to_owned(),
            is_emulated: true,
        };
        let failed = Ended::Failed {
            kind: "InvalidApiKey".to_owned(),
            message: label.to_owned(),
            help: label.to_owned(),
        };
        let report = Report {
            end: failed,
            read: 101,
            remaining: Some(5),
            finished: 100,
            answered: 97,
            failed: 3,
            not_asked: 1,
            from_journal: 4,
            from_cache: 1,
            duplicates: 2,
            requests: 120,
            errors: BTreeMap::from([(label.to_owned(), 3)]),
            labels: counts,
            abstained: 4,
            agreement: serde_json::from_str(r#"{"records":70,"votes":140,"agreeing":133}"#)
                .unwrap(),
            tokens: Tokens { input: 12_000, cached: 2_000, output: 900, total: 12_900 },
            cost: Some(0.0123),
            earlier_cost: Some(0.001),
            seconds: 75.0,
            latency: Latency { p50: 0.4, p90: 0.9, p99: 1.7, max: 2.5 },
            open_batches: 0,
            packs: Packs { requests: 5, records: 97, tokens: 12_000, again: 3, ..Packs::default() },
            context: Context { unused: Some(label.to_owned()), ..Context::default() },
        };
        let samples = [(0.0, 0), (25.0, 20), (50.0, 70), (75.0, 100)];
        let samples = samples.map(|(seconds, finished)| Sample { seconds, finished }).to_vec();
        let mut accuracy = Accuracy::default();
        accuracy.compare(label, "plant");
        accuracy.compare("plant", "plant");
        Facts { job, unusable_rows: 6, accuracy: Some(accuracy), samples, report }
    }

    #[test]
    fn nothing_comes_from_elsewhere() {
        let page = page(&facts("animal")).expect("a page");
        for word in ["<script", "src=", "href=", "url(", "@import", "<link", "<iframe", "<object"] {
            assert!(!page.contains(word), "{word}");
        }
        let addresses = page.matches("http").count();
        assert_eq!(addresses, page.matches("http-equiv").count(), "no address is named");
        assert!(page.contains("default-src 'none'"), "the browser holds it to that");
    }

    #[test]
    fn what_users_wrote_is_text() {
        let hostile = page(&facts(HOSTILE)).expect("a page");
        assert!(!hostile.contains("<script"));
        assert!(hostile.contains("&#60;script"), "the search can find it");
        let plain = page(&facts("animal")).expect("a page");
        let tags = |page: &str| page.matches('<').count();
        assert_eq!(tags(&hostile), tags(&plain), "no tag is opened");
    }

    #[test]
    fn the_numbers_are_there() {
        let page = page(&facts("animal")).expect("a page");
        for word in [
            "animal",
            "70 (72.2 %)",
            "12\u{202f}900",
            "0.0123",
            "1 min 15 s",
            "6 rows unusable",
            "50.0 %",
        ] {
            assert!(page.contains(word), "{word}");
        }
        assert!(page.contains("no model answered"), "an emulated run says so");
    }
}
