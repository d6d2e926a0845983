//! Sockets and HTTP: accepts connections, reads requests, writes what was decided.

mod batches;
mod body;
mod caches;
mod call;
mod connection;
mod files;
mod key;
mod respond;
mod route;

use std::sync::Arc;

use hyper::Request;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::emulator::{Flight, Shared};
use crate::error::Refusal;
use crate::files::no_room;
use crate::log::{BodyForm, RecordedRequest};
use crate::reply::{Closing, Outcome, Payload, Reply};
use crate::vertex;
use body::ReadBody;
use call::Call;
pub use key::INVALID_API_KEY;

/// Serves connections until the task is aborted; the connections end with it.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection::serve(stream, Arc::clone(&shared)));
                }
                // Out of file descriptors or the like: let others run before the next try.
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Reads a request, decides what is answered, and waits until it is time to answer.
async fn handle(
    request: Request<Incoming>,
    shared: &Arc<Shared>,
) -> Result<(Payload, Flight), Closing> {
    let mut flight = Flight::begin(shared);
    let (parts, incoming) = request.into_parts();
    let is_upload = files::continues_upload(&parts);
    let rules = &shared.settings.files;
    let limit = if is_upload { rules.max_bytes } else { body::LIMIT };
    let (body, refusal) = match body::read(incoming, limit).await {
        ReadBody::Whole(body) => (body, None),
        ReadBody::TooLarge if is_upload => (Vec::new(), Some(no_room(rules))),
        ReadBody::TooLarge => (Vec::new(), Some(Refusal::too_large(limit))),
        ReadBody::Broken => return Err(Closing::Close),
    };
    let form = if is_upload { BodyForm::Bytes } else { BodyForm::Json };
    let recorded = RecordedRequest::new(&parts, (&body, form), shared.elapsed());
    let has_responder = shared.settings.responder.is_some();
    let for_responder = has_responder.then(|| recorded.clone());
    let scripted = flight.record(recorded);

    let passed_on = match &scripted {
        Some(_) => None,
        None => pass_on(&parts, &body, shared).await,
    };
    let (parts, body, refusal) = match vertex::translate(&parts, &body) {
        _ if refusal.is_some() => (parts, body, refusal),
        None => (parts, body, refusal),
        Some(Ok((parts, body))) => (parts, body, None),
        Some(Err(refusal)) => (parts, body, Some(refusal)),
    };
    let call = Call::find(&parts.method, parts.uri.path());
    let draw = call.as_ref().is_ok_and(Call::is_counted).then(|| shared.draw());
    let mut asked = route::asked(&parts, &body, shared);
    let reply = match (scripted.or(passed_on), refusal) {
        (Some(reply), _) => reply,
        (None, Some(refusal)) => Reply::refusal(&refusal),
        (None, None) => {
            if let Ok(call) = &call {
                batches::catch_up(call, shared).await;
            }
            let question = route::Question {
                parts: &parts,
                body: &body,
                recorded: for_responder.as_ref(),
                shared,
                draw,
            };
            question.answer(call, &mut asked)
        }
    };
    let mut payload = match reply.render(&asked) {
        Outcome::Respond(payload) => payload,
        Outcome::Disconnect(closing) => return Err(closing),
    };
    if let Some(draw) = draw {
        payload.hold_back(&shared.settings, draw);
    }
    if !payload.delay.is_zero() {
        shared.settings.clock.sleep(payload.delay).await;
    }
    flight.answered(payload.status);
    Ok((payload, flight))
}

/// The answer of the server that is recorded, if one is.
#[cfg(feature = "record")]
async fn pass_on(parts: &Parts, body: &[u8], shared: &Shared) -> Option<Reply> {
    let recorder = shared.settings.recorder.as_ref()?;
    Some(recorder.pass_on(parts, body).await)
}

#[cfg(not(feature = "record"))]
async fn pass_on(_: &Parts, _: &[u8], _: &Shared) -> Option<Reply> {
    None
}
