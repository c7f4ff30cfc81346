//! Any bytes, as a journal.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cargo_release::testing::fuzzing::journal(data));
