//! A batch at work: records are taken, asked, kept and handed out.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_core::Stream;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use super::book::{Book, Claim};
use super::budget::ErrorBudget;
use super::content::{self, Content};
use super::entry::{Bill, Entry, Told};
use super::outcome::{Outcome, Source};
use super::record::Record;
use super::report::End;
use super::shelf::Shelf;
use super::slots::Slots;
use super::source;
use super::store::Store;
use super::tally::{self, Tally};
use super::ticket::Ticket;
use super::way::{Asked, Question, Way};
use crate::carrier::Carried;
use crate::client::Pass;
use crate::clock::race;
use crate::extract::Validator;
use crate::response::decode;
use crate::{Error, ErrorKind, Result, Usage};

/// What the workers of a batch share.
pub(super) struct Job<T> {
    pub(super) shared: Arc<Shared>,
    pub(super) supply: tokio::sync::Mutex<Supply>,
    pub(super) way: Box<dyn Way<T>>,
    pub(super) reader: Reader<T>,
    pub(super) content: Content,
    pub(super) is_deduped: bool,
    pub(super) book: Book,
    pub(super) store: Store,
    /// Answers of other batches.
    pub(super) shelf: Option<Arc<dyn Shelf>>,
    pub(super) budget: Option<ErrorBudget>,
    pub(super) out: UnboundedSender<Yield<T>>,
    /// The client isn't closed before the batch has ended.
    pub(super) _pass: Pass,
}

/// What the workers share with the user's handles.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) tally: Mutex<Tally>,
    pub(super) slots: Arc<Slots>,
    /// Places for records that were read and not taken by the user yet.
    pub(super) rooms: Arc<Semaphore>,
    pub(super) stopped: Notify,
}

/// The records that are left.
pub(super) struct Supply {
    pub(super) source: source::Source,
    pub(super) next: u64,
    pub(super) is_empty: bool,
}

/// Reads values from answers.
pub(super) struct Reader<T> {
    pub(super) carried: Carried,
    pub(super) validators: Arc<Vec<Validator<T>>>,
}

/// An outcome on its way to the user, with the place that it takes until then.
pub(super) struct Yield<T> {
    pub(super) outcome: Outcome<T>,
    pub(super) room: OwnedSemaphorePermit,
}

/// A record to be asked.
struct Order {
    ticket: Ticket,
    question: Question,
    content: u128,
    /// The content, or where equal ones aren't put together the content with the key.
    identity: u128,
}

impl Shared {
    pub(super) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No more records are read or asked; those on their way come to their end.
    pub(super) fn stop(&self, end: End) {
        self.tally().set_end(end);
        self.slots.close();
        self.rooms.close();
        self.stopped.notify_waiters();
    }
}

