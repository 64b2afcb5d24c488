//! Fuzzes the reader of an article.
#![no_main]

mod article_target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| article_target::article(bytes));
