//! Which call a path stands for.

use hyper::Method;

use crate::error::Refusal;

const VERSIONS: [&str; 2] = ["v1", "v1beta"];
const UPLOAD: &str = "upload";
const DOWNLOAD: &str = "download";
pub(super) const GENERATE_CONTENT: &str = "generateContent";
pub(super) const STREAM_GENERATE_CONTENT: &str = "streamGenerateContent";
pub(super) const COUNT_TOKENS: &str = "countTokens";
pub(super) const BATCH_GENERATE_CONTENT: &str = "batchGenerateContent";

/// A call that the emulator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Call<'a> {
    pub(super) version: &'a str,
    pub(super) action: Action<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action<'a> {
    GenerateContent { model: &'a str },
    CountTokens { model: &'a str },
    GetModel { model: &'a str },
    ListModels,
    UploadFile,
    DownloadFile { id: &'a str },
    File(Access<'a>),
    Cache(Access<'a>),
    CreateBatch { model: &'a str },
    Batch(Access<'a>),
    CancelBatch { id: &'a str },
}

/// What is done with a collection or with one thing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access<'a> {
    Create,
    List,
    Get { id: &'a str },
    Update { id: &'a str },
    Delete { id: &'a str },
}

impl<'a> Call<'a> {
    pub(super) fn find(method: &Method, path: &'a str) -> Result<Self, Refusal> {
        let unknown = || Refusal::not_found(format!("Method not found: {method} {path}"));
        let (prefix, rest) = prefix(path.strip_prefix('/').ok_or_else(unknown)?);
        let mut segments = rest.splitn(3, '/');
        let version = segments.next().unwrap_or_default();
        let collection = segments.next().unwrap_or_default();
        if !VERSIONS.contains(&version) {
            return Err(unknown());
        }
        let action = match (prefix, collection, segments.next()) {
            (None, "models", rest) => Action::of_models(method, rest),
            (None, "files", rest) => Action::of_files(method, rest),
            (None, "cachedContents", rest) => Access::find(method, rest).map(Action::Cache),
            (None, "batches", rest) => Action::of_batches(method, rest),
            (Some(UPLOAD), "files", None) if method == Method::POST => Some(Action::UploadFile),
            (Some(DOWNLOAD), "files", rest) => {
                let action = Action::of_files(method, rest);
                action.filter(|action| matches!(action, Action::DownloadFile { .. }))
            }
            _ => None,
        };
        Ok(Call { version, action: action.ok_or_else(unknown)? })
    }

    /// Whether generated content is asked for.
    pub(super) fn generates(&self) -> bool {
        matches!(self.action, Action::GenerateContent { .. })
    }

    /// Whether faults and latencies are for this call: for all but models and counts.
    pub(super) fn is_counted(&self) -> bool {
        let is_about_models = matches!(
            self.action,
            Action::CountTokens { .. } | Action::GetModel { .. } | Action::ListModels
        );
        !is_about_models
    }
}

impl<'a> Action<'a> {
    fn of_models(method: &Method, rest: Option<&'a str>) -> Option<Self> {
        let is_get = method == Method::GET;
        let Some(rest) = rest else {
            return is_get.then_some(Action::ListModels);
        };
        let (model, verb) = name_and_verb(rest)?;
        let action = match verb {
            Some(GENERATE_CONTENT | STREAM_GENERATE_CONTENT) => Action::GenerateContent { model },
            Some(COUNT_TOKENS) => Action::CountTokens { model },
            Some(BATCH_GENERATE_CONTENT) => Action::CreateBatch { model },
            None => return is_get.then_some(Action::GetModel { model }),
            Some(_) => return None,
        };
        (method == Method::POST).then_some(action)
    }

    fn of_files(method: &Method, rest: Option<&'a str>) -> Option<Self> {
        if let Some((id, Some("download"))) = rest.and_then(name_and_verb) {
            return (method == Method::GET).then_some(Action::DownloadFile { id });
        }
        match Access::find(method, rest)? {
            Access::Create | Access::Update { .. } => None,
            access => Some(Action::File(access)),
        }
    }

    fn of_batches(method: &Method, rest: Option<&'a str>) -> Option<Self> {
        if let Some((id, Some("cancel"))) = rest.and_then(name_and_verb) {
            return (method == Method::POST).then_some(Action::CancelBatch { id });
        }
        match Access::find(method, rest)? {
            Access::Create | Access::Update { .. } => None,
            access => Some(Action::Batch(access)),
        }
    }
}

impl<'a> Access<'a> {
    fn find(method: &Method, rest: Option<&'a str>) -> Option<Self> {
        let Some(rest) = rest else {
            return match *method {
                Method::GET => Some(Access::List),
                Method::POST => Some(Access::Create),
                _ => None,
            };
        };
        let (id, None) = name_and_verb(rest)? else {
            return None;
        };
        match *method {
            Method::GET => Some(Access::Get { id }),
            Method::PATCH => Some(Access::Update { id }),
            Method::DELETE => Some(Access::Delete { id }),
            _ => None,
        }
    }
}

/// `upload` or `download`, and the rest of the path.
fn prefix(path: &str) -> (Option<&str>, &str) {
    match path.split_once('/') {
        Some((prefix @ (UPLOAD | DOWNLOAD), rest)) => (Some(prefix), rest),
        _ => (None, path),
    }
}

/// `m:generateContent` is a name and a verb, `m` a name alone.
fn name_and_verb(rest: &str) -> Option<(&str, Option<&str>)> {
    let (name, verb) = match rest.split_once(':') {
        Some((name, verb)) => (name, Some(verb)),
        None => (rest, None),
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (!name.is_empty() && name.bytes().all(allowed)).then_some((name, verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(method: &Method, path: &'a str) -> Action<'a> {
        Call::find(method, path).unwrap().action
    }

    #[test]
    fn finds_calls() {
        for version in ["v1", "v1beta"] {
            for verb in ["generateContent", "streamGenerateContent"] {
                let path = format!("/{version}/models/m:{verb}");
                assert_eq!(found(&Method::POST, &path), Action::GenerateContent { model: "m" });
            }
        }
        assert_eq!(found(&Method::POST, "/upload/v1beta/files"), Action::UploadFile);
        for path in ["/v1beta/files/a:download", "/download/v1beta/files/a:download"] {
            assert_eq!(found(&Method::GET, path), Action::DownloadFile { id: "a" });
        }
        let file = found(&Method::DELETE, "/v1beta/files/a");
        assert_eq!(file, Action::File(Access::Delete { id: "a" }));
        let cache = found(&Method::PATCH, "/v1/cachedContents/a");
        assert_eq!(cache, Action::Cache(Access::Update { id: "a" }));
        let batch = found(&Method::POST, "/v1beta/models/m:batchGenerateContent");
        assert_eq!(batch, Action::CreateBatch { model: "m" });
        let cancel = found(&Method::POST, "/v1beta/batches/a:cancel");
        assert_eq!(cancel, Action::CancelBatch { id: "a" });
        assert_eq!(found(&Method::GET, "/v1beta/batches"), Action::Batch(Access::List));
        assert_eq!(found(&Method::POST, "/v1/cachedContents"), Action::Cache(Access::Create));
    }

    #[test]
    fn refuses_other_paths() {
        let paths = [
            "/",
            "",
            "/v2/models/m:generateContent",
            "/v1beta/models/:generateContent",
            "/v1beta/models/m:explode",
            "/v1beta/models/m",
            "/v1beta/models",
            "/v1beta/models/",
            "/v1beta/models/a/b:generateContent",
            "/v1beta/models/m:generateContent/x",
            "/v1beta/tunedModels/m:generateContent",
            "//models/m:generateContent",
            "/upload/v1beta/models/m:generateContent",
            "/upload/v1beta/files/a",
            "/upload/v2/files",
            "/download/v1beta/files/a:download",
            "/v1beta/files",
            "/v1beta/files/a",
            "/v1beta/cachedContents/a",
            "/v1beta/batches",
            "/v1beta/batches/a",
        ];
        for path in paths {
            assert_eq!(Call::find(&Method::POST, path).unwrap_err().code, 404, "{path}");
        }
        for path in [
            "/v1beta/models/m:generateContent",
            "/v1beta/models/m:countTokens",
            "/download/v1beta/files/a",
            "/v1beta/files/a:upload",
        ] {
            assert_eq!(Call::find(&Method::GET, path).unwrap_err().code, 404);
        }
        assert_eq!(Call::find(&Method::PATCH, "/v1beta/files/a").unwrap_err().code, 404);
    }
}
