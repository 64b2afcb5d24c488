//! hearsay.
fn main() {}
