//! `GenerationConfig` and what stands in it.

use super::media::{
    AUDIO_TRANSCRIPTION_CONFIG, IMAGE_CONFIG, MEDIA_RESOLUTION, MODALITY, SPEECH_CONFIG,
};
use super::schema::SCHEMA;
use crate::request::proto::{EnumType, Kind, Message};

pub(crate) static GENERATION_CONFIG: Message = Message {
    name: "GenerationConfig",
    fields: &[
        ("candidate_count", Kind::Int32),
        ("stop_sequences", Kind::List(&Kind::Text)),
        ("max_output_tokens", Kind::Int32),
        ("temperature", Kind::Double),
        ("top_p", Kind::Double),
        ("top_k", Kind::Double),
        ("seed", Kind::Int32),
        ("response_mime_type", Kind::Text),
        ("response_schema", Kind::Message(&SCHEMA)),
        ("response_json_schema", Kind::Value),
        ("response_format", Kind::Message(&RESPONSE_FORMAT)),
        ("presence_penalty", Kind::Double),
        ("frequency_penalty", Kind::Double),
        ("response_logprobs", Kind::Bool),
        ("logprobs", Kind::Int32),
        ("enable_enhanced_civic_answers", Kind::Bool),
        ("response_modalities", Kind::List(&Kind::Enum(&MODALITY))),
        ("speech_config", Kind::Message(&SPEECH_CONFIG)),
        ("thinking_config", Kind::Message(&THINKING_CONFIG)),
        ("image_config", Kind::Message(&IMAGE_CONFIG)),
        ("media_resolution", Kind::Enum(&MEDIA_RESOLUTION)),
        ("audio_transcription_config", Kind::Message(&AUDIO_TRANSCRIPTION_CONFIG)),
    ],
    oneof: None,
};

static THINKING_CONFIG: Message = Message {
    name: "ThinkingConfig",
    fields: &[
        ("include_thoughts", Kind::Bool),
        ("thinking_budget", Kind::Int32),
        ("thinking_level", Kind::Enum(&THINKING_LEVEL)),
    ],
    oneof: None,
};

static THINKING_LEVEL: EnumType = EnumType {
    name: "ThinkingConfig.ThinkingLevel",
    values: &["THINKING_LEVEL_UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "MINIMAL", "XHIGH"],
};

static RESPONSE_FORMAT: Message = Message {
    name: "ResponseFormat",
    fields: &[
        ("text", Kind::Message(&TEXT_FORMAT)),
        ("image", Kind::Struct),
        ("audio", Kind::Struct),
        ("video", Kind::Struct),
    ],
    oneof: None,
};

static TEXT_FORMAT: Message = Message {
    name: "ResponseFormat.Text",
    fields: &[("mime_type", Kind::Enum(&FORMAT_MIME_TYPE)), ("schema", Kind::Value)],
    oneof: None,
};

/// The text `application/json` is none of these: the service refuses it here.
static FORMAT_MIME_TYPE: EnumType = EnumType {
    name: "ResponseFormat.Text.MimeType",
    values: &["MIME_TYPE_UNSPECIFIED", "APPLICATION_JSON"],
};
