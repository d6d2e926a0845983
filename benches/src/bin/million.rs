//! A million records with a journal, and the same run started again.
//!
//! `cargo run --release -p gemini-benches --bin million [records [distinct ones]]`. Records that aren't
//! distinct have the outcome of an earlier one. The emulator runs in a process of its
//! own, and so does the second start. It fails where a label is wrong, where memory grows by more than the
//! filters of the batch's index and what a heap comes and goes by, or where the second start asks anything.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use std::{env, fs, io};

use gemini_benches::process::{Server, cpu_time, peak_resident, resident};
use gemini_benches::reviews::{self, Label};
use gemini_emulator::Emulator;
use gemini_extract::Client;
use gemini_extract::batch::{Batch, Report, Source};

const RECORDS: usize = 1_000_000;
const AT_ONCE: u32 = 64;
const AGAIN: &str = "--again";
/// Where the memory is looked at, in percent of the records.
const LOOKS: [usize; 3] = [10, 50, 100];
/// What a record takes in memory at most, in bytes: two entries in filters, one for its key and one for its
/// content, and as much again while filters are made anew.
const FILTERS: f64 = 5.0;
/// So much a heap may come and go by, in bytes.
const HEAP: f64 = 12e6;

type Fallible<T> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Fallible<()> {
    if Server::is_this() {
        return serve().await;
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, folder, url, records, distinct] if role == AGAIN => {
            again(Path::new(folder), url, Count::new(records, distinct)?).await
        }
        [] => million(Count { records: RECORDS, distinct: RECORDS }).await,
        [records] => million(Count::new(records, records)?).await,
        [records, distinct] => million(Count::new(records, distinct)?).await,
        _ => Err("two arguments at most: how many records, and how many distinct ones".into()),
    }
}

/// How many records there are.
#[derive(Clone, Copy)]
struct Count {
    records: usize,
    distinct: usize,
}

impl Count {
    fn new(records: &str, distinct: &str) -> Fallible<Self> {
        let (records, distinct) = (records.parse()?, distinct.parse::<usize>()?);
        Ok(Self { records, distinct: distinct.max(1) })
    }
}

async fn million(count: Count) -> Fallible<()> {
    let server = Server::start(&[])?;
    let folder = env::temp_dir().join(format!("gemini-benches-million-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let result = both(count, &folder, &server.url).await;
    fs::remove_dir_all(&folder)?;
    result
}

async fn both(count: Count, folder: &Path, url: &str) -> Fallible<()> {
    let Count { records, distinct } = count;
    println!("{records} records, {distinct} of them distinct, {AT_ONCE} at once");
    println!("{} KiB before", resident()?);
    let held = Take::new(Source::Asked, count).all(batch(url, count, folder)?).await?;
    let bytes = size(folder)? as f64 / records as f64;
    println!("journal: {:.1} MB, {bytes:.0} bytes a record", bytes * records as f64 / 1e6);
    let mut command = Command::new(env::current_exe()?);
    command.arg(AGAIN).arg(folder).arg(url);
    command.arg(records.to_string()).arg(distinct.to_string());
    if !command.status()?.success() {
        return Err("the second start failed".into());
    }
    let [early, .., late] = held.as_slice() else { return Err("too few looks".into()) };
    let grown = (*late as f64 - *early as f64) * 1_024.0;
    let most = HEAP + FILTERS * records as f64;
    println!("memory grew by {:.1} MB, {:.1} at most", grown / 1e6, most / 1e6);
    if grown <= most { Ok(()) } else { Err("memory grows with the records".into()) }
}

/// The second start, in a process that has done nothing else.
async fn again(folder: &Path, url: &str, count: Count) -> Fallible<()> {
    println!("\nstarted again; {} KiB before", resident()?);
    Take::new(Source::Journal, count).all(batch(url, count, folder)?).await.map(|_| ())
}

fn batch(url: &str, count: Count, folder: &Path) -> Fallible<Batch<Label>> {
    let client = Client::builder().api_key("a-key-for-loopback").base_url(url).build()?;
    Ok(reviews::batch(&client, count.records, count.distinct).concurrency(AT_ONCE).journal(folder))
}

/// Takes the outcomes of a batch, and looks at what it uses.
struct Take {
    /// Where outcomes come from, but for those of equal records.
    source: Source,
    count: Count,
    start: Instant,
    /// The memory at each look, in KiB.
    held: Vec<u64>,
}

impl Take {
    fn new(source: Source, count: Count) -> Self {
        Self { source, count, start: Instant::now(), held: Vec::new() }
    }

    async fn all(mut self, batch: Batch<Label>) -> Fallible<Vec<u64>> {
        let cpu = cpu_time();
        let (mut run, mut taken) = (batch.start(), 0);
        while let Some(outcome) = run.next().await {
            if taken == 0 {
                println!("first outcome after {:.2?}, {} KiB", self.start.elapsed(), resident()?);
            }
            let number = reviews::number(&outcome.key).ok_or("a strange key")?;
            let is_duplicate = self.source == Source::Asked && number >= self.count.distinct;
            let source = if is_duplicate { Source::Duplicate } else { self.source };
            let label = Label::of(number % self.count.distinct);
            if outcome.result? != label || outcome.source != source {
                return Err(format!("{number} has another outcome").into());
            }
            taken += 1;
            self.look(taken)?;
        }
        let cpu = (cpu_time() - cpu).as_secs_f64() * 1e6 / self.count.records as f64;
        self.tell(cpu, &run.report().await)?;
        Ok(self.held)
    }

    fn look(&mut self, taken: usize) -> io::Result<()> {
        for percent in LOOKS {
            if taken == self.count.records * percent / 100 {
                let held = resident()?;
                println!("{percent:>3} %: {held} KiB after {:.1?}", self.start.elapsed());
                self.held.push(held);
            }
        }
        Ok(())
    }

    fn tell(&self, cpu: f64, report: &Report) -> Fallible<()> {
        let seconds = self.start.elapsed().as_secs_f64();
        let requests = report.progress.requests;
        println!("{requests} requests in {seconds:.1} s, {cpu:.1} us CPU a record");
        let rate = self.count.records as f64 / seconds;
        println!("{rate:.0} records/s; {} KiB at most", peak_resident()?);
        let finished = usize::try_from(report.progress.finished)?;
        let wanted = if self.source == Source::Asked { self.count.distinct } else { 0 };
        if finished != self.count.records || usize::try_from(requests)? != wanted {
            return Err(report.end.to_string().into());
        }
        Ok(())
    }
}

fn size(folder: &Path) -> io::Result<u64> {
    let entries = fs::read_dir(folder)?;
    entries.map(|entry| Ok(entry?.metadata()?.len())).sum()
}

async fn serve() -> Fallible<()> {
    let emulator = Emulator::builder().keep_requests(0).respond(reviews::respond).start().await?;
    let url = emulator.url().to_owned();
    Ok(tokio::task::spawn_blocking(move || Server::tell(&url)).await??)
}
