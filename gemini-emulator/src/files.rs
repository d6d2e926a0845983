//! Files that clients upload, and those that batches leave.

mod upload;

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::body::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::error::Refusal;
use crate::fault::{Draw, Rate};
use crate::latency::Latency;
use crate::store::{Shelf, id};
use crate::time;
use upload::Uploads;
pub(crate) use upload::{Chunk, Start, Status, no_room};

/// How long a file is kept.
const LIFE: Duration = Duration::from_secs(48 * 60 * 60);
const LONGEST_ID: usize = 40;
/// How much of uploaded files is kept in memory, unless somebody says otherwise: 256 MiB.
const MOST_BYTES: usize = 256 * 1024 * 1024;
const PROCESSING_SALT: u64 = u64::MAX - 2;
const FAILING_SALT: u64 = u64::MAX - 3;

/// What happens to uploaded files, for [`EmulatorBuilder::files`](crate::EmulatorBuilder::files).
///
/// A file lives for 48 hours on the emulator's clock. One of more than 2 GB is refused as the service
/// does it.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use gemini_emulator::{Emulator, FileRules, Rate};
///
/// let rules = FileRules::new()
///     .processing(Duration::from_secs(2))
///     .failing(Rate::every(10))
///     .max_bytes(1024 * 1024);
/// let builder = Emulator::builder().files(rules);
/// # let _ = builder;
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use = "rules do nothing until an emulator has them"]
pub struct FileRules {
    processing: Latency,
    failing: Rate,
    pub(crate) max_bytes: usize,
}

/// The files that there are, and the uploads that are under way.
#[derive(Debug, Default)]
pub(crate) struct Files {
    shelf: Shelf<StoredFile>,
    uploads: Uploads,
}

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    id: String,
    display_name: Option<String>,
    mime_type: String,
    bytes: Bytes,
    /// Made when somebody asks for it; large files take their time.
    checksum: Arc<OnceLock<String>>,
    created: SystemTime,
    /// When it has been processed.
    ready: SystemTime,
    fails: bool,
    is_generated: bool,
}

/// What is said of a file when it is made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Description {
    pub(crate) id: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) mime_type: String,
}

impl FileRules {
    /// Files are there at once, and all of them together have at most 256 MiB.
    pub const fn new() -> Self {
        let processing = Latency::fixed(Duration::ZERO);
        FileRules { processing, failing: Rate::first(0), max_bytes: MOST_BYTES }
    }

    /// How long an uploaded file is in the state `PROCESSING`: a [`Duration`] or a [`Latency`].
    pub fn processing(mut self, processing: impl Into<Latency>) -> Self {
        self.processing = processing.into();
        self
    }

    /// How often processing ends with the state `FAILED`, counted over the files.
    pub const fn failing(mut self, rate: Rate) -> Self {
        self.failing = rate;
        self
    }

    /// How many bytes all uploaded files have together at most: they are kept in memory. Past that
    /// the emulator says that it can't hold more.
    pub const fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }
}

impl Default for FileRules {
    fn default() -> Self {
        FileRules::new()
    }
}

impl Files {
    /// Puts an uploaded file on the shelf.
    pub(crate) fn add(
        &mut self,
        description: Description,
        bytes: Bytes,
        (rules, seed, now): (&FileRules, u64, SystemTime),
    ) -> StoredFile {
        let number = self.shelf.next();
        let draw = Draw { seed, number };
        let processing = rules.processing.of(draw, PROCESSING_SALT).min(LIFE);
        let mut file = StoredFile::new(description, bytes, (seed, number), now);
        file.ready = now.checked_add(processing).unwrap_or(now);
        file.fails = rules.failing.hits(draw, FAILING_SALT);
        self.shelf.add(file.id.clone(), file.clone());
        file
    }

    /// Puts the results of a batch on the shelf.
    pub(crate) fn add_generated(
        &mut self,
        description: Description,
        bytes: Bytes,
        now: SystemTime,
    ) {
        let mut file = StoredFile::new(description, bytes, (0, self.shelf.next()), now);
        file.is_generated = true;
        self.shelf.add(file.id.clone(), file);
    }

    pub(crate) fn get(&self, id: &str) -> Result<&StoredFile, Refusal> {
        self.shelf.get(id).ok_or_else(|| no_access(id))
    }

    pub(crate) fn remove(&mut self, id: &str) -> Result<(), Refusal> {
        self.shelf.remove(id).ok_or_else(|| no_access(id))?;
        self.uploads.forget(|file| file.id == id);
        Ok(())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &StoredFile)> {
        self.shelf.iter()
    }

