//! What a call asks for, without its type: everything but reading the value.

use std::borrow::Cow;

use crate::carrier::{Carried, Carrier, Contract, MimeType};
use crate::error::show_violation;
use crate::policies::Policies;
use crate::repair::{Remedy, Turn};
#[cfg(feature = "batch")]
use crate::request::Template;
#[cfg(feature = "batch")]
use crate::request::render_beginning;
use crate::request::{
    Collection, Conversation, Endpoint, Load, Parameters, Request, Resource, render,
};
use crate::{Client, Error, Prompt, Result, Thinking};

const SYSTEM_BESIDE_CACHE: &str = "a system instruction cannot stand beside a cached content; put \
    it into the cached content, or leave one of them out";
const FALLBACK_BESIDE_CACHE: &str = "a cached content belongs to one model, and the policy of \
    retrying has others to turn to; give the call a policy without them by `with_retry`";

/// A call as it is being set up.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) prompt: Prompt,
    pub(crate) system: Option<Prompt>,
    pub(crate) examples: Vec<Example>,
    pub(crate) parameters: Parameters,
    pub(crate) model: Option<String>,
    pub(crate) carrier: Option<Carrier>,
    pub(crate) cached: Option<CachedContent>,
    pub(crate) policies: Policies,
    contract: Contract,
}

/// What is changed in a request after a bad answer.
#[derive(Debug, Default)]
pub(crate) struct Revision {
    turn: Option<Turn>,
    max_output_tokens: Option<u32>,
    thinking: Option<Thinking>,
}

impl Revision {
    /// Makes one more change. What was told about an earlier answer makes room for what is told
    /// about the last one.
    pub(crate) fn add(&mut self, remedy: Remedy) {
        match remedy {
            Remedy::Same => {}
            Remedy::Told(turn) => self.turn = Some(turn),
            Remedy::MoreTokens(tokens) => self.max_output_tokens = Some(tokens),
            Remedy::LessThinking(thinking) => self.thinking = Some(thinking),
        }
    }
}

/// A cached content that stands before what a call says.
#[derive(Clone, Debug)]
pub(crate) struct CachedContent {
    pub(crate) name: String,
    /// How many tokens it has, where that is known.
    pub(crate) tokens: u64,
    /// Whether it was made of the call's own instruction and examples.
    pub(crate) is_own: bool,
}

/// What stands before the prompts of calls.
#[cfg(feature = "batch")]
pub(crate) struct Beginning {
    /// The model's resource name.
    pub(crate) model: String,
    /// An object with the instruction and the examples.
    pub(crate) json: String,
    /// A request to be counted: it has a prompt, but neither parameters nor a schema.
    pub(crate) counted: Request,
}

/// What a call sends, with all of it checked.
struct Checked<'a> {
    endpoint: Endpoint,
    examples: Vec<(&'a Prompt, Prompt)>,
    /// The name of the cached content as the service writes it.
    cached: Option<String>,
    has_fallbacks: bool,
}

/// An input with the answer that the model should give to it.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) input: Prompt,
    /// The value as JSON, where serde could write it.
    pub(crate) answer: Option<String>,
}

impl Call {
    pub(crate) fn new(prompt: Prompt, contract: Contract) -> Self {
        Self {
            prompt,
            system: None,
            examples: Vec::new(),
            parameters: Parameters::default(),
            model: None,
            carrier: None,
            cached: None,
            policies: Policies::default(),
            contract,
        }
    }

    /// The same behind a cached content.
    #[cfg(feature = "batch")]
    pub(crate) fn behind(&self, cached: CachedContent) -> Self {
        Self { cached: Some(cached), ..self.clone() }
    }

    /// Checks everything and writes the request.
    pub(crate) fn request(&self, client: &Client) -> Result<Request> {
        let carried = self.carried(client)?;
        self.revised(client, &self.prompt, carried, &Revision::default())
    }

    fn carried(&self, client: &Client) -> Result<Carried> {
        Carried::choose(self.carrier, client.site().service.flavor(), &self.contract)
    }

    /// Checks everything but a prompt, and writes the request around it.
    #[cfg(feature = "batch")]
    pub(crate) fn template(&self, client: &Client) -> Result<Template> {
        let carried = self.carried(client)?;
        let Checked { endpoint, examples, cached, has_fallbacks } =
            self.checked(client, &carried, self.problems())?;
        let conversation = self.beginning(examples);
        let parameters = &self.parameters;
        let template = match (&self.cached, cached.as_deref()) {
            (Some(CachedContent { tokens, is_own, .. }), Some(name)) => {
                let plain = (*is_own && has_fallbacks).then(|| conversation.clone());
                let conversation = conversation.behind(name, *is_own);
                Template::new(endpoint, &conversation, parameters, carried)
                    .and_then(|template| template.cached(*tokens, plain.as_ref()))
            }
            _ => Template::new(endpoint, &conversation, parameters, carried),
        };
        template.map_err(|_| unwritable())
    }

    /// The instruction and the examples; `None` where there are neither.
    #[cfg(feature = "batch")]
    pub(crate) fn beginning_of(
        &self,
        client: &Client,
        prompt: &Prompt,
    ) -> Result<Option<Beginning>> {
        let carried = self.carried(client)?;
        let Checked { endpoint, examples, .. } = self.checked(client, &carried, self.problems())?;
        let conversation = self.beginning(examples);
        if conversation.system.is_none() && conversation.examples.is_empty() {
            return Ok(None);
        }
        let json = render_beginning(&conversation).map_err(|_| unwritable())?;
        let conversation = Conversation { prompt: Some(prompt), ..conversation };
        let counted = render_beginning(&conversation).map_err(|_| unwritable())?;
        let model = endpoint.model().to_owned();
        let counted = Request::new(endpoint, carried, Load::new(counted));
        Ok(Some(Beginning { model, json, counted }))
    }

