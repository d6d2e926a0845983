//! What is known of a stream whose answer is there, and can't be read or only leniently.

use std::collections::BTreeMap;

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{Carrier, Error, ErrorKind, Price, Prices, Retry, Snapshot};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::harness::{Leaping, builder, client};
use crate::streams::{Told, all};

/// A client whose first attempt fails, and that knows its prices.
async fn scene(answer: &str) -> (Emulator, gemini_extract::Client) {
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::error(503, "UNAVAILABLE", "busy"));
    emulator.enqueue(Reply::text(answer));
    let prices = Prices::default().model("gemini-flash-latest", Price::per_million(1.0, 1.0));
    let builder = builder(emulator.url()).with_prices(prices).with_clock(Leaping::new());
    (emulator, builder.with_retry(Retry::default()).build().expect("settings"))
}

fn is_told(error: &Error, kind: ErrorKind) {
    assert_eq!((error.kind(), error.attempts()), (kind, 2), "{error}");
    assert_eq!(error.earlier().len(), 1, "{error}");
    assert!(error.cost().is_some() && error.usage().is_some(), "{error:?}");
}

#[tokio::test]
async fn a_list_that_ends_badly_keeps_the_way_of_its_call() {
    for (text, kind) in [("[1,2", ErrorKind::InvalidJson), ("nothing", ErrorKind::InvalidJson)] {
        let (_emulator, client) = scene(text).await;
        let Told { errors, stream, .. } = all(client.extract::<Vec<u8>>("p").stream()).await;
        is_told(&errors[0], kind);
        assert_eq!(errors[0].usage(), Some(&stream.summary().usage));
    }
    let (_emulator, client) = scene("[1]").await;
    let Told { errors, .. } = all(client.extract::<[u8; 2]>("p").stream()).await;
    is_told(&errors[0], ErrorKind::Violations);
}

#[tokio::test]
async fn an_element_that_does_not_fit_knows_the_attempts() {
    let (_emulator, client) = scene(r#"[[{"key":"a","value":1},{"key":"b","value":"x"}]]"#).await;
    let call = client.extract::<Vec<BTreeMap<String, u8>>>("p");
    let Told { errors, .. } = all(call.stream()).await;
    assert_eq!((errors[0].kind(), errors[0].attempts()), (ErrorKind::Violations, 2));
}

#[tokio::test]
async fn the_last_snapshot_keeps_the_way_of_its_call_and_its_carrier() {
    let (_emulator, client) = scene(r#"[{"a":1},{"b":"x"}]"#).await;
    let call = client.extract::<Vec<BTreeMap<String, u8>>>("p");
    let mut stream = call.with_carrier(Carrier::ResponseJsonSchema).snapshots();
    let mut last = None;
    while let Some(item) = stream.next().await {
        last = Some(item);
    }
    let error = last.and_then(Result::err).expect("it does not fit");
    is_told(&error, ErrorKind::Violations);
    assert_eq!(error.usage(), Some(&stream.summary().usage), "nothing is counted twice");
    let partial = error.partial::<BTreeMap<String, u8>>();
    assert_eq!(partial, [BTreeMap::from([("a".to_owned(), 1)])]);
}

async fn last<T>(text: &str) -> Snapshot<T>
where
    T: gemini_extract::GeminiSchema + DeserializeOwned,
{
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::text(text).chunk_chars(3));
    let mut stream = client(emulator.url()).extract::<T>("p").snapshots();
    let mut last = None;
    while let Some(item) = stream.next().await {
        last = Some(item.expect("a snapshot"));
    }
    last.expect("the whole value")
}

#[tokio::test]
async fn what_is_read_leniently_is_a_value_too() {
    for text in ["[1,2,]", "Here it is:\n[1, 2]", "Sure:\n```json\n[1,2]\n```\nThat's all."] {
        let last = last::<Vec<u8>>(text).await;
        assert_eq!((last.value, last.typed), (json!([1, 2]), Some(vec![1, 2])), "{text}");
    }
    let text = "Here:\n[{\"key\":\"a\",\"value\":1,},]";
    let last = last::<BTreeMap<String, Value>>(text).await;
    assert_eq!(last.value, json!({"a": 1}), "in the shape that serde expects");
}
