//! What an earlier start left in the journal.

use std::path::PathBuf;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::book::Book;
use super::content;
use super::context::Notebook;
use super::entry::{Told, hex};
use super::journal::{Fingerprint, Folder, Journal, Writer};
use super::settings::Failures;
use super::store::{Memory, Store};
use crate::{Error, Result};

/// What an earlier start left.
#[derive(Debug, Default)]
pub(super) struct Recall {
    pub(super) is_deduped: bool,
    pub(super) failures: Failures,
    pub(super) book: Book,
    /// What it cost, where that is known.
    pub(super) cost: Option<f64>,
    /// How many answers there are.
    pub(super) answered: u64,
    /// What is noted of a cache.
    pub(super) notebook: Option<Notebook>,
}

/// As much of an entry as has to be known.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    key: std::borrow::Cow<'a, str>,
    #[serde(with = "hex")]
    content: u128,
    answer: Option<IgnoredAny>,
    error: Option<Told>,
    #[serde(default)]
    bill: Cost,
}

#[derive(Default, Deserialize)]
struct Cost {
    cost: Option<f64>,
}

/// Where outcomes are kept, and what is there already: in a journal, or in memory where records
/// are put together.
pub(super) async fn begin(
    journal: Option<PathBuf>,
    job: (Fingerprint, String),
    restarts: bool,
    recall: Recall,
) -> Result<(Store, Recall)> {
    match journal {
        Some(path) => {
            let (journal, recall) = open(path, job, restarts, recall).await?;
            Ok((Store::Journal(journal), recall))
        }
        None if recall.is_deduped => Ok((Store::Memory(Memory::default()), recall)),
        None => Ok((Store::None, recall)),
    }
}

/// Opens a journal, on a thread that may wait for the disk.
async fn open(
    path: PathBuf,
    (job, hash): (Fingerprint, String),
    restarts: bool,
    mut recall: Recall,
) -> Result<(Journal, Recall)> {
    recall.book = Book::new(path.clone());
    let opened = tokio::task::spawn_blocking(move || {
        let opened = Folder::open(&path, job, restarts, |place, entry| recall.note(place, entry))?;
        let notebook = Notebook::open(&path, &hash);
        if let Some(cost) = notebook.cost() {
            *recall.cost.get_or_insert(0.0) += cost;
        }
        recall.notebook = Some(notebook);
        Ok((Writer::start(opened)?, recall))
    });
    let ended = || Error::journal(vec!["opening it was given up".to_owned()]);
    opened.await.map_err(|_| ended())?
}

impl Recall {
    fn note(&mut self, place: u64, entry: &[u8]) {
        let Ok(Line { key, content, answer, error, bill }) = serde_json::from_slice(entry) else {
            return;
        };
        if let Some(cost) = bill.cost {
            *self.cost.get_or_insert(0.0) += cost;
        }
        let question = if self.is_deduped { content } else { content::keyed(content, &key) };
        self.answered += u64::from(answer.is_some());
        match (answer, error) {
            (Some(_), _) => self.book.recall(question, place),
            (None, Some(error)) => {
                if self.is_kept(&error) && !self.book.is_known(question) {
                    self.book.recall(question, place);
                }
            }
            (None, None) => self.book.recall_shared(content::keyed(content, &key)),
        }
    }

    /// Whether a failure isn't asked again.
    fn is_kept(&self, error: &Told) -> bool {
        match self.failures {
            Failures::AskAgain => error.is_refusal(),
            Failures::AskAllAgain => false,
            Failures::Keep => !error.is_not_asked(),
        }
    }
}
