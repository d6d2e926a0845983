//! Records asked by batches.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::clerk::Clerk;
use super::desk::{Arrival, Arrived};
use super::notes::Note;
use super::row::RowKey;
use crate::batch::way::{Asked, Interactive, Question, Spent, Way};
use crate::response::Answer;
use crate::transport::BoxFuture;
use crate::{Error, ErrorKind, Usage};

/// What is said of records whose batch goes on without the run.
const LEFT: &str = "the run ended before the record's batch, which goes on at the service; \
     started again with the same journal, the run takes its answers";

/// Each record as a row of a batch.
pub(in crate::batch) struct Batches<T> {
    pub(super) clerk: Arc<Clerk>,
    /// The batches of an earlier start.
    pub(super) notes: Vec<Note>,
    pub(super) width: u32,
    /// How answers are read, and records asked that came to nothing.
    pub(super) interactive: Interactive<T>,
}

impl<T: DeserializeOwned + Send + 'static> Way<T> for Batches<T> {
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Asked<T>> {
        Box::pin(async move {
            let asked = self.ask_row(question).await;
            let (result, spent) = asked.into_parts();
            let error = match result {
                Err(error) if self.clerk.settings.falls_back && is_for_another_try(&error) => error,
                result => return Asked::new(result, spent),
            };
            let again = self.interactive.ask(question).await;
            match again.into_parts() {
                (Err(stopped), _) if stopped.kind() == ErrorKind::NotAsked => {
                    Asked::new(Err(error), spent)
                }
                (result, more) => Asked::new(result, more).after(spent),
            }
        })
    }

    fn width(&self) -> u32 {
        self.width
    }

    fn is_wide(&self) -> bool {
        true
    }

    fn beside(&self) -> Option<BoxFuture<'static, ()>> {
        Some(Box::pin(Arc::clone(&self.clerk).work(self.notes.clone())))
    }

    fn read_all(&self) {
        self.clerk.desk.read_all();
    }

    fn kept(&self, identity: u128) {
        let clerk = &self.clerk;
        if let (Some(name), Some(notes)) = (clerk.desk.kept(RowKey(identity)), &clerk.notes) {
            notes.remove(&name);
        }
    }
}

impl<T: DeserializeOwned + Send> Batches<T> {
    /// Waits for the result of the record's row.
    async fn ask_row(&self, question: &Question) -> Asked<T> {
        let key = RowKey(question.identity);
        loop {
            let (desk, now) = (&self.clerk.desk, self.clerk.now());
            let Ok(arrived) = desk.enter(key, &question.json, now).await else {
                return Asked::failed(Error::plain(ErrorKind::NotAsked));
            };
            let Arrived { arrival, cost, took } = arrived;
            let latency = took.unwrap_or_default();
            let mut spent = Spent { cost, attempts: 1, latency, ..Spent::default() };
            let result = match arrival {
                Arrival::Again => continue,
                Arrival::Left => {
                    let left = Error::told(ErrorKind::NotAsked, LEFT.to_owned(), None);
                    return Asked::failed(left);
                }
                Arrival::Answer(answer) => {
                    spent.usage = answer.usage.clone().unwrap_or_default();
                    self.read(answer)
                }
                Arrival::Failed(error) if took.is_none() => return Asked::failed(error),
                Arrival::Failed(error) => {
                    spent.usage = error.usage().cloned().unwrap_or_else(Usage::default);
                    Err(error)
                }
            };
            return Asked::new(result, spent);
        }
    }

    fn read(&self, answer: Box<Answer>) -> Result<(T, String), Error> {
        let Interactive { template, validators, .. } = &self.interactive;
        let carried = template.carried();
        let read = match answer.failure() {
            Some(kind) => Err(Error::of_answer(kind, *answer)),
            None => crate::extract::read(answer, carried, validators),
        };
        let read = read.map(|read| (read.value, read.answer.text));
        read.map_err(|error| error.with_dialect(carried.dialect()))
    }
}

impl<T> Drop for Batches<T> {
    fn drop(&mut self) {
        self.clerk.desk.abandon();
        self.clerk.shared.look_again();
    }
}

/// Whether asking the record alone may do better.
fn is_for_another_try(error: &Error) -> bool {
    let is_final = error.is_refusal() || error.is_inescapable();
    let is_of_run =
        matches!(error.kind(), ErrorKind::NotAsked | ErrorKind::CostLimit | ErrorKind::Cancelled);
    !is_final && !is_of_run
}
