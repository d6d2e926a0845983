//! Where records meet batches: records wait here for the results of their rows.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, oneshot};

use super::row::{Row, RowKey};
use crate::Error;
use crate::response::Answer;

/// The last rows are on their way from tasks that have begun already.
const LAST: Duration = Duration::from_millis(50);

/// What records and batches share.
#[derive(Debug, Default)]
pub(super) struct Desk {
    state: Mutex<State>,
    pub(super) changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    rows: HashMap<RowKey, Standing>,
    /// Rows that are in no batch yet.
    queue: VecDeque<Row>,
    /// The bytes of their prompts.
    bytes: usize,
    /// Since when the first of them waits.
    since: Option<Instant>,
    /// The notes that rows stand in.
    noted: HashMap<RowKey, Arc<str>>,
    /// How many rows of each note have no outcome in the journal.
    left: HashMap<Arc<str>, usize>,
    /// Whether there will be no more rows than a few that are on their way here.
    is_last: bool,
    is_closed: bool,
    is_abandoned: bool,
}

/// How it stands with a row.
#[derive(Debug)]
enum Standing {
    /// A record waits for it.
    Awaited(oneshot::Sender<Arrived>),
    /// It is in a batch of an earlier start, and its record wasn't read yet.
    Promised,
    /// The same, and its result is there.
    Here(Arrived),
}

/// The result of a row.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) arrival: Arrival,
    /// What it cost, where that is known.
    pub(super) cost: Option<f64>,
    /// How long its batch took; absent where the row was in none.
    pub(super) took: Option<Duration>,
}

#[derive(Debug)]
pub(super) enum Arrival {
    Answer(Box<Answer>),
    Failed(Error),
    /// Nothing came of it at an earlier start; it is to be asked now.
    Again,
    /// The run ends before its batch.
    Left,
}

/// How large a batch may be, and how long it waits to be full.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) rows: usize,
    pub(super) bytes: usize,
    /// What each row has beside its prompt.
    pub(super) frame: usize,
    pub(super) linger: Duration,
}

/// When a batch is to be made.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due {
    Now,
    In(Duration),
    /// There are no rows.
    Never,
    /// There will be none any more.
    Over,
}

impl Arrived {
    /// A result that no batch had.
    pub(super) fn unsent(arrival: Arrival) -> Self {
        Self { arrival, cost: None, took: None }
    }
}

impl Desk {
    /// Puts a row in the queue, unless it is in a batch already, and gives where its result comes.
    pub(super) fn enter(
        &self,
        key: RowKey,
        prompt: &str,
        now: Instant,
    ) -> oneshot::Receiver<Arrived> {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.state();
        if state.is_closed {
            return receiver;
        }
        match state.rows.remove(&key) {
            Some(Standing::Here(arrived)) => {
                // The receiver is at hand.
                let _ = sender.send(arrived);
                return receiver;
            }
            Some(Standing::Promised) => {}
            Some(Standing::Awaited(_)) | None => {
                state.push(Row { key, prompt: prompt.to_owned() }, now);
                self.changed.notify_one();
            }
        }
        state.rows.insert(key, Standing::Awaited(sender));
        receiver
    }

    /// Notes rows that are in a batch of an earlier start.
    pub(super) fn promise(&self, keys: &[RowKey]) {
        let mut state = self.state();
        state.rows.extend(keys.iter().map(|key| (*key, Standing::Promised)));
    }

    /// Hands the result of a row to its record, or keeps it until the record is read.
    pub(super) fn deliver(&self, key: RowKey, arrived: Arrived) {
        let mut state = self.state();
        match state.rows.remove(&key) {
            // Nobody waits any more where the run was dropped.
            Some(Standing::Awaited(sender)) => drop(sender.send(arrived)),
            Some(Standing::Promised) if matches!(arrived.arrival, Arrival::Again) => {}
            Some(Standing::Promised) => {
                state.rows.insert(key, Standing::Here(arrived));
            }
            Some(Standing::Here(_)) | None => {}
        }
    }

