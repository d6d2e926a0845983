//! What a configuration says of pictures, speech and recordings.

use crate::request::proto::{EnumType, Kind, Message};

pub(super) static MODALITY: EnumType = EnumType {
    name: "GenerationConfig.Modality",
    values: &["MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO", "VIDEO"],
};

pub(super) static MEDIA_RESOLUTION: EnumType = EnumType {
    name: "GenerationConfig.MediaResolution",
    values: &[
        "MEDIA_RESOLUTION_UNSPECIFIED",
        "MEDIA_RESOLUTION_LOW",
        "MEDIA_RESOLUTION_MEDIUM",
        "MEDIA_RESOLUTION_HIGH",
    ],
};

pub(super) static MEDIA_RESOLUTION_LEVEL: EnumType = EnumType {
    name: "PartMediaResolution.Level",
    values: &[
        "MEDIA_RESOLUTION_UNSPECIFIED",
        "MEDIA_RESOLUTION_LOW",
        "MEDIA_RESOLUTION_MEDIUM",
        "MEDIA_RESOLUTION_HIGH",
        "MEDIA_RESOLUTION_ULTRA_HIGH",
    ],
};

pub(super) static SPEECH_CONFIG: Message = Message {
    name: "SpeechConfig",
    fields: &[
        ("voice_config", Kind::Message(&VOICE_CONFIG)),
        ("multi_speaker_voice_config", Kind::Message(&MULTI_SPEAKER_VOICE_CONFIG)),
        ("language_code", Kind::Text),
    ],
    oneof: None,
};

static VOICE_CONFIG: Message = Message {
    name: "VoiceConfig",
    fields: &[
        ("prebuilt_voice_config", Kind::Message(&PREBUILT_VOICE_CONFIG)),
        ("replicated_voice_config", Kind::Struct),
        ("voice", Kind::Text),
    ],
    oneof: None,
};

static PREBUILT_VOICE_CONFIG: Message =
    Message { name: "PrebuiltVoiceConfig", fields: &[("voice_name", Kind::Text)], oneof: None };

static MULTI_SPEAKER_VOICE_CONFIG: Message = Message {
    name: "MultiSpeakerVoiceConfig",
    fields: &[("speaker_voice_configs", Kind::List(&Kind::Message(&SPEAKER_VOICE_CONFIG)))],
    oneof: None,
};

static SPEAKER_VOICE_CONFIG: Message = Message {
    name: "SpeakerVoiceConfig",
    fields: &[("speaker", Kind::Text), ("voice_config", Kind::Message(&VOICE_CONFIG))],
    oneof: None,
};

pub(super) static IMAGE_CONFIG: Message = Message {
    name: "ImageConfig",
    fields: &[("aspect_ratio", Kind::Text), ("image_size", Kind::Text)],
    oneof: None,
};

pub(super) static AUDIO_TRANSCRIPTION_CONFIG: Message = Message {
    name: "AudioTranscriptionConfig",
    fields: &[
        ("language_codes", Kind::List(&Kind::Text)),
        ("language_auto", Kind::Struct),
        ("language_hints", Kind::Struct),
        ("custom_vocabulary", Kind::List(&Kind::Text)),
        ("adaptation_phrases", Kind::List(&Kind::Text)),
        ("word_timestamp", Kind::Bool),
        ("diarization", Kind::Bool),
        ("mode", Kind::Text),
        ("source_text", Kind::Text),
    ],
    oneof: None,
};
