//! The messages of the protocol: every field that a request may have.
//!
//! Messages whose fields nobody has published are open: any object is accepted for them.

mod config;
mod kept;
mod media;
mod parts;
mod schema;
mod tools;

use super::proto::{EnumType, Kind, Message};

use config::GENERATION_CONFIG;
pub(super) use kept::{
    BATCH_GENERATE_CONTENT_REQUEST, BATCH_LINE, CACHED_CONTENT, CREATE_FILE_REQUEST,
};
use parts::CONTENT;
pub(super) use parts::PART_DATA;
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
        ("labels", Kind::Map(&Kind::Text)),
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