    /// No more records are read.
    pub(super) fn read_all(&self) {
        self.state().is_last = true;
        self.changed.notify_one();
    }

    /// When the next batch is to be made.
    pub(super) fn due(&self, size: &Size, now: Instant) -> Due {
        let state = self.state();
        let Some(since) = state.since.filter(|_| !state.queue.is_empty()) else {
            return if state.is_closed { Due::Over } else { Due::Never };
        };
        let waited = now.saturating_duration_since(since);
        let frames = state.queue.len().saturating_mul(size.frame);
        let is_full =
            state.queue.len() >= size.rows || state.bytes.saturating_add(frames) >= size.bytes;
        let linger = if state.is_last { size.linger.min(LAST) } else { size.linger };
        match linger.checked_sub(waited) {
            Some(left) if !is_full && !left.is_zero() => Due::In(left),
            _ => Due::Now,
        }
    }

    /// Takes the rows of a batch, at least one where there are any.
    pub(super) fn take(&self, size: &Size, now: Instant) -> Vec<Row> {
        let mut state = self.state();
        let (mut rows, mut bytes) = (Vec::new(), 0_usize);
        while let Some(row) = state.queue.front() {
            bytes = bytes.saturating_add(row.prompt.len()).saturating_add(size.frame);
            if !rows.is_empty() && (rows.len() >= size.rows || bytes > size.bytes) {
                break;
            }
            let Some(row) = state.queue.pop_front() else { break };
            state.bytes = state.bytes.saturating_sub(row.prompt.len());
            rows.push(row);
        }
        state.since = (!state.queue.is_empty()).then_some(now);
        rows
    }

    /// Puts rows back that found no room in a batch.
    pub(super) fn put_back(&self, rows: Vec<Row>, now: Instant) {
        let mut state = self.state();
        for row in rows.into_iter().rev() {
            state.bytes = state.bytes.saturating_add(row.prompt.len());
            state.queue.push_front(row);
            state.since = Some(now);
        }
    }

