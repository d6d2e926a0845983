//! `Content`, `Part` and what stands in them.

use super::media::MEDIA_RESOLUTION_LEVEL;
use crate::request::proto::{EnumType, Kind, Message, OneOf};

pub(super) static CONTENT: Message = Message {
    name: "Content",
    fields: &[("parts", Kind::List(&Kind::Message(&PART))), ("role", Kind::Text)],
    oneof: None,
};

/// The fields of a part of which exactly one is set.
pub(in crate::request) static PART_DATA: OneOf = OneOf {
    name: "data",
    fields: &[
        "text",
        "inline_data",
        "file_data",
        "function_call",
        "function_response",
        "executable_code",
        "code_execution_result",
        "tool_call",
        "tool_response",
    ],
};

static PART: Message = Message {
    name: "Part",
    fields: &[
        ("text", Kind::Text),
        ("inline_data", Kind::Message(&BLOB)),
        ("file_data", Kind::Message(&FILE_DATA)),
        ("function_call", Kind::Message(&FUNCTION_CALL)),
        ("function_response", Kind::Message(&FUNCTION_RESPONSE)),
        ("executable_code", Kind::Message(&EXECUTABLE_CODE)),
        ("code_execution_result", Kind::Message(&CODE_EXECUTION_RESULT)),
        ("tool_call", Kind::Message(&TOOL_CALL)),
        ("tool_response", Kind::Message(&TOOL_RESPONSE)),
        ("thought", Kind::Bool),
        ("thought_signature", Kind::Bytes),
        ("video_metadata", Kind::Message(&VIDEO_METADATA)),
        ("media_resolution", Kind::Message(&MEDIA_RESOLUTION)),
        ("part_metadata", Kind::Struct),
        ("audio_transcription", Kind::Struct),
        ("media_processing", Kind::Struct),
        ("speech_metadata", Kind::Struct),
        ("document_metadata", Kind::Struct),
    ],
    oneof: Some(PART_DATA),
};

static BLOB: Message = Message {
    name: "Blob",
    fields: &[("mime_type", Kind::Text), ("data", Kind::Bytes), ("display_name", Kind::Text)],
    oneof: None,
};

static FILE_DATA: Message = Message {
    name: "FileData",
    fields: &[("mime_type", Kind::Text), ("file_uri", Kind::Text), ("display_name", Kind::Text)],
    oneof: None,
};

static FUNCTION_CALL: Message = Message {
    name: "FunctionCall",
    fields: &[("id", Kind::Text), ("name", Kind::Text), ("args", Kind::Struct)],
    oneof: None,
};

static FUNCTION_RESPONSE: Message = Message {
    name: "FunctionResponse",
    fields: &[
        ("id", Kind::Text),
        ("name", Kind::Text),
        ("response", Kind::Struct),
        ("parts", Kind::List(&Kind::Message(&FUNCTION_RESPONSE_PART))),
        ("scheduling", Kind::Enum(&SCHEDULING)),
        ("will_continue", Kind::Bool),
    ],
    oneof: None,
};

static FUNCTION_RESPONSE_PART: Message = Message {
    name: "FunctionResponsePart",
    fields: &[
        ("inline_data", Kind::Message(&BLOB)),
        ("file_data", Kind::Message(&FILE_DATA)),
        ("video_metadata", Kind::Message(&VIDEO_METADATA)),
        ("media_resolution", Kind::Message(&MEDIA_RESOLUTION)),
        ("media_processing", Kind::Struct),
        ("document_metadata", Kind::Struct),
        ("spreadsheet_metadata", Kind::Struct),
        ("audio_metadata", Kind::Struct),
    ],
    oneof: None,
};

static SCHEDULING: EnumType = EnumType {
    name: "FunctionResponse.Scheduling",
    values: &["SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"],
};

static EXECUTABLE_CODE: Message = Message {
    name: "ExecutableCode",
    fields: &[("language", Kind::Enum(&LANGUAGE)), ("code", Kind::Text), ("id", Kind::Text)],
    oneof: None,
};

static LANGUAGE: EnumType =
    EnumType { name: "ExecutableCode.Language", values: &["LANGUAGE_UNSPECIFIED", "PYTHON"] };

static CODE_EXECUTION_RESULT: Message = Message {
    name: "CodeExecutionResult",
    fields: &[("outcome", Kind::Enum(&OUTCOME)), ("output", Kind::Text), ("id", Kind::Text)],
    oneof: None,
};

static OUTCOME: EnumType = EnumType {
    name: "CodeExecutionResult.Outcome",
    values: &["OUTCOME_UNSPECIFIED", "OUTCOME_OK", "OUTCOME_FAILED", "OUTCOME_DEADLINE_EXCEEDED"],
};

static TOOL_CALL: Message = Message {
    name: "ToolCall",
    fields: &[("id", Kind::Text), ("tool_type", Kind::Enum(&TOOL_TYPE)), ("args", Kind::Struct)],
    oneof: None,
};

static TOOL_RESPONSE: Message = Message {
    name: "ToolResponse",
    fields: &[
        ("id", Kind::Text),
        ("tool_type", Kind::Enum(&TOOL_TYPE)),
        ("response", Kind::Struct),
    ],
    oneof: None,
};

static TOOL_TYPE: EnumType = EnumType {
    name: "ToolType",
    values: &[
        "TOOL_TYPE_UNSPECIFIED",
        "GOOGLE_SEARCH_WEB",
        "GOOGLE_SEARCH_IMAGE",
        "URL_CONTEXT",
        "GOOGLE_MAPS",
        "FILE_SEARCH",
        "MEDIA_PROCESSING",
    ],
};

static VIDEO_METADATA: Message = Message {
    name: "VideoMetadata",
    fields: &[
        ("start_offset", Kind::Duration),
        ("end_offset", Kind::Duration),
        ("fps", Kind::Double),
        ("content_layers", Kind::List(&Kind::Text)),
    ],
    oneof: None,
};

static MEDIA_RESOLUTION: Message = Message {
    name: "PartMediaResolution",
    fields: &[("level", Kind::Enum(&MEDIA_RESOLUTION_LEVEL)), ("num_tokens", Kind::Int32)],
    oneof: None,
};
