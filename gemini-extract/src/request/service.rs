//! The two services that answer: where they are, and how they name models.

use reqwest::Url;

use crate::carrier::Flavor;

const MODEL_COLLECTIONS: [&str; 2] = ["models", "tunedModels"];
const GLOBAL: &str = "global";
/// Locations that span a continent have hosts of their own.
const MULTI_REGIONS: [&str; 2] = ["us", "eu"];
const VERTEX_BASE_URL: &str = "https://aiplatform.googleapis.com";

/// Which service is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// The Gemini Developer API.
    Developer,
    /// Vertex AI in a project.
    Vertex(Place),
    /// Vertex AI by an API key alone.
    VertexExpress,
}

/// A project and a location of Google Cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    project: String,
    location: String,
}

/// A service, and how it is reached.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) service: Service,
    pub(crate) base: Url,
    pub(crate) version: String,
}

impl Service {
    pub(crate) fn vertex(project: impl Into<String>, location: impl Into<String>) -> Self {
        Self::Vertex(Place { project: project.into(), location: location.into() })
    }

    pub(crate) fn is_vertex(&self) -> bool {
        matches!(self, Self::Vertex(_) | Self::VertexExpress)
    }

    /// How requests are spelled.
    pub(crate) fn flavor(&self) -> Flavor {
        if self.is_vertex() { Flavor::Vertex } else { Flavor::Developer }
    }

    /// The name of the service by OpenTelemetry's conventions.
    pub(crate) fn provider_name(&self) -> &'static str {
        if self.is_vertex() { "gcp.vertex_ai" } else { "gcp.gemini" }
    }

    /// Where the service is, unless a base URL is given.
    pub(crate) fn base_url(&self) -> String {
        match self {
            Self::Developer => "https://generativelanguage.googleapis.com".to_owned(),
            Self::VertexExpress => VERTEX_BASE_URL.to_owned(),
            Self::Vertex(Place { location, .. }) if location == GLOBAL => {
                VERTEX_BASE_URL.to_owned()
            }
            Self::Vertex(Place { location, .. }) if MULTI_REGIONS.contains(&&**location) => {
                format!("https://aiplatform.{location}.rep.googleapis.com")
            }
            Self::Vertex(Place { location, .. }) => {
                format!("https://{location}-aiplatform.googleapis.com")
            }
        }
    }

    /// The newest version of the API, unless one is given.
    pub(crate) fn api_version(&self) -> &'static str {
        if self.is_vertex() { "v1beta1" } else { "v1beta" }
    }

    /// What is wrong with the project and the location.
    pub(crate) fn problems(&self) -> impl Iterator<Item = String> {
        let place = match self {
            Self::Vertex(place) => Some(place),
            Self::Developer | Self::VertexExpress => None,
        };
        let checks = place.map(|Place { project, location }| {
            [
                (is_project(project), "the project must be its ID or its number"),
                (is_location(location), "the location must be a name such as global or us-east1"),
            ]
        });
        let broken = checks.into_iter().flatten().filter(|(is_fine, _)| !is_fine);
        broken.map(|(_, problem)| problem.to_owned())
    }

    /// What stands before the resources of a project.
    pub(crate) fn parent(&self) -> Option<String> {
        match self {
            Self::Vertex(Place { project, location }) => {
                Some(format!("projects/{project}/locations/{location}"))
            }
            Self::Developer | Self::VertexExpress => None,
        }
    }

    /// The path of a model below the version, or what is wrong with its name.
    pub(crate) fn model_path(&self, model: &str) -> Result<String, String> {
        match self {
            Self::Developer => resource_name(model),
            Self::Vertex(place) => place.model_path(model),
            Self::VertexExpress => publisher_model(model)?.ok_or_else(|| {
                "with an API key alone, the model of Vertex AI must be a name or \
                 `publishers/../models/..`"
                    .to_owned()
            }),
        }
    }
}

impl Place {
    fn model_path(&self, model: &str) -> Result<String, String> {
        let Self { project, location } = self;
        let here = format!("projects/{project}/locations/{location}");
        if let Some(path) = publisher_model(model)? {
            return Ok(format!("{here}/{path}"));
        }
        let segments: Vec<&str> = model.split('/').collect();
        match *segments.as_slice() {
            ["endpoints", id] => Ok(format!("{here}/endpoints/{}", name(id)?)),
            ["projects", project, "locations", location, "endpoints", id]
                if is_project(project) && is_location(location) =>
            {
                name(id)?;
                Ok(model.to_owned())
            }
            ["projects", project, "locations", location, "publishers", publisher, "models", id]
                if is_project(project) && is_location(location) =>
            {
                name(publisher)?;
                name(id)?;
                Ok(model.to_owned())
            }
            _ => Err("the model of Vertex AI must be a name, `publishers/../models/..`, \
                      `endpoints/..`, or one of the two behind `projects/../locations/..`"
                .to_owned()),
        }
    }
}

