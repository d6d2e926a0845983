//! What stays as it is while an emulator runs.

use std::fmt;
use std::sync::Arc;

use crate::batches::BatchRules;
use crate::caches::CacheRules;
use crate::cassette::Cassette;
use crate::clock::{Clock, SystemClock};
use crate::fault::{Fault, Rate};
use crate::files::FileRules;
use crate::latency::Latency;
use crate::log::RecordedRequest;
use crate::models::Models;
use crate::rate_limits::LimitsByModel;
#[cfg(feature = "record")]
use crate::record::Recorder;
use crate::replay::Exchanges;
use crate::reply::Reply;
use crate::schema::SchemaLimits;

/// How many characters of text an event of a stream has, unless somebody says otherwise.
const CHUNK_CHARS: usize = 80;

#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) seed: u64,
    pub(crate) cassettes: Vec<Cassette>,
    pub(crate) exchanges: Exchanges,
    #[cfg(feature = "record")]
    pub(crate) recorder: Option<Arc<Recorder>>,
    pub(crate) limits: SchemaLimits,
    pub(crate) rate_limits: LimitsByModel,
    pub(crate) models: Models,
    pub(crate) files: FileRules,
    pub(crate) caches: CacheRules,
    pub(crate) batches: BatchRules,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) faults: Vec<(Fault, Rate)>,
    pub(crate) latency: Option<Latency>,
    pub(crate) piece_latency: Option<Latency>,
    pub(crate) chunk_chars: usize,
    pub(crate) keep_requests: usize,
    pub(crate) responder: Option<Responder>,
}

/// Somebody else's choice of a reply.
#[derive(Clone)]
pub(crate) struct Responder(pub(crate) Arc<Respond>);

type Respond = dyn Fn(&RecordedRequest) -> Option<Reply> + Send + Sync;

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: 0,
            cassettes: Vec::new(),
            exchanges: Exchanges::default(),
            #[cfg(feature = "record")]
            recorder: None,
            limits: SchemaLimits::default(),
            rate_limits: LimitsByModel::default(),
            models: Models::default(),
            files: FileRules::default(),
            caches: CacheRules::default(),
            batches: BatchRules::default(),
            clock: Arc::new(SystemClock),
            faults: Vec::new(),
            latency: None,
            piece_latency: None,
            chunk_chars: CHUNK_CHARS,
            keep_requests: usize::MAX,
            responder: None,
        }
    }
}

impl fmt::Debug for Responder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Responder(..)")
    }
}
