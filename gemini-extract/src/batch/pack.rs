//! Several records in one request.

mod elements;
mod ids;
mod pace;
mod share;

use std::sync::Arc;
use std::time::Duration;

use gemini_schema::{Property, Schema};

pub(super) use elements::{Elements, End};

use ids::Ids;
use pace::Pace;

use super::context::{Context, Tries};
use super::slots::Slots;
use super::way::{Question, Spent};
use crate::call::{Call, Example};
use crate::carrier::{Carrier, Contract};
use crate::client::{Delivery, Rules};
use crate::extract::{Asking, Read};
use crate::request::{Request, Template};
use crate::response::Answer;
use crate::transport::BoxFuture;
use crate::{Client, Error, ErrorKind, Prompt, Repair, Result, Usage};

const INSTRUCTION: &str = "The prompt holds separate inputs in JSON, under their ids. Treat each by \
     itself, as if it were the whole prompt: none says anything about others. Answer with the id and \
     the value of each.";
const ID: &str = "id";
const VALUE: &str = "value";
/// The most tokens that models answer with.
const OUTPUT_TOKENS: u32 = 65_536;
/// What an id and the names around a value take at most.
const FRAME_TOKENS: u32 = 16;
/// How long a pack that isn't full yet waits for records.
pub(super) const LINGER: Duration = Duration::from_millis(20);

/// How records are asked together.
pub(super) struct Packing {
    client: Client,
    call: Call,
    template: Template,
    delivery: Delivery,
    slots: Arc<Slots>,
    ids: Ids,
    pub(super) pace: Pace,
    /// The cache of what all packs have in common.
    context: Option<Context>,
}

/// What came of a pack.
pub(super) struct Packed {
    pub(super) result: Result<Elements>,
    /// What the whole pack cost.
    pub(super) spent: Spent,
}

impl Packing {
    /// The packs of a job that asks `call` of single records, with this carrier.
    pub(super) fn new(
        client: &Client,
        (call, carrier): (&Call, Carrier),
        (schema, most): (&Schema, usize),
        (slots, rules): (&Arc<Slots>, &Arc<Rules>),
    ) -> Result<Self> {
        if !schema.definitions().is_empty() {
            let problem = "records of a type that contains itself cannot be packed".to_owned();
            return Err(Error::request(vec![problem]));
        }
        let ids = Ids::for_packs_of(most);
        let call = packed(call, carrier, (schema, most), &ids);
        let template = call.template(client)?;
        let delivery = client.delivery(&call.policies).map_err(Error::request)?;
        let most_tokens = call.parameters.max_output_tokens.unwrap_or(OUTPUT_TOKENS).into();
        Ok(Self {
            client: client.clone(),
            call,
            template,
            delivery: delivery.with_rules(Arc::clone(rules), most_tokens),
            slots: Arc::clone(slots),
            ids,
            pace: Pace::new(most),
            context: None,
        })
    }

    /// The call for packs.
    pub(super) fn call(&self) -> &Call {
        &self.call
    }

    /// Has packs asked with this cache of what they have in common.
    pub(super) fn use_context(&mut self, context: Option<Context>) {
        self.context = context;
    }

    /// The request for records.
    pub(super) fn request(&self, prompts: &[Prompt]) -> Result<Request> {
        let texts: Vec<String> = prompts.iter().map(Prompt::text).collect();
        let ids = self.ids.draw(texts.iter().map(String::as_str));
        Ok(self.template.request(&written(&Prompt::from(list(prompts.iter(), &ids)))?))
    }

    /// Waits until a pack that isn't full yet is sent all the same.
    pub(super) fn linger(&self) -> BoxFuture<'static, ()> {
        self.client.clock().sleep(LINGER)
    }

    /// Asks records together.
    pub(super) async fn ask(&self, questions: &[&Question]) -> Packed {
        let ids = self.ids.draw(questions.iter().map(|question| &*question.json));
        let asked = match self.slots.take().await {
            Some(_slot) => self.send(questions, &ids).await,
            None => Err(Error::plain(ErrorKind::NotAsked)),
        };
        match asked {
            Ok((elements, spent)) => Packed { result: Ok(elements), spent },
            Err(error) => {
                let spent = Spent::of(&error);
                // What stands before the cut is paid for.
                let cut = error.raw_text().filter(|_| error.kind() == ErrorKind::MaxTokens);
                let elements = cut.and_then(|text| Elements::read_cut(text, &ids));
                Packed { result: elements.ok_or(error), spent }
            }
        }
    }

    async fn send(&self, questions: &[&Question], ids: &[u32]) -> Result<(Elements, Spent)> {
        let prompt = Prompt::from(list(questions.iter().map(|question| &question.prompt), ids));
        let json = written(&prompt)?;
        let read = |answer: Box<Answer>, _: &_| match Elements::read(&answer.text, ids) {
            Some(value) => Ok(Read { value, answer }),
            None => Err(Error::of_answer(ErrorKind::InvalidJson, *answer)),
        };
        let mut tries = Tries::new(self.context.as_ref());
        let extraction = loop {
            let live = tries.next().await;
            let plain = (&self.call, &self.template);
            let (call, template) = live.as_ref().map_or(plain, |live| (&live.call, &live.template));
            let asking = Asking::<()> {
                client: &self.client,
                call,
                prompt: &prompt,
                validators: &[],
                delivery: &self.delivery,
            };
            let result = asking.run_with(template.request(&json), &read).await;
            if let Some(result) = tries.judge(result) {
                break result?;
            }
        };
        let spent = Spent {
            usage: extraction.usage,
            cost: extraction.cost,
            attempts: extraction.attempts,
            shared_attempts: 0,
            latency: extraction.elapsed,
        };
        Ok((extraction.value, spent))
    }
}