    /// What stands before a prompt.
    #[cfg(feature = "batch")]
    fn beginning<'a>(&'a self, examples: Vec<(&'a Prompt, Prompt)>) -> Conversation<'a> {
        let system = self.system.as_ref();
        Conversation { system, examples, prompt: None, correction: None, cached: None }
    }

    /// The parameters after the changes.
    pub(crate) fn parameters(&self, revision: &Revision) -> Cow<'_, Parameters> {
        let mut parameters = Cow::Borrowed(&self.parameters);
        if let Some(tokens) = revision.max_output_tokens {
            parameters.to_mut().max_output_tokens = Some(tokens);
        }
        if let Some(thinking) = &revision.thinking {
            parameters.to_mut().thinking.thinking = Some(thinking.clone());
        }
        parameters
    }

    /// Writes the request with what is changed after a bad answer.
    pub(crate) fn revised(
        &self,
        client: &Client,
        prompt: &Prompt,
        carried: Carried,
        revision: &Revision,
    ) -> Result<Request> {
        let mut problems = self.problems();
        problems.extend(prompt.problem());
        let Checked { endpoint, examples, cached, has_fallbacks } =
            self.checked(client, &carried, problems)?;
        let system = self.system.as_ref();
        let correction = revision.turn.as_ref().map(|turn| (&turn.answer, &turn.reply));
        let prompt = Some(prompt);
        let mut conversation = Conversation { system, examples, prompt, correction, cached: None };
        let parameters = self.parameters(revision);
        let write = |conversation: &Conversation<'_>| {
            render(conversation, &parameters, &carried).map_err(|_| unwritable())
        };
        let (mut tokens, mut plain) = (0, None);
        if let (Some(content), Some(name)) = (&self.cached, cached.as_deref()) {
            if content.is_own && has_fallbacks {
                plain = Some((endpoint.model().to_owned(), write(&conversation)?));
            }
            tokens = content.tokens;
            conversation = conversation.behind(name, content.is_own);
        }
        let load = Load::new(write(&conversation)?).cached(tokens, plain);
        Ok(Request::new(endpoint, carried, load))
    }

    /// What is sent; or all that is wrong, with what was found before.
    fn checked(
        &self,
        client: &Client,
        carried: &Carried,
        mut problems: Vec<String>,
    ) -> Result<Checked<'_>> {
        let delivery = client.delivery(&self.policies);
        let has_fallbacks = delivery.as_ref().is_ok_and(|delivery| delivery.has_fallbacks());
        problems.extend(delivery.err().into_iter().flatten());
        let endpoint = client.endpoint(self.model.as_deref());
        let endpoint = endpoint.map_err(|problem| problems.push(problem)).ok();
        let mut examples = Vec::with_capacity(self.examples.len());
        for (index, example) in self.examples.iter().enumerate() {
            match example.answer(carried) {
                Ok(answer) => examples.push((&example.input, Prompt::from(answer))),
                Err(problem) => problems.push(format!("example {}: {problem}", index + 1)),
            }
        }
        let cached = self.cached.as_ref().and_then(|content| {
            let site = client.site();
            let content = Resource::named(site, Collection::CachedContents, &content.name);
            let content = content.map(Resource::into_name);
            content.map_err(|problem| problems.push(format!("the cached content: {problem}"))).ok()
        });
        let is_foreign = self.cached.as_ref().is_some_and(|content| !content.is_own);
        if is_foreign && has_fallbacks {
            problems.push(FALLBACK_BESIDE_CACHE.to_owned());
        }
        match (endpoint, &*problems) {
            (Some(endpoint), []) => Ok(Checked { endpoint, examples, cached, has_fallbacks }),
            _ => Err(Error::request(problems)),
        }
    }

    /// What is wrong with the parameters and the instruction.
    fn problems(&self) -> Vec<String> {
        let mut problems = self.parameters.problems();
        if self.system.as_ref().is_some_and(Prompt::is_blank) {
            problems.push("the system instruction is empty".to_owned());
        }
        let is_foreign = self.cached.as_ref().is_some_and(|content| !content.is_own);
        if is_foreign && self.system.is_some() {
            problems.push(SYSTEM_BESIDE_CACHE.to_owned());
        }
        problems
    }
}

impl Example {
    /// The answer that it shows, as the model would give it.
    #[cfg(feature = "batch")]
    pub(crate) fn shown(&self, carried: &Carried) -> Result<String, String> {
        self.answer(carried)
    }

    /// The turn of the model that shows the answer, or what is wrong with it.
    fn answer(&self, carried: &Carried) -> Result<String, String> {
        if self.input.is_blank() {
            return Err("the input is empty".to_owned());
        }
        let Some(json) = &self.answer else {
            return Err("serde cannot write the value as JSON".to_owned());
        };
        let answer = carried.lowered.encode_json(json).map_err(|error| {
            let schema = carried.lowered.as_str();
            let violations = error.violations().iter().map(|found| show_violation(found, schema));
            violations.collect::<Vec<_>>().join(", ")
        })?;
        match carried.mime_type() {
            MimeType::Json => Ok(answer),
            MimeType::Enum => serde_json::from_str(&answer)
                .map_err(|_| "the value is not a member of the enum".to_owned()),
        }
    }
}

fn unwritable() -> Error {
    Error::request(vec!["the request cannot be written as JSON".to_owned()])
}
