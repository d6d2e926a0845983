//! The clerk makes batches of the rows that wait, and follows each to its end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::BatchApi;
use super::desk::{Arrival, Arrived, Desk, Due, Size};
use super::feed::resume;
use super::notes::{Note, Notes};
use super::row::{self, Row, RowKey};
use super::service::Service;
use crate::batch::End;
use crate::batch::entry::Told;
use crate::batch::job::Shared;
use crate::client::Rules;
use crate::clock::race;
use crate::purse::Reservation;
use crate::request::Template;
use crate::{Error, ErrorKind, Result};

/// So often the making of a batch is tried.
const MOST_TRIES: u32 = 20;

/// Whoever makes batches and follows them, beside the workers.
pub(super) struct Clerk {
    pub(super) desk: Arc<Desk>,
    pub(super) shared: Arc<Shared>,
    pub(super) service: Service,
    pub(super) template: Arc<Template>,
    pub(super) rules: Arc<Rules>,
    /// The most output tokens that an answer can have.
    pub(super) output_tokens: u64,
    /// Where open batches are noted, for a later start.
    pub(super) notes: Option<Notes>,
    pub(super) settings: BatchApi,
    /// How the display names of this start begin.
    pub(super) name: String,
    /// One for each batch that may be open.
    pub(super) places: Arc<Semaphore>,
}

/// A batch at the service.
#[derive(Debug)]
pub(super) struct Open {
    /// The service's name of it; absent where it has to be found first.
    pub(super) batch: Option<String>,
    pub(super) display_name: Arc<str>,
    pub(super) rows: Vec<RowKey>,
    /// The file with its rows.
    pub(super) file: Option<String>,
    pub(super) since: Instant,
    /// Whether an earlier start made it.
    pub(super) is_earlier: bool,
    pub(super) reservation: Option<Reservation>,
    /// Taken while it is open.
    pub(super) _place: Option<OwnedSemaphorePermit>,
}

/// What came of trying to make a batch.
enum Made {
    Open {
        batch: String,
        file: Option<String>,
    },
    /// None was made.
    Refused(Error),
    /// Nobody knows.
    Unclear(Error),
}

impl Clerk {
    /// Works until there are no more records, or until the run has ended and so have its batches.
    pub(super) async fn work(self: Arc<Self>, notes: Vec<Note>) {
        let mut open = JoinSet::new();
        for note in notes {
            open.spawn(Arc::clone(&self).follow(self.adopt(note)));
        }
        let mut count = 0_u64;
        while self.is_due().await {
            let Some(place) = self.place(&mut open).await else { break };
            let size = self.size();
            let rows = self.desk.take(&size, self.now());
            if rows.is_empty() {
                continue;
            }
            count += 1;
            let name: Arc<str> = format!("{}-{count}", self.name).into();
            if let Some(batch) = self.make(&name, rows, place).await {
                open.spawn(Arc::clone(&self).follow(batch));
            }
        }
        self.desk.close();
        while let Some(ended) = open.join_next().await {
            resume(ended);
        }
    }

    pub(super) fn now(&self) -> Instant {
        self.service.client.clock().now()
    }

    pub(super) async fn sleep(&self, failed: u32) {
        self.service.client.clock().sleep(self.delay(failed)).await;
    }

    pub(super) fn delay(&self, failed: u32) -> Duration {
        self.settings.polling.delay(failed)
    }

    fn size(&self) -> Size {
        let BatchApi { rows, bytes, linger, .. } = self.settings;
        let frame = self.template.length("").saturating_add(row::FRAME);
        Size { rows, bytes, frame, linger }
    }

    /// A batch of an earlier start.
    fn adopt(&self, note: Note) -> Open {
        let Note { display_name, batch, dearest, rows, .. } = note;
        Open {
            batch,
            display_name: display_name.into(),
            rows,
            file: None,
            since: self.now(),
            is_earlier: true,
            reservation: self.rules.hold(dearest),
            _place: Arc::clone(&self.places).try_acquire_owned().ok(),
        }
    }

