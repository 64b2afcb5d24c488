//! Fuzzes the reading of an item.
#![no_main]

mod reading_target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading_target::reading(bytes));
