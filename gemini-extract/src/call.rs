//! What a call asks for, without its type: everything but reading the value.

use std::borrow::Cow;

use crate::carrier::{Carried, Carrier, Contract, MimeType};
use crate::error::show_violation;
use crate::policies::Policies;
use crate::repair::{Remedy, Turn};
#[cfg(feature = "batch")]
use crate::request::Template;
use crate::request::{Conversation, Endpoint, Parameters, Request, render};
use crate::{Client, Error, Prompt, Result, Thinking};

/// A call as it is being set up.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) prompt: Prompt,
    pub(crate) system: Option<Prompt>,
    pub(crate) examples: Vec<Example>,
    pub(crate) parameters: Parameters,
    pub(crate) model: Option<String>,
    pub(crate) carrier: Option<Carrier>,
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

/// An input with the answer that the model should give to it.
#[derive(Debug)]
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
            policies: Policies::default(),
            contract,
        }
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
        let (endpoint, examples) = self.checked(client, &carried, self.problems())?;
        let system = self.system.as_ref();
        let conversation = Conversation { system, examples, prompt: None, correction: None };
        Template::new(endpoint, &conversation, &self.parameters, carried).map_err(|_| unwritable())
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
        let (endpoint, examples) = self.checked(client, &carried, problems)?;
        let system = self.system.as_ref();
        let correction = revision.turn.as_ref().map(|turn| (&turn.answer, &turn.reply));
        let prompt = Some(prompt);
        let conversation = Conversation { system, examples, prompt, correction };
        let parameters = self.parameters(revision);
        let body = render(&conversation, &parameters, &carried).map_err(|_| unwritable())?;
        Ok(Request::new(endpoint, carried, body))
    }

    /// Where the request goes and the examples as they are sent; or all that is wrong, with what
    /// was found before.
    fn checked(
        &self,
        client: &Client,
        carried: &Carried,
        mut problems: Vec<String>,
    ) -> Result<(Endpoint, Vec<(&Prompt, Prompt)>)> {
        problems.extend(client.delivery(&self.policies).err().into_iter().flatten());
        let endpoint = client.endpoint(self.model.as_deref());
        let endpoint = endpoint.map_err(|problem| problems.push(problem)).ok();
        let mut examples = Vec::with_capacity(self.examples.len());
        for (index, example) in self.examples.iter().enumerate() {
            match example.answer(carried) {
                Ok(answer) => examples.push((&example.input, Prompt::from(answer))),
                Err(problem) => problems.push(format!("example {}: {problem}", index + 1)),
            }
        }
        match (endpoint, &*problems) {
            (Some(endpoint), []) => Ok((endpoint, examples)),
            _ => Err(Error::request(problems)),
        }
    }

    /// What is wrong with the parameters and the instruction.
    fn problems(&self) -> Vec<String> {
        let mut problems = self.parameters.problems();
        if self.system.as_ref().is_some_and(Prompt::is_blank) {
            problems.push("the system instruction is empty".to_owned());
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
