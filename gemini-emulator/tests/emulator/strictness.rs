//! Every field of every message: known ones are taken, unknown ones are refused where they stand.

use gemini_emulator::{CacheRules, Emulator};
use serde_json::{Value, json};

use crate::client::{by_schema, post, prompt, send, start};
use crate::expect::{assert_malformed, assert_refused};

/// Members whose values are open, and members that are maps.
const OPEN: [&str; 11] = [
    "args",
    "authConfig",
    "default",
    "example",
    "headers",
    "labels",
    "partMetadata",
    "properties",
    "response",
    "responseJsonSchema",
    "parametersJsonSchema",
];

/// Requests that have every field that there is, one of them with this cache.
fn full_requests(cache: &str) -> Vec<Value> {
    let parts = json!([
        {"text": "look", "thought": false, "partMetadata": {"a": 1}},
        {"inlineData": {"mimeType": "image/png", "data": "AA==", "displayName": "d"},
         "mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH", "numTokens": 7}},
        {"fileData": {"mimeType": "video/mp4", "fileUri": "https://example.com/a", "displayName": "d"},
         "videoMetadata": {"startOffset": "1.5s", "endOffset": "3s", "fps": 0.5}},
    ]);
    let called = json!([
        {"functionCall": {"id": "c", "name": "f", "args": {}}, "thoughtSignature": "AA=="},
        {"executableCode": {"language": "PYTHON", "code": "1", "id": "x"}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1", "id": "x"}},
        {"toolCall": {"id": "t", "toolType": "URL_CONTEXT", "args": {}}},
        {"toolResponse": {"id": "t", "toolType": "URL_CONTEXT", "response": {}}},
    ]);
    let response = json!([{"functionResponse": {"id": "c", "name": "f", "response": {"output": 1},
        "parts": [{"inlineData": {"mimeType": "image/png", "data": "AA=="}}],
        "scheduling": "SILENT", "willContinue": false}}]);
    let contents = json!([
        {"role": "user", "parts": parts},
        {"role": "model", "parts": called},
        {"role": "user", "parts": response},
    ]);
    let declarations = json!([
        {"name": "f", "description": "d", "behavior": "BLOCKING",
         "parameters": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}},
         "response": {"type": "STRING"}},
        {"name": "g", "parametersJsonSchema": {"type": "object"},
         "responseJsonSchema": {"type": "string"}},
    ]);
    let span = json!({"startTime": "2026-01-01T00:00:00Z", "endTime": "2026-02-01T00:00:00Z"});
    let transport = json!({"url": "https://example.com", "headers": {"a": "b"}, "timeout": "5s",
        "sseReadTimeout": "5s", "terminateOnClose": true});
    let tools = json!([
        {"functionDeclarations": declarations},
        {"codeExecution": {}, "urlContext": {}, "googleMaps": {"enableWidget": true, "authConfig": {}}},
        {"googleSearch": {"timeRangeFilter": span, "searchTypes": {"webSearch": {}, "imageSearch": {}}}},
        {"computerUse": {"environment": "ENVIRONMENT_BROWSER", "excludedPredefinedFunctions": ["a"],
          "enablePromptInjectionDetection": true, "disabledSafetyPolicies": ["a"]}},
        {"fileSearch": {"fileSearchStoreNames": ["a"], "topK": 3, "metadataFilter": "a=1"}},
        {"mcpServers": [{"name": "m", "streamableHttpTransport": transport}]},
    ]);
    let tool_config = json!({
        "functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]},
        "retrievalConfig": {"latLng": {"latitude": 1.5, "longitude": 2}, "languageCode": "en"},
        "includeServerSideToolInvocations": true,
    });
    let voice = json!({"prebuiltVoiceConfig": {"voiceName": "Kore"}, "voice": "v"});
    let speakers = json!([{"speaker": "a", "voiceConfig": voice}]);
    let transcription = json!({"languageCodes": ["en"], "customVocabulary": ["a"], "mode": "x",
        "adaptationPhrases": ["a"], "wordTimestamp": true, "diarization": true, "sourceText": "a"});
    let config = json!({"candidateCount": 1, "stopSequences": ["x"], "maxOutputTokens": 100,
        "temperature": 1, "topP": 0.5, "topK": 3, "seed": 1, "presencePenalty": 0.1,
        "frequencyPenalty": 0.1, "responseLogprobs": true, "logprobs": 3,
        "enableEnhancedCivicAnswers": true, "responseModalities": ["TEXT"],
        "thinkingConfig": {"includeThoughts": true, "thinkingLevel": "LOW"},
        "speechConfig": {"voiceConfig": voice, "languageCode": "en",
            "multiSpeakerVoiceConfig": {"speakerVoiceConfigs": speakers}},
        "imageConfig": {"aspectRatio": "1:1", "imageSize": "1K"},
        "mediaResolution": "MEDIA_RESOLUTION_LOW", "audioTranscriptionConfig": transcription});
    let safety = json!([{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}]);
    let plain = json!({"model": "models/m", "contents": contents, "tools": tools,
        "toolConfig": tool_config, "systemInstruction": {"parts": [{"text": "s"}], "role": "user"},
        "safetySettings": safety, "generationConfig": config, "serviceTier": "flex",
        "store": false, "labels": {"a": "b"}});
    let mut cached = prompt("x");
    cached["cachedContent"] = json!(cache);
    let format = json!({"text": {"mimeType": "APPLICATION_JSON", "schema": {"type": "string"}}});
    let mut formatted = prompt("x");
    formatted["generationConfig"] = json!({"responseFormat": format});
    let schema = json!({"type": "OBJECT", "title": "t", "description": "d", "nullable": false,
        "minProperties": 1, "maxProperties": 3, "required": ["s"], "propertyOrdering": ["s", "n"],
        "example": {"s": "ab"}, "default": {"s": "ab"},
        "properties": {
            "s": {"type": "STRING", "minLength": 1, "maxLength": 9, "pattern": "^a"},
            "n": {"anyOf": [{"type": "INTEGER", "format": "int32", "minimum": 1, "maximum": 3}]},
            "l": {"type": "ARRAY", "minItems": 1, "maxItems": 2,
                "items": {"type": "STRING", "format": "enum", "enum": ["a", "b"]}}}});
    vec![plain, cached, formatted, by_schema("x", &schema)]
}

