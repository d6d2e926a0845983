//! Packs that are answered wrongly, and records that spoil them.

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{ErrorKind, GeminiSchema};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::packs::{is_right, label, pack, packed, server, sum};
use crate::scene::{all, batch, by_key, client, prompt};

#[tokio::test]
async fn what_is_missing_doubled_or_invalid_is_asked_again_alone() {
    let emulator = server().await;
    let records = ["good missing", "good doubled", "invented", "good invalid", "good"];
    let mut run = packed(&emulator, records).start();
    let outcomes = by_key(&mut run).await;
    assert!(outcomes.values().all(is_right), "{outcomes:?}");
    for outcome in outcomes.values() {
        let is_again = !["invented", "good"].contains(&&*outcome.key);
        assert_eq!(outcome.attempts, 1 + u32::from(is_again), "{}", outcome.key);
    }
    let report = run.report().await;
    let packs = report.progress.packs;
    assert_eq!((packs.missing, packs.doubled, packs.invalid, packs.invented), (1, 1, 1, 1));
    assert_eq!((packs.again, packs.alone, packs.failed), (3, 0, 0));
    assert_eq!((emulator.request_count(), report.progress.requests), (4, 4));
    let tokens = report.progress.tokens;
    let used = sum(outcomes.values());
    assert_eq!((used.prompt_tokens, used.total_tokens), (tokens.input, tokens.total));
    assert_eq!(packs.tokens + packs.again_tokens, tokens.total);
}

#[tokio::test]
async fn a_pack_that_one_of_them_spoils_is_divided() {
    for spoiler in ["prose", "long", "unsafe", "blocked", "broken"] {
        let emulator = server().await;
        let mut run = packed(&emulator, ["good", "x", spoiler, "good y"]).start();
        let outcomes = by_key(&mut run).await;
        let others = outcomes.values().filter(|outcome| outcome.key != "unsafe");
        assert!(others.clone().all(is_right), "{spoiler}: {outcomes:?}");
        assert_eq!(emulator.request_count(), 5, "{spoiler}");
        let packs = run.progress().packs;
        assert_eq!((packs.failed, packs.again, packs.records), (2, 2, 4), "{spoiler}");
        if spoiler == "unsafe" {
            let error = outcomes["unsafe"].result.as_ref().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Safety);
        }
    }
}

#[tokio::test]
async fn faults_of_the_line_are_of_all_of_them() {
    let emulator = server().await;
    let mut run = packed(&emulator, ["good", "down", "x"]).start();
    let outcomes = all(&mut run).await;
    assert_eq!((outcomes.len(), emulator.request_count()), (3, 1));
    for outcome in outcomes {
        assert_eq!(outcome.result.unwrap_err().kind(), ErrorKind::Unavailable);
    }
    let emulator = server().await;
    emulator.enqueue(Reply::unavailable().header("Retry-After", "0"));
    let batch = packed(&emulator, ["good", "x"]).with_retry(gemini_extract::Retry::default());
    let outcomes = all(&mut batch.start()).await;
    assert!(outcomes.iter().all(|outcome| is_right(outcome) && outcome.attempts == 2));
    assert_eq!(emulator.request_count(), 2);
}

#[tokio::test]
async fn packs_that_always_fail_are_given_up() {
    let emulator = server().await;
    let records = (0..100).map(|n| format!("prose {n}"));
    let report = batch(&emulator, records).concurrency(1).pack(5).start().report().await;
    // 5, then 3 and 2, then 2 of the 3 have failed, with 5 asked alone; then 2 four times.
    assert_eq!((report.progress.answered, report.progress.requests), (100, 9 + 12 + 87));
    let packs = report.progress.packs;
    assert_eq!((packs.failed, packs.again, packs.alone), (8, 13, 87));
}

#[tokio::test]
async fn values_are_checked_one_by_one() {
    #[derive(Debug, Deserialize, GeminiSchema)]
    struct Grade {
        #[gemini(maximum = 5)]
        stars: u8,
        extra: std::collections::BTreeMap<String, u8>,
    }
    let emulator = Emulator::builder().respond(|request| {
        let grade = |stars| json!({"stars": stars, "extra": [{"key": "k", "value": 1}]});
        Some(Reply::text(match pack(request) {
            Some(pack) => {
                let elements =
                    pack.iter().zip(3..).map(|((id, _), n)| json!({"id": id, "value": grade(n)}));
                Value::from(elements.collect::<Vec<_>>()).to_string()
            }
            None => grade(1).to_string(),
        }))
    });
    let emulator = emulator.start().await.unwrap();
    let batch = client(&emulator).batch::<Grade, _>(["a", "b", "c", "d"]).concurrency(1).pack(4);
    let batch = batch.with_validator(|grade: &Grade| match grade.stars {
        4 => Err("four is not allowed"),
        _ => Ok(()),
    });
    let outcomes = all(&mut batch.ordered().start()).await;
    let stars = outcomes.iter().map(|outcome| outcome.result.as_ref().unwrap().stars);
    assert_eq!(stars.collect::<Vec<_>>(), [3, 1, 5, 1], "4 is rejected, and 6 is too much");
    assert!(outcomes.iter().all(|outcome| outcome.result.as_ref().unwrap().extra["k"] == 1));
}

