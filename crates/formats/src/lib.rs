//! What is shown and exchanged: evidence bundles, and the page in one.
//! Invariant: what is read here comes from strangers: nothing of it is read beyond bounds, and nothing believed unproved.

mod bundle_archive;
mod bundle_page;
mod bundle_parts;
mod verify_bundle;

pub use bundle_archive::NoBundle;
pub use bundle_page::{BundlePage, PageEvent, PageText};
pub use bundle_parts::{
    CHECKPOINT, CLAIM, EXPLANATION, KEY, PAGE, claim_json, explanation_json, key_text, page, proof_name,
};
pub use verify_bundle::{BundleVerified, verify_bundle};
