//! Choices among more labels, or longer ones, than the service takes in a schema: by short codes,
//! and in stages where there are too many even of them.

mod codes;
mod groups;
mod table;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use gemini_schema::{EnumMember, Schema};
use serde::de::DeserializeOwned;

use self::groups::{Branch, Group, branches};
use self::table::Meaning;
use super::settings::Choices;
use super::way::{Asked, Interactive, Question, Spent, Way};
use crate::call::{Call, Example};
use crate::carrier::{Carried, Contract, MimeType};
use crate::extract::{Asking, Read};
use crate::request::Template;
use crate::response::{Answer, decode, named};
use crate::transport::BoxFuture;
use crate::{Client, Error, ErrorKind, Prompt, Result};

const NULL: &str = "null";

/// Asks which code, and in stages which group, each record has.
pub(super) struct Choosing<T> {
    /// How a record would be asked if there were fewer labels.
    plain: Interactive<T>,
    first: Stage,
}

/// A request that asks for a code.
pub(super) struct Stage {
    call: Call,
    template: Template,
    codes: BTreeMap<String, Next>,
}

/// What a code leads to.
enum Next {
    /// The answer that stands for it, as the model would give it without codes.
    Answer(String),
    Stage(Box<Stage>),
}

/// What a stage has led to.
enum Chosen<'a, T> {
    Value(T, String),
    Stage(&'a Stage),
}

/// Something that a code can stand for.
enum Choice<'a> {
    Label(&'a EnumMember),
    Group(&'a Group),
    Null,
}

/// What stages are made from.
struct Plan<'a> {
    call: &'a Call,
    carried: &'a Carried,
    client: &'a Client,
    /// The labels that can stand in groups.
    grouped: Vec<&'a EnumMember>,
    /// The labels that stand beside the groups at every stage, as they are no answer.
    beside: Vec<&'a EnumMember>,
    /// What a code must not be mistaken for.
    names: HashSet<String>,
    /// The examples with the labels that they show; `None` for none of them.
    examples: Vec<(&'a Prompt, Option<&'a EnumMember>)>,
}

impl<T> Choosing<T> {
    /// A way to choose among the labels of a call.
    pub(super) fn new(plain: Interactive<T>, choices: &Choices) -> Result<Self> {
        let Interactive { client, call, template, .. } = &plain;
        let first = Stage::first(client, (call, template.carried()), choices)?;
        Ok(Self { plain, first })
    }
}

impl Stage {
    /// The first request about a record, and all that can follow it.
    pub(super) fn first(
        client: &Client,
        (call, carried): (&Call, &Carried),
        choices: &Choices,
    ) -> Result<Self> {
        let plan = Plan::new(client, call, carried);
        let names: Vec<&str> = plan.grouped.iter().map(|label| label.value.as_str()).collect();
        let beside = plan.beside.len() + usize::from(plan.is_nullable());
        plan.stage(&branches(&names, choices.labels_per_request.saturating_sub(beside)))
    }

    /// The requests on the way to a label of the first group.
    pub(super) fn way(&self) -> Vec<&Template> {
        let mut way = vec![&self.template];
        let mut stage = self;
        while let Some(next) = stage.next() {
            way.push(&next.template);
            stage = next;
        }
        way
    }

    /// The stage that follows for the first group.
    fn next(&self) -> Option<&Self> {
        self.codes.values().find_map(|next| match next {
            Next::Stage(stage) => Some(&**stage),
            Next::Answer(_) => None,
        })
    }
}

impl<T: DeserializeOwned + Send> Way<T> for Choosing<T> {
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Asked<T>> {
        Box::pin(async move {
            let (mut stage, mut spent) = (&self.first, Spent::default());
            for number in 1_u32.. {
                let (chosen, now) = match self.choose(stage, question).await {
                    Ok(chosen) => chosen,
                    Err(error) => {
                        let is_staged = self.first.next().is_some();
                        let error = if is_staged { error.in_stage(number) } else { error };
                        return Asked::failed(error).after(spent);
                    }
                };
                spent.add(now);
                match chosen {
                    Chosen::Stage(next) => stage = next,
                    Chosen::Value(value, text) => return Asked::new(Ok((value, text)), spent),
                }
            }
            Asked::failed(Error::plain(ErrorKind::NotAsked)).after(spent)
        })
    }

    fn width(&self) -> u32 {
        self.plain.width()
    }
}

