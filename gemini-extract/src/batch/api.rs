//! Records by way of the Gemini Batch API: in the service's own time, at half the price.

mod clerk;
mod desk;
mod feed;
mod follow;
mod lines;
mod notes;
mod row;
mod service;
mod signals;
mod way;
mod wire;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use self::clerk::Clerk;
use self::desk::Desk;
pub use self::notes::OpenBatch;
pub(super) use self::notes::{FOLDER, Notes};
use self::service::Service;
pub(super) use self::way::Batches;
use super::book::Book;
use super::job::Shared;
use super::way::Interactive;
use crate::client::Rules;
use crate::policies::Policies;
use crate::{Backoff, Error, ExponentialBackoff, Result};

const ROWS: usize = 5_000;
const BYTES: usize = 32 * 1024 * 1024;
const INLINE: usize = 1024 * 1024;
const OPEN: usize = 10;
/// The service takes no more batches at the same time.
const MOST_OPEN: usize = 100;
const LINGER: Duration = Duration::from_secs(10);
const FIRST_LOOK: Duration = Duration::from_secs(10);
const LONGEST_LOOK: Duration = Duration::from_secs(300);
const LOOK_FACTOR: f64 = 1.5;

/// Asks the records of a [`Batch`](super::Batch) by the Gemini Batch API: many in one job of the
/// service, which takes its time (up to a day) and half the price.
///
/// Records are gathered until a batch has [`rows`](Self::rows) of them, or [`bytes`](Self::bytes),
/// or the first of them has waited for [`linger`](Self::linger). It is sent within the request, or
/// where it is [larger](Self::inline) uploaded as a file, and looked after less and less often. So
/// many batches as [`open`](Self::open) says are on their way at the same time, and so
/// `rows × open` records are in memory, 50,000 by default; a [`buffer`](super::Batch::buffer)
/// that is smaller makes smaller batches.
///
/// Results are matched by keys, and read and checked as other answers are. A row that fails, is
/// missing, or has expired with its batch is an error of its record, or is asked
/// [interactively](Self::interactive_fallback). Each row counts as a request. The schema always
/// travels in `responseSchema`, as the service was seen to ignore other fields in batches, so that
/// types which contain themselves are cut at some depth. Costs are counted at
/// [`Price::batch`](crate::Price::batch); for [`max_cost`](super::Batch::max_cost) all rows of a
/// batch count at their dearest before it is made, so that
/// [`max_output_tokens`](super::Batch::max_output_tokens) should be small then.
///
/// # Stopping and going on
///
/// With a [`journal`](super::Batch::journal), each batch is noted in its folder before it is made
/// and after. Killed, stopped or dropped at any moment, the run leaves its batches open at the
/// service; started again it finds them, by their names or else their display names, and takes
/// their answers, so that nothing is paid for twice. Only where the service forgot a batch, or
/// its results, or it came to nothing as a whole, are its records asked anew.
/// [`stop`](super::BatchRun::stop) then ends the run at once: records in open batches come out as
/// [`NotAsked`](crate::ErrorKind::NotAsked). Without a journal it waits for the open batches, and
/// dropping the run loses their answers. [`cancel`](super::BatchRun::cancel) cancels them.
///
/// # Examples
///
/// ```no_run
/// # async fn run(client: gemini_extract::Client, reviews: Vec<String>) {
/// use gemini_extract::batch::BatchApi;
///
/// let batch = client.batch::<bool, _>(reviews).instruction("Is the review positive?");
/// let run = batch.via(BatchApi::new().interactive_fallback()).journal("reviews.run").start();
/// println!("{}", run.report().await);
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct BatchApi {
    rows: usize,
    bytes: usize,
    inline: usize,
    open: usize,
    linger: Duration,
    polling: Arc<dyn Backoff>,
    falls_back: bool,
}

impl BatchApi {
    /// Batches of up to 5,000 records and 32 MiB, ten at a time.
    pub fn new() -> Self {
        let polling = ExponentialBackoff::default();
        let polling = polling.first(FIRST_LOOK).factor(LOOK_FACTOR).longest(LONGEST_LOOK);
        Self {
            rows: ROWS,
            bytes: BYTES,
            inline: INLINE,
            open: OPEN,
            linger: LINGER,
            polling: Arc::new(polling.without_jitter()),
            falls_back: false,
        }
    }

