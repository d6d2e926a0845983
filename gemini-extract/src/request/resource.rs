//! Where resources are that aren't models: files, batches, caches. Names come from the service,
//! or out of a folder, so that each is checked before it becomes a part of a URL.

use std::fmt;

use reqwest::Url;

use super::{Endpoint, Service, Site};

const UPLOAD: &str = "upload";
const DOWNLOAD: &str = "download";
const CREATE_BATCH: &str = "batchGenerateContent";

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collection {
    Batches,
    CachedContents,
    Files,
}

/// The address of a resource, and of what is done with it.
#[derive(Clone, Debug)]
pub(crate) struct Resource<'a> {
    site: &'a Site,
    /// What stands before the version.
    area: Option<&'static str>,
    /// The path below the version.
    path: String,
    /// What is done with it, where the HTTP method doesn't say it.
    verb: Option<&'static str>,
    query: Vec<(&'static str, String)>,
}

impl Collection {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Batches => "batches",
            Self::CachedContents => "cachedContents",
            Self::Files => "files",
        }
    }

    /// The path of the collection below the version, where the service has it.
    fn path(self, service: &Service) -> Result<String, String> {
        match (self, service.parent()) {
            (Self::CachedContents, Some(parent)) => Ok(format!("{parent}/{self}")),
            _ if service.is_vertex() => Err(format!(
                "Vertex AI has no {self} of this kind; use the Gemini Developer API for them"
            )),
            _ => Ok(self.as_str().to_owned()),
        }
    }
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'a> Resource<'a> {
    /// All resources of a kind; the error says that the service has none.
    pub(crate) fn all(site: &'a Site, collection: Collection) -> Result<Self, String> {
        Ok(Self::new(site, collection.path(&site.service)?))
    }

    /// One resource by its name, such as `batches/x`.
    pub(crate) fn named(
        site: &'a Site,
        collection: Collection,
        name: &str,
    ) -> Result<Self, String> {
        let path = collection.path(&site.service)?;
        let short = collection.as_str();
        // A service may name the project by its number where the client has its ID.
        let is_parent = |parent: &str| {
            let same = path.split('/').count() == parent.split('/').count() + 1;
            same && path != short && parent.starts_with("projects/") && is_plain_path(parent)
        };
        match name.rsplit_once('/').map(|(parent, id)| (parent.rsplit_once('/'), parent, id)) {
            Some((None, found, id)) if found == short && is_plain(id) => {
                Ok(Self::new(site, format!("{path}/{id}")))
            }
            Some((Some((parent, found)), _, id))
                if found == short && is_parent(parent) && is_plain(id) =>
            {
                Ok(Self::new(site, name.to_owned()))
            }
            _ => Err(format!("the name of a resource must be `{short}/..`")),
        }
    }

    /// Where batches of a model are made; the model is named by its path.
    pub(crate) fn new_batch(site: &'a Site, model: &str) -> Result<Self, String> {
        Collection::Batches.path(&site.service)?;
        Ok(Self { verb: Some(CREATE_BATCH), ..Self::new(site, site.service.model_path(model)?) })
    }

    /// Where files are uploaded to.
    pub(crate) fn upload(site: &'a Site) -> Result<Self, String> {
        Ok(Self { area: Some(UPLOAD), ..Self::all(site, Collection::Files)? })
    }

    /// The contents of a file.
    pub(crate) fn download(site: &'a Site, name: &str) -> Result<Self, String> {
        let file = Self::named(site, Collection::Files, name)?;
        let contents = Self { area: Some(DOWNLOAD), verb: Some(DOWNLOAD), ..file };
        Ok(contents.with("alt", "media"))
    }

    /// Its name as other requests write it.
    pub(crate) fn into_name(self) -> String {
        self.path
    }

    /// What is done with it.
    pub(crate) fn verb(self, verb: &'static str) -> Self {
        Self { verb: Some(verb), ..self }
    }

    /// Adds a parameter.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// The URL, and what it is called in traces.
    pub(crate) fn endpoint(self) -> Result<Endpoint, String> {
        let Site { base, version, .. } = self.site;
        let base = base.as_str().trim_end_matches('/');
        let area = self.area.map(|area| format!("{area}/")).unwrap_or_default();
        let verb = self.verb.map(|verb| format!(":{verb}")).unwrap_or_default();
        let path = &self.path;
        let mut url = Url::parse(&format!("{base}/{area}{version}/{path}{verb}"))
            .map_err(|_| "the base URL and the resource make no URL together".to_owned())?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(self.query);
        }
        Ok(Endpoint::of_resource(url, self.path))
    }

    fn new(site: &'a Site, path: String) -> Self {
        Self { site, area: None, path, verb: None, query: Vec::new() }
    }
}

