#![no_main]

#[path = "../src/note.rs"]
mod note;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| note::run(bytes));