    /// The most records in one batch, 5,000 by default.
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// The most bytes of one batch, 32 MiB by default; a record that is larger has a batch of its
    /// own. The service takes files of up to 2 GB. One batch at a time is in memory.
    pub fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// The most bytes of a batch that is sent within the request instead of a file, 1 MiB by
    /// default. The service takes less than 20 MB; its answers come within one response, too, which
    /// the client's limit holds for.
    pub fn inline(mut self, bytes: usize) -> Self {
        self.inline = bytes;
        self
    }

    /// How many batches are open at the same time, 10 by default. The service takes 100 of a
    /// project, and has limits for the tokens in all of them; where it says that there are too
    /// many, the next one waits or is made smaller.
    pub fn open(mut self, batches: usize) -> Self {
        self.open = batches;
        self
    }

    /// How long a batch that isn't full waits for more records, 10 seconds by default. Where there
    /// are no more it doesn't wait.
    pub fn linger(mut self, time: Duration) -> Self {
        self.linger = time;
        self
    }

    /// How long is waited before each look after a batch: 10 seconds at first and 5 minutes at
    /// most by default.
    pub fn polling(mut self, polling: impl Backoff + 'static) -> Self {
        self.polling = Arc::new(polling);
        self
    }

    /// Asks records at once and alone, at the full price, that come to nothing in their batch: the
    /// row has failed or expired, is missing, or its answer is no good. Refusals, and records of
    /// batches that were cancelled, stay as they are.
    ///
    /// Limits, timeouts and repairs of the batch are for these records.
    pub fn interactive_fallback(mut self) -> Self {
        self.falls_back = true;
        self
    }

    /// How many records are on their way at most.
    pub(super) fn width(&self) -> u32 {
        u32::try_from(self.rows.saturating_mul(self.open)).unwrap_or(u32::MAX)
    }

    pub(super) fn falls_back(&self) -> bool {
        self.falls_back
    }

    /// What is unusable.
    pub(super) fn problems(&self) -> impl Iterator<Item = String> {
        let open = format!("the open batches must be from 1 to {MOST_OPEN}");
        let checks = [
            (self.rows > 0, "a batch must have room for a row".to_owned()),
            ((1..=MOST_OPEN).contains(&self.open), open),
        ];
        checks.into_iter().filter(|(is_fine, _)| !is_fine).map(|(_, problem)| problem)
    }

    /// The way of a job that can be asked interactively, too.
    pub(super) fn way<T>(
        self,
        interactive: Interactive<T>,
        (shared, rules): (Arc<Shared>, Arc<Rules>),
        (run, book): (Option<&Path>, &Book),
        output_tokens: u64,
    ) -> Result<Batches<T>> {
        let service = Service {
            client: interactive.client.clone(),
            model: interactive.template.model().to_owned(),
            policies: Policies {
                retry: interactive.call.policies.retry.clone(),
                ..Policies::default()
            },
        };
        if let Some(problem) = service.problem() {
            return Err(Error::request(vec![problem]));
        }
        let notes = run.map(Notes::of_run);
        let noted = notes.as_ref().map_or_else(|| Ok(Vec::new()), |notes| notes.recall(book))?;
        let (desk, width) = (Arc::new(Desk::default()), self.width());
        for note in &noted {
            desk.promise(&note.rows);
            desk.note(&note.display_name.as_str().into(), &note.rows);
        }
        let clerk = Clerk {
            desk,
            shared,
            service,
            template: Arc::clone(&interactive.template),
            rules,
            output_tokens,
            notes,
            places: Arc::new(Semaphore::new(self.open)),
            name: format!("gemini-extract-{:016x}", fastrand::u64(..)),
            settings: self,
        };
        Ok(Batches { clerk: Arc::new(clerk), notes: noted, width, interactive })
    }
}

impl Default for BatchApi {
    fn default() -> Self {
        Self::new()
    }
}