    /// The file that a request names, by its name or its address. Nothing is known of addresses
    /// elsewhere.
    pub(crate) fn named(&self, uri: &str, now: SystemTime) -> Result<Option<&StoredFile>, Refusal> {
        let Some(id) = id_of(uri) else {
            let is_elsewhere = uri.starts_with("http://") || uri.starts_with("https://");
            let message = format!("Invalid or unsupported file uri: {uri}");
            return if is_elsewhere { Ok(None) } else { Err(Refusal::invalid_argument(message)) };
        };
        let file = self.get(id)?;
        if file.state(now) != ACTIVE {
            let message =
                format!("The File {id} is not in an ACTIVE state and usage is not allowed.");
            return Err(Refusal::new(400, "FAILED_PRECONDITION", message));
        }
        Ok(Some(file))
    }

    /// Forgets what is too old.
    pub(crate) fn forget(&mut self, now: SystemTime) {
        if self.shelf.retain(|file| file.expires() > now) {
            self.uploads.forget(|file| file.expires() <= now);
        }
    }

    /// How many bytes are kept for clients.
    fn bytes(&self) -> usize {
        let uploaded = self.shelf.iter().filter(|(_, file)| !file.is_generated);
        uploaded.map(|(_, file)| file.bytes.len()).sum::<usize>() + self.uploads.bytes()
    }
}

const ACTIVE: &str = "ACTIVE";

impl StoredFile {
    fn new(
        description: Description,
        bytes: Bytes,
        (seed, number): (u64, u64),
        now: SystemTime,
    ) -> Self {
        StoredFile {
            id: description.id.unwrap_or_else(|| id(seed, "files", number)),
            display_name: description.display_name,
            mime_type: description.mime_type,
            checksum: Arc::default(),
            bytes,
            created: now,
            ready: now,
            fails: false,
            is_generated: false,
        }
    }

    pub(crate) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    pub(crate) fn mime_type(&self) -> &str {
        &self.mime_type
    }

    /// Whether it may be downloaded.
    pub(crate) fn is_generated(&self) -> bool {
        self.is_generated
    }

    /// The file as the service has it.
    pub(crate) fn describe(&self, base: &str, now: SystemTime) -> Value {
        let StoredFile { id, mime_type, checksum, .. } = self;
        let state = self.state(now);
        let mut file = json!({
            "name": format!("files/{id}"),
            "uri": format!("{base}/files/{id}"),
            "mimeType": mime_type,
            "sizeBytes": self.bytes.len().to_string(),
            "sha256Hash": checksum.get_or_init(|| BASE64_STANDARD.encode(Sha256::digest(&self.bytes))),
            "createTime": time::print(self.created),
            "updateTime": time::print(self.ready.min(now)),
            "expirationTime": time::print(self.expires()),
            "state": state,
            "source": if self.is_generated { "GENERATED" } else { "UPLOADED" },
        });
        if let Some(name) = &self.display_name {
            file["displayName"] = name.as_str().into();
        }
        if self.is_generated {
            file["downloadUri"] = format!("{base}/files/{id}:download?alt=media").into();
        }
        if state == "FAILED" {
            file["error"] = json!({"code": 13, "message": "The file could not be processed."});
        }
        file
    }

    fn state(&self, now: SystemTime) -> &'static str {
        match (now < self.ready, self.fails) {
            (true, _) => "PROCESSING",
            (false, true) => "FAILED",
            (false, false) => ACTIVE,
        }
    }

    fn expires(&self) -> SystemTime {
        self.created.checked_add(LIFE).unwrap_or(self.created)
    }
}

/// The identifier that a client gave with `files/ID`, if it may be one.
pub(crate) fn chosen_id(name: &str) -> Result<String, Refusal> {
    let id = name.strip_prefix("files/").unwrap_or_default();
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let has_dash_outside = id.starts_with('-') || id.ends_with('-');
    if id.is_empty() || id.len() > LONGEST_ID || has_dash_outside || !id.bytes().all(is_allowed) {
        return Err(Refusal::invalid_argument(format!(
            "* CreateFileRequest.file.name: must be files/ and up to {LONGEST_ID} lowercase \
             letters, digits or dashes that do not start or end with a dash\n"
        )));
    }
    Ok(id.to_owned())
}

/// `files/abc` and `https://…/v1beta/files/abc` are `abc`.
fn id_of(uri: &str) -> Option<&str> {
    let (before, id) = uri.rsplit_once('/')?;
    let is_file =
        before == "files" || before.ends_with("/v1beta/files") || before.ends_with("/v1/files");
    (is_file && !id.is_empty()).then_some(id)
}

fn no_access(id: &str) -> Refusal {
    let message =
        format!("You do not have permission to access the File {id} or it may not exist.");
    Refusal::new(403, "PERMISSION_DENIED", message)
}
