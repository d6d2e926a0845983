//! Files: uploads in one and in several pieces, states, and their use.

use std::time::Duration;

use gemini_emulator::{Emulator, FileRules, ManualClock, Rate, Reply};
use serde_json::{Value, json};

use crate::client::{Answer, call, delete, get, http, prompt, read, send, start};
use crate::expect::{assert_malformed, assert_refused, assert_status};

const SECOND: Duration = Duration::from_secs(1);
const FORBIDDEN: (u16, &str) = (403, "PERMISSION_DENIED");

/// Begins an upload of so many bytes and tells its address.
pub(crate) async fn begin(
    emulator: &Emulator,
    length: u64,
    file: &Value,
) -> Result<String, Answer> {
    let request = http()
        .post(format!("{}/upload/v1beta/files", emulator.url()))
        .header("x-goog-api-key", "any")
        .header("x-goog-upload-protocol", "resumable")
        .header("x-goog-upload-command", "start")
        .header("x-goog-upload-header-content-length", length)
        .header("x-goog-upload-header-content-type", "text/plain");
    let response = request.json(&json!({"file": file})).send().await.unwrap();
    match response.headers().get("x-goog-upload-url") {
        Some(url) => Ok(url.to_str().unwrap().to_owned()),
        None => Err(read(response).await),
    }
}

/// Sends a piece, without a key, and tells the status of the upload.
async fn piece(url: &str, command: &str, offset: usize, bytes: &str) -> (Answer, String) {
    let request = http()
        .post(url)
        .header("x-goog-upload-command", command)
        .header("x-goog-upload-offset", offset)
        .body(bytes.to_owned());
    let response = request.send().await.unwrap();
    let status = response.headers().get("x-goog-upload-status");
    let status = status.map(|status| status.to_str().unwrap().to_owned());
    (read(response).await, status.unwrap_or_default())
}

/// Uploads a file in one piece.
pub(crate) async fn upload(emulator: &Emulator, text: &str) -> Value {
    let url = begin(emulator, text.len() as u64, &json!({"displayName": "d"})).await.unwrap();
    let (answer, status) = piece(&url, "upload, finalize", 0, text).await;
    assert_eq!((answer.status, status.as_str()), (200, "final"), "{:?}", answer.body);
    answer.body["file"].clone()
}

fn with_file(uri: &Value) -> Value {
    json!({"contents": [{"parts": [{"text": "Sum up."}, {"fileData": {"fileUri": uri}}]}]})
}

async fn manual(rules: FileRules) -> (Emulator, ManualClock) {
    let clock = ManualClock::new();
    let builder = Emulator::builder().clock(clock.clone()).files(rules);
    (builder.start().await.unwrap(), clock)
}

