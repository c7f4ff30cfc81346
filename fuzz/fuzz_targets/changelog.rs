//! Any bytes, as a changelog.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cargo_release::testing::fuzzing::changelog(data));
