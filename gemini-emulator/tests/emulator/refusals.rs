//! What the service refuses in a request, the emulator refuses: status, message, details.

use serde_json::{Value, json};

use crate::client::{KEY, http, prompt, read, send, start, with_config};
use crate::expect::{assert_malformed, assert_refused};

#[tokio::test]
async fn requests_that_are_no_messages() {
    let emulator = start().await;
    let with = |name: &str, value: Value| {
        let mut request = prompt("x");
        request[name] = value;
        request
    };
    let contents = |value: Value| json!({"contents": value});
    let cases = [
        (with("foo", json!(1)), "", "Unknown name \"foo\": Cannot find field."),
        (with("generationConfig", json!({"foo": 1})), "generation_config", "\"foo\""),
        (with("generation_config", json!("x")), "generation_config", "GenerationConfig"),
        (with("generationConfig", json!([])), "", "cannot start list"),
        (contents(json!([{"foo": 1}])), "contents[0]", "\"foo\" at 'contents[0]'"),
        (
            contents(json!([{"parts": [{"text": "a"}, {"txt": "b"}]}])),
            "contents[0].parts[1]",
            "\"txt\" at 'contents[0].parts[1]'",
        ),
        (
            contents(json!([{"parts": [{"text": 1}]}])),
            "contents[0].parts[0].text",
            "(TYPE_STRING), 1",
        ),
        (
            contents(
                json!([{"parts": [{"text": "a", "inlineData": {"mimeType": "image/png", "data": "AA=="}}]}]),
            ),
            "contents[0].parts[0]",
            "oneof field 'data' is already set",
        ),
        (
            contents(json!([{"parts": [{"inlineData": {"mimeType": "image/png", "data": "§"}}]}])),
            "contents[0].parts[0].inline_data.data",
            "Base64 decoding failed",
        ),
        (
            with("safetySettings", json!([{"category": "HARM_CATEGORY_RUDENESS"}])),
            "safety_settings[0].category",
            "HarmCategory",
        ),
        (
            with(
                "tools",
                json!([{"functionDeclarations": [{"name": "f", "parameters": {"$defs": {}}}]}]),
            ),
            "tools[0].function_declarations[0].parameters",
            "\"$defs\"",
        ),
        (
            with(
                "generationConfig",
                json!({"responseFormat": {"text": {"mimeType": "application/json"}}}),
            ),
            "generation_config.response_format.text.mime_type",
            "application/json",
        ),
        (
            with("generationConfig", json!({"maxOutputTokens": 1.5})),
            "generation_config.max_output_tokens",
            "(TYPE_INT32), 1.5",
        ),
        (json!([1]), "", "Root element must be a message."),
    ];
    for (request, field, fragment) in cases {
        let answer = send(&emulator, &request).await;
        assert_malformed(&answer, field, fragment);
    }
}

#[tokio::test]
async fn parameters_out_of_range() {
    let emulator = start().await;
    let cases = [
        (json!({"temperature": -0.1}), "temperature must be in the range [0.0, 2.0]."),
        (json!({"temperature": 2.1}), "temperature must be in the range"),
        (json!({"topP": 1.01}), "top_p must be in the range [0.0, 1.0]."),
        (json!({"topK": 0}), "top_k must be positive"),
        (json!({"candidateCount": 0}), "candidate_count must be in the range"),
        (json!({"candidateCount": 9}), "candidate_count must be in the range"),
        (json!({"maxOutputTokens": 0}), "max_output_tokens must be positive"),
        (json!({"maxOutputTokens": "-5"}), "max_output_tokens must be positive"),
        (json!({"logprobs": 21}), "logprobs must be in the range"),
        (json!({"stopSequences": ["1", "2", "3", "4", "5", "6"]}), "at most 5 stop sequences"),
        (
            json!({"thinkingConfig": {"thinkingBudget": 5, "thinkingLevel": "LOW"}}),
            "only one of thinking budget and thinking level",
        ),
    ];
    for (config, fragment) in cases {
        assert_refused(&send(&emulator, &with_config("x", &config)).await, fragment);
    }
    let edges = json!({"temperature": 2, "topP": 0, "topK": 1, "candidateCount": 8,
        "maxOutputTokens": "1", "stopSequences": ["1", "2", "3", "4", "5"], "seed": -7,
        "thinkingConfig": {"thinkingLevel": "low", "includeThoughts": true}});
    assert_eq!(send(&emulator, &with_config("x", &edges)).await.status, 200);
}