/// Whether a text can be one segment of a path and nothing else.
fn is_plain(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_dots = text.bytes().all(|byte| byte == b'.');
    text.bytes().all(is_allowed) && !is_dots
}

/// The same of several segments; the ID of a project may stand behind a domain.
fn is_plain_path(text: &str) -> bool {
    text.split('/').all(|segment| is_plain(&segment.replacen(':', "-", 1)))
}

#[cfg(test)]
mod tests {
    use super::{Collection, Resource, Service, Site};

    fn site(service: Service) -> Site {
        let base = "http://h/prefix/".parse().expect("a URL");
        Site { version: service.api_version().to_owned(), service, base }
    }

    fn url(resource: Result<Resource<'_>, String>) -> Result<String, String> {
        resource.and_then(Resource::endpoint).map(|endpoint| endpoint.url().to_string())
    }

    #[test]
    fn each_resource_has_its_address() {
        let site = &site(Service::Developer);
        let named = |collection, name| Resource::named(site, collection, name);
        for (resource, path) in [
            (Resource::all(site, Collection::Batches), "v1beta/batches"),
            (named(Collection::Batches, "batches/a-b_1.c"), "v1beta/batches/a-b_1.c"),
            (
                named(Collection::Batches, "batches/x").map(|batch| batch.verb("cancel")),
                "v1beta/batches/x:cancel",
            ),
            (
                Resource::all(site, Collection::Batches)
                    .map(|all| all.with("pageSize", "5").with("pageToken", "a&b=c/d")),
                "v1beta/batches?pageSize=5&pageToken=a%26b%3Dc%2Fd",
            ),
            (
                named(Collection::CachedContents, "cachedContents/x")
                    .map(|cache| cache.with("updateMask", "ttl")),
                "v1beta/cachedContents/x?updateMask=ttl",
            ),
            (Resource::upload(site), "upload/v1beta/files"),
            (
                Resource::download(site, "files/batch-x"),
                "download/v1beta/files/batch-x:download?alt=media",
            ),
            (Resource::new_batch(site, "m"), "v1beta/models/m:batchGenerateContent"),
        ] {
            assert_eq!(url(resource), Ok(format!("http://h/prefix/{path}")));
        }
    }

    #[test]
    fn names_that_would_lead_elsewhere_are_refused() {
        let site = site(Service::Developer);
        for name in [
            "",
            "batches",
            "batches/",
            "batches/..",
            "batches/../files/x",
            "batches/x/y",
            "files/x",
            "/batches/x",
            "batches/x?key=1",
            "batches/x#y",
            "batches/x:cancel",
            "batches/%2e%2e",
            "batches/x y",
            "batches/ü",
            "batches/***",
            "http://evil.example/batches/x",
            "projects/p/locations/l/batches/x",
        ] {
            assert!(Resource::named(&site, Collection::Batches, name).is_err(), "{name}");
        }
        assert!(Resource::new_batch(&site, "../x").is_err());
    }

    #[test]
    fn vertex_has_caches_only() {
        let vertex = site(Service::vertex("p", "eu"));
        let cache = |name| url(Resource::named(&vertex, Collection::CachedContents, name));
        let path = "http://h/prefix/v1beta1/projects";
        let all = url(Resource::all(&vertex, Collection::CachedContents));
        assert_eq!(all, Ok(format!("{path}/p/locations/eu/cachedContents")));
        let short = cache("cachedContents/1");
        assert_eq!(short, Ok(format!("{path}/p/locations/eu/cachedContents/1")));
        let whole = cache("projects/12/locations/eu/cachedContents/1");
        assert_eq!(whole, Ok(format!("{path}/12/locations/eu/cachedContents/1")));
        for name in [
            "projects/12/locations/../cachedContents/1",
            "projects/cachedContents/1",
            "projects/12/locations/eu/x/cachedContents/1",
            "projects/12/locations/eu/caches/1",
        ] {
            assert!(cache(name).is_err(), "{name}");
        }
        assert!(Resource::upload(&vertex).is_err() && Resource::new_batch(&vertex, "m").is_err());
        let express = site(Service::VertexExpress);
        let problem = Resource::all(&express, Collection::CachedContents).expect_err("none");
        assert!(problem.contains("Vertex AI has no cachedContents"), "{problem}");
    }
}
