//! What to do about each kind of failure.

use super::ErrorKind;

const SETTINGS: &str = "Correct every problem named in the message. Nothing was sent.";
const SCHEMA: &str = "Change the type as the message says, or choose another carrier with `with_carrier`. \
     Nothing was sent.";
const CLOSED: &str = "Make another client. Nothing was sent.";
const CREDENTIALS: &str = "Look at the error's `source`: it is the token provider's reason. For Application Default \
     Credentials, log in with `gcloud auth application-default login`, or name a key file by \
     GOOGLE_APPLICATION_CREDENTIALS.";
const TRANSPORT: &str = "Check the network, the proxy and the base URL. A broken connection is often gone at the \
     next try.";
const TIMEOUT: &str = "Give the call more time with `with_timeout`, or ask for less at once: a shorter prompt, \
     a smaller answer, a faster model.";
const RESPONSE_TOO_LARGE: &str =
    "Raise the limit with `with_response_limit`, or ask for a smaller answer.";
const UNEXPECTED_RESPONSE: &str = "Check the base URL and the proxies on the way: something other than the Gemini API \
     answered. Redirects are not followed, so that the key stays with one host.";
const INVALID_ARGUMENT: &str = "Read `service_message` and `field_violations`, and compare the body shown by \
     `to_request` with the API reference. A field of a newer API version is unknown to an \
     older one; parts of a schema can be refused too.";
const FAILED_PRECONDITION: &str = "Enable billing for the project in Google AI Studio: the free tier is not offered in \
     every country.";
const INVALID_API_KEY: &str = "Make a key in Google AI Studio and set it as GOOGLE_API_KEY or GEMINI_API_KEY; when both \
     are set, GOOGLE_API_KEY is the one that counts.";
const UNAUTHENTICATED: &str = "At the Developer API, use an API key. On Vertex AI, log in again with `gcloud auth \
     application-default login`, or check where the token provider has its tokens from: they \
     expire, and need the scope cloud-platform.";
const BILLING_REQUIRED: &str = "Top up the project's prepaid balance in Google AI Studio.";
const PERMISSION_DENIED: &str = "Check that this is the right key, that the Gemini API is enabled for its project, and \
     that its restrictions allow the call; on Vertex AI, that the account has the role Vertex \
     AI User (roles/aiplatform.user) in the project. Tuned models and files belong to the project that \
     made them; a leaked key is shut down for good.";
const NOT_FOUND: &str = "Check the spelling of the model, and whether it is still served in this API version. \
     Files and caches expire.";
const PAYLOAD_TOO_LARGE: &str = "Send less at once, or split the input over several calls.";
const RESOURCE_EXHAUSTED: &str = "Wait as long as `retry_after` says and send more slowly, or ask for a higher quota. \
     `quota_violations` names the limit.";
const CANCELLED: &str = "Send the request again if the answer is still wanted.";
const INTERNAL: &str = "Try again after a moment. If it stays, shorten the input or switch to another model for \
     a while, and report it to Google.";
const UNAVAILABLE: &str = "Try again after a moment, or switch to another model for a while: the service is short \
     of capacity or down.";
const DEADLINE_EXCEEDED: &str = "Give the call more time with `with_timeout`, or shorten the prompt: it is too large to \
     be worked through in time.";
const PROMPT_BLOCKED: &str = "Look at `block_reason` and reword the prompt. The reason OTHER can mean that the prompt \
     is against the terms of service.";
const SAFETY: &str = "Look at `finish_reason` and the safety ratings, and reword the prompt. The same prompt \
     is likely to be stopped again.";
const RECITATION: &str = "Make the prompt more specific to your case, or raise the temperature: the answer came \
     too close to published text.";
const MAX_TOKENS: &str = "Raise `max_output_tokens` (thinking counts towards it, see `usage().thoughts_tokens`), \
     or ask for a smaller answer.";
const LANGUAGE: &str = "Put the prompt in a language that the model supports.";
const MALFORMED_ANSWER: &str =
    "Send the request again; if it stays, simplify the type or the prompt.";
const STOPPED: &str = "Look at `finish_reason`; it says what the service knows.";
const LOOP: &str = "Send the request again, at the model's own temperature. Bound what may grow: `max_items` for \
     lists, `max_length` for texts, `max_output_tokens` for the whole.";
const EMPTY_ANSWER: &str = "Send the request again, or say in the prompt what to answer when there is nothing to \
     tell.";
const BAD_VALUE: &str = "Look at `violations` and `raw_text`. Say in the field's description what is expected, or \
     send the request again: models differ from try to try.";
const REJECTED: &str = "Look at `rejections` and `raw_text`. Say in the prompt or in the field's description what \
     is expected.";
const NOT_ASKED: &str =
    "See how the batch ended; started again with the same journal it goes on where it stopped.";
const COST_LIMIT: &str =
    "Raise `max_cost`, or lower `max_output_tokens`: what is on its way is counted at its dearest.";
const JOURNAL: &str = "See `problems`. A folder holds one run: use another folder for another job.";

/// What to do, in one or two plain sentences.
pub(super) fn help(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Configuration | ErrorKind::Request => SETTINGS,
        ErrorKind::Schema => SCHEMA,
        ErrorKind::Closed => CLOSED,
        ErrorKind::Credentials => CREDENTIALS,
        ErrorKind::Transport => TRANSPORT,
        ErrorKind::Timeout => TIMEOUT,
        ErrorKind::ResponseTooLarge => RESPONSE_TOO_LARGE,
        ErrorKind::UnexpectedResponse => UNEXPECTED_RESPONSE,
        ErrorKind::InvalidArgument => INVALID_ARGUMENT,
        ErrorKind::FailedPrecondition => FAILED_PRECONDITION,
        ErrorKind::InvalidApiKey => INVALID_API_KEY,
        ErrorKind::Unauthenticated => UNAUTHENTICATED,
        ErrorKind::BillingRequired => BILLING_REQUIRED,
        ErrorKind::PermissionDenied => PERMISSION_DENIED,
        ErrorKind::NotFound => NOT_FOUND,
        ErrorKind::PayloadTooLarge => PAYLOAD_TOO_LARGE,
        ErrorKind::ResourceExhausted => RESOURCE_EXHAUSTED,
        ErrorKind::Cancelled => CANCELLED,
        ErrorKind::Internal => INTERNAL,
        ErrorKind::Unavailable => UNAVAILABLE,
        ErrorKind::DeadlineExceeded => DEADLINE_EXCEEDED,
        ErrorKind::PromptBlocked => PROMPT_BLOCKED,
        ErrorKind::Safety => SAFETY,
        ErrorKind::Recitation => RECITATION,
        ErrorKind::MaxTokens => MAX_TOKENS,
        ErrorKind::Language => LANGUAGE,
        ErrorKind::MalformedAnswer => MALFORMED_ANSWER,
        ErrorKind::Stopped => STOPPED,
        ErrorKind::Loop => LOOP,
        ErrorKind::EmptyAnswer => EMPTY_ANSWER,
        ErrorKind::InvalidJson | ErrorKind::Violations => BAD_VALUE,
        ErrorKind::Rejected => REJECTED,
        ErrorKind::NotAsked => NOT_ASKED,
        ErrorKind::CostLimit => COST_LIMIT,
        ErrorKind::Journal => JOURNAL,
    }
}