/// Where an object of a request stands, as a JSON pointer, and every object in it.
fn objects(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(place.to_owned());
            for (name, inner) in members.iter().filter(|(name, _)| !OPEN.contains(&name.as_str())) {
                objects(inner, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                objects(inner, &format!("{place}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_known_field_is_taken() {
    let rules = CacheRules::new().min_tokens(1);
    let emulator = Emulator::builder().caches(rules).start().await.unwrap();
    let mut cache = prompt("x");
    cache["model"] = json!("models/gemini-3.8-flash");
    let created = post(&emulator, "cachedContents", &cache).await;
    for request in full_requests(created.body["name"].as_str().unwrap()) {
        let answer = send(&emulator, &request).await;
        assert_eq!(answer.status, 200, "{}", answer.message());
    }
}

#[tokio::test]
async fn unknown_names_are_refused_everywhere() {
    let emulator = start().await;
    let mut tried = 0;
    for request in full_requests("cachedContents/a") {
        let mut places = Vec::new();
        objects(&request, "", &mut places);
        // The schema of `responseFormat` is any JSON.
        places.retain(|place| !place.ends_with("text/schema"));
        for place in places {
            let mut changed = request.clone();
            changed.pointer_mut(&place).unwrap()["noSuchField"] = json!(1);
            let answer = send(&emulator, &changed).await;
            assert_refused(&answer, "Unknown name \"noSuchField\"");
            tried += 1;
        }
    }
    assert!(tried > 60, "{tried}");
}

#[tokio::test]
async fn values_of_the_wrong_kind_are_refused_everywhere() {
    let emulator = start().await;
    let mut tried = 0;
    for request in full_requests("cachedContents/a") {
        let mut places = Vec::new();
        objects(&request, "", &mut places);
        places.retain(|place| !place.contains("text/schema"));
        for place in places {
            let members = request.pointer(&place).unwrap().as_object().unwrap();
            for (name, value) in members {
                if OPEN.contains(&name.as_str()) || name == "schema" {
                    continue;
                }
                let wrong = if value.is_object() { json!(true) } else { json!({"a": []}) };
                let mut changed = request.clone();
                changed.pointer_mut(&place).unwrap()[name] = wrong;
                let answer = send(&emulator, &changed).await;
                assert_eq!(answer.status, 400, "{place}/{name}: {}", answer.body);
                assert!(answer.body["error"]["details"][0]["fieldViolations"].is_array());
                tried += 1;
            }
        }
    }
    assert!(tried > 120, "{tried}");
}

#[tokio::test]
async fn times_and_names_of_values_are_checked() {
    let emulator = start().await;
    let video = |start: &str| {
        json!({"contents": [{"parts": [{"fileData": {"fileUri": "https://example.com/a"},
            "videoMetadata": {"startOffset": start}}]}]})
    };
    for start in ["1", "1.s", "one s", "1.0000000001s", "s"] {
        let place = "contents[0].parts[0].video_metadata.start_offset";
        assert_malformed(&send(&emulator, &video(start)).await, place, "protobuf.Duration");
    }
    assert_eq!(send(&emulator, &video("-1.5s")).await.status, 200);
    let mut search = prompt("x");
    search["tools"] = json!([{"googleSearch": {"timeRangeFilter": {"startTime": "yesterday"}}}]);
    let place = "tools[0].google_search.time_range_filter.start_time";
    assert_malformed(&send(&emulator, &search).await, place, "protobuf.Timestamp");
    let mut modal = prompt("x");
    modal["generationConfig"] = json!({"responseModalities": ["SMELL"]});
    let place = "generation_config.response_modalities[0]";
    assert_malformed(&send(&emulator, &modal).await, place, "Modality");
}

#[tokio::test]
async fn calls_of_functions_have_their_responses_and_signatures() {
    let emulator = start().await;
    let call = |name: &str| json!({"functionCall": {"name": name}, "thoughtSignature": "AA=="});
    let response = json!({"functionResponse": {"name": "f", "response": {}}});
    let turns = |calls: Value, responses: Value| {
        json!({"contents": [
            {"role": "user", "parts": [{"text": "x"}]},
            {"role": "model", "parts": calls},
            {"role": "user", "parts": responses},
        ]})
    };
    let number = "the number of function response parts is equal to";
    for responses in
        [json!([response]), json!([{"text": "x"}]), json!([response, response, response])]
    {
        let request = turns(json!([call("f"), call("g")]), responses);
        assert_refused(&send(&emulator, &request).await, number);
    }
    let both = turns(json!([call("f"), call("g")]), json!([response, response]));
    assert_eq!(send(&emulator, &both).await.status, 200);
    let unsigned = json!([{"functionCall": {"name": "f"}}]);
    let mut unsigned = turns(unsigned, json!([response]));
    let missing = "missing a thought_signature";
    assert_refused(&send(&emulator, &unsigned).await, missing);
    unsigned["contents"]
        .as_array_mut()
        .unwrap()
        .push(json!({"role": "user", "parts": [{"text": "y"}]}));
    assert_eq!(send(&emulator, &unsigned).await.status, 200, "history needs none");
}
