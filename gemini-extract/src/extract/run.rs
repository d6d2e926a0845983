//! From a call to its value.

use serde::de::DeserializeOwned;
use tracing::Instrument;

use super::Extract;
use crate::carrier::Carried;
use crate::response::{Answer, decode};
use crate::trail::Trail;
use crate::{Error, Extraction, Result, trace};

impl<T: DeserializeOwned> Extract<T> {
    pub(super) async fn run(self) -> Result<Extraction<T>> {
        let client = self.client()?;
        let request = self.call.request(&client)?;
        let delivery = client.delivery(&self.call.policies).map_err(Error::request)?;
        let mut trail = client.trail(&delivery);
        let span = trace::span(&request, client.base());
        let carried = request.carried().clone();
        let answer = client.send(request, &delivery, &mut trail).instrument(span.clone()).await;
        match answer.and_then(|answer| read(answer, &carried)) {
            Ok((value, answer)) => {
                trace::record_answer(&span, &answer);
                trace::record_attempts(&span, trail.attempts());
                Ok(extraction(value, answer, carried, &trail))
            }
            Err(error) => {
                let error = trail.end(error);
                trace::record_error(&span, &error);
                Err(error)
            }
        }
    }
}

fn read<T: DeserializeOwned>(answer: Answer, carried: &Carried) -> Result<(T, Answer)> {
    match decode(&carried.lowered, carried.mime_type(), &answer.text) {
        Ok(value) => Ok((value, answer)),
        Err(error) => Err(Error::decode(error, answer, carried.lowered.clone())),
    }
}

fn extraction<T>(value: T, answer: Answer, carried: Carried, trail: &Trail) -> Extraction<T> {
    Extraction {
        value,
        usage: trail.total(answer.usage).unwrap_or_default(),
        attempts: trail.attempts(),
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
