//! What is asked of the service: uploads, batches, results.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use super::lines::Lines;
use super::row;
use super::wire::{Operation, Page, Uploaded};
use crate::client::Errand;
use crate::error::Fault;
use crate::policies::Policies;
use crate::request::{Collection, Resource};
use crate::secret::Secret;
use crate::{Client, Error, Result, Retry};

const PROTOCOL: HeaderName = HeaderName::from_static("x-goog-upload-protocol");
const COMMAND: HeaderName = HeaderName::from_static("x-goog-upload-command");
const OFFSET: HeaderName = HeaderName::from_static("x-goog-upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("x-goog-upload-header-content-length");
const CONTENT_TYPE: HeaderName = HeaderName::from_static("x-goog-upload-header-content-type");
const LINES: HeaderValue = HeaderValue::from_static("application/jsonl");
/// For so long a deletion may hold the end of a run up.
const DELETION: Duration = Duration::from_secs(5);
/// How much of a file is sent at a time.
const PIECE: usize = 8 * 1024 * 1024;
/// Few, because the service sends small results along.
const PAGE_SIZE: &str = "10";
/// So many pages are looked at for a batch.
const MOST_PAGES: usize = 100;

/// The service, for batches of one model.
#[derive(Clone, Debug)]
pub(super) struct Service {
    pub(super) client: Client,
    /// The resource name of the model.
    pub(super) model: String,
    pub(super) policies: Policies,
}

impl Service {
    /// What stands in the way of batches, if anything does.
    pub(super) fn problem(&self) -> Option<String> {
        Resource::new_batch(self.client.site(), &self.model).err()
    }

    /// Uploads a file, and gives its name.
    pub(super) async fn upload(&self, display_name: &str, bytes: Bytes) -> Result<String> {
        let (client, policies) = (&self.client, &self.policies);
        let start = HeaderMap::from_iter([
            (PROTOCOL, HeaderValue::from_static("resumable")),
            (COMMAND, HeaderValue::from_static("start")),
            (LENGTH, HeaderValue::from(bytes.len())),
            (CONTENT_TYPE, LINES),
        ]);
        let file = json!({"file": {"displayName": display_name}}).to_string();
        let place = resource(Resource::upload(client.site()))?;
        let (reply, _) = client.run(Errand::send(place, start, file.into())?, policies).await?;
        let url = reply.upload_url.as_ref().and_then(|url| url.to_str().ok());
        let url = url.ok_or_else(not_the_api)?.to_owned();
        let mut offset = 0_usize;
        loop {
            let end = bytes.len().min(offset.saturating_add(PIECE));
            let is_last = end == bytes.len();
            let command = if is_last { "upload, finalize" } else { "upload" };
            let headers = HeaderMap::from_iter([
                (COMMAND, HeaderValue::from_static(command)),
                (OFFSET, HeaderValue::from(offset)),
            ]);
            let place = resource(Resource::upload(client.site()))?;
            let piece = Errand::send(place, headers, bytes.slice(offset..end))?;
            // A piece that may have arrived would be one too many.
            let piece = piece.redirected(client, &url)?.once();
            if is_last {
                let uploaded: Uploaded = client.fetch(piece, policies).await?;
                let name = uploaded.file.and_then(|file| file.name).ok_or_else(not_the_api)?;
                let named = Resource::named(client.site(), Collection::Files, &name);
                return named.map(|_| name.clone()).map_err(|_| not_the_api());
            }
            client.run(piece, policies).await?;
            offset = end;
        }
    }

    /// Makes a batch, and gives its name. A failure can leave open whether it was made.
    pub(super) async fn create(&self, display_name: &str, input: &[u8]) -> Result<String> {
        let place = resource(Resource::new_batch(self.client.site(), &self.model))?;
        let body = Bytes::from(row::order(display_name, input));
        let errand = Errand::send(place, HeaderMap::new(), body)?.once();
        let made: Operation = self.client.fetch(errand, &self.policies).await?;
        let name = made.name.ok_or_else(not_the_api)?;
        self.named(&name).map_err(|_| not_the_api())?;
        Ok(name)
    }

    /// The name of the batch with this display name, if there is one.
    pub(super) async fn find(&self, display_name: &str) -> Result<Option<String>> {
        let mut token = None;
        for _ in 0..MOST_PAGES {
            let batches = resource(Resource::all(self.client.site(), Collection::Batches))?;
            let mut batches = batches.with("pageSize", PAGE_SIZE);
            if let Some(token) = token {
                batches = batches.with("pageToken", token);
            }
            let mut page: Page = self.client.fetch(Errand::get(batches)?, &self.policies).await?;
            let next = page.next_page_token.take().filter(|token| !token.is_empty());
            if let Some(name) = page.find(display_name) {
                return self.named(&name).map(|_| Some(name)).map_err(|_| not_the_api());
            }
            match next {
                Some(next) => token = Some(next),
                None => break,
            }
        }
        Ok(None)
    }

    /// How a batch stands; and the secret that must not be shown.
    pub(super) async fn look(&self, name: &str) -> Result<(Operation, Secret)> {
        let errand = Errand::get(self.named(name)?)?;
        let (reply, secret) = self.client.run(errand, &self.policies).await?;
        let text = String::from_utf8_lossy(&reply.body);
        let operation = serde_json::from_str(&secret.mask(&text));
        Ok((operation.map_err(|_| not_the_api())?, secret))
    }

    pub(super) async fn cancel(&self, name: &str) -> Result<()> {
        let place = self.named(name)?.verb("cancel");
        let errand = Errand::send(place, HeaderMap::new(), Bytes::from_static(b"{}"))?;
        self.client.run(errand, &self.policies).await.map(drop)
    }

    /// The lines of a file of results.
    pub(super) async fn download(&self, file: &str) -> Result<(Lines, Secret)> {
        let place = Resource::download(self.client.site(), file).map_err(|_| not_the_api())?;
        let received = self.client.receive(Errand::get(place)?, &self.policies).await?;
        let secret = received.secret.clone();
        Ok((Lines::new(received), secret))
    }

    /// Deletes a file that is of no more use. Where that fails the service does it, in its time.
    pub(super) async fn delete_file(&self, name: &str) {
        let file = resource(Resource::named(self.client.site(), Collection::Files, name));
        let Ok(errand) = file.and_then(Errand::delete) else { return };
        let once = Policies {
            retry: Some(Retry::never()),
            attempt_timeout: Some(DELETION),
            ..Policies::default()
        };
        if let Err(error) = self.client.run(errand, &once).await {
            tracing::debug!(%error, "the file of a batch stays");
        }
    }

    fn named(&self, name: &str) -> Result<Resource<'_>> {
        resource(Resource::named(self.client.site(), Collection::Batches, name))
    }
}

fn resource(resource: Result<Resource<'_>, String>) -> Result<Resource<'_>> {
    resource.map_err(|problem| Error::request(vec![problem]))
}

fn not_the_api() -> Error {
    Error::fault(Fault::NotTheApi, None)
}
