//! A batch at the service, until its results are there.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use super::clerk::{Clerk, Open};
use super::desk::{Arrival, Arrived};
use super::row::RowKey;
use super::wire::{self, Ending, Operation, Outcome};
use crate::batch::entry::Told;
use crate::clock::race;
use crate::error::Fault;
use crate::response::Answer;
use crate::secret::Secret;
use crate::{Error, ErrorKind, Result};

/// For so long the service may fail to tell of a batch; none lives longer.
const PATIENCE: Duration = Duration::from_secs(72 * 60 * 60);
/// For so long a file of results may bring no line.
const SILENCE: Duration = Duration::from_secs(120);
/// So often in a row the service may give what is no batch, such as the page of a proxy.
const MOST_SPOILED: u32 = 8;
/// A file of results has a line for each row; so many more are none of ours.
const MOST_STRAYS: usize = 1_024;

/// Why the clerk looks after a batch.
#[derive(Debug, PartialEq, Eq)]
enum Wake {
    Time,
    /// It is to be cancelled.
    Cancel,
    /// The run ends before it.
    Leave,
}

/// What a batch has brought so far.
struct Harvest<'a> {
    open: &'a Open,
    /// The service's name of it, as soon as it is known.
    batch: Option<String>,
    /// The rows that have no result yet.
    rest: HashSet<RowKey>,
    /// What was paid, where all of it is known.
    paid: Option<f64>,
}

impl Clerk {
    /// Looks after a batch until its results are with their records.
    pub(super) async fn follow(self: Arc<Self>, mut open: Open) {
        self.shared.tally().opened();
        let (mut looks, mut spoiled, mut is_cancelled) = (0, 0, false);
        let mut harvest = Harvest::new(&open);
        let (paid, is_whole) = loop {
            let delay = match (open.is_earlier, looks) {
                (true, 0) => Duration::ZERO,
                _ => self.delay(looks.max(1)),
            };
            looks = looks.saturating_add(1);
            match self.wake(delay, is_cancelled).await {
                Wake::Time => {}
                Wake::Leave => return self.leave_open(&harvest),
                Wake::Cancel => is_cancelled = true,
            }
            let looked = self.look(&mut harvest, is_cancelled).await;
            match looked {
                Ok(None) => spoiled = 0,
                Ok(Some(ending)) => break (harvest.paid, ending == Ending::Succeeded),
                Err(error) if is_gone(&error) => return self.lost(&harvest),
                Err(error) if error.kind() == ErrorKind::UnexpectedResponse => {
                    spoiled += 1;
                    if spoiled == MOST_SPOILED {
                        return self.spoil(&harvest, &error);
                    }
                }
                Err(error) if self.is_passing(&error, &open) => {
                    tracing::debug!(%error, "a batch is looked after again");
                }
                Err(error) => {
                    let rest: Vec<RowKey> = harvest.rest.iter().copied().collect();
                    self.leave(&rest, &error);
                    return;
                }
            }
        };
        drop(harvest);
        self.shared.tally().ended();
        if let (Some(reservation), Some(paid), true) = (&mut open.reservation, paid, is_whole) {
            reservation.settle(paid);
        }
        if let Some(file) = &open.file {
            self.service.delete_file(file).await;
        }
    }

    /// Waits until it is time to look, or until the run ends.
    async fn wake(&self, delay: Duration, is_cancelled: bool) -> Wake {
        let wish = || {
            if self.shared.is_cancelled() {
                return (!is_cancelled).then_some(Wake::Cancel);
            }
            let is_left = self.notes.is_some() && self.shared.is_hurried();
            (is_left || self.desk.is_abandoned()).then_some(Wake::Leave)
        };
        let sleep = self.service.client.clock().sleep(delay);
        race(self.shared.until(wish), sleep).await.unwrap_or(Wake::Time)
    }

    /// Looks after a batch once; how it has ended, if it has and its results are taken.
    async fn look(&self, harvest: &mut Harvest<'_>, cancels: bool) -> Result<Option<Ending>> {
        let found = match harvest.batch.take() {
            None => self.search(&harvest.open.display_name).await?,
            known => known,
        };
        let Some(batch) = found else { return Err(Error::fault(Fault::Gone, None)) };
        let batch = harvest.batch.insert(batch);
        if cancels && let Err(error) = self.service.cancel(batch).await {
            tracing::debug!(%error, "a batch cannot be cancelled, or has ended");
        }
        let (operation, secret) = self.service.look(batch).await?;
        let Some(ending) = operation.ending() else { return Ok(None) };
        self.take(operation, harvest, (ending, &secret)).await?;
        Ok(Some(ending))
    }

