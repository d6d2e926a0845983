//! Where a request goes: base URL, API version and model, each checked for what it may hold.

use std::sync::Arc;

use reqwest::Url;

use super::Site;

const METHOD: &str = "generateContent";
const STREAM_METHOD: &str = "streamGenerateContent";
const COUNT_METHOD: &str = "countTokens";
const STREAM_QUERY: &str = "alt=sse";

/// The URL of a model's method. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint(Arc<Target>);

#[derive(Debug)]
struct Target {
    url: Url,
    model: String,
    /// Whether a resource that isn't a model stands in the model's place.
    is_resource: bool,
}

impl Endpoint {
    /// Puts the URL together; the error says what is wrong with the model's name.
    pub(crate) fn new(site: &Site, model: &str) -> Result<Self, String> {
        let Site { service, base, version } = site;
        let model = service.model_path(model)?;
        let base = base.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}/{version}/{model}:{METHOD}"))
            .map_err(|_| "the base URL and the model make no URL together".to_owned())?;
        Ok(Self(Arc::new(Target { url, model, is_resource: false })))
    }

    /// The URL of a resource that isn't a model, and what it is called.
    pub(crate) fn of_resource(url: Url, name: String) -> Self {
        Self(Arc::new(Target { url, model: name, is_resource: true }))
    }

    pub(crate) fn is_resource(&self) -> bool {
        self.0.is_resource
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0.url
    }

    pub(crate) fn model(&self) -> &str {
        &self.0.model
    }

    pub(crate) fn into_url(self) -> Url {
        self.0.url.clone()
    }

    /// The URL of the method that answers in a stream.
    pub(crate) fn into_stream_url(self) -> Url {
        let mut url = self.into_method(STREAM_METHOD);
        url.set_query(Some(STREAM_QUERY));
        url
    }

    /// The URL of the method that counts tokens.
    pub(crate) fn into_count_url(self) -> Url {
        self.into_method(COUNT_METHOD)
    }

    fn into_method(self, method: &str) -> Url {
        let mut url = self.into_url();
        let path = url.path().strip_suffix(METHOD).map(|model| format!("{model}{method}"));
        if let Some(path) = path {
            url.set_path(&path);
        }
        url
    }
}

/// Reads a base URL. The errors don't repeat it: it may hold a password or a key.
pub(crate) fn base_url(text: &str) -> Result<Url, Vec<String>> {
    let url = Url::parse(text.trim())
        .map_err(|error| vec![format!("the base URL cannot be read: {error}")])?;
    let is_http = matches!(url.scheme(), "http" | "https");
    let checks = [
        (is_http && url.has_host(), "the base URL must be http:// or https:// with a host"),
        (
            url.username().is_empty() && url.password().is_none(),
            "the base URL must not have a user name or password",
        ),
        (url.query().is_none(), "the base URL must not have a query; the key goes to `api_key`"),
        (url.fragment().is_none(), "the base URL must not have a fragment"),
    ];
    let problems: Vec<String> =
        checks.iter().filter(|(is_fine, _)| !is_fine).map(|(_, text)| (*text).to_owned()).collect();
    if problems.is_empty() { Ok(url) } else { Err(problems) }
}

/// What is wrong with an API version.
pub(crate) fn version_problem(version: &str) -> Option<String> {
    let is_plain = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (!is_plain).then(|| "the API version must be a name such as v1beta or v1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, Site, base_url, version_problem};
    use crate::request::Service;

    fn site(base: &str, service: Service) -> Result<Site, String> {
        let base = base_url(base).map_err(|problems| problems.join("; "))?;
        Ok(Site { version: service.api_version().to_owned(), service, base })
    }

    fn url(base: &str, model: &str) -> Result<String, String> {
        let site = site(base, Service::Developer)?;
        Endpoint::new(&site, model).map(|endpoint| endpoint.url().to_string())
    }

    #[test]
    fn urls_are_put_together() {
        let expected = "http://h:1/v1beta/models/gemini-3.8-flash:generateContent";
        assert_eq!(url("http://h:1", "gemini-3.8-flash").as_deref(), Ok(expected));
        assert_eq!(url("http://h:1/", "models/gemini-3.8-flash").as_deref(), Ok(expected));
        assert_eq!(
            url("https://h/prefix/", "tunedModels/mine").as_deref(),
            Ok("https://h/prefix/v1beta/tunedModels/mine:generateContent"),
        );
    }

    #[test]
    fn a_stream_has_a_method_of_its_own() {
        let site = site("http://h/prefix", Service::Developer).expect("a site");
        let endpoint = Endpoint::new(&site, "gemini-3.8-flash").expect("an endpoint");
        assert_eq!(
            endpoint.into_stream_url().as_str(),
            "http://h/prefix/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse",
        );
    }

    #[test]
    fn vertex_has_paths_of_its_own() {
        let site = site("http://h/prefix", Service::vertex("p:1", "eu")).expect("a site");
        let endpoint = Endpoint::new(&site, "gemini-3.8-flash").expect("an endpoint");
        assert_eq!(
            endpoint.into_stream_url().as_str(),
            "http://h/prefix/v1beta1/projects/p:1/locations/eu/publishers/google/models/\
             gemini-3.8-flash:streamGenerateContent?alt=sse",
        );
    }

    #[test]
    fn models_that_would_change_the_path_are_refused() {
        for model in [
            "",
            "models/",
            "a/b",
            "models/a/b",
            "../x",
            "models/..",
            "..",
            ".",
            "x?key=1",
            "x#y",
            "x y",
            "x%2f",
            "x:count",
            "x\\y",
            "m\u{f6}del",
            "x\n",
            "/x",
            "cachedContents/x",
        ] {
            assert!(url("http://h", model).is_err(), "{model}");
        }
    }

    #[test]
    fn bad_base_urls_are_refused_without_repeating_them() {
        for base in [
            "",
            "nonsense",
            "ftp://host",
            "http://",
            "file:///secret",
            "https://u:secret@h",
            "https://secret@h",
            "https://h?key=secret",
            "https://h#secret",
            "data:secret",
        ] {
            let problem = url(base, "m").expect_err(base);
            assert!(!problem.contains("secret"), "{problem}");
        }
    }

    #[test]
    fn versions_are_plain_names() {
        assert_eq!(version_problem("v1beta"), None);
        for version in ["", "v1/..", "v1?", "v 1"] {
            assert!(version_problem(version).is_some(), "{version}");
        }
    }
}