impl<T: DeserializeOwned + Send + 'static> Job<T> {
    /// Takes records and brings them to their outcomes until there are no more.
    pub(super) async fn work(self: Arc<Self>) {
        while let Ok(room) = Arc::clone(&self.shared.rooms).acquire_owned().await {
            let Some((position, record)) = self.take().await else { break };
            let (key, prompt) = record.into_parts();
            let ticket =
                Ticket { key: key.clone().unwrap_or(position.to_string()), position, room };
            let before = key.and_then(|key| self.book.enter(&key, position));
            match (before, serde_json::to_string(&prompt)) {
                (Some(before), _) => {
                    let problem =
                        format!("the record at {position} has the key of the record at {before}");
                    self.refuse(ticket, problem);
                }
                (None, Ok(json)) => match prompt.problem() {
                    Some(problem) => self.refuse(ticket, problem),
                    None => self.bring(ticket, Question { prompt, json }).await,
                },
                (None, Err(_)) => self.refuse(ticket, "the prompt cannot be written".to_owned()),
            }
        }
    }

    /// The next record and its position; `None` at the end.
    async fn take(&self) -> Option<(u64, Record)> {
        let mut stopped = std::pin::pin!(self.shared.stopped.notified());
        stopped.as_mut().enable();
        let next = async {
            let mut supply = self.supply.lock().await;
            if supply.is_empty || self.shared.rooms.is_closed() {
                return None;
            }
            let record =
                std::future::poll_fn(|cx| Pin::new(&mut supply.source).poll_next(cx)).await;
            supply.is_empty = record.is_none();
            let position = supply.next;
            supply.next += u64::from(record.is_some());
            if record.is_some() {
                self.shared.tally().read(source::remaining(&supply.source));
            }
            record.map(|record| (position, record))
        };
        race(next, stopped).await.flatten()
    }

    /// Brings a record to its outcome, or leaves it to the one that asks the same.
    async fn bring(self: &Arc<Self>, ticket: Ticket, question: Question) {
        let content = self.content.of(&question.json);
        let identity = if self.is_deduped { content } else { content::keyed(content, &ticket.key) };
        let mut claim = self.book.claim(identity, ticket);
        loop {
            match claim {
                Claim::Waits => return,
                Claim::Ask(ticket) => {
                    return self.ask(Order { ticket, question, content, identity }).await;
                }
                Claim::Known(ticket, place) => {
                    let entry = self.store.read(place).await;
                    let Some(entry) = entry.filter(|entry| entry.content == content) else {
                        claim = self.book.reclaim(identity, ticket, place);
                        continue;
                    };
                    match self.reader.read(&entry) {
                        Ok(result) => {
                            let source = self.source_of(&ticket, &entry, place);
                            return self.hand_on(ticket, result, &entry, source);
                        }
                        Err(_) => claim = self.book.reclaim(identity, ticket, place),
                    }
                }
            }
        }
    }

    /// Asks a record; where it fails and others wait for the same, each of them in turn.
    async fn ask(self: &Arc<Self>, order: Order) {
        let Some(order) = self.look_up(order).await else { return };
        let Order { mut ticket, question, content, identity } = order;
        loop {
            let asked = self.way.ask(&question).await;
            if let (Some(shelf), Ok((_, answer))) = (&self.shelf, &asked.result) {
                shelf.put(&question.json, answer);
            }
            let next = self.settle(ticket, asked, (content, identity));
            match next {
                Some(next) => ticket = next,
                None => return,
            }
        }
    }

    /// Gives a record the answer that another batch has paid for; the record back where there is
    /// none that fits.
    async fn look_up(self: &Arc<Self>, order: Order) -> Option<Order> {
        let Some(shelf) = &self.shelf else { return Some(order) };
        let Some(answer) = shelf.find(&order.question.json).await else { return Some(order) };
        let entry = Entry {
            key: order.ticket.key.clone(),
            position: order.ticket.position,
            content: order.content,
            answer: Some(answer),
            error: None,
            bill: Bill::default(),
        };
        let Ok(result) = self.reader.read(&entry) else { return Some(order) };
        let Ticket { key, position, room } = order.ticket;
        let outcome = Outcome {
            key,
            position,
            result,
            usage: Usage::default(),
            cost: None,
            attempts: 0,
            latency: Duration::ZERO,
            source: Source::Cache,
        };
        self.keep(entry, Some(order.identity), Yield { outcome, room });
        None
    }

    /// Keeps what came of asking, and hands it out when it is safe. Who is to be asked next, where
    /// others wait for the same and it failed.
    fn settle(
        self: &Arc<Self>,
        ticket: Ticket,
        asked: Asked<T>,
        (content, identity): (u128, u128),
    ) -> Option<Ticket> {
        let Asked { result, usage, cost, attempts, latency } = asked;
        self.shared.tally().billed(&usage, cost, (attempts, latency));
        let bill = Bill::new(&usage, cost, attempts, latency);
        let mut entry = Entry {
            key: ticket.key.clone(),
            position: ticket.position,
            content,
            answer: None,
            error: None,
            bill,
        };
        let made = |key, position, result, source| Outcome {
            key,
            position,
            result,
            usage,
            cost,
            attempts,
            latency,
            source,
        };
        let error = match result {
            Ok((value, text)) => {
                entry.answer = Some(text);
                let Ticket { key, position, room } = ticket;
                let outcome = made(key, position, Ok(value), Source::Asked);
                self.keep(entry, Some(identity), Yield { outcome, room });
                return None;
            }
            Err(error) => error,
        };
        let Ticket { key, position, room } = ticket;
        let is_kept = match error.kind() {
            ErrorKind::NotAsked => false,
            ErrorKind::CostLimit => attempts > 0,
            _ => true,
        };
        let is_final = error.is_refusal();
        entry.error = Some(Told::new(&error));
        let yielded = Yield { outcome: made(key, position, Err(error), Source::Asked), room };
        if is_kept {
            self.keep(entry, is_final.then_some(identity), yielded);
        } else {
            self.emit(yielded, None);
        }
        if is_final { None } else { self.book.next(identity) }
    }

    /// Keeps an outcome, and hands it out when it is safe; also to those who wait for it.
    fn keep(self: &Arc<Self>, entry: Entry, identity: Option<u128>, yielded: Yield<T>) {
        let (job, encoded) = (Arc::clone(self), self.store.encode(&entry));
        let then = move |place: Result<Option<u64>>| {
            let place = match place {
                Ok(place) => place,
                Err(error) => {
                    job.shared.stop(End::failed(&error));
                    None
                }
            };
            let waiting = identity.map(|identity| job.book.settle(identity, place));
            job.emit(yielded, entry.answer.as_deref());
            for ticket in waiting.into_iter().flatten() {
                let result = job.reader.read(&entry).unwrap_or_else(Err);
                job.hand_on(ticket, result, &entry, Source::Duplicate);
            }
        };
        self.store.keep(encoded, Box::new(then));
    }

    /// Where the outcome at a place comes from, for a record.
    fn source_of(&self, ticket: &Ticket, entry: &Entry, place: u64) -> Source {
        let is_own = entry.key == ticket.key
            || self.book.is_shared(content::keyed(entry.content, &ticket.key));
        let is_earlier = self.store.is_earlier(place);
        if is_own && is_earlier { Source::Journal } else { Source::Duplicate }
    }

    /// Gives a record the outcome of another one, or its own of an earlier start.
    fn hand_on(self: &Arc<Self>, ticket: Ticket, result: Result<T>, entry: &Entry, source: Source) {
        let Ticket { key, position, room } = ticket;
        let outcome = Outcome {
            key,
            position,
            result,
            usage: Usage::default(),
            cost: None,
            attempts: 0,
            latency: entry.bill.latency(),
            source,
        };
        let yielded = Yield { outcome, room };
        if source == Source::Journal || !self.store.is_journal() {
            return self.emit(yielded, entry.answer.as_deref());
        }
        let note = Entry {
            key: yielded.outcome.key.clone(),
            position,
            content: entry.content,
            answer: None,
            error: None,
            bill: Bill::default(),
        };
        let (job, answer) = (Arc::clone(self), entry.answer.clone());
        let then = move |place: Result<Option<u64>>| {
            if let Err(error) = place {
                job.shared.stop(End::failed(&error));
            }
            job.emit(yielded, answer.as_deref());
        };
        self.store.keep(self.store.encode(&note), Box::new(then));
    }

    /// A record that cannot be sent.
    fn refuse(&self, ticket: Ticket, problem: String) {
        let Ticket { key, position, room } = ticket;
        let outcome = Outcome {
            key,
            position,
            result: Err(Error::request(vec![problem])),
            usage: Usage::default(),
            cost: None,
            attempts: 0,
            latency: Duration::ZERO,
            source: Source::Asked,
        };
        self.emit(Yield { outcome, room }, None);
    }

    /// Hands an outcome out and counts it; `answer` is the text of its value.
    fn emit(&self, yielded: Yield<T>, answer: Option<&str>) {
        let Outcome { result, source, .. } = &yielded.outcome;
        let result = result.as_ref().map(|_| answer.unwrap_or_default());
        let told = tally::Told { result, source: *source };
        let end = self.shared.tally().finished(&told, self.budget.as_ref());
        // Where nobody takes outcomes any more, the batch is at its end.
        let _ = self.out.send(yielded);
        if let Some(end) = end {
            self.shared.stop(end);
        }
    }
}

impl<T: DeserializeOwned> Reader<T> {
    /// The result that an entry stands for; an error where its answer doesn't fit any more.
    fn read(&self, entry: &Entry) -> Result<Result<T>> {
        let Some(text) = &entry.answer else {
            let told = entry.error.as_ref().map(Told::error);
            return Ok(Err(told.unwrap_or_else(|| Error::plain(ErrorKind::NotAsked))));
        };
        let Carried { lowered, .. } = &self.carried;
        let value: T = decode(lowered, self.carried.mime_type(), text)
            .map_err(|_| Error::plain(ErrorKind::Violations))?;
        let is_fine = self.validators.iter().all(|validator| validator(&value).is_ok());
        if is_fine { Ok(Ok(value)) } else { Err(Error::plain(ErrorKind::Rejected)) }
    }
}
