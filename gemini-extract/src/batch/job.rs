//! A batch at work: records are taken, asked, kept and handed out.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;

use super::book::{Book, Claim};
use super::budget::ErrorBudget;
use super::content::{self, Content};
use super::entry::{Bill, Entry, Told};
use super::group::Arrived;
use super::outcome::{Outcome, Source};
use super::pack::Packing;
use super::reader::Reader;
use super::report::End;
use super::shelf::Shelf;
use super::slots::Slots;
use super::source;
use super::store::Store;
use super::tally::{self, Tally};
use super::ticket::Ticket;
use super::way::{Asked, Question, Spent, Way};
use crate::client::Pass;
use crate::{Error, ErrorKind, Result, Usage};

/// What the workers of a batch share.
pub(super) struct Job<T> {
    pub(super) shared: Arc<Shared>,
    pub(super) supply: tokio::sync::Mutex<Supply>,
    pub(super) way: Box<dyn Way<T>>,
    /// How records are asked together, where they are.
    pub(super) packing: Option<Packing>,
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
    /// Whether open batches at the service are to be cancelled.
    pub(super) is_cancelled: AtomicBool,
    /// What is still done after the last outcome.
    pub(super) aftermath: Mutex<Option<JoinHandle<()>>>,
}

/// The records that are left.
pub(super) struct Supply {
    pub(super) source: source::Source,
    pub(super) next: u64,
    pub(super) is_empty: bool,
}

/// An outcome on its way to the user, with the place that it takes until then.
pub(super) struct Yield<T> {
    pub(super) outcome: Outcome<T>,
    pub(super) room: OwnedSemaphorePermit,
}

/// A record to be asked.
pub(super) struct Order {
    pub(super) ticket: Ticket,
    pub(super) question: Question,
    pub(super) content: u128,
    /// The content, or where equal ones aren't put together the content with the key.
    pub(super) identity: u128,
    /// What was spent on it in a pack.
    pub(super) spent: Spent,
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
    /// What is to be asked of a record; `None` where it has its outcome, or waits for the record
    /// that asks the same.
    pub(super) async fn prepare(self: &Arc<Self>, arrived: Arrived) -> Option<Order> {
        let Arrived { room, position, record } = arrived;
        let (key, prompt) = record.into_parts();
        let ticket = Ticket { key: key.clone().unwrap_or(position.to_string()), position, room };
        let before = key.and_then(|key| self.book.enter(&key, position));
        match (before, serde_json::to_string(&prompt)) {
            (Some(before), _) => {
                let problem =
                    format!("the record at {position} has the key of the record at {before}");
                self.refuse(ticket, problem);
            }
            (None, Ok(json)) => match prompt.problem() {
                Some(problem) => self.refuse(ticket, problem),
                None => return self.claim(ticket, Question::new(prompt, json)).await,
            },
            (None, Err(_)) => self.refuse(ticket, "the prompt cannot be written".to_owned()),
        }
        None
    }

