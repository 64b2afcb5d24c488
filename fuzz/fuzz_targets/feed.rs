//! Fuzzes the reader of a feed.
#![no_main]

mod inputs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| inputs::feed(bytes));