impl Packed {
    /// What each of the records cost, by the length of its input. The attempts are counted with the
    /// first of them.
    pub(super) fn shares(&self, questions: &[&Question]) -> Vec<Spent> {
        let lengths = questions.iter().map(|question| question.json.len());
        let lengths: Vec<_> = lengths.map(|len| u64::try_from(len).unwrap_or(u64::MAX)).collect();
        let Spent { usage, cost, attempts, latency, .. } = &self.spent;
        let usages = share::usages(usage, &lengths);
        let costs = share::costs(*cost, &usages);
        let of_one = |(index, (usage, cost))| Spent {
            usage,
            cost,
            attempts: *attempts,
            shared_attempts: if index == 0 { 0 } else { *attempts },
            latency: *latency,
        };
        usages.into_iter().zip(costs).enumerate().map(of_one).collect()
    }
}

impl Spent {
    fn of(error: &Error) -> Self {
        Self {
            usage: error.usage().cloned().unwrap_or_else(Usage::default),
            cost: error.cost(),
            attempts: error.attempts(),
            shared_attempts: 0,
            latency: if error.attempts() > 0 { error.elapsed() } else { Duration::ZERO },
        }
    }
}

/// Whether a pack may have failed because of one of its records, or because it is a pack.
pub(super) fn is_of_one(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::PromptBlocked
            | ErrorKind::Safety
            | ErrorKind::Recitation
            | ErrorKind::MaxTokens
            | ErrorKind::Language
            | ErrorKind::MalformedAnswer
            | ErrorKind::Stopped
            | ErrorKind::Loop
            | ErrorKind::EmptyAnswer
            | ErrorKind::InvalidJson
            | ErrorKind::Violations
            | ErrorKind::ResponseTooLarge
            | ErrorKind::InvalidArgument
            | ErrorKind::PayloadTooLarge
            | ErrorKind::Internal
            | ErrorKind::DeadlineExceeded
            | ErrorKind::Timeout
            | ErrorKind::CostLimit
    )
}

/// The limit of output tokens for so many records, where one has this.
pub(super) fn output_tokens(one: u32, records: usize) -> u32 {
    let records = u32::try_from(records).unwrap_or(u32::MAX);
    let all = one.saturating_add(FRAME_TOKENS).saturating_mul(records);
    all.min(OUTPUT_TOKENS).max(one)
}

/// The call for packs of what `call` asks of single records.
fn packed(call: &Call, carrier: Carrier, (schema, most): (&Schema, usize), ids: &Ids) -> Call {
    let (least, greatest) = ids.range();
    let element = Schema::object([
        Property::required(ID, Schema::integer(i128::from(least), i128::from(greatest))),
        Property::required(VALUE, schema.clone()),
    ]);
    let contract = Contract::Schema(Arc::new(Schema::array(element)));
    let mut packed = Call::new(Prompt::from(String::new()), contract);
    packed.system = Some(match &call.system {
        Some(system) => system.clone().and(INSTRUCTION),
        None => Prompt::from(INSTRUCTION),
    });
    packed.examples = examples(&call.examples, ids);
    packed.parameters = call.parameters.clone();
    let limit = &mut packed.parameters.max_output_tokens;
    *limit = limit.map(|one| output_tokens(one, most));
    packed.model = call.model.clone();
    packed.carrier = Some(carrier);
    packed.policies = call.policies.clone();
    packed.policies.repair = Some(Repair::never());
    packed
}

/// All examples, as one pack with its answer.
fn examples(examples: &[Example], ids: &Ids) -> Vec<Example> {
    if examples.is_empty() {
        return Vec::new();
    }
    let inputs = || examples.iter().map(|example| &example.input);
    let texts: Vec<String> = inputs().map(Prompt::text).collect();
    let ids = ids.draw(texts.iter().map(String::as_str));
    let answers = examples.iter().zip(&ids).map(|(example, id)| {
        let answer = example.answer.as_deref().unwrap_or("null");
        format!(r#"{{"{ID}":{id},"{VALUE}":{answer}}}"#)
    });
    let answer = format!("[{}]", answers.collect::<Vec<_>>().join(","));
    let input = Prompt::from(list(inputs(), &ids));
    vec![Example { input, answer: Some(answer) }]
}

/// A prompt in JSON.
pub(super) fn written(prompt: &Prompt) -> Result<String> {
    serde_json::to_string(prompt)
        .map_err(|_| Error::request(vec!["the prompt cannot be written".to_owned()]))
}

/// Inputs under their ids, as they are sent. A text in JSON can't end before its end.
fn list<'a>(prompts: impl Iterator<Item = &'a Prompt>, ids: &[u32]) -> String {
    let inputs = prompts.zip(ids).map(|(prompt, id)| {
        let input = serde_json::Value::from(prompt.text());
        format!(r#""{id}":{input}"#)
    });
    format!("{{{}}}", inputs.collect::<Vec<_>>().join(","))
}
