//! Keeps everything that is traced or logged in this process, at every level.

use std::fmt::{Debug, Write as _};
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static TEXT: Mutex<String> = Mutex::new(String::new());

/// What was traced and logged since the first installation.
pub(crate) struct Capture;

impl Capture {
    /// Begins to keep everything, for the whole process; once is enough.
    pub(crate) fn install() -> Self {
        static INSTALLED: OnceLock<()> = OnceLock::new();
        INSTALLED.get_or_init(|| {
            tracing::subscriber::set_global_default(Self).expect("it is the only one");
            log::set_logger(&Self).expect("it is the only one");
            log::set_max_level(log::LevelFilter::Trace);
        });
        Self
    }

    pub(crate) fn text(&self) -> String {
        TEXT.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn push(text: &str) {
        let mut kept = TEXT.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_str(text);
        kept.push('\n');
    }
}

/// Writes fields down, one after the other.
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields(span.metadata().name().to_owned());
        span.record(&mut fields);
        Self::push(&fields.0);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut fields = Fields(String::new());
        values.record(&mut fields);
        Self::push(&fields.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(event.metadata().target().to_owned());
        event.record(&mut fields);
        Self::push(&fields.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl log::Log for Capture {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        Self::push(&format!("{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}