impl<T: DeserializeOwned + Send> Choosing<T> {
    /// Asks one stage.
    async fn choose<'a>(
        &'a self,
        stage: &'a Stage,
        question: &Question,
    ) -> Result<(Chosen<'a, T>, Spent)> {
        let Interactive { client, delivery, slots, .. } = &self.plain;
        let slot = question.slot(slots).await;
        let _slot = slot.ok_or_else(|| Error::plain(ErrorKind::NotAsked))?;
        let asking = Asking::<()> {
            client,
            call: &stage.call,
            prompt: &question.prompt,
            validators: &[],
            delivery,
        };
        let read = |answer: Box<Answer>, carried: &Carried| self.read(stage, answer, carried);
        let extraction = asking.run_with(stage.template.request(&question.json), &read).await?;
        let spent = Spent::of_extraction(&extraction);
        Ok((extraction.value, spent))
    }

    /// What a code stands for; for the last one the value, if it is one.
    fn read<'a>(
        &self,
        stage: &'a Stage,
        answer: Box<Answer>,
        carried: &Carried,
    ) -> Result<Read<Chosen<'a, T>>> {
        let code = decode::<String>(&carried.lowered, carried.mime_type(), &answer.text);
        let next = match code {
            Ok(code) => stage.codes.get(&code),
            Err(error) => return Err(Error::decode(error, *answer, carried.lowered.clone())),
        };
        let text = match next {
            Some(Next::Stage(stage)) => return Ok(Read { value: Chosen::Stage(stage), answer }),
            Some(Next::Answer(text)) => text,
            None => return Err(Error::of_answer(ErrorKind::Violations, *answer)),
        };
        let Carried { lowered, .. } = self.plain.template.carried();
        let mime_type = self.plain.template.carried().mime_type();
        let value: T = match decode(lowered, mime_type, text) {
            Ok(value) => value,
            Err(error) => return Err(Error::decode(error, *answer, lowered.clone())),
        };
        let validators = self.plain.validators.iter();
        let faults: Vec<String> = validators.filter_map(|it| it(&value).err()).collect();
        if faults.is_empty() {
            Ok(Read { value: Chosen::Value(value, text.clone()), answer })
        } else {
            Err(Error::rejected(faults, *answer))
        }
    }
}

impl<'a> Plan<'a> {
    fn new(client: &'a Client, call: &'a Call, carried: &'a Carried) -> Self {
        let members = carried.lowered.members();
        let (beside, grouped) = members.iter().partition(|member| member.is_other());
        let names = members.iter().flat_map(|member| {
            std::iter::once(&member.value).chain(&member.aliases).map(|name| name.to_uppercase())
        });
        let examples = call.examples.iter().filter_map(|example| {
            Some((&example.input, shown(&example.shown(carried).ok()?, carried)?))
        });
        let (names, examples) = (names.collect(), examples.collect());
        Self { call, carried, client, grouped, beside, names, examples }
    }

    fn is_nullable(&self) -> bool {
        !self.carried.lowered.is_string_enum()
    }

    /// A stage with what follows it.
    fn stage(&self, branches: &[Branch]) -> Result<Stage> {
        let grouped = branches.iter().filter_map(|branch| match branch {
            Branch::Label(index) => self.grouped.get(*index).copied().map(Choice::Label),
            Branch::Group(group) => Some(Choice::Group(group)),
        });
        let beside = self.beside.iter().copied().map(Choice::Label);
        let null = self.is_nullable().then_some(Choice::Null);
        let choices: Vec<Choice<'_>> = grouped.chain(beside).chain(null).collect();
        let codes = codes::codes(choices.len(), |code| self.names.contains(code));
        let call = self.call(&codes, &choices);
        let template = call.template(self.client)?;
        let next = choices.iter().map(|choice| self.next(choice));
        let next = next.collect::<Result<Vec<Next>>>()?;
        Ok(Stage { call, template, codes: codes.into_iter().zip(next).collect() })
    }

    fn next(&self, choice: &Choice<'_>) -> Result<Next> {
        Ok(match choice {
            Choice::Group(group) => Next::Stage(Box::new(self.stage(&group.branches)?)),
            Choice::Null => Next::Answer(NULL.to_owned()),
            Choice::Label(label) => Next::Answer(match self.carried.mime_type() {
                MimeType::Enum => label.value.clone(),
                MimeType::Json => serde_json::Value::from(label.value.as_str()).to_string(),
            }),
        })
    }