    /// Gives a record the outcome that is known, or leaves it to the one that asks the same.
    async fn claim(self: &Arc<Self>, ticket: Ticket, mut question: Question) -> Option<Order> {
        let content = self.content.of(&question.json);
        let identity = self.identity(content, &ticket.key);
        question.identity = identity;
        let mut claim = self.book.claim(identity, ticket);
        loop {
            match claim {
                Claim::Waits => return None,
                Claim::Ask(ticket) => {
                    let spent = Spent::default();
                    return self
                        .look_up(Order { ticket, question, content, identity, spent })
                        .await;
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
                            self.hand_on(ticket, result, &entry, source);
                            return None;
                        }
                        Err(_) => claim = self.book.reclaim(identity, ticket, place),
                    }
                }
                Claim::Failed(ticket, error) => {
                    self.shared.stop(End::failed(&error));
                    self.turn_away(ticket, error);
                    return None;
                }
            }
        }
    }

    /// Asks a record by itself; where it fails and others wait for the same, each of them in turn.
    pub(super) async fn ask(self: &Arc<Self>, mut order: Order) {
        loop {
            let asked = self.way.ask(&order.question).await;
            self.shared.tally().asked(&asked, &order.spent);
            match self.conclude(order, asked) {
                Some(next) => order = next,
                None => return,
            }
        }
    }

    /// Keeps what came of asking a record, after what was spent on it before. What is to be asked
    /// next, where others wait for the same and it failed.
    pub(super) fn conclude(self: &Arc<Self>, order: Order, asked: Asked<T>) -> Option<Order> {
        let Order { ticket, question, content, identity, spent } = order;
        if let (Some(shelf), Ok((_, answer))) = (&self.shelf, &asked.result) {
            shelf.put(&question.json, answer);
        }
        let ticket = self.settle(ticket, asked.after(spent), (content, identity))?;
        Some(Order { ticket, question, content, identity, spent: Spent::default() })
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
            votes: None,
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
            votes: None,
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
        mut asked: Asked<T>,
        (content, identity): (u128, u128),
    ) -> Option<Ticket> {
        let votes = asked.votes.take();
        let (result, spent) = asked.into_parts();
        let bill = Bill::new(&spent);
        let Spent { usage, cost, attempts, latency, .. } = spent;
        let mut entry = Entry {
            key: ticket.key.clone(),
            position: ticket.position,
            content,
            answer: None,
            error: None,
            bill,
            votes: votes.clone(),
        };
        let made = |key, position, result, source| Outcome {
            key,
            position,
            result,
            usage,
            cost,
            attempts,
            latency,
            votes,
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
        if error.is_inescapable() {
            // Nobody is asked in vain while this is being kept.
            self.shared.stop(End::failed(&error));
        }
        let Ticket { key, position, room } = ticket;
        let is_kept = match error.kind() {
            ErrorKind::NotAsked | ErrorKind::CostLimit => attempts > 0,
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
            if place.is_some() {
                job.way.kept(job.identity(entry.content, &entry.key));
            }
            let waiting = identity.map(|identity| job.book.settle(identity, place));
            job.emit(yielded, entry.answer.as_deref());
            for ticket in waiting.into_iter().flatten() {
                let result = job.reader.read(&entry).unwrap_or_else(Err);
                job.hand_on(ticket, result, &entry, Source::Duplicate);
            }
        };
        self.store.keep(encoded, Box::new(then));
    }

    /// What tells a record from others: its content, or where equal ones aren't put together the
    /// content with the key.
    fn identity(&self, content: u128, key: &str) -> u128 {
        if self.is_deduped { content } else { content::keyed(content, key) }
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
            votes: entry.votes.clone(),
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
            votes: None,
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
        self.turn_away(ticket, Error::request(vec![problem]));
    }

    /// A record that isn't asked.
    fn turn_away(&self, ticket: Ticket, error: Error) {
        let Ticket { key, position, room } = ticket;
        let outcome = Outcome {
            key,
            position,
            result: Err(error),
            usage: Usage::default(),
            cost: None,
            attempts: 0,
            latency: Duration::ZERO,
            votes: None,
            source: Source::Asked,
        };
        self.emit(Yield { outcome, room }, None);
    }

    /// Hands an outcome out and counts it; `answer` is the text of its value.
    fn emit(&self, yielded: Yield<T>, answer: Option<&str>) {
        let Outcome { result, source, votes, .. } = &yielded.outcome;
        let result = result.as_ref().map(|_| answer.unwrap_or_default());
        let told = tally::Told { result, source: *source, votes: votes.as_ref() };
        let end = self.shared.tally().finished(&told, self.budget.as_ref());
        // Where nobody takes outcomes any more, the batch is at its end.
        let _ = self.out.send(yielded);
        if let Some(end) = end {
            self.shared.stop(end);
        }
    }
}
