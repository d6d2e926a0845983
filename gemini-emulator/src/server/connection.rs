//! One connection, from its first request to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hyper::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::handle;
use super::respond::{Closed, ReplyBody, respond};
use crate::emulator::Shared;
use crate::reply::Closing;

/// Whether the connection ends with a RST instead of a FIN.
#[derive(Debug, Clone, Default)]
pub(super) struct ResetFlag(Arc<AtomicBool>);

impl ResetFlag {
    pub(super) fn closing(&self, closing: Closing) -> Closed {
        if closing == Closing::Reset {
            self.0.store(true, Ordering::Relaxed);
        }
        Closed
    }
}

pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // An answer in two packets must not wait for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    let reset = ResetFlag::default();
    let service = service_fn(|request| answer(request, &shared, &reset));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A failure here is a client that went away or a reply that cuts the connection.
    let _ = (&mut connection).await;
    if reset.0.load(Ordering::Relaxed) {
        let stream = connection.into_parts().io.into_inner();
        let _ = stream.set_zero_linger();
    }
}

async fn answer(
    request: hyper::Request<hyper::body::Incoming>,
    shared: &Arc<Shared>,
    reset: &ResetFlag,
) -> Result<Response<ReplyBody>, Closed> {
    match handle(request, shared).await {
        Ok((payload, flight)) => Ok(respond(payload, flight, reset.clone())),
        Err(closing) => Err(reset.closing(closing)),
    }
}