#[tokio::test]
async fn a_file_is_uploaded_and_used() {
    let emulator = start().await;
    let file = upload(&emulator, "hello").await;
    assert_eq!(file["sizeBytes"], "5");
    assert_eq!(file["mimeType"], "text/plain");
    assert_eq!(file["displayName"], "d");
    assert_eq!(file["state"], "ACTIVE");
    assert_eq!(file["source"], "UPLOADED");
    assert_eq!(file["sha256Hash"], "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
    let name = file["name"].as_str().unwrap();
    assert_eq!(file["uri"], format!("{}/v1beta/{name}", emulator.url()));
    assert_eq!(get(&emulator, name).await.body, file);
    for uri in [&file["uri"], &file["name"]] {
        let answer = send(&emulator, &with_file(uri)).await;
        assert_eq!(answer.body["usageMetadata"]["promptTokenCount"], 2 + 258);
    }
    let log = emulator.requests();
    assert_eq!(log[0].body["file"]["displayName"], "d");
    assert!(log[1].path.starts_with("/upload/v1beta/files?upload_id="), "{}", log[1].path);
    assert_eq!((&log[1].body, log[1].status), (&json!("hello"), Some(200)));
}

#[tokio::test]
async fn a_file_comes_in_pieces() {
    let emulator = start().await;
    let url = begin(&emulator, 9, &json!({"name": "files/my-own"})).await.unwrap();
    assert_eq!(piece(&url, "upload", 0, "abc").await.1, "active");
    let (wrong, _) = piece(&url, "upload", 2, "x").await;
    assert_refused(&wrong, "does not match the 3 bytes");
    let asked = http().post(&url).header("x-goog-upload-command", "query").send().await.unwrap();
    assert_eq!(asked.headers()["x-goog-upload-size-received"], "3");
    assert_eq!(asked.headers()["x-goog-upload-status"], "active");
    assert_eq!(piece(&url, "upload", 3, "def").await.1, "active");
    let (short, _) = piece(&url, "upload, finalize", 6, "g").await;
    assert_refused(&short, "7 bytes were uploaded, but 9 were announced");
    let (answer, status) = piece(&url, "upload, finalize", 6, "ghi").await;
    assert_eq!((&answer.body["file"]["name"], status.as_str()), (&json!("files/my-own"), "final"));
    assert_eq!(answer.body["file"]["sizeBytes"], "9");
    let (again, _) = piece(&url, "upload, finalize", 9, "").await;
    assert_refused(&again, "already been finalized");
    assert_eq!(piece(&url, "query", 0, "").await.1, "final");
    let twin = begin(&emulator, 1, &json!({"name": "files/my-own"})).await.unwrap_err();
    assert_status(&twin, (409, "ALREADY_EXISTS"), "files/my-own already exists");
    delete(&emulator, "files/my-own").await;
    assert_eq!(piece(&url, "query", 0, "").await.0.status, 404, "the upload goes with its file");
}

#[tokio::test]
async fn an_upload_can_be_given_up() {
    let emulator = start().await;
    let url = begin(&emulator, 3, &json!({})).await.unwrap();
    assert_eq!(piece(&url, "cancel", 0, "").await.1, "cancelled");
    let gone = piece(&url, "upload, finalize", 0, "abc").await.0;
    assert_status(&gone, (404, "NOT_FOUND"), "upload was not found");
}

#[tokio::test]
async fn uploads_are_checked() {
    let emulator = start().await;
    let huge = begin(&emulator, (2 << 30) + 1, &json!({})).await.unwrap_err();
    assert_refused(&huge, "exceeds the maximum of 2147483648 bytes");
    let unknown = begin(&emulator, 1, &json!({"size": 1})).await.unwrap_err();
    assert_malformed(&unknown, "file", "Unknown name \"size\"");
    for name in ["files/UPPER", "files/-a", "elsewhere/a", "files/"] {
        let refused = begin(&emulator, 1, &json!({"name": name})).await.unwrap_err();
        assert_refused(&refused, "CreateFileRequest.file.name");
    }
    let url = begin(&emulator, 1, &json!({})).await.unwrap();
    assert_refused(&piece(&url, "explode", 0, "a").await.0, "Unknown upload command: \"explode\"");
    let plain = call(&emulator, "POST", "files");
    assert_eq!(read(plain.send().await.unwrap()).await.status, 404);
    let url = format!("{}/upload/v1beta/files", emulator.url());
    let keyless = http().post(&url).header("x-goog-upload-command", "start");
    assert_status(&read(keyless.send().await.unwrap()).await, FORBIDDEN, "unregistered callers");
    let multipart = http().post(&url).header("x-goog-api-key", "any");
    let multipart = multipart.header("x-goog-upload-protocol", "multipart").send().await.unwrap();
    assert_refused(&read(multipart).await, "gemini-emulator has no answer");
}

#[tokio::test]
async fn memory_is_bounded() {
    let (emulator, _) = manual(FileRules::new().max_bytes(8)).await;
    upload(&emulator, "12345").await;
    let refused = begin(&emulator, 4, &json!({})).await.unwrap_err();
    assert_refused(&refused, "no more than 8 bytes of files");
    assert_eq!(refused.body["error"]["details"][0]["reason"], "EMULATOR_CANNOT_ANSWER");
    upload(&emulator, "123").await;
    let url = begin(&emulator, 0, &json!({})).await.unwrap();
    let (refused, _) = piece(&url, "upload", 0, "123456789").await;
    assert_refused(&refused, "no more than 8 bytes of files");
}

#[tokio::test]
async fn odd_headers_are_refused() {
    let emulator = start().await;
    let url = begin(&emulator, 3, &json!({})).await.unwrap();
    let send = async |url: &str, name: &str, value: &str| {
        let request = http().post(url).header("x-goog-upload-command", "upload");
        read(request.header(name, value).body("abc").send().await.unwrap()).await
    };
    for offset in ["x", "-1", "99999999999999999999999"] {
        let refused = send(&url, "x-goog-upload-offset", offset).await;
        assert_refused(&refused, "Invalid header x-goog-upload-offset");
    }
    let far = send(&url, "x-goog-upload-offset", "18446744073709551615").await;
    assert_refused(&far, "does not match the 0 bytes");
    let lost = format!("{}/upload/v1beta/files?upload_id=lost", emulator.url());
    let lost = send(&lost, "x-goog-upload-offset", "0").await;
    assert_status(&lost, (404, "NOT_FOUND"), "upload was not found");
    assert_refused(&get(&emulator, "files?pageToken=-1").await, "page token");
    let beyond = get(&emulator, "files?pageToken=18446744073709551615").await;
    assert_eq!(beyond.body, json!({}));
}

#[tokio::test]
async fn files_are_processed_and_expire() {
    let rules = FileRules::new().processing(2 * SECOND).failing(Rate::every(2));
    let (emulator, clock) = manual(rules).await;
    let (first, second) = (upload(&emulator, "a").await, upload(&emulator, "b").await);
    assert_eq!(first["state"], "PROCESSING");
    let early = send(&emulator, &with_file(&first["uri"])).await;
    assert_status(&early, (400, "FAILED_PRECONDITION"), "not in an ACTIVE state");
    clock.advance(2 * SECOND);
    let state = async |file: &Value| get(&emulator, file["name"].as_str().unwrap()).await.body;
    assert_eq!(state(&first).await["state"], "ACTIVE");
    assert_eq!(state(&first).await["updateTime"], "1970-01-01T00:00:02Z");
    assert_eq!(state(&second).await["state"], "FAILED");
    assert_eq!(state(&second).await["error"]["code"], 13);
    assert_eq!(state(&first).await["expirationTime"], "1970-01-03T00:00:00Z");
    assert_eq!(send(&emulator, &with_file(&first["uri"])).await.status, 200);
    clock.advance(48 * 3600 * SECOND);
    let gone = send(&emulator, &with_file(&first["uri"])).await;
    assert_status(&gone, FORBIDDEN, "or it may not exist");
    assert_eq!(get(&emulator, "files").await.body, json!({}));
}

#[tokio::test]
async fn files_are_listed_and_deleted() {
    let emulator = start().await;
    let mut names = Vec::new();
    for text in ["a", "b", "c"] {
        names.push(upload(&emulator, text).await["name"].as_str().unwrap().to_owned());
    }
    let first = get(&emulator, "files?pageSize=2").await.body;
    assert_eq!(first["files"].as_array().unwrap().len(), 2);
    let token = first["nextPageToken"].as_str().unwrap();
    assert_eq!(delete(&emulator, &names[0]).await.body, json!({}));
    let rest = get(&emulator, &format!("files?pageSize=2&pageToken={token}")).await.body;
    assert_eq!(rest["files"][0]["name"], json!(names[2]), "a deletion moves no page");
    assert!(rest.get("nextPageToken").is_none());
    for answer in [get(&emulator, &names[0]).await, delete(&emulator, &names[0]).await] {
        assert_status(&answer, FORBIDDEN, "or it may not exist");
    }
    assert_refused(&get(&emulator, "files?pageSize=x").await, "page size");
    let download = get(&emulator, &format!("{}:download?alt=media", names[1])).await;
    assert_refused(&download, "can not be downloaded");
}

#[tokio::test]
async fn other_addresses_are_none_of_the_files() {
    let emulator = start().await;
    let video = json!("https://www.youtube.com/watch?v=x");
    assert_eq!(send(&emulator, &with_file(&video)).await.status, 200);
    for uri in ["gs://bucket/a", "a", "file:///etc/hosts"] {
        let refused = send(&emulator, &with_file(&json!(uri))).await;
        assert_refused(&refused, "Invalid or unsupported file uri");
    }
    let unknown = send(&emulator, &with_file(&json!("files/none"))).await;
    assert_status(&unknown, FORBIDDEN, "permission to access the File none");
}

#[tokio::test]
async fn faults_and_scripts_are_for_files_too() {
    let builder = Emulator::builder().fault(Reply::unavailable(), Rate::first(1));
    let emulator = builder.start().await.unwrap();
    let busy = get(&emulator, "files").await;
    assert_eq!(busy.status, 503);
    assert_eq!(get(&emulator, "files").await.status, 200);
    emulator.enqueue(Reply::error(500, "INTERNAL", "x"));
    assert_eq!(get(&emulator, "files").await.status, 500);
    assert_eq!(send(&emulator, &prompt("x")).await.status, 200);
}
