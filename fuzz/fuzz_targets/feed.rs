//! Fuzzes the reader of a feed.
#![no_main]

mod feed_target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| feed_target::feed(bytes));
