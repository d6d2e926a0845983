//! A batch that is killed 200 times at random moments, and goes on from its journal each time.
//!
//! `cargo run --release -p gemini-benches --bin crash [seed]`. The batch runs in a process of its own;
//! this one is the emulator that counts what is asked, kills, and reads the journal. It fails where
//! a record is lost or asked again after its answer was in the journal, or where a label isn't that of
//! a run that nobody disturbs.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use gemini_benches::reviews::{self, Label};
use gemini_emulator::{Emulator, Latency, RecordedRequest};
use gemini_extract::Client;
use gemini_extract::batch::{JournalReader, Source};

const RECORDS: usize = 20_000;
const KILLS: usize = 200;
/// So many records are left for processes that are killed late, so that each has something to ask.
const RESERVE: usize = 1_500;
const AT_ONCE: u32 = 64;
/// So many records are read at most before their outcomes are safe and taken.
const BUFFER: usize = 512;
const ROLE: &str = "--ask";
const QUICKEST: Duration = Duration::from_millis(5);
const SLOWEST: Duration = Duration::from_millis(60);
/// One kill in so many comes soon after the start, whether or not anything was asked.
const EARLY: u64 = 8;
const EARLIEST: u64 = 40;
/// Nothing arrives any more when nothing has arrived for so many looks.
const LOOKS: usize = 5;

type Fallible<T> = Result<T, Box<dyn Error>>;

/// What the journal holds: the answers by the numbers of their records.
type Kept = HashMap<usize, String>;

/// What was seen over all kills.
#[derive(Debug, Default)]
struct Seen {
    requests: usize,
    /// Asked when the process was killed.
    in_flight: Vec<usize>,
    /// Answered as far as the server knows, and not in the journal.
    unsafe_yet: Vec<usize>,
    /// How long before the kill the first of those was answered.
    oldest: Duration,
    before_asking: usize,
    broken: Vec<String>,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Fallible<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, folder, url] if role == ROLE => ask(folder, url).await,
        [] => crash(1).await,
        [seed] => crash(seed.parse()?).await,
        _ => Err("one argument at most: a seed".into()),
    }
}

/// The batch in the process that will be killed.
async fn ask(folder: &str, url: &str) -> Fallible<()> {
    let report = batch(&client(url)?, Path::new(folder)).start().report().await;
    report.end.is_complete().then_some(()).ok_or_else(|| report.end.to_string().into())
}

fn client(url: &str) -> Fallible<Client> {
    Ok(Client::builder().api_key("a-key-for-loopback").base_url(url).build()?)
}

fn batch(client: &Client, folder: &Path) -> gemini_extract::batch::Batch<Label> {
    reviews::batch(client, RECORDS, RECORDS).concurrency(AT_ONCE).buffer(BUFFER).journal(folder)
}

async fn crash(seed: u64) -> Fallible<()> {
    let scratch = env::temp_dir().join(format!("gemini-benches-crash-{}", std::process::id()));
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir(&scratch)?;
    let result = crash_in(&scratch, seed).await;
    fs::remove_dir_all(&scratch)?;
    result
}

async fn crash_in(scratch: &Path, seed: u64) -> Fallible<()> {
    let (calm, run) = (scratch.join("calm"), scratch.join("run"));
    let quick = Emulator::builder().keep_requests(0).respond(reviews::respond).start().await?;
    let expected = labels(&quick, &calm).await?.0;
    let latency = Latency::uniform(QUICKEST, SLOWEST);
    let emulator = Emulator::builder().seed(seed).latency(latency).respond(reviews::respond);
    let start = Instant::now();
    let mut killer = Killer { emulator: emulator.start().await?, start, run, random: seed };
    let (mut seen, mut kept) = (Seen::default(), Kept::new());
    for kill in 0..KILLS {
        let share = (RECORDS - RESERVE).saturating_sub(kept.len()) / (KILLS - kill);
        let at = killer.life(share).await?;
        let requests = killer.emulator.take_requests();
        let now = journal(&killer.run, kept.is_empty())?;
        seen.look(&requests, at, (&kept, &now));
        kept = now;
    }
    let before = kept.len();
    let (found, from_journal) = labels(&killer.emulator, &killer.run).await?;
    let rest = killer.emulator.take_requests();
    seen.look(&rest, killer.start.elapsed(), (&kept, &journal(&killer.run, false)?));
    seen.check(from_journal == before, || format!("{from_journal} of {before} were recalled"));
    seen.check(found == expected, || "the labels are others".to_owned());
    let again = labels(&killer.emulator, &killer.run).await?;
    seen.check(again == (expected, RECORDS), || "another start has other outcomes".to_owned());
    seen.check(killer.emulator.take_requests().is_empty(), || "it asked at the end".to_owned());
    seen.tell(before, start.elapsed())
}

/// The labels of all records by their keys, and how many came out of the journal.
async fn labels(emulator: &Emulator, folder: &Path) -> Fallible<(BTreeMap<String, String>, usize)> {
    let (mut labels, mut from_journal) = (BTreeMap::new(), 0);
    let mut run = batch(&client(emulator.url())?, folder).start();
    while let Some(outcome) = run.next().await {
        from_journal += usize::from(outcome.source == Source::Journal);
        let before = labels.insert(outcome.key, outcome.result?.name().to_owned());
        if before.is_some() {
            return Err("a record has two outcomes".into());
        }
    }
    Ok((labels, from_journal))
}