    /// Waits until there are rows for a batch; not, where there will be none.
    async fn is_due(&self) -> bool {
        loop {
            let mut changed = std::pin::pin!(self.desk.changed.notified());
            changed.as_mut().enable();
            if self.shared.is_over() {
                return false;
            }
            let wait = match self.desk.due(&self.size(), self.now()) {
                Due::Now => return true,
                Due::Over => return false,
                Due::In(time) => time,
                Due::Never => Duration::MAX,
            };
            let slept = async {
                if wait < Duration::MAX {
                    self.service.client.clock().sleep(wait).await;
                } else {
                    std::future::pending::<()>().await;
                }
            };
            race(race(changed, slept), self.shared.over()).await;
        }
    }

    /// Waits for a batch to end where there are too many; `None` after the end of the run.
    async fn place(&self, open: &mut JoinSet<()>) -> Option<OwnedSemaphorePermit> {
        while let Some(ended) = open.try_join_next() {
            resume(ended);
        }
        let place = Arc::clone(&self.places).acquire_owned();
        race(place, self.shared.over()).await?.ok()
    }

    /// Makes a batch of as many of the rows as may go together; the others go back.
    async fn make(
        &self,
        name: &Arc<str>,
        mut rows: Vec<Row>,
        place: OwnedSemaphorePermit,
    ) -> Option<Open> {
        let mut failed = 0;
        loop {
            let reserved = race(self.reserve(&mut rows), self.shared.over()).await;
            let keys: Vec<RowKey> = rows.iter().map(|row| row.key).collect();
            let (mut reservation, dearest) = match reserved {
                Some(Ok(reserved)) => reserved,
                Some(Err(error)) => return self.fail(&keys, error),
                None => return self.give_up(&keys),
            };
            let error = match self.order(name, &rows, dearest).await {
                Made::Open { batch, file } => {
                    return Some(Open {
                        batch: Some(batch),
                        display_name: Arc::clone(name),
                        rows: keys,
                        file,
                        since: self.now(),
                        is_earlier: false,
                        reservation,
                        _place: Some(place),
                    });
                }
                Made::Unclear(error) => return self.leave(&keys, &error),
                Made::Refused(error) => error,
            };
            if let Some(reservation) = &mut reservation {
                reservation.settle(0.0);
            }
            drop(reservation);
            self.unnote(name, &keys);
            failed += 1;
            let is_full = error.is_quota() && !error.is_daily_quota();
            if is_full && self.places.available_permits() + 1 >= self.settings.open {
                // There may be room for fewer rows.
                let half = rows.split_off(rows.len().div_ceil(2));
                self.desk.put_back(half, self.now());
            } else if !is_full && (failed >= MOST_TRIES || !error.is_retryable()) {
                return self.fail(&keys, error);
            }
            if is_full && rows.len() == 1 && failed >= MOST_TRIES {
                return self.fail(&rows.iter().map(|row| row.key).collect::<Vec<_>>(), error);
            }
            tracing::debug!(%error, "a batch is to be made again");
            if race(self.sleep(failed), self.shared.over()).await.is_none() {
                return self.give_up(&rows.iter().map(|row| row.key).collect::<Vec<_>>());
            }
        }
    }

    /// Sets aside what the rows can cost, or as many of them as there is room for.
    async fn reserve(&self, rows: &mut Vec<Row>) -> Result<(Option<Reservation>, f64)> {
        let bytes: Vec<usize> = rows.iter().map(|row| self.template.length(&row.prompt)).collect();
        let Service { client, model, .. } = &self.service;
        let sizes = (&*bytes, self.output_tokens);
        let (count, reservation, dearest) = client.reserve_rows(model, sizes, &self.rules).await?;
        let rest = rows.split_off(count);
        self.desk.put_back(rest, self.now());
        Ok((reservation, dearest))
    }

