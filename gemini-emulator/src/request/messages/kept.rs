//! What is kept by the service: files, caches, batches.

use super::GENERATE_CONTENT_REQUEST;
use super::parts::CONTENT;
use super::tools::{TOOL, TOOL_CONFIG};
use crate::request::proto::{EnumType, Kind, Message, OneOf};

pub(crate) static CREATE_FILE_REQUEST: Message =
    Message { name: "CreateFileRequest", fields: &[("file", Kind::Message(&FILE))], oneof: None };

static FILE: Message = Message {
    name: "File",
    fields: &[
        ("name", Kind::Text),
        ("display_name", Kind::Text),
        ("mime_type", Kind::Text),
        ("size_bytes", Kind::Int64),
        ("create_time", Kind::Timestamp),
        ("update_time", Kind::Timestamp),
        ("expiration_time", Kind::Timestamp),
        ("sha256_hash", Kind::Bytes),
        ("uri", Kind::Text),
        ("download_uri", Kind::Text),
        ("state", Kind::Enum(&FILE_STATE)),
        ("source", Kind::Enum(&FILE_SOURCE)),
        ("error", Kind::Struct),
        ("video_metadata", Kind::Struct),
    ],
    oneof: None,
};

static FILE_STATE: EnumType =
    EnumType { name: "File.State", values: &["STATE_UNSPECIFIED", "PROCESSING", "ACTIVE"] };

static FILE_SOURCE: EnumType =
    EnumType { name: "File.Source", values: &["SOURCE_UNSPECIFIED", "UPLOADED", "GENERATED"] };

pub(crate) static CACHED_CONTENT: Message = Message {
    name: "CachedContent",
    fields: &[
        ("name", Kind::Text),
        ("model", Kind::Text),
        ("display_name", Kind::Text),
        ("contents", Kind::List(&Kind::Message(&CONTENT))),
        ("system_instruction", Kind::Message(&CONTENT)),
        ("tools", Kind::List(&Kind::Message(&TOOL))),
        ("tool_config", Kind::Message(&TOOL_CONFIG)),
        ("ttl", Kind::Duration),
        ("expire_time", Kind::Timestamp),
        ("create_time", Kind::Timestamp),
        ("update_time", Kind::Timestamp),
        ("usage_metadata", Kind::Struct),
    ],
    oneof: Some(OneOf { name: "expiration", fields: &["ttl", "expire_time"] }),
};

pub(crate) static BATCH_GENERATE_CONTENT_REQUEST: Message = Message {
    name: "BatchGenerateContentRequest",
    fields: &[("batch", Kind::Message(&GENERATE_CONTENT_BATCH))],
    oneof: None,
};

static GENERATE_CONTENT_BATCH: Message = Message {
    name: "GenerateContentBatch",
    fields: &[
        ("model", Kind::Text),
        ("name", Kind::Text),
        ("display_name", Kind::Text),
        ("input_config", Kind::Message(&INPUT_CONFIG)),
        ("priority", Kind::Int64),
        ("webhook_config", Kind::Struct),
    ],
    oneof: None,
};

static INPUT_CONFIG: Message = Message {
    name: "InputConfig",
    fields: &[("file_name", Kind::Text), ("requests", Kind::Message(&INLINED_REQUESTS))],
    oneof: Some(OneOf { name: "source", fields: &["file_name", "requests"] }),
};

static INLINED_REQUESTS: Message = Message {
    name: "InlinedRequests",
    fields: &[("requests", Kind::List(&Kind::Message(&INLINED_REQUEST)))],
    oneof: None,
};

static INLINED_REQUEST: Message = Message {
    name: "InlinedRequest",
    fields: &[("request", Kind::Message(&GENERATE_CONTENT_REQUEST)), ("metadata", Kind::Struct)],
    oneof: None,
};

/// A line of a file with requests.
pub(crate) static BATCH_LINE: Message = Message {
    name: "BatchRequestLine",
    fields: &[("key", Kind::Text), ("request", Kind::Message(&GENERATE_CONTENT_REQUEST))],
    oneof: None,
};