/// A server that answers packs in this way, and single records rightly.
async fn answers(answer: impl Fn(Vec<Value>) -> Reply + Send + Sync + 'static) -> Emulator {
    let emulator = Emulator::builder().respond(move |request| match pack(request) {
        Some(pack) => {
            let right = |(id, input): &(u64, String)| json!({"id": id, "value": label(input)});
            Some(answer(pack.iter().map(right).collect()))
        }
        None => Some(Reply::text(label(prompt(request)))),
    });
    emulator.start().await.expect("a port is free")
}

#[tokio::test]
async fn what_stands_around_a_list_is_left_aside() {
    let frames = [
        ("```json\n", "\n```"),
        ("Here you are:\n", "\nI hope that it helps!"),
        ("\u{feff} ", "\n\n"),
    ];
    for (before, after) in frames {
        let emulator =
            answers(move |list| Reply::text(format!("{before}{}{after}", Value::from(list)))).await;
        let outcomes = all(&mut packed(&emulator, ["good", "x", "y"]).start()).await;
        assert!(outcomes.len() == 3 && outcomes.iter().all(is_right), "{outcomes:?}");
        assert_eq!(emulator.request_count(), 1, "{before:?}");
    }
}

#[tokio::test]
async fn what_is_no_list_of_ids_and_values_is_asked_again() {
    let wrongs: [fn(Vec<Value>) -> Value; 7] = [
        |_| json!([]),
        |_| json!({}),
        |list| json!({ "items": list }),
        |list| list[0].clone(),
        |list| list.iter().map(|element| element["value"].clone()).collect(),
        |list| list.iter().zip(1..).map(|(it, n)| json!({"id": n, "value": it["value"]})).collect(),
        |list| list.iter().map(|element| json!({"id": element["id"], "label": "x"})).collect(),
    ];
    for (index, wrong) in wrongs.into_iter().enumerate() {
        let emulator = answers(move |list| Reply::text(wrong(list).to_string())).await;
        let mut run = packed(&emulator, ["good", "x", "good y", "z"]).start();
        let outcomes = all(&mut run).await;
        assert!(outcomes.len() == 4 && outcomes.iter().all(is_right), "{index}: {outcomes:?}");
        let packs = run.progress().packs;
        assert_eq!(packs.again, 4, "{index}");
        let invented = if (4..6).contains(&index) { 4 } else { 0 };
        assert_eq!(packs.invented, invented, "{index}");
    }
}

#[tokio::test]
async fn an_id_in_quotes_counts_as_well() {
    // The last one comes twice, with another value.
    let emulator = answers(|mut list| {
        let last = list.last().cloned();
        list.extend(last.map(|last| json!({"id": last["id"].to_string(), "value": "Positive"})));
        Reply::text(Value::from(list).to_string())
    })
    .await;
    let mut run = packed(&emulator, ["good", "x", "y"]).start();
    let outcomes = all(&mut run).await;
    assert!(outcomes.iter().all(is_right), "{outcomes:?}");
    assert_eq!((run.progress().packs.doubled, emulator.request_count()), (1, 2));
}

#[tokio::test]
async fn what_was_answered_before_a_cut_is_kept() {
    const ROOM: usize = 3;
    let emulator = answers(|list| {
        if list.len() <= ROOM {
            return Reply::text(Value::from(list).to_string());
        }
        let text = Value::from(list[..=ROOM].to_vec()).to_string();
        Reply::text(&text[..text.len() - 4]).finish_reason("MAX_TOKENS")
    })
    .await;
    let records = (0..40).map(|n| (n, format!("{} {n}", ["good", "x"][n % 2])));
    let mut run = batch(&emulator, records).concurrency(1).pack(8).start();
    let outcomes = by_key(&mut run).await;
    assert_eq!(outcomes.len(), 40);
    for (key, outcome) in &outcomes {
        let is_good = key.parse::<usize>().unwrap() % 2 == 0;
        let value = outcome.result.as_ref().unwrap();
        assert_eq!(*value == crate::scene::Sentiment::Positive, is_good, "{key}");
    }
    let packs = run.progress().packs;
    // Four packs of 8 with three values, each with a pack of 4 for the rest; then two of 4.
    assert_eq!((packs.failed, packs.missing, packs.records), (10, 0, 40), "{packs:?}");
    assert_eq!(sum(outcomes.values()).total_tokens, run.progress().tokens.total);
}
