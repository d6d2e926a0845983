//! The messages of the protocol: every field that a request may have.
//!
//! Messages that no check and no answer depends on are open: any object is accepted for them.

mod config;
mod schema;
mod tools;

use super::proto::{EnumType, Kind, Message, OneOf};

use config::GENERATION_CONFIG;
use tools::{TOOL, TOOL_CONFIG};

pub(crate) static GENERATE_CONTENT_REQUEST: Message = Message {
    name: "GenerateContentRequest",
    fields: &[
        ("model", Kind::Text),
        ("contents", Kind::List(&Kind::Message(&CONTENT))),
        ("system_instruction", Kind::Message(&CONTENT)),
        ("tools", Kind::List(&Kind::Message(&TOOL))),
        ("tool_config", Kind::Message(&TOOL_CONFIG)),
        ("safety_settings", Kind::List(&Kind::Message(&SAFETY_SETTING))),
        ("generation_config", Kind::Message(&GENERATION_CONFIG)),
        ("cached_content", Kind::Text),
        ("service_tier", Kind::Enum(&SERVICE_TIER)),
        ("store", Kind::Bool),
        ("continuation_token", Kind::Bytes),
    ],
    oneof: None,
};

pub(crate) static COUNT_TOKENS_REQUEST: Message = Message {
    name: "CountTokensRequest",
    fields: &[
        ("model", Kind::Text),
        ("contents", Kind::List(&Kind::Message(&CONTENT))),
        ("generate_content_request", Kind::Message(&GENERATE_CONTENT_REQUEST)),
    ],
    oneof: None,
};

static CONTENT: Message = Message {
    name: "Content",
    fields: &[("parts", Kind::List(&Kind::Message(&PART))), ("role", Kind::Text)],
    oneof: None,
};

/// The fields of a part of which exactly one is set.
pub(super) static PART_DATA: OneOf = OneOf {
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
        ("tool_call", Kind::Struct),
        ("tool_response", Kind::Struct),
        ("thought", Kind::Bool),
        ("thought_signature", Kind::Bytes),
        ("video_metadata", Kind::Message(&VIDEO_METADATA)),
        ("media_resolution", Kind::Value),
        ("part_metadata", Kind::Struct),
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
        ("parts", Kind::List(&Kind::Struct)),
        ("scheduling", Kind::Text),
        ("will_continue", Kind::Bool),
    ],
    oneof: None,
};

static EXECUTABLE_CODE: Message = Message {
    name: "ExecutableCode",
    fields: &[("language", Kind::Text), ("code", Kind::Text), ("id", Kind::Text)],
    oneof: None,
};

static CODE_EXECUTION_RESULT: Message = Message {
    name: "CodeExecutionResult",
    fields: &[("outcome", Kind::Text), ("output", Kind::Text), ("id", Kind::Text)],
    oneof: None,
};

static VIDEO_METADATA: Message = Message {
    name: "VideoMetadata",
    fields: &[("start_offset", Kind::Text), ("end_offset", Kind::Text), ("fps", Kind::Double)],
    oneof: None,
};

static SAFETY_SETTING: Message = Message {
    name: "SafetySetting",
    fields: &[
        ("category", Kind::Enum(&HARM_CATEGORY)),
        ("threshold", Kind::Enum(&HARM_BLOCK_THRESHOLD)),
    ],
    oneof: None,
};

static HARM_CATEGORY: EnumType = EnumType {
    name: "HarmCategory",
    values: &[
        "HARM_CATEGORY_UNSPECIFIED",
        "HARM_CATEGORY_DEROGATORY",
        "HARM_CATEGORY_TOXICITY",
        "HARM_CATEGORY_VIOLENCE",
        "HARM_CATEGORY_SEXUAL",
        "HARM_CATEGORY_MEDICAL",
        "HARM_CATEGORY_DANGEROUS",
        "HARM_CATEGORY_HARASSMENT",
        "HARM_CATEGORY_HATE_SPEECH",
        "HARM_CATEGORY_SEXUALLY_EXPLICIT",
        "HARM_CATEGORY_DANGEROUS_CONTENT",
        "HARM_CATEGORY_CIVIC_INTEGRITY",
        "HARM_CATEGORY_JAILBREAK",
    ],
};

static HARM_BLOCK_THRESHOLD: EnumType = EnumType {
    name: "SafetySetting.HarmBlockThreshold",
    values: &[
        "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
        "BLOCK_LOW_AND_ABOVE",
        "BLOCK_MEDIUM_AND_ABOVE",
        "BLOCK_ONLY_HIGH",
        "BLOCK_NONE",
        "OFF",
    ],
};

static SERVICE_TIER: EnumType = EnumType {
    name: "ServiceTier",
    values: &["SERVICE_TIER_UNSPECIFIED", "STANDARD", "FLEX", "PRIORITY"],
};