#[tokio::test]
async fn contents_out_of_order() {
    let emulator = start().await;
    let call = json!({"functionDeclarations": [{"name": "f"}]});
    let cases = [
        (json!({}), "contents is not specified"),
        (json!({"contents": []}), "contents is not specified"),
        (
            json!({"contents": [{"role": "user"}]}),
            "contents[0].parts: contents.parts must not be empty.",
        ),
        (json!({"contents": [{"parts": []}]}), "contents.parts must not be empty."),
        (
            json!({"contents": [{"parts": [{}]}]}),
            "contents[0].parts[0].data: required oneof field 'data'",
        ),
        (json!({"contents": [{"parts": [{"thought": true}]}]}), "required oneof field 'data'"),
        (
            json!({"contents": [{"role": "assistant", "parts": [{"text": "x"}]}]}),
            "Please use a valid role: user, model.",
        ),
        (
            json!({"contents": prompt("x")["contents"], "systemInstruction": {"parts": []}}),
            "system_instruction.parts",
        ),
        (
            json!({"contents": [{"parts": [{"inlineData": {"data": "AA=="}}]}]}),
            "inline_data.mime_type: must be specified",
        ),
        (
            json!({"contents": prompt("x")["contents"], "tools": [{"functionDeclarations": [{"name": "no way"}]}]}),
            "tools[0].function_declarations[0].name",
        ),
        (
            json!({"contents": prompt("x")["contents"], "tools": [{"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT"}}]}]}),
            "parameters.properties: should be non-empty",
        ),
        (
            json!({"contents": prompt("x")["contents"], "tools": [call], "toolConfig": {"functionCallingConfig": {"mode": "AUTO", "allowedFunctionNames": ["f"]}}}),
            "allowed_function_names",
        ),
        (
            json!({"contents": prompt("x")["contents"], "tools": [{"googleSearchRetrieval": {}}]}),
            "Please use google_search field",
        ),
        (
            json!({"contents": prompt("x")["contents"], "tools": [call], "cachedContent": "cachedContents/x"}),
            "CachedContent can not be used",
        ),
        (
            json!({"contents": prompt("x")["contents"], "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT"}, {"category": "HARM_CATEGORY_HARASSMENT"}]}),
            "safety_settings[1]",
        ),
    ];
    for (request, fragment) in cases {
        assert_refused(&send(&emulator, &request).await, fragment);
    }
}

#[tokio::test]
async fn what_older_models_do_not_take() {
    let emulator = start().await;
    let mut tools = with_config("x", &json!({"responseMimeType": "application/json"}));
    tools["tools"] = json!([{"functionDeclarations": [{"name": "f"}]}]);
    let mut search = tools.clone();
    search["tools"] = json!([{"googleSearch": {}}]);
    let level = with_config("x", &json!({"thinkingConfig": {"thinkingLevel": "LOW"}}));
    let budget = with_config("x", &json!({"thinkingConfig": {"thinkingBudget": 24577}}));
    let cases = [
        (tools, "Function calling with a response mime type: 'application/json' is unsupported"),
        (search, "Tool use with a response mime type: 'application/json' is unsupported"),
        (level, "Thinking level is not supported for this model."),
        (budget, "The thinking budget 24577 is invalid."),
    ];
    for (request, fragment) in cases {
        let url = format!("{}/v1beta/models/gemini-2.5-flash:generateContent", emulator.url());
        let sent = http().post(url).header("x-goog-api-key", KEY).json(&request).send();
        assert_refused(&read(sent.await.unwrap()).await, fragment);
        assert_eq!(send(&emulator, &request).await.status, 200);
    }
}
