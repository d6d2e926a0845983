//! The body of an error: nothing panics, no key is shown, and the status alone decides whether it may
//! be asked again.
#![no_main]

use gemini_extract::__response::read_response;
use gemini_extract::ApiKey;
use gemini_fuzz::{KEY, planted, show};
use http::StatusCode;

const RETRYABLE: [u16; 6] = [408, 429, 500, 502, 503, 504];

libfuzzer_sys::fuzz_target!(|input: (u16, Vec<u8>, Vec<u8>)| {
    let (status, body, cuts) = input;
    let status = 300 + status % 300;
    let body = planted(&body, &cuts);
    let key = ApiKey::new(KEY);
    let code = StatusCode::from_u16(status).expect("it has three digits");
    let error = read_response::<u8>(code, body.clone(), &key).expect_err("it is no success");
    show(&error);
    assert_eq!(error.status(), Some(code));
    assert!(error.usage().is_none() && error.raw_text().is_none());
    let is_retryable = RETRYABLE.contains(&status) && !error.is_daily_quota();
    assert_eq!(error.is_retryable(), is_retryable, "{error:?}");
    if let Err(error) = read_response::<u8>(StatusCode::OK, body, &key) {
        show(&error);
    }
});
