//! Uploads in several requests, by the resumable protocol.

use std::collections::HashMap;
use std::time::SystemTime;

use super::{Description, FileRules, Files, StoredFile};
use crate::error::Refusal;
use crate::store::id;

/// The largest file that the service takes.
const LARGEST_FILE: u64 = 2 * 1024 * 1024 * 1024;

/// The uploads that have begun, by their identifiers.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    sessions: HashMap<String, Session>,
    last: u64,
}

#[derive(Debug)]
struct Session {
    description: Description,
    announced: Option<u64>,
    bytes: Vec<u8>,
    finished: Option<StoredFile>,
}

/// An upload that begins.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) description: Description,
    /// The length of the whole file, if it was told.
    pub(crate) announced: Option<u64>,
}

/// A piece of a file.
#[derive(Debug)]
pub(crate) struct Chunk<'a> {
    pub(crate) upload: &'a str,
    pub(crate) offset: Option<u64>,
    pub(crate) bytes: &'a [u8],
    pub(crate) is_last: bool,
}

/// How far an upload is.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    pub(crate) received: usize,
    pub(crate) finished: Option<StoredFile>,
}

impl Files {
    /// Begins an upload and gives it an identifier.
    pub(crate) fn start(
        &mut self,
        start: Start,
        rules: &FileRules,
        seed: u64,
    ) -> Result<String, Refusal> {
        if start.announced.is_some_and(|length| length > LARGEST_FILE) {
            return Err(Refusal::invalid_argument(format!(
                "File size exceeds the maximum of {LARGEST_FILE} bytes."
            )));
        }
        let wanted = usize::try_from(start.announced.unwrap_or_default()).unwrap_or(usize::MAX);
        self.check_room(wanted, rules)?;
        if let Some(id) = &start.description.id
            && self.get(id).is_ok()
        {
            let message = format!("Resource files/{id} already exists.");
            return Err(Refusal::new(409, "ALREADY_EXISTS", message));
        }
        self.uploads.last += 1;
        let id = id(seed, "uploads", self.uploads.last);
        let Start { description, announced } = start;
        let session = Session { description, announced, bytes: Vec::new(), finished: None };
        self.uploads.sessions.insert(id.clone(), session);
        Ok(id)
    }

    /// Takes a piece; with the last one the file is there.
    pub(crate) fn take(
        &mut self,
        chunk: &Chunk<'_>,
        (rules, seed, now): (&FileRules, u64, SystemTime),
    ) -> Result<Status, Refusal> {
        self.check_room(chunk.bytes.len(), rules)?;
        let session = self.uploads.active(chunk.upload)?;
        let received = session.bytes.len() as u64;
        if chunk.offset.is_some_and(|offset| offset != received) {
            return Err(Refusal::invalid_argument(format!(
                "The upload offset does not match the {received} bytes that were received."
            )));
        }
        let length = received + chunk.bytes.len() as u64;
        let is_wrong = |announced| length > announced || (chunk.is_last && length != announced);
        if let Some(announced) = session.announced.filter(|&announced| is_wrong(announced)) {
            return Err(Refusal::invalid_argument(format!(
                "{length} bytes were uploaded, but {announced} were announced."
            )));
        }
        session.bytes.extend_from_slice(chunk.bytes);
        if !chunk.is_last {
            return Ok(session.status());
        }
        let bytes = std::mem::take(&mut session.bytes).into();
        let description = std::mem::take(&mut session.description);
        let file = self.add(description, bytes, (rules, seed, now));
        let session = self.uploads.named(chunk.upload)?;
        session.finished = Some(file);
        Ok(session.status())
    }

    /// How far an upload is.
    pub(crate) fn status(&mut self, upload: &str) -> Result<Status, Refusal> {
        self.uploads.named(upload).map(|session| session.status())
    }

    /// Gives an upload up.
    pub(crate) fn cancel(&mut self, upload: &str) -> Result<(), Refusal> {
        self.uploads.active(upload)?;
        self.uploads.sessions.remove(upload);
        Ok(())
    }

    fn check_room(&self, wanted: usize, rules: &FileRules) -> Result<(), Refusal> {
        if self.bytes().saturating_add(wanted) <= rules.max_bytes {
            return Ok(());
        }
        Err(no_room(rules))
    }
}

/// More than the emulator keeps in memory.
pub(crate) fn no_room(rules: &FileRules) -> Refusal {
    let most = rules.max_bytes;
    Refusal::beyond_emulation(&format!("it holds no more than {most} bytes of files"))
}

impl Uploads {
    /// How many bytes have arrived of the files that are not there yet.
    pub(super) fn bytes(&self) -> usize {
        self.sessions.values().map(|session| session.bytes.len()).sum()
    }

    /// Forgets the uploads of files that are gone.
    pub(super) fn forget(&mut self, is_gone: impl Fn(&StoredFile) -> bool) {
        self.sessions.retain(|_, session| !session.finished.as_ref().is_some_and(&is_gone));
    }

    fn named(&mut self, upload: &str) -> Result<&mut Session, Refusal> {
        let unknown = || Refusal::not_found("The upload was not found.");
        self.sessions.get_mut(upload).ok_or_else(unknown)
    }

    fn active(&mut self, upload: &str) -> Result<&mut Session, Refusal> {
        let session = self.named(upload)?;
        if session.finished.is_some() {
            return Err(Refusal::invalid_argument("The upload has already been finalized."));
        }
        Ok(session)
    }
}

impl Session {
    fn status(&self) -> Status {
        let received = match &self.finished {
            Some(file) => file.bytes.len(),
            None => self.bytes.len(),
        };
        Status { received, finished: self.finished.clone() }
    }
}
