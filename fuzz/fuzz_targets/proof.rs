#![no_main]

#[path = "../src/proof.rs"]
mod proof;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| proof::run(bytes));