    /// Takes the results of a batch that has ended to their records.
    async fn take(
        &self,
        operation: Operation,
        harvest: &mut Harvest<'_>,
        (ending, secret): (Ending, &Secret),
    ) -> Result<()> {
        let (output, failure) = operation.into_results();
        let has_results = output.is_some();
        if let Some(output) = output {
            match &output.responses_file {
                Some(file) => self.download(file, harvest).await?,
                None => {
                    for row in output.rows() {
                        self.deliver(row, harvest, secret);
                    }
                }
            }
        }
        let is_earlier = harvest.open.is_earlier && !has_results;
        let failure = failure.unwrap_or_default();
        let status = wire::refusal(&failure, ending.status(), secret);
        for key in std::mem::take(&mut harvest.rest) {
            let arrival = match ending {
                Ending::Succeeded => Arrival::Failed(Error::fault(Fault::MissingRow, None)),
                _ if is_earlier => Arrival::Again,
                _ => Arrival::Failed(wire::error(&status)),
            };
            self.desk.deliver(key, harvest.arrived(arrival, None, self));
        }
        if is_earlier && ending != Ending::Succeeded {
            self.unnote(&harvest.open.display_name, &harvest.open.rows);
        }
        Ok(())
    }

    async fn download(&self, file: &str, harvest: &mut Harvest<'_>) -> Result<()> {
        let downloaded = self.service.download(file).await;
        let (mut lines, secret) = downloaded.map_err(|error| match error.kind() {
            // What has expired is forbidden.
            ErrorKind::PermissionDenied => Error::fault(Fault::Gone, None),
            _ => error,
        })?;
        let most = harvest.open.rows.len().saturating_add(MOST_STRAYS);
        for _ in 0..most {
            let line = timeout(SILENCE, lines.next()).await;
            let line = line.unwrap_or_else(|_| Err(Error::fault(Fault::Silence(SILENCE), None)));
            let Some(line) = line? else { break };
            if let Ok(row) = serde_json::from_slice(&line) {
                self.deliver(row, harvest, &secret);
            }
        }
        Ok(())
    }

    /// Takes a result to its record. Rows that aren't of this batch, or came before, are left out.
    fn deliver(&self, row: Value, harvest: &mut Harvest<'_>, secret: &Secret) {
        let Some((key, outcome)) = wire::row(row) else { return };
        if !harvest.rest.remove(&key) {
            return;
        }
        let (arrival, cost) = match outcome {
            Outcome::Response(response) => {
                match Answer::read(response.to_string().as_bytes(), secret) {
                    Ok(answer) => {
                        let cost = self.cost(&answer);
                        (Arrival::Answer(Box::new(answer)), cost)
                    }
                    Err(foreign) => {
                        let error = Error::fault(Fault::NotTheApi, None);
                        let usage = foreign.usage.map(|usage| *usage);
                        (Arrival::Failed(error.with_usage(usage)), None)
                    }
                }
            }
            Outcome::Error(status) => {
                let status = wire::refusal(&status, Ending::Failed.status(), secret);
                (Arrival::Failed(wire::error(&status)), Some(0.0))
            }
            Outcome::Nothing => (Arrival::Failed(Error::fault(Fault::MissingRow, None)), None),
        };
        harvest.paid = harvest.paid.zip(cost).map(|(sum, cost)| sum + cost);
        let arrived = harvest.arrived(arrival, cost, self);
        self.desk.deliver(key, arrived);
    }

    fn cost(&self, answer: &Answer) -> Option<f64> {
        let model = (&*self.service.model, answer.model_version.as_deref());
        self.service.client.batch_price(model, answer.usage.as_ref()?)
    }

    /// The run ends before the batch, which stays open for the next start.
    fn leave_open(&self, harvest: &Harvest<'_>) {
        for key in &harvest.rest {
            self.desk.deliver(*key, Arrived::unsent(Arrival::Left));
        }
    }

    /// The service knows no such batch, or has no results of it any more.
    fn lost(&self, harvest: &Harvest<'_>) {
        self.shared.tally().ended();
        let open = harvest.open;
        if open.is_earlier {
            self.unnote(&open.display_name, &open.rows);
        }
        for key in &harvest.rest {
            let arrival = match open.is_earlier {
                true => Arrival::Again,
                false => Arrival::Failed(Error::fault(Fault::Gone, None)),
            };
            self.desk.deliver(*key, harvest.arrived(arrival, None, self));
        }
    }

    /// What the service gives is no batch.
    fn spoil(&self, harvest: &Harvest<'_>, error: &Error) {
        self.shared.tally().ended();
        let told = Told::new(error);
        for key in &harvest.rest {
            let arrival = Arrival::Failed(told.error());
            self.desk.deliver(*key, harvest.arrived(arrival, None, self));
        }
    }

    /// Whether what keeps the clerk from a batch may pass.
    fn is_passing(&self, error: &Error, open: &Open) -> bool {
        let is_young = self.now().saturating_duration_since(open.since) < PATIENCE;
        is_young && error.is_retryable()
    }
}

impl<'a> Harvest<'a> {
    fn new(open: &'a Open) -> Self {
        let rest = open.rows.iter().copied().collect();
        Self { open, batch: open.batch.clone(), rest, paid: Some(0.0) }
    }

    fn arrived(&self, arrival: Arrival, cost: Option<f64>, clerk: &Clerk) -> Arrived {
        let took = clerk.now().saturating_duration_since(self.open.since);
        Arrived { arrival, cost, took: Some(took) }
    }
}

/// Whether the batch, or its file of results, is there no more.
fn is_gone(error: &Error) -> bool {
    error.kind() == ErrorKind::NotFound || error.is_gone()
}
