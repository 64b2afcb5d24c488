//! Fuzzes the check of an evidence bundle.
#![no_main]

mod bundles;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bundles::bundle(bytes));
