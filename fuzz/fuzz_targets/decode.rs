//! Any text at all: nothing panics, and what is read is written as it was read.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| gemini_fuzz::read_all(text));