/// The answers in the journal.
fn journal(folder: &Path, may_be_missing: bool) -> Fallible<Kept> {
    if may_be_missing && !folder.join("manifest.json").exists() {
        return Ok(Kept::new());
    }
    let entries = JournalReader::open(folder)?.entries()?.into_iter();
    let answers = entries.filter_map(|entry| Some((reviews::number(&entry.key)?, entry.answer?)));
    Ok(answers.collect())
}

/// Starts processes, and kills them.
struct Killer {
    emulator: Emulator,
    start: Instant,
    run: PathBuf,
    random: u64,
}

impl Killer {
    /// Lets a process ask about as many records as it has to for its share, and kills it; when that
    /// was, after the start.
    async fn life(&mut self, share: usize) -> Fallible<Duration> {
        let mut command = Command::new(env::current_exe()?);
        command.arg(ROLE).arg(&self.run).arg(self.emulator.url()).stdin(Stdio::null());
        let mut child = command.spawn()?;
        let before = self.emulator.request_count();
        if self.random(EARLY) == 0 {
            tokio::time::sleep(Duration::from_micros(self.random(EARLIEST * 1_000))).await;
        } else {
            let most = 2 * u64::try_from(share)?;
            let wanted = usize::try_from(u64::from(AT_ONCE) + self.random(most.max(1)))?;
            while self.emulator.request_count() - before < wanted && is_alive(&mut child)? {
                tokio::time::sleep(Duration::from_micros(100)).await;
            }
            tokio::time::sleep(Duration::from_micros(self.random(10_000))).await;
        }
        if !is_alive(&mut child)? {
            return Err("a process ended before it was killed".into());
        }
        child.kill()?;
        child.wait()?;
        let at = self.start.elapsed();
        self.settle().await;
        Ok(at)
    }

    /// Waits until nothing of the dead process is on its way any more.
    async fn settle(&self) {
        let (mut count, mut looks) = (self.emulator.request_count(), 0);
        while looks < LOOKS {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let now = self.emulator.request_count();
            let is_still = now == count && self.emulator.in_flight() == 0;
            looks = if is_still { looks + 1 } else { 0 };
            count = now;
        }
    }

    /// A number below the limit, by `SplitMix64`.
    fn random(&mut self, limit: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

fn is_alive(child: &mut Child) -> Fallible<bool> {
    Ok(child.try_wait()?.is_none())
}

impl Seen {
    /// Looks at what a process asked until it was killed, beside what the journal held before and holds
    /// since.
    fn look(&mut self, requests: &[RecordedRequest], at: Duration, (kept, now): (&Kept, &Kept)) {
        let (mut asked, mut in_flight, mut unsafe_yet) = (HashSet::new(), 0, 0);
        self.requests += requests.len();
        self.before_asking += usize::from(requests.is_empty());
        for request in requests {
            let Some(number) = reviews::asked(request) else {
                self.broken.push("a request asks nothing".to_owned());
                continue;
            };
            self.check(!kept.contains_key(&number), || format!("{number} was asked again"));
            self.check(asked.insert(number), || format!("{number} was asked twice at once"));
            if now.contains_key(&number) {
                continue;
            }
            match request.finished.filter(|end| request.status == Some(200) && *end < at) {
                Some(end) => {
                    unsafe_yet += 1;
                    self.oldest = self.oldest.max(at.saturating_sub(end));
                }
                None => in_flight += 1,
            }
        }
        for (number, answer) in kept {
            self.check(now.get(number) == Some(answer), || format!("{number} was lost"));
        }
        for (number, answer) in now {
            let is_right = answer == Label::of(*number).name();
            self.check(is_right, || format!("{number} is not {answer}"));
            let was_asked = kept.contains_key(number) || asked.contains(number);
            self.check(was_asked, || format!("{number} was not asked"));
        }
        self.check(in_flight <= AT_ONCE as usize, || format!("{in_flight} were in flight"));
        self.check(in_flight + unsafe_yet <= BUFFER, || format!("{unsafe_yet} were not safe"));
        self.in_flight.push(in_flight);
        self.unsafe_yet.push(unsafe_yet);
    }

    fn check(&mut self, is_kept: bool, problem: impl FnOnce() -> String) {
        if !is_kept {
            self.broken.push(problem());
        }
    }

    fn tell(mut self, before: usize, took: Duration) -> Fallible<()> {
        let (in_flight, unsafe_yet): (usize, usize) =
            (self.in_flight.iter().sum(), self.unsafe_yet.iter().sum());
        let explained = RECORDS + in_flight + unsafe_yet;
        let requests = self.requests;
        self.check(requests == explained, || format!("{requests} requests, not {explained}"));
        let most = |counts: &[usize]| counts.iter().copied().max().unwrap_or_default();
        println!("{RECORDS} records, {KILLS} kills in {took:.1?}, {AT_ONCE} at once");
        println!("in the journal after the last kill: {before}");
        println!("killed before anything was asked: {}", self.before_asking);
        println!("requests: {requests}");
        println!("in flight when killed: {in_flight}, at most {}", most(&self.in_flight));
        println!(
            "answered, not yet on disk: {unsafe_yet}, at most {}, the first of them {:.1?} before",
            most(&self.unsafe_yet),
            self.oldest
        );
        println!("promises broken: {}", self.broken.len());
        match self.broken.first() {
            None => Ok(()),
            Some(first) => Err(first.clone().into()),
        }
    }
}