    /// Takes no more rows, and gives up those that are in no batch.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.is_closed = true;
        let queue = std::mem::take(&mut state.queue);
        for row in queue {
            state.rows.remove(&row.key);
        }
        drop(state);
        self.changed.notify_one();
    }

    /// There are no records any more, and so nobody waits for results.
    pub(super) fn abandon(&self) {
        self.state().is_abandoned = true;
        self.close();
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.state().is_abandoned
    }

    /// Gives up rows that are in no batch.
    pub(super) fn refuse(&self, rows: &[RowKey]) {
        let mut state = self.state();
        for key in rows {
            state.rows.remove(key);
        }
    }

    /// These rows stand in a note.
    pub(super) fn note(&self, name: &Arc<str>, keys: &[RowKey]) {
        let mut state = self.state();
        state.left.insert(Arc::clone(name), keys.len());
        state.noted.extend(keys.iter().map(|key| (*key, Arc::clone(name))));
    }

    /// A note is gone.
    pub(super) fn forget(&self, name: &str, keys: &[RowKey]) {
        let mut state = self.state();
        state.left.remove(name);
        for key in keys {
            state.noted.remove(key);
        }
    }

    /// The outcome of a row is in the journal: the note that isn't needed any more, if that is so.
    pub(super) fn kept(&self, key: RowKey) -> Option<Arc<str>> {
        let mut state = self.state();
        let name = state.noted.remove(&key)?;
        let left = state.left.get_mut(&name)?;
        *left = left.saturating_sub(1);
        if *left > 0 {
            return None;
        }
        state.left.remove(&name);
        Some(name)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn push(&mut self, row: Row, now: Instant) {
        self.bytes = self.bytes.saturating_add(row.prompt.len());
        self.queue.push_back(row);
        self.since.get_or_insert(now);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::{Arrival, Arrived, Desk, Due, LAST, RowKey, Size};

    const SECOND: Duration = Duration::from_secs(1);
    const SIZE: Size = Size { rows: 3, bytes: 100, frame: 10, linger: SECOND };

    fn left() -> Arrived {
        Arrived::unsent(Arrival::Left)
    }

    #[tokio::test]
    async fn a_batch_is_due_when_it_is_full_or_has_waited() {
        let (desk, now) = (Desk::default(), Instant::now());
        assert_eq!(desk.due(&SIZE, now), Due::Never);
        let mut arriving = vec![desk.enter(RowKey(1), "text", now)];
        assert_eq!(desk.due(&SIZE, now), Due::In(SECOND));
        assert_eq!(desk.due(&SIZE, now + SECOND), Due::Now);
        let last = Desk::default();
        let _arriving = last.enter(RowKey(1), "text", now);
        last.read_all();
        assert_eq!(last.due(&SIZE, now), Due::In(LAST), "no more will come");
        arriving.extend((2..=4).map(|key| desk.enter(RowKey(key), "text", now + SECOND / 2)));
        assert_eq!(desk.due(&SIZE, now), Due::Now);
        let rows = desk.take(&SIZE, now);
        assert_eq!(rows.iter().map(|row| row.key.0).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(desk.due(&SIZE, now), Due::In(SECOND), "the last one has its own time");
        desk.put_back(rows, now);
        assert_eq!(desk.take(&SIZE, now).len(), 3);
        desk.deliver(RowKey(2), left());
        assert!(arriving.remove(1).await.is_ok());
        desk.close();
        assert_eq!(desk.due(&SIZE, now), Due::Over);
        assert!(arriving.pop().expect("the last").await.is_err(), "it was in no batch");
        assert!(desk.enter(RowKey(5), "text", now).await.is_err());
    }

    #[test]
    fn a_batch_has_so_many_bytes() {
        let (desk, now) = (Desk::default(), Instant::now());
        let long = "x".repeat(200);
        let _arriving = [desk.enter(RowKey(1), &long, now), desk.enter(RowKey(2), "a", now)];
        assert_eq!(desk.take(&SIZE, now).len(), 1, "one goes, however long it is");
        assert_eq!(desk.due(&SIZE, now), Due::In(SECOND));
        assert_eq!(desk.take(&SIZE, now).len(), 1);
        assert_eq!(desk.due(&SIZE, now), Due::Never);
    }

    #[tokio::test]
    async fn results_of_an_earlier_start_wait_for_their_records() {
        let (desk, now) = (Desk::default(), Instant::now());
        desk.promise(&[RowKey(1), RowKey(2), RowKey(3)]);
        desk.deliver(RowKey(1), left());
        desk.deliver(RowKey(3), Arrived::unsent(Arrival::Again));
        desk.deliver(RowKey(9), left());
        assert!(desk.enter(RowKey(1), "a", now).await.is_ok());
        let second = desk.enter(RowKey(2), "b", now);
        assert_eq!(desk.due(&SIZE, now), Due::Never, "both are in a batch");
        desk.deliver(RowKey(2), left());
        assert!(second.await.is_ok());
        let _third = desk.enter(RowKey(3), "c", now);
        assert_eq!(desk.take(&SIZE, now).len(), 1);
    }

    #[test]
    fn a_note_goes_with_its_last_row() {
        let desk = Desk::default();
        desk.note(&Arc::from("a"), &[RowKey(1), RowKey(2)]);
        desk.note(&Arc::from("b"), &[RowKey(3)]);
        assert_eq!(desk.kept(RowKey(1)), None);
        assert_eq!(desk.kept(RowKey(1)), None);
        assert_eq!(desk.kept(RowKey(9)), None);
        assert_eq!(desk.kept(RowKey(2)).as_deref(), Some("a"));
        desk.forget("b", &[RowKey(3)]);
        assert_eq!(desk.kept(RowKey(3)), None);
    }
}
