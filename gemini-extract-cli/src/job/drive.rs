//! The way of rows and their outcomes into the output, until the end or Ctrl-C.

use std::collections::HashMap;
use std::io;

use gemini_extract::batch::{BatchRun, Outcome};
use gemini_extract::{ErrorKind, OrderedJson};
use tokio::signal;

use super::feed::{Fed, Feed};
use super::layout::Layout;
use super::progress::Progress;
use crate::failure::{Failure, Result};
use crate::report::{Accuracy, Ended, Report};
use crate::table::{Cell, Row, Sink};

/// A job at work.
pub(super) struct Drive {
    feed: Feed,
    output: Output,
    is_unordered: bool,
    /// Rows whose outcomes have not come, by the positions of their records.
    waiting: HashMap<u64, Row>,
    /// How many records were made.
    records: u64,
    failure: Option<Failure>,
}

/// What came of a job.
pub(super) struct Driven {
    pub(super) report: Report,
    /// Rows that nothing was asked about.
    pub(super) unusable: u64,
    /// How often labels are the true ones, where these are known.
    pub(super) accuracy: Option<Accuracy>,
    /// Why the input could not be read to its end.
    pub(super) failure: Option<Failure>,
}

/// Where rows go, and what is counted of them there.
pub(super) struct Output {
    sink: Box<dyn Sink>,
    layout: Layout,
    unusable: u64,
    /// The column with the true labels.
    truth: Option<(String, Accuracy)>,
}

impl Drive {
    pub(super) fn new(feed: Feed, output: Output, is_unordered: bool) -> Self {
        Self { feed, output, is_unordered, waiting: HashMap::new(), records: 0, failure: None }
    }

    /// Writes rows until there are no more. After Ctrl-C what is on its way comes to its end; after
    /// a second one it is given up.
    pub(super) async fn run(
        mut self,
        mut batch: BatchRun<OrderedJson>,
        progress: &Progress,
    ) -> Result<Driven> {
        let handle = batch.handle();
        let interrupted = async {
            interrupt().await;
            progress.stopping();
            handle.stop();
            interrupt().await;
        };
        let (written, is_given_up) = tokio::select! {
            written = self.write(&mut batch) => (written, false),
            () = interrupted => (Ok(()), true),
        };
        let report = report(batch, is_given_up || written.is_err()).await?;
        let is_whole = written.is_ok() && self.failure.is_none() && report.end == Ended::Complete;
        let finished = self.output.sink.finish(is_whole);
        if let Err(error) = written.and(finished) {
            return Err(Failure::of("the output cannot be written", &error));
        }
        let accuracy = self.output.truth.map(|(_, accuracy)| accuracy);
        Ok(Driven { report, unusable: self.output.unusable, accuracy, failure: self.failure })
    }

    async fn write(&mut self, batch: &mut BatchRun<OrderedJson>) -> io::Result<()> {
        if self.is_unordered {
            self.write_as_done(batch).await
        } else {
            self.write_in_order(batch).await
        }
    }

    async fn write_in_order(&mut self, batch: &mut BatchRun<OrderedJson>) -> io::Result<()> {
        while let Some(fed) = self.feed.next().await {
            match fed {
                Fed::Asked(row) => match batch.next().await {
                    Some(outcome) => self.output.answered(&row, &outcome)?,
                    None => break,
                },
                other => self.other(other, batch)?,
            }
        }
        Ok(())
    }

    async fn write_as_done(&mut self, batch: &mut BatchRun<OrderedJson>) -> io::Result<()> {
        let mut has_more = true;
        loop {
            tokio::select! {
                biased;
                fed = self.feed.next(), if has_more => match fed {
                    None => has_more = false,
                    Some(Fed::Asked(row)) => {
                        self.waiting.insert(self.records, row);
                        self.records += 1;
                    }
                    Some(other) => self.other(other, batch)?,
                },
                outcome = batch.next() => {
                    let Some(outcome) = outcome else { return Ok(()) };
                    if let Some(row) = self.waiting.remove(&outcome.position) {
                        self.output.answered(&row, &outcome)?;
                    }
                }
            }
        }
    }

    /// What is no question.
    fn other(&mut self, fed: Fed, batch: &BatchRun<OrderedJson>) -> io::Result<()> {
        match fed {
            Fed::Asked(_) => Ok(()),
            Fed::Unusable { number, row, reason } => {
                self.output.unusable(row.as_ref(), number, &reason)
            }
            Fed::Broken(failure) => {
                self.failure = Some(failure);
                batch.stop();
                Ok(())
            }
        }
    }
}

/// Waits for Ctrl-C, or for what a system sends before it ends a program.
async fn interrupt() {
    let ctrl_c = async {
        // Where nobody can listen for it, it ends the program.
        if signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminate => {}
    }
}

/// How a batch ended; one that is given up isn't waited for.
async fn report(batch: BatchRun<OrderedJson>, is_given_up: bool) -> Result<Report> {
    let json = if is_given_up {
        batch.stop();
        let mut json = serde_json::to_value(batch.progress());
        if let Ok(members) = &mut json {
            members["end"] = "stopped".into();
        }
        json
    } else {
        serde_json::to_value(batch.report().await)
    };
    json.and_then(serde_json::from_value)
        .map_err(|error| Failure::of("the report cannot be read", &error))
}

impl Output {
    pub(super) fn new(sink: Box<dyn Sink>, layout: Layout, truth: Option<String>) -> Self {
        let truth = truth.map(|column| (column, Accuracy::default()));
        Self { sink, layout, unusable: 0, truth }
    }

    fn answered(&mut self, row: &Row, outcome: &Outcome<OrderedJson>) -> io::Result<()> {
        let is_final = |kind| !matches!(kind, ErrorKind::NotAsked | ErrorKind::CostLimit);
        if outcome.result.as_ref().err().is_some_and(|error| !is_final(error.kind())) {
            return Ok(());
        }
        if let Some((column, accuracy)) = &mut self.truth
            && let Ok(OrderedJson::String(label)) = &outcome.result
            && let Some(known) = row.cell(column).map(Cell::as_text).filter(|it| !it.is_empty())
        {
            accuracy.compare(known, label);
        }
        self.sink.write(&self.layout.row(row, outcome))
    }

    fn unusable(&mut self, row: Option<&Row>, number: u64, reason: &str) -> io::Result<()> {
        self.unusable += 1;
        self.sink.write(&self.layout.unusable(row, number, reason))
    }
}
