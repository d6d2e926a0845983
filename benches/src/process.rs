//! A server in a process of its own, so that what it costs is not counted, and what the process of
//! the measurement itself uses.

use std::io::{self, BufRead, BufReader, Error, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use rustix::time::{ClockId, clock_gettime};

const ROLE: &str = "--serve";

/// A server that ends with this.
#[derive(Debug)]
pub struct Server {
    process: Child,
    /// Where it listens.
    pub url: String,
}

impl Server {
    /// Starts this program again, as a server, with further arguments.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or says no address.
    pub fn start(arguments: &[&str]) -> io::Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        let command =
            command.arg(ROLE).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let output = process.stdout.take().ok_or_else(|| Error::other("it has no output"))?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        if url.is_empty() {
            return Err(Error::other("the server didn't start"));
        }
        Ok(Self { process, url: url.trim().to_owned() })
    }

    /// Whether this process is to be the server.
    #[must_use]
    pub fn is_this() -> bool {
        env::args().any(|argument| argument == ROLE)
    }

    /// Tells the address, in the process of the server, and waits until nobody needs it.
    ///
    /// # Errors
    ///
    /// If nobody listens.
    pub fn tell(url: &str) -> io::Result<()> {
        println!("{url}");
        io::stdout().flush()?;
        io::stdin().read_to_end(&mut Vec::new()).map(|_| ())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The CPU time of this process, with all its threads.
#[must_use]
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let part = |number: i64| u64::try_from(number).unwrap_or_default();
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

/// The memory that this process has in RAM, in KiB.
///
/// # Errors
///
/// If the system doesn't say; Linux does.
pub fn resident() -> io::Result<u64> {
    memory("VmRSS:")
}

/// The most memory that this process ever had in RAM, in KiB.
///
/// # Errors
///
/// If the system doesn't say; Linux does.
pub fn peak_resident() -> io::Result<u64> {
    memory("VmHWM:")
}

/// How many files and sockets are open.
///
/// # Errors
///
/// If the system doesn't say; Linux does.
pub fn open_files() -> io::Result<usize> {
    Ok(fs::read_dir("/proc/self/fd")?.count())
}

fn memory(name: &str) -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
    number.ok_or_else(|| Error::other(format!("the system tells no {name}")))
}
