//! From a call to its value: asking, reading, asking again for bad answers.

use serde::de::DeserializeOwned;
use tracing::{Instrument, Span};

use super::{Extract, Validator};
use crate::call::{Call, Revision};
use crate::carrier::Carried;
use crate::client::Delivery;
use crate::request::Request;
use crate::response::{Answer, decode};
use crate::trail::Trail;
use crate::{Client, Error, Extraction, Prompt, Result, trace};

/// A call on its way, with everything that it needs.
pub(crate) struct Asking<'a, T> {
    pub(crate) client: &'a Client,
    pub(crate) call: &'a Call,
    pub(crate) prompt: &'a Prompt,
    pub(crate) validators: &'a [Validator<T>],
    pub(crate) delivery: &'a Delivery,
}

impl<T: DeserializeOwned> Extract<T> {
    pub(super) async fn run(self) -> Result<Extraction<T>> {
        let client = self.client()?;
        let _pass = client.enter()?;
        let Self { call, validators, .. } = &self;
        let request = call.request(&client)?;
        let delivery = client.delivery(&call.policies).map_err(Error::request)?;
        let (prompt, delivery) = (&call.prompt, &delivery);
        Asking { client: &client, call, prompt, validators, delivery }.run(request).await
    }
}

impl<T: DeserializeOwned> Asking<'_, T> {
    /// Sends the request, and reads a value from the answer.
    pub(crate) async fn run(&self, request: Request) -> Result<Extraction<T>> {
        self.run_with(request, &|answer, carried| read(answer, carried, self.validators)).await
    }
}

impl<T> Asking<'_, T> {
    /// Sends the request, and reads a value from the answer in this way.
    pub(crate) async fn run_with<U>(
        &self,
        request: Request,
        read: &(impl Fn(Box<Answer>, &Carried) -> Result<Read<U>> + Sync),
    ) -> Result<Extraction<U>> {
        let client = self.client;
        let mut trail = client.trail(self.delivery);
        let span = trace::span(&request, client.site());
        let carried = request.carried().clone();
        let is_told = client.is_content_traced();
        if is_told {
            trace::record_prompt(&span, request.body());
        }
        let asked = self.ask(request, read, &mut trail).instrument(span.clone());
        match asked.await {
            Ok(read) => {
                if is_told {
                    let Answer { text, finish_reason, .. } = &*read.answer;
                    trace::record_text(&span, text, finish_reason.as_ref());
                }
                Ok(read.into_extraction(carried, &trail, &span))
            }
            Err(error) => {
                if let Some(text) = error.raw_text().filter(|_| is_told) {
                    trace::record_text(&span, text, error.finish_reason());
                }
                let error = trail.end(error).with_dialect(carried.dialect());
                trace::record_error(&span, &error);
                Err(error)
            }
        }
    }

    /// Asks until an answer is good, or can't be asked for again.
    async fn ask<U>(
        &self,
        mut request: Request,
        read: &(impl Fn(Box<Answer>, &Carried) -> Result<Read<U>> + Sync),
        trail: &mut Trail,
    ) -> Result<Read<U>> {
        let (client, delivery) = (self.client, self.delivery);
        let carried = request.carried().clone();
        let (repair, mut revision) = (delivery.repair(), Revision::default());
        loop {
            let answer = client.send(request, delivery, trail).await;
            let error = match answer.and_then(|answer| read(answer, &carried)) {
                Ok(read) => return Ok(read),
                Err(error) => error,
            };
            let parameters = self.call.parameters(&revision);
            let Some(remedy) = repair.remedy(&error, trail.repairs(), &parameters) else {
                return Err(error);
            };
            tracing::debug!(kind = ?error.kind(), "a bad answer is asked for again");
            trail.add_repair(error.with_dialect(carried.dialect()));
            revision.add(remedy);
            request = self.call.revised(client, self.prompt, carried.clone(), &revision)?;
        }
    }
}

/// Reads a value from an answer.
pub(crate) fn read<T: DeserializeOwned>(
    answer: Box<Answer>,
    carried: &Carried,
    validators: &[Validator<T>],
) -> Result<Read<T>> {
    let value: T = match decode(&carried.lowered, carried.mime_type(), &answer.text) {
        Ok(value) => value,
        Err(error) => return Err(Error::decode(error, *answer, carried.lowered.clone())),
    };
    let faults = |validator: &Validator<T>| validator(&value).err();
    let faults: Vec<String> = validators.iter().filter_map(faults).collect();
    if faults.is_empty() {
        Ok(Read { value, answer })
    } else {
        Err(Error::rejected(faults, *answer))
    }
}

/// A value, and the answer that it was read from.
pub(crate) struct Read<T> {
    pub(crate) value: T,
    pub(crate) answer: Box<Answer>,
}

impl<T> Read<T> {
    fn into_extraction(self, carried: Carried, trail: &Trail, span: &Span) -> Extraction<T> {
        let Self { value, mut answer } = self;
        answer.usage = trail.total(answer.usage);
        trace::record_answer(span, &answer);
        trace::record_trail(span, trail.attempts(), trail.repairs(), trail.cost());
        Extraction {
            value,
            usage: answer.usage.unwrap_or_default(),
            cost: trail.cost(),
            attempts: trail.attempts(),
            repairs: trail.repairs(),
            elapsed: trail.elapsed(),
            finish_reason: answer.finish_reason,
            model_version: answer.model_version,
            response_id: answer.response_id,
            raw_text: answer.text,
            thoughts: answer.thoughts,
            safety_ratings: answer.safety_ratings,
            carrier: carried.carrier,
            carrier_reason: carried.reason,
        }
    }
}
