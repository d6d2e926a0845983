//! Sockets and HTTP: accepts connections, reads requests, writes what was decided.

mod body;
mod key;
mod respond;
mod route;

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::emulator::Shared;
use crate::error::Refusal;
use crate::log::RecordedRequest;
use crate::reply::{Outcome, Payload};
use body::ReadBody;
pub use key::INVALID_API_KEY;
use respond::{Closed, ReplyBody, respond};

/// Serves connections until the task is aborted; the connections end with it.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&shared)));
                }
                // Out of file descriptors or the like: let others run before the next try.
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // An answer in two packets must not wait for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { handle(request, &shared).await }
    });
    // A failure here is a client that went away or a reply that cuts the connection.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn handle(
    request: Request<Incoming>,
    shared: &Shared,
) -> Result<Response<ReplyBody>, Closed> {
    let (parts, incoming) = request.into_parts();
    let (body, refusal) = match body::read(incoming).await {
        ReadBody::Whole(body) => (body, None),
        ReadBody::TooLarge => (Vec::new(), Some(Refusal::too_large(body::LIMIT))),
        ReadBody::Broken => return Err(Closed),
    };
    let scripted = shared.record(RecordedRequest::new(&parts, &body));
    let outcome = match (scripted, refusal) {
        (Some(reply), _) => reply.render(&route::asked(&parts, &body, shared)),
        (None, Some(refusal)) => Outcome::Respond(Payload::from(&refusal)),
        (None, None) => Outcome::Respond(route::answer(&parts, &body, shared)),
    };
    match outcome {
        Outcome::Respond(payload) => Ok(respond(payload)),
        Outcome::Disconnect => Err(Closed),
    }
}
