//! The open sets of names in a response.

use crate::ErrorKind;
use crate::open::open_set;

open_set! {
    /// Why the model stopped (`candidates[].finishReason`).
    pub enum FinishReason {
        /// A natural end.
        Stop = "STOP",
        /// The token limit was reached; the answer is cut off.
        MaxTokens = "MAX_TOKENS",
        /// The answer was found unsafe.
        Safety = "SAFETY",
        /// The answer came too close to published text.
        Recitation = "RECITATION",
        /// The language isn't supported.
        Language = "LANGUAGE",
        /// The answer holds forbidden terms.
        Blocklist = "BLOCKLIST",
        /// The answer may hold prohibited content.
        ProhibitedContent = "PROHIBITED_CONTENT",
        /// The answer may hold sensitive personal data.
        Spii = "SPII",
        /// An image in the answer was found unsafe.
        ImageSafety = "IMAGE_SAFETY",
        /// An image in the answer may be prohibited.
        ImageProhibitedContent = "IMAGE_PROHIBITED_CONTENT",
        /// An image in the answer came too close to a published one.
        ImageRecitation = "IMAGE_RECITATION",
        /// The answer was stopped by Model Armor.
        ModelArmor = "MODEL_ARMOR",
        /// The answer was stopped by an escalated policy.
        Escalation = "ESCALATION",
        /// The account is limited by a policy on use.
        PupLimitedDisabled = "PUP_LIMITED_DISABLED",
        /// The model wrote an invalid function call.
        MalformedFunctionCall = "MALFORMED_FUNCTION_CALL",
        /// The model called a function although it had none.
        UnexpectedToolCall = "UNEXPECTED_TOOL_CALL",
        /// The model called too many tools in a row.
        TooManyToolCalls = "TOO_MANY_TOOL_CALLS",
        /// The conversation lacks signatures of earlier thoughts.
        MissingThoughtSignature = "MISSING_THOUGHT_SIGNATURE",
        /// What the model wrote isn't well-formed.
        MalformedResponse = "MALFORMED_RESPONSE",
        /// There is more to be had with a continuation token.
        Continuation = "CONTINUATION",
        /// An image was expected and none was made.
        NoImage = "NO_IMAGE",
        /// The image was stopped for an unnamed reason.
        ImageOther = "IMAGE_OTHER",
        /// The answer was stopped for an unnamed reason.
        Other = "OTHER",
        /// The service gives no reason.
        Unspecified = "FINISH_REASON_UNSPECIFIED",
    }
}

impl FinishReason {
    /// The kind of failure that this reason stands for; `None` for a natural end.
    pub(crate) fn failure(&self) -> Option<ErrorKind> {
        Some(match self {
            Self::Stop => return None,
            Self::MaxTokens => ErrorKind::MaxTokens,
            Self::Safety
            | Self::Blocklist
            | Self::ProhibitedContent
            | Self::Spii
            | Self::ImageSafety
            | Self::ImageProhibitedContent
            | Self::ModelArmor
            | Self::Escalation
            | Self::PupLimitedDisabled => ErrorKind::Safety,
            Self::Recitation | Self::ImageRecitation => ErrorKind::Recitation,
            Self::Language => ErrorKind::Language,
            Self::MalformedFunctionCall | Self::UnexpectedToolCall | Self::MalformedResponse => {
                ErrorKind::MalformedAnswer
            }
            Self::TooManyToolCalls
            | Self::MissingThoughtSignature
            | Self::Continuation
            | Self::NoImage
            | Self::ImageOther
            | Self::Other
            | Self::Unspecified
            | Self::Unknown(_) => ErrorKind::Stopped,
        })
    }
}

open_set! {
    /// Why a prompt was blocked (`promptFeedback.blockReason`).
    pub enum BlockReason {
        /// The prompt was found unsafe.
        Safety = "SAFETY",
        /// The prompt was blocked for an unnamed reason; it may be against the terms of service.
        Other = "OTHER",
        /// The prompt holds forbidden terms.
        Blocklist = "BLOCKLIST",
        /// The prompt holds prohibited content.
        ProhibitedContent = "PROHIBITED_CONTENT",
        /// An image in the prompt was found unsafe.
        ImageSafety = "IMAGE_SAFETY",
        /// The prompt was blocked by Model Armor.
        ModelArmor = "MODEL_ARMOR",
        /// The prompt was taken for a jailbreak.
        Jailbreak = "JAILBREAK",
        /// The service gives no reason.
        Unspecified = "BLOCK_REASON_UNSPECIFIED",
    }
}

open_set! {
    /// A kind of harm that answers and prompts are rated for.
    pub enum HarmCategory {
        /// Harassment.
        Harassment = "HARM_CATEGORY_HARASSMENT",
        /// Hate speech.
        HateSpeech = "HARM_CATEGORY_HATE_SPEECH",
        /// Sexually explicit content.
        SexuallyExplicit = "HARM_CATEGORY_SEXUALLY_EXPLICIT",
        /// Dangerous content.
        DangerousContent = "HARM_CATEGORY_DANGEROUS_CONTENT",
        /// Harm to civic integrity.
        CivicIntegrity = "HARM_CATEGORY_CIVIC_INTEGRITY",
        /// Attempts to get round the model's rules.
        Jailbreak = "HARM_CATEGORY_JAILBREAK",
    }
}

open_set! {
    /// How likely a harm is.
    pub enum HarmProbability {
        /// Next to none.
        Negligible = "NEGLIGIBLE",
        /// Low.
        Low = "LOW",
        /// Medium.
        Medium = "MEDIUM",
        /// High.
        High = "HIGH",
    }
}

open_set! {
    /// What tokens stand for.
    pub enum Modality {
        /// Text.
        Text = "TEXT",
        /// Images.
        Image = "IMAGE",
        /// Sound.
        Audio = "AUDIO",
        /// Moving images.
        Video = "VIDEO",
        /// Documents such as PDF.
        Document = "DOCUMENT",
    }
}
