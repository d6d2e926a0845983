//! The environment variables that the official SDKs read.

use crate::ApiKey;

const API_KEY: &str = "GOOGLE_API_KEY";
const API_KEY_SECOND: &str = "GEMINI_API_KEY";
const BASE_URL: &str = "GOOGLE_GEMINI_BASE_URL";
const VERTEX_BASE_URL: &str = "GOOGLE_VERTEX_BASE_URL";
const PROJECT: &str = "GOOGLE_CLOUD_PROJECT";
const LOCATIONS: [&str; 2] = ["GOOGLE_CLOUD_LOCATION", "GOOGLE_CLOUD_REGION"];
const API_VERSION: &str = "GOOGLE_GENAI_API_VERSION";
const USE_ENTERPRISE: &str = "GOOGLE_GENAI_USE_ENTERPRISE";
const USE_VERTEX: &str = "GOOGLE_GENAI_USE_VERTEXAI";

/// What the environment says, read through a look-up so that tests bring their own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    pub(crate) api_key: Option<ApiKey>,
    pub(crate) base_url: Option<String>,
    pub(crate) vertex_base_url: Option<String>,
    pub(crate) api_version: Option<String>,
    /// The variable that asks for Vertex AI, where one does.
    pub(crate) vertex: Option<&'static str>,
    pub(crate) project: Option<String>,
    pub(crate) location: Option<String>,
}

impl Environment {
    /// Reads the variables; an empty value counts as unset.
    pub(crate) fn read(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| lookup(name).filter(|text| !text.is_empty());
        let (first, second) = (value(API_KEY), value(API_KEY_SECOND));
        if first.is_some() && second.is_some() {
            tracing::warn!("both {API_KEY} and {API_KEY_SECOND} are set; using {API_KEY}");
        }
        Self {
            api_key: first.or(second).map(ApiKey::from),
            base_url: value(BASE_URL),
            api_version: value(API_VERSION),
            vertex: vertex(value),
            vertex_base_url: value(VERTEX_BASE_URL),
            project: value(PROJECT),
            location: LOCATIONS.into_iter().find_map(value),
        }
    }

    /// Reads the variables of this process.
    pub(crate) fn of_process() -> Self {
        Self::read(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }
}

/// The enterprise switch overrides the older one, in both directions.
fn vertex(value: impl Fn(&str) -> Option<String>) -> Option<&'static str> {
    let name = [USE_ENTERPRISE, USE_VERTEX].into_iter().find(|name| value(name).is_some())?;
    let is_on = value(name).is_some_and(|text| text == "1" || text.eq_ignore_ascii_case("true"));
    is_on.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::Environment;

    fn read(variables: &[(&str, &str)]) -> Environment {
        Environment::read(|wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn key(variables: &[(&str, &str)]) -> Option<String> {
        let header = read(variables).api_key?.secret().header("")?;
        header.to_str().ok().map(str::to_owned)
    }

    #[test]
    fn google_api_key_wins() {
        let both = [("GEMINI_API_KEY", "second"), ("GOOGLE_API_KEY", "first")];
        assert_eq!(key(&both).as_deref(), Some("first"));
        assert_eq!(key(&both[..1]).as_deref(), Some("second"));
        assert_eq!(key(&[]), None);
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let variables = [("GOOGLE_API_KEY", ""), ("GEMINI_API_KEY", "second")];
        assert_eq!(key(&variables).as_deref(), Some("second"));
        assert_eq!(read(&[("GOOGLE_GEMINI_BASE_URL", "")]).base_url, None);
    }

    #[test]
    fn base_url_and_version_are_read() {
        let environment = read(&[
            ("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:9"),
            ("GOOGLE_GENAI_API_VERSION", "v1"),
        ]);
        assert_eq!(environment.base_url.as_deref(), Some("http://127.0.0.1:9"));
        assert_eq!(environment.api_version.as_deref(), Some("v1"));
    }

    #[test]
    fn the_enterprise_switch_overrides_the_vertex_switch() {
        let vertex = "GOOGLE_GENAI_USE_VERTEXAI";
        let enterprise = "GOOGLE_GENAI_USE_ENTERPRISE";
        assert_eq!(read(&[(vertex, "True")]).vertex, Some(vertex));
        assert_eq!(read(&[(vertex, "1")]).vertex, Some(vertex));
        assert_eq!(read(&[(vertex, "0")]).vertex, None);
        assert_eq!(read(&[(enterprise, "true")]).vertex, Some(enterprise));
        assert_eq!(read(&[(enterprise, "false"), (vertex, "true")]).vertex, None);
    }
}
