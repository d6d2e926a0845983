//! Recorded exchanges as answers.

use std::collections::HashMap;

use crate::cassette::{Asked, Body, Exchange, Response};
use crate::error::Refusal;
use crate::reply::Reply;

/// The exchanges that an emulator has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exchanges {
    exchanges: Vec<Exchange>,
    /// Whether nothing else is answered.
    pub(crate) only: bool,
}

/// How often each exchange was asked for, by the first one with the same request.
#[derive(Debug, Default)]
pub(crate) struct Played(HashMap<usize, usize>);

impl Exchanges {
    pub(crate) fn add(&mut self, exchanges: &[Exchange]) {
        self.exchanges.extend_from_slice(exchanges);
    }

    /// Whether requests must be looked at for their exchanges.
    pub(crate) fn is_needed(&self) -> bool {
        self.only || !self.exchanges.is_empty()
    }

    /// The response to a request: the first one at first, and the last one again and again.
    pub(crate) fn play(&self, asked: &Asked, played: &mut Played) -> Option<Reply> {
        let same = self.exchanges.iter().enumerate().filter(|(_, one)| one.request == *asked);
        let same: Vec<(usize, &Exchange)> = same.collect();
        let (first, _) = same.first()?;
        let times = played.0.entry(*first).or_default();
        let (_, exchange) = same.get(*times).or(same.last())?;
        *times += 1;
        Some(Reply::recorded(&exchange.response))
    }

    /// What a request is told for which there is no exchange.
    pub(crate) fn missed(&self, asked: &Asked) -> Refusal {
        let call = asked.call();
        let same_call = self.exchanges.iter().map(|exchange| &exchange.request);
        let mut same_call = same_call.filter(|request| request.is_same_call(asked));
        let hint = match same_call.next_back().and_then(|last| last.first_difference(asked)) {
            Some(place) if place.is_empty() => "; one of this call has another body".to_owned(),
            Some(place) => format!("; one of this call has another `{place}`"),
            None => String::new(),
        };
        Refusal::not_recorded(&format!("{call}{hint}"))
    }
}

impl Reply {
    fn recorded(response: &Response) -> Self {
        let reply = match &response.body {
            Body::Json(body) => {
                Reply::raw(response.status, &response.content_type, body.to_string())
            }
            Body::Pieces(pieces) => {
                let pieces = pieces.iter().map(|piece| piece.clone().into_bytes());
                Reply::pieces((response.status, &response.content_type), pieces)
            }
        };
        let headers = response.headers.iter();
        headers.fold(reply, |reply, (name, value)| reply.header(name, value))
    }
}
