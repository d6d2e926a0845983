//! Answers that batches share, in one file.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use redb::{Database, ReadableDatabase, TableDefinition};
use tokio::sync::oneshot;

use super::shelf::Shelf;
use crate::transport::BoxFuture;
use crate::{Error, Result};

const ANSWERS: TableDefinition<'_, &[u8; 32], &str> = TableDefinition::new("answers-1");
/// How long answers are waited for that can be written together.
const LINGER: Duration = Duration::from_millis(20);
/// The most commands that are worked off together.
const MOST: usize = 4_096;

/// Answers that batches share, in one file: a question that one of them has paid for is asked by
/// no other.
///
/// Questions are the same where the model, schema as sent, instruction, examples, parameters and
/// input are; they are told apart by 256 bits of BLAKE3. Values only: failures aren't kept. The
/// file holds answers and hashes, but no inputs and no API key. One process has it open at a
/// time, and all batches of that process can share it.
///
/// Needs the feature `batch-cache`.
///
/// # Examples
///
/// ```no_run
/// # async fn run(client: gemini_extract::Client, reviews: Vec<String>) -> gemini_extract::Result<()> {
/// use gemini_extract::batch::Cache;
///
/// let cache = Cache::open("answers.cache")?;
/// let batch = client.batch::<bool, _>(reviews).instruction("Is the review positive?");
/// println!("{}", batch.cache(&cache).start().report().await);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Cache {
    commands: Sender<Command>,
}

type Key = [u8; 32];

enum Command {
    Find(Key, oneshot::Sender<Option<String>>),
    Put(Key, String),
}

/// The cache as one job sees it.
struct Shelved {
    cache: Cache,
    /// Has seen all that the questions have in common.
    hasher: blake3::Hasher,
}

impl Cache {
    /// Opens the file, or makes it. Waits for the disk.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Journal`](crate::ErrorKind::Journal) where the file cannot be used, or another
    /// process has it open.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let failed = |error: &dyn fmt::Display| {
            Error::journal(vec![format!("the cache {}: {error}", path.display())])
        };
        let database = Database::create(path).map_err(|error| failed(&error))?;
        write(&database, &[]).map_err(|error| failed(&error))?;
        let (commands, receiver) = channel();
        let thread = thread::Builder::new().name("gemini-cache".to_owned());
        let thread = thread.spawn(move || work(&database, &receiver));
        thread.map_err(|error| failed(&error))?;
        Ok(Self { commands })
    }

    /// The cache for a job.
    pub(super) fn shelf(&self, job: &str) -> Arc<dyn Shelf> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(blake3::hash(job.as_bytes()).as_bytes());
        Arc::new(Shelved { cache: self.clone(), hasher })
    }
}

impl Shelved {
    fn key(&self, prompt: &str) -> Key {
        *self.hasher.clone().update(prompt.as_bytes()).finalize().as_bytes()
    }
}

impl Shelf for Shelved {
    fn find<'a>(&'a self, prompt: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            self.cache.commands.send(Command::Find(self.key(prompt), reply)).ok()?;
            answer.await.ok().flatten()
        })
    }

    fn put(&self, prompt: &str, answer: &str) {
        // Without its thread the cache keeps nothing.
        let _ = self.cache.commands.send(Command::Put(self.key(prompt), answer.to_owned()));
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cache")
    }
}

/// Works commands off; answers that come together are written together.
fn work(database: &Database, commands: &Receiver<Command>) {
    while let Ok(first) = commands.recv() {
        if matches!(first, Command::Put(..)) {
            thread::sleep(LINGER);
        }
        let (mut answers, mut questions) = (Vec::new(), Vec::new());
        for command in std::iter::once(first).chain(commands.try_iter().take(MOST)) {
            match command {
                Command::Put(key, answer) => answers.push((key, answer)),
                Command::Find(key, reply) => questions.push((key, reply)),
            }
        }
        if !answers.is_empty()
            && let Err(error) = write(database, &answers)
        {
            tracing::warn!(%error, "answers cannot be kept for other batches");
        }
        for (key, reply) in questions {
            // Nobody may wait for it any more.
            let _ = reply.send(find(database, &key).unwrap_or_default());
        }
    }
}

fn write(database: &Database, answers: &[(Key, String)]) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut table = transaction.open_table(ANSWERS)?;
        for (key, answer) in answers {
            table.insert(key, answer.as_str())?;
        }
    }
    transaction.commit()?;
    Ok(())
}

fn find(database: &Database, key: &Key) -> Result<Option<String>, redb::Error> {
    let table = database.begin_read()?.open_table(ANSWERS)?;
    Ok(table.get(key)?.map(|answer| answer.value().to_owned()))
}
