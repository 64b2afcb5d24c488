#![no_main]

#[path = "../src/key.rs"]
mod key;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| key::run(bytes));
