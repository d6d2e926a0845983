//! The paths of Vertex AI.

use hyper::http::request::Parts;

use super::token;
use crate::error::Refusal;

const VERSIONS: [&str; 2] = ["v1", "v1beta1"];
const VERBS: [&str; 2] = ["generateContent", "streamGenerateContent"];

/// A call of Vertex AI.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call<'a> {
    pub(super) place: Place,
    pub(super) model: &'a str,
    pub(super) verb: &'a str,
}

/// What the model stands below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A project, which takes access tokens.
    Project,
    /// Nothing: express mode, which takes keys.
    Express,
}

impl Place {
    /// Refuses a request to a project without an access token. Keys are looked at later.
    pub(super) fn authorize(self, parts: &Parts) -> Result<(), Refusal> {
        match self {
            Place::Project => token::check(parts),
            Place::Express => Ok(()),
        }
    }
}

pub(super) fn find(path: &str) -> Option<Call<'_>> {
    let (path, verb) = path.strip_prefix('/')?.rsplit_once(':')?;
    let (version, path) = path.split_once('/')?;
    let segments: Vec<&str> = path.split('/').collect();
    let (place, model) = match *segments.as_slice() {
        ["publishers", publisher, "models", model] if !publisher.is_empty() => {
            (Place::Express, model)
        }
        ["projects", project, "locations", location, ref rest @ ..]
            if !project.is_empty() && !location.is_empty() =>
        {
            match *rest {
                ["endpoints", model] => (Place::Project, model),
                ["publishers", publisher, "models", model] if !publisher.is_empty() => {
                    (Place::Project, model)
                }
                _ => return None,
            }
        }
        _ => return None,
    };
    let is_known = VERSIONS.contains(&version) && VERBS.contains(&verb) && !model.is_empty();
    is_known.then_some(Call { place, model, verb })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_stand_in_projects_or_alone() {
        let project = "/v1beta1/projects/p/locations/global";
        for (path, place) in [
            (format!("{project}/publishers/google/models/m:generateContent"), Place::Project),
            (format!("{project}/endpoints/m:generateContent"), Place::Project),
            ("/v1/publishers/google/models/m:generateContent".to_owned(), Place::Express),
        ] {
            let call = Call { place, model: "m", verb: "generateContent" };
            assert_eq!(find(&path), Some(call), "{path}");
        }
    }

    #[test]
    fn other_paths_are_not_known() {
        for path in [
            "",
            "/",
            "/v1beta/models/m:generateContent",
            "/v1beta/publishers/google/models/m:generateContent",
            "/v1/projects/p/locations/l/models/m:generateContent",
            "/v1/projects//locations/l/endpoints/m:generateContent",
            "/v1/projects/p/locations/l/endpoints/m:explode",
            "/v1/projects/p/locations/l/endpoints/:generateContent",
            "/v1/projects/p/locations/l/publishers/google/models/m",
        ] {
            assert_eq!(find(path), None, "{path}");
        }
    }
}