/// A model's resource name at the Developer API: `models/x` for `x`, and what is one already.
pub(crate) fn resource_name(model: &str) -> Result<String, String> {
    let (collection, id) = model.split_once('/').unwrap_or(("models", model));
    if !MODEL_COLLECTIONS.contains(&collection) {
        return Err("the model must be a name, `models/..` or `tunedModels/..`".to_owned());
    }
    Ok(format!("{collection}/{}", name(id)?))
}

/// A publisher's model; `None` where the model is named in another way.
fn publisher_model(model: &str) -> Result<Option<String>, String> {
    let segments: Vec<&str> = model.split('/').collect();
    let (publisher, id) = match *segments.as_slice() {
        [id] | ["models", id] => ("google", id),
        ["publishers", publisher, "models", id] => (name(publisher)?, id),
        _ => return Ok(None),
    };
    Ok(Some(format!("publishers/{publisher}/models/{}", name(id)?)))
}

/// Checks a name that becomes one segment of the path.
fn name(text: &str) -> Result<&str, String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte);
    if text.is_empty() {
        Err("the model's name is empty".to_owned())
    } else if !text.bytes().all(is_allowed) || is_dots(text) {
        Err("the model's name may hold letters, digits, `-`, `_`, `.` and `@` only".to_owned())
    } else {
        Ok(text)
    }
}

/// An ID may stand behind a domain: `example.com:my-project`.
fn is_project(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed) && !is_dots(text)
}

/// A location becomes a part of the host.
fn is_location(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_edged = text.starts_with('-') || text.ends_with('-');
    !text.is_empty() && text.bytes().all(is_allowed) && !is_edged
}

/// Dots alone would change the path.
fn is_dots(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::Service;

    fn path(model: &str) -> Result<String, String> {
        Service::vertex("my-project", "us-east1").model_path(model)
    }

    #[test]
    fn each_location_has_its_host() {
        for (location, host) in [
            ("global", "https://aiplatform.googleapis.com"),
            ("us", "https://aiplatform.us.rep.googleapis.com"),
            ("eu", "https://aiplatform.eu.rep.googleapis.com"),
            ("europe-west4", "https://europe-west4-aiplatform.googleapis.com"),
        ] {
            assert_eq!(Service::vertex("p", location).base_url(), host);
        }
        assert_eq!(Service::VertexExpress.base_url(), "https://aiplatform.googleapis.com");
    }

    #[test]
    fn models_of_vertex_are_named_in_many_ways() {
        let here = "projects/my-project/locations/us-east1";
        for model in ["m-1.5", "models/m-1.5", "publishers/google/models/m-1.5"] {
            assert_eq!(path(model), Ok(format!("{here}/publishers/google/models/m-1.5")));
        }
        assert_eq!(path("endpoints/12"), Ok(format!("{here}/endpoints/12")));
        for whole in [
            "projects/1/locations/eu/endpoints/12",
            "projects/example.com:p/locations/eu/publishers/other/models/m@001",
        ] {
            assert_eq!(path(whole).as_deref(), Ok(whole));
        }
        let express = |model| Service::VertexExpress.model_path(model);
        assert_eq!(express("m").as_deref(), Ok("publishers/google/models/m"));
        assert!(express("endpoints/12").is_err());
    }

    #[test]
    fn names_that_would_change_the_path_are_refused() {
        for model in [
            "",
            "..",
            "a/b",
            "tunedModels/x",
            "publishers/../models/x",
            "publishers/google/models/",
            "publishers//models/x",
            "endpoints/",
            "endpoints/1/2",
            "endpoints/1:x",
            "projects/../locations/eu/endpoints/1",
            "projects/p/locations/../endpoints/1",
            "projects/p/locations/E U/endpoints/1",
            "projects/p/locations/eu/endpoints/..",
            "projects/p/locations/eu/publishers/google/models/x?y",
            "projects/p/locations/eu/models/1",
            "/projects/p/locations/eu/endpoints/1",
            "x?key=1",
            "x%2f",
        ] {
            assert!(path(model).is_err(), "{model}");
        }
    }

    #[test]
    fn projects_and_locations_are_checked() {
        assert_eq!(Service::vertex("p", "eu").problems().count(), 0);
        for (project, location) in [
            ("", ""),
            ("..", "evil.example/"),
            ("a/b", "EU"),
            ("a b", "-eu"),
            ("a?", "eu-"),
            ("p\n", "a.b"),
            ("p#", "e:1"),
            ("p@", "@"),
        ] {
            let service = Service::vertex(project, location);
            assert_eq!(service.problems().count(), 2, "{project} {location}");
        }
    }
}
