//! Documents that are nearly those of the schema that was sent, for types that have to be turned
//! back.
#![no_main]

use std::sync::LazyLock;

use arbitrary::Unstructured;
use gemini_fuzz::{Anything, Counted, DIALECTS, Kind, Node, Odd, read, written};
use gemini_schema::{Dialect, GeminiSchema, Lowered};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// The schemas of one type, in the order of the dialects.
type Schemas = [Value; 5];

fn schemas<T: GeminiSchema>() -> Schemas {
    DIALECTS.map(|dialect| {
        let lowered = Lowered::of::<T>(dialect).expect("every dialect can say the types");
        serde_json::from_str(lowered.as_str()).expect("a schema is JSON")
    })
}

static SCHEMAS: LazyLock<[Schemas; 5]> = LazyLock::new(|| {
    [
        schemas::<Odd>(),
        schemas::<Vec<Kind>>(),
        schemas::<Node>(),
        schemas::<Counted>(),
        schemas::<Anything>(),
    ]
});

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Unstructured::new(bytes);
    let _ = attempt(&mut bytes);
});

fn attempt(bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let kind = bytes.int_in_range(0..=4_usize)?;
    let at = bytes.int_in_range(0..=4_usize)?;
    let dialect: Dialect = DIALECTS[at];
    let text = written(&SCHEMAS[kind][at], bytes)?.0;
    match kind {
        0 => drop(read::<Odd>(dialect, &text)),
        1 => drop(read::<Vec<Kind>>(dialect, &text)),
        2 => drop(read::<Node>(dialect, &text)),
        3 => drop(read::<Counted>(dialect, &text)),
        _ => drop(read::<Anything>(dialect, &text)),
    }
    Ok(())
}