    /// The call that asks for one of these codes.
    fn call(&self, codes: &[String], choices: &[Choice<'_>]) -> Call {
        let contract = Contract::Schema(Arc::new(Schema::enumeration(codes.iter().cloned())));
        let mut call = Call::new(Prompt::from(String::new()), contract);
        let rows = codes.iter().map(String::as_str).zip(choices.iter().map(Choice::meaning));
        let table = table::instruction(rows);
        call.system = Some(match &self.call.system {
            Some(system) => system.clone().and(&table),
            None => Prompt::from(table),
        });
        let examples = self.examples.iter().filter_map(|(input, label)| {
            let place = choices.iter().position(|choice| self.has(choice, *label))?;
            let code = serde_json::Value::from(codes.get(place)?.as_str());
            Some(Example { input: (*input).clone(), answer: Some(code.to_string()) })
        });
        call.examples = examples.collect();
        call.parameters = self.call.parameters.clone();
        call.model.clone_from(&self.call.model);
        call.carrier = Some(self.carried.carrier);
        call.policies = self.call.policies.clone();
        call
    }

    /// Whether a choice leads to a label.
    fn has(&self, choice: &Choice<'_>, label: Option<&EnumMember>) -> bool {
        match (choice, label) {
            (Choice::Null, None) => true,
            (Choice::Label(own), Some(label)) => own.value == label.value,
            (Choice::Group(group), Some(label)) => group
                .indexes()
                .into_iter()
                .any(|index| self.grouped.get(index).is_some_and(|own| own.value == label.value)),
            _ => false,
        }
    }
}

impl Choice<'_> {
    fn meaning(&self) -> Meaning<'_> {
        match self {
            Self::Label(label) => {
                Meaning::Label { name: &label.value, description: label.description.as_deref() }
            }
            Self::Group(group) => Meaning::Group(group),
            Self::Null => Meaning::Null,
        }
    }
}

/// The label that an example shows: `Some(None)` for none of them.
fn shown<'a>(answer: &str, carried: &'a Carried) -> Option<Option<&'a EnumMember>> {
    let members = carried.lowered.members();
    match carried.mime_type() {
        MimeType::Enum => named(members, answer).map(Some),
        MimeType::Json if answer.trim() == NULL => Some(None),
        MimeType::Json => {
            let label: String = serde_json::from_str(answer).ok()?;
            Some(Some(members.iter().find(|member| member.is_named(&label))?))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use gemini_schema::Schema;
    use proptest::prelude::*;

    use super::{Next, Stage};
    use crate::batch::settings::Choices;
    use crate::call::Call;
    use crate::carrier::Contract;
    use crate::response::decode;
    use crate::{Client, Prompt};

    fn answers(stage: &Stage, most: usize, found: &mut Vec<String>) {
        assert!(stage.codes.len() <= most);
        for next in stage.codes.values() {
            match next {
                Next::Answer(answer) => found.push(answer.clone()),
                Next::Stage(stage) => answers(stage, most, found),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn each_label_has_a_code_that_is_read_as_it(
            labels in prop::collection::btree_set("\\PC{1,12}|[ab]/[a-d]{1,3}", 2..60),
            is_nullable in any::<bool>(),
            most in 4_usize..20,
        ) {
            let schema = Schema::enumeration(labels.clone());
            let schema = if is_nullable { schema.nullable() } else { schema };
            let call = Call::new(Prompt::from("x"), Contract::Schema(Arc::new(schema)));
            let client = Client::builder().api_key("k").base_url("http://h").build().unwrap();
            let template = call.template(&client).unwrap();
            let (carried, choices) = (template.carried(), Choices::of_requests(most));
            let first = Stage::first(&client, (&call, carried), &choices).unwrap();
            let mut found = Vec::new();
            answers(&first, most, &mut found);
            let read = |answer: &String| {
                decode::<Option<String>>(&carried.lowered, carried.mime_type(), answer).unwrap()
            };
            let read: Vec<Option<String>> = found.iter().map(read).collect();
            let known: Vec<&String> = read.iter().flatten().collect();
            prop_assert_eq!(known.len(), labels.len());
            prop_assert_eq!(known.into_iter().collect::<BTreeSet<_>>(), labels.iter().collect());
            prop_assert_eq!(read.contains(&None), is_nullable);
        }
    }
}