    /// Makes a batch, noted before and after.
    async fn order(&self, name: &Arc<str>, rows: &[Row], dearest: f64) -> Made {
        let keys: Vec<RowKey> = rows.iter().map(|row| row.key).collect();
        let mut note = Note::new(name, keys, dearest);
        if let Some(notes) = &self.notes {
            if let Err(error) = notes.write(&note).await {
                self.shared.stop(End::failed(&error));
                return Made::Refused(error);
            }
            self.desk.note(name, &note.rows);
        }
        let (input, file) = match race(self.input(name, rows), self.shared.over()).await {
            Some(Ok(input)) => input,
            Some(Err(error)) => return Made::Refused(error),
            None => return Made::Refused(Error::plain(ErrorKind::NotAsked)),
        };
        if self.shared.is_over() {
            return Made::Refused(Error::plain(ErrorKind::NotAsked));
        }
        let batch = match self.service.create(name, &input).await {
            Ok(batch) => batch,
            Err(error) if error.may_be_done() => match self.find_out(name).await {
                Ok(Some(batch)) => batch,
                Ok(None) => return Made::Refused(error),
                Err(_) => return Made::Unclear(error),
            },
            Err(error) => return Made::Refused(error),
        };
        note.batch = Some(batch.clone());
        if let Some(notes) = &self.notes
            && let Err(error) = notes.write(&note).await
        {
            // It is found by its display name then.
            tracing::warn!(%error, "the name of a batch was not noted");
        }
        Made::Open { batch, file }
    }

    /// The rows as they are sent, and the file that they are in.
    async fn input(&self, name: &str, rows: &[Row]) -> Result<(Vec<u8>, Option<String>)> {
        let frame = self.size().frame;
        let bytes = rows.iter().map(|row| row.prompt.len().saturating_add(frame));
        let bytes = bytes.fold(0, usize::saturating_add);
        if bytes <= self.settings.inline {
            return Ok((row::inline(rows, &self.template), None));
        }
        let lines = Bytes::from(row::lines(rows, &self.template));
        let file = self.service.upload(name, lines).await?;
        Ok((row::file(&file), Some(file)))
    }

    /// Finds out whether a batch was made, also where the service cannot be reached for a while.
    async fn find_out(&self, display_name: &str) -> Result<Option<String>> {
        let mut failed = 0;
        loop {
            let error = match self.search(display_name).await {
                Err(error) if error.is_retryable() && failed < MOST_TRIES => error,
                found => return found,
            };
            failed += 1;
            tracing::debug!(%error, "a batch is looked for again");
            if race(self.sleep(failed), self.shared.over()).await.is_none() {
                return Err(error);
            }
        }
    }

    /// Looks for a batch that may have been made, twice: the service may be at it still.
    pub(super) async fn search(&self, display_name: &str) -> Result<Option<String>> {
        if let Some(batch) = self.service.find(display_name).await? {
            return Ok(Some(batch));
        }
        self.sleep(1).await;
        self.service.find(display_name).await
    }

    /// Takes the note of a batch away that doesn't exist.
    pub(super) fn unnote(&self, name: &str, keys: &[RowKey]) {
        self.desk.forget(name, keys);
        if let Some(notes) = &self.notes {
            notes.remove(name);
        }
    }

    /// All rows fail by what none of them can help.
    fn fail(&self, keys: &[RowKey], error: Error) -> Option<Open> {
        let told = Told::new(&error);
        let mut first = Some(error);
        for key in keys {
            let error = first.take().unwrap_or_else(|| told.error());
            self.desk.deliver(*key, Arrived::unsent(Arrival::Failed(error)));
        }
        None
    }

    /// The run ends before the batch is made.
    fn give_up(&self, keys: &[RowKey]) -> Option<Open> {
        self.desk.refuse(keys);
        None
    }

    /// The run ends because of this; what becomes of the rows is seen at the next start.
    pub(super) fn leave(&self, keys: &[RowKey], error: &Error) -> Option<Open> {
        self.shared.stop(End::failed(error));
        for key in keys {
            self.desk.deliver(*key, Arrived::unsent(Arrival::Left));
        }
        None
    }
}
