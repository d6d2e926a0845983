//! Reads request bodies, up to a limit.

use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};

/// The largest body that is read as a request: 20 MB, as the service has it for inline requests.
pub(super) const LIMIT: usize = 20 * 1024 * 1024;

/// How many times the limit is read and thrown away, so that the client can read why it was refused
/// instead of finding the connection reset under its hands.
const PATIENCE: usize = 10;

/// A body as it was read.
pub(super) enum ReadBody {
    Whole(Vec<u8>),
    TooLarge,
    Broken,
}

pub(super) async fn read(mut incoming: Incoming, limit: usize) -> ReadBody {
    let announced = usize::try_from(incoming.size_hint().lower()).unwrap_or(usize::MAX);
    let mut body = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = incoming.frame().await {
        let Ok(frame) = frame else {
            return ReadBody::Broken;
        };
        let Some(data) = frame.data_ref() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length > limit.saturating_mul(PATIENCE) {
            break;
        }
        if length <= limit && announced <= limit {
            body.extend_from_slice(data);
        }
    }
    if length > limit { ReadBody::TooLarge } else { ReadBody::Whole(body) }
}
