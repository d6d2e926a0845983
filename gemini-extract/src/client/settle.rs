//! Which service a client asks and with what, from its settings and the environment.

use super::ClientBuilder;
use crate::credentials::{Credentials, Tokens};
use crate::request::{Service, Site, base_url, version_problem};

const GLOBAL: &str = "global";
/// What stands for the newest version, whichever service it is.
const NEWEST: &str = "beta";
const NO_KEY: &str = "no API key is given; set GOOGLE_API_KEY or GEMINI_API_KEY, or use `api_key`";
const NO_TOKENS: &str = "Vertex AI needs access tokens; switch on the feature `google_cloud_auth1` \
    for Application Default Credentials, or give a `token_provider`";
const KEY_BESIDE_PROJECT: &str = "an API key is given for a project of Vertex AI, which takes \
    access tokens; use `vertex_express` instead of `vertex`, or leave the key out";
const KEY_BESIDE_TOKENS: &str = "an API key and a token provider are given; leave one of them out";
const TOKENS_WITHOUT_PROJECT: &str =
    "a token provider is for a project of Vertex AI; name it by `vertex`";

impl ClientBuilder {
    /// The service and its credentials, or everything that is wrong with them.
    pub(super) fn settle(&self) -> Result<(Site, Credentials), Vec<String>> {
        let service = self.service().map_err(|problem| vec![problem])?;
        let mut problems: Vec<String> = service.problems().collect();
        if !problems.is_empty() {
            // The host follows from the location, and so would be wrong, too.
            return Err(problems);
        }
        let credentials = self.credentials(&service);
        let credentials = credentials.map_err(|problem| problems.push(problem)).ok();
        let version = self.version(&service);
        problems.extend(version_problem(version));
        let base = self.base_of(&service).map_or_else(|| service.base_url(), str::to_owned);
        let base = base_url(&base).map_err(|found| problems.extend(found)).ok();
        match (base, credentials, &*problems) {
            (Some(base), Some(credentials), []) => {
                let version = version.to_owned();
                Ok((Site { service, base, version }, credentials))
            }
            _ => Err(problems),
        }
    }

    /// What is set by hand wins; of the environment, a project or a location wins over a key.
    fn service(&self) -> Result<Service, String> {
        let environment = &self.environment;
        let variable = match (&self.service, environment.vertex) {
            (Some(service), _) => return Ok(service.clone()),
            (None, None) => return Ok(Service::Developer),
            (None, Some(variable)) => variable,
        };
        let has_key = match &self.api_key {
            Some(_) => true,
            None => {
                let has_place = environment.project.is_some() || environment.location.is_some();
                environment.api_key.is_some() && !has_place && self.tokens.is_none()
            }
        };
        match &environment.project {
            _ if has_key => Ok(Service::VertexExpress),
            Some(project) => {
                let location = environment.location.as_deref().unwrap_or(GLOBAL);
                Ok(Service::vertex(project, location))
            }
            None => Err(format!(
                "{variable} asks for Vertex AI; set GOOGLE_CLOUD_PROJECT, or use `vertex`"
            )),
        }
    }

    fn credentials(&self, service: &Service) -> Result<Credentials, String> {
        let problem = match (service, &self.api_key, &self.tokens) {
            (_, Some(_), Some(_)) => Some(KEY_BESIDE_TOKENS),
            (Service::Vertex(_), Some(_), None) => Some(KEY_BESIDE_PROJECT),
            (Service::Developer | Service::VertexExpress, _, Some(_)) => {
                Some(TOKENS_WITHOUT_PROJECT)
            }
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(problem.to_owned());
        }
        if let Service::Vertex(_) = service {
            let tokens = self.tokens.clone().or_else(default_tokens).ok_or(NO_TOKENS)?;
            return Ok(Credentials::Tokens(tokens));
        }
        let key = self.api_key.as_ref().or(self.environment.api_key.as_ref());
        Credentials::of_key(key.ok_or(NO_KEY)?)
    }

    fn version(&self, service: &Service) -> &str {
        let environment = self.environment.api_version.as_deref();
        let environment = environment.filter(|version| *version != NEWEST);
        self.api_version.as_deref().or(environment).unwrap_or(service.api_version())
    }

    /// The base URL that was given for a service.
    fn base_of(&self, service: &Service) -> Option<&str> {
        let environment = match service.is_vertex() {
            true => &self.environment.vertex_base_url,
            false => &self.environment.base_url,
        };
        self.base_url.as_ref().or(environment.as_ref()).map(String::as_str)
    }
}

/// What gives tokens where nothing was said.
#[cfg(feature = "google_cloud_auth1")]
fn default_tokens() -> Option<Tokens> {
    Some(Tokens::new(crate::GoogleCredentials::default()))
}

#[cfg(not(feature = "google_cloud_auth1"))]
fn default_tokens() -> Option<Tokens> {
    None
}
