//! Files: uploads, downloads, and what there is.

use hyper::HeaderMap;
use hyper::http::request::Parts;
use serde_json::json;

use super::call::Access;
use super::route::{Question, ok};
use crate::error::Refusal;
use crate::files::{Chunk, Description, Start, Status, chosen_id};
use crate::json::Json;
use crate::page::{Page, PageSizes, parameter};
use crate::reply::Reply;
use crate::request::read_file;

const PROTOCOL: &str = "x-goog-upload-protocol";
const COMMAND: &str = "x-goog-upload-command";
const OFFSET: &str = "x-goog-upload-offset";
const LENGTH: &str = "x-goog-upload-header-content-length";
const CONTENT_TYPE: &str = "x-goog-upload-header-content-type";
const URL: &str = "x-goog-upload-url";
const STATUS: &str = "x-goog-upload-status";
const RECEIVED: &str = "x-goog-upload-size-received";
const UPLOAD_ID: &str = "upload_id";
const UNKNOWN_TYPE: &str = "application/octet-stream";
const PAGE_SIZES: PageSizes = PageSizes { usual: 10, largest: 100 };

/// Whether a request goes on with an upload: it has no key, and its body is bytes.
pub(super) fn continues_upload(parts: &Parts) -> bool {
    parts.uri.path().starts_with("/upload/") && upload_id(parts).is_some()
}

impl Question<'_> {
    /// A step of an upload, by the resumable protocol.
    pub(super) fn upload(&self, version: &str) -> Result<Reply, Refusal> {
        let headers = &self.parts.headers;
        let command = text(headers, COMMAND)?.unwrap_or_default();
        let commands: Vec<&str> = command.split(',').map(str::trim).collect();
        let Some(upload) = upload_id(self.parts) else {
            return self.start_upload(version);
        };
        match commands.as_slice() {
            ["query"] => {
                let status = self.shared.store(|store, _| store.files.status(upload))?;
                Ok(self.upload_status(&status, version))
            }
            ["cancel"] => {
                self.shared.store(|store, _| store.files.cancel(upload))?;
                Ok(Reply::json(200, json!({})).header(STATUS, "cancelled"))
            }
            ["upload"] => self.take_chunk(upload, false, version),
            ["upload", "finalize"] | ["finalize"] => self.take_chunk(upload, true, version),
            _ => Err(unknown_command(command)),
        }
    }

    /// The contents of a file that the emulator made.
    pub(super) fn download(&self, id: &str) -> Result<Reply, Refusal> {
        let file = self.shared.store(|store, _| store.files.get(id).cloned())?;
        if !file.is_generated() {
            return Err(Refusal::invalid_argument(format!(
                "The File {id} was uploaded and can not be downloaded."
            )));
        }
        if parameter(self.query(), "alt") != Some("media") {
            return Err(Refusal::invalid_argument("Downloads need the parameter alt=media."));
        }
        Ok(Reply::raw(200, file.mime_type(), file.bytes()))
    }

    pub(super) fn file(&self, access: Access<'_>, version: &str) -> Result<Reply, Refusal> {
        let base = self.base(version);
        let body = match access {
            Access::List => {
                let page = Page::read(self.query(), PAGE_SIZES)?;
                self.shared.store(|store, now| {
                    page.of("files", store.files.iter(), |file| file.describe(&base, now))
                })
            }
            Access::Delete { id } => {
                self.shared.store(|store, _| store.files.remove(id))?;
                json!({})
            }
            Access::Get { id } => self
                .shared
                .store(|store, now| store.files.get(id).map(|file| file.describe(&base, now)))?,
            Access::Create | Access::Update { .. } => {
                return Err(Refusal::not_found("Files are made by uploads."));
            }
        };
        Ok(ok(body))
    }

    /// The address below which files and the like are.
    fn base(&self, version: &str) -> String {
        format!("{}/{version}", self.shared.url)
    }

    fn start_upload(&self, version: &str) -> Result<Reply, Refusal> {
        let headers = &self.parts.headers;
        if text(headers, PROTOCOL)? != Some("resumable") {
            let message = "it knows no uploads but those of X-Goog-Upload-Protocol: resumable";
            return Err(Refusal::beyond_emulation(message));
        }
        let command = text(headers, COMMAND)?.unwrap_or_default();
        if command != "start" {
            return Err(unknown_command(command));
        }
        let file = read_file(&self.json()?)?;
        let field = |name| file.get(name).and_then(Json::as_str).filter(|text| !text.is_empty());
        let mime_type = text(headers, CONTENT_TYPE)?.or_else(|| field("mimeType"));
        let description = Description {
            id: field("name").map(chosen_id).transpose()?,
            display_name: field("displayName").map(str::to_owned),
            mime_type: mime_type.unwrap_or(UNKNOWN_TYPE).to_owned(),
        };
        let start = Start { description, announced: number(headers, LENGTH)? };
        let settings = &self.shared.settings;
        let upload = self
            .shared
            .store(|store, _| store.files.start(start, &settings.files, settings.seed))?;
        let url = &self.shared.url;
        let url =
            format!("{url}/upload/{version}/files?{UPLOAD_ID}={upload}&upload_protocol=resumable");
        Ok(ok(json!({})).header(URL, url).header(STATUS, "active"))
    }

    fn take_chunk(&self, upload: &str, is_last: bool, version: &str) -> Result<Reply, Refusal> {
        let offset = number(&self.parts.headers, OFFSET)?;
        let chunk = Chunk { upload, offset, bytes: self.body, is_last };
        let settings = &self.shared.settings;
        let status = self
            .shared
            .store(|store, now| store.files.take(&chunk, (&settings.files, settings.seed, now)))?;
        Ok(self.upload_status(&status, version))
    }

    fn upload_status(&self, status: &Status, version: &str) -> Reply {
        let now = self.shared.settings.clock.now();
        let reply = match &status.finished {
            Some(file) => {
                let body = json!({"file": file.describe(&self.base(version), now)});
                ok(body).header(STATUS, "final")
            }
            None => ok(json!({})).header(STATUS, "active"),
        };
        reply.header(RECEIVED, status.received.to_string())
    }
}

fn upload_id(parts: &Parts) -> Option<&str> {
    parameter(parts.uri.query(), UPLOAD_ID)
}

fn unknown_command(command: &str) -> Refusal {
    Refusal::invalid_argument(format!("Unknown upload command: \"{command}\""))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Refusal> {
    let value = headers.get(name).map(|value| value.to_str());
    value.transpose().map_err(|_| Refusal::invalid_argument(format!("Invalid header {name}.")))
}

fn number(headers: &HeaderMap, name: &str) -> Result<Option<u64>, Refusal> {
    let number = text(headers, name)?.map(str::parse::<u64>).transpose();
    number.map_err(|_| Refusal::invalid_argument(format!("Invalid header {name}: not a length.")))
}
