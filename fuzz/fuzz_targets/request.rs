//! Fuzzes the reader of a request.
#![no_main]

mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::request(bytes));
