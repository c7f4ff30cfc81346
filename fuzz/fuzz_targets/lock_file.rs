//! Any bytes, as a `Cargo.lock`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cargo_release::testing::fuzzing::lock_file(data));
