//! Fuzzes the reader of a note.
#![no_main]

mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::note(bytes));
