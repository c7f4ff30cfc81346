//! Any bytes, as a change note.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cargo_release::testing::fuzzing::note(data));
