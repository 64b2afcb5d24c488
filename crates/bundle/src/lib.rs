//! Evidence bundles: the files of one, each as text, and its check without a database.
//! Invariant: what is read here comes from strangers: nothing of it is read beyond bounds, and nothing believed unproved.

mod archive;
mod parts;
mod verify;

pub use archive::NoBundle;
pub use parts::{
    CHECKPOINT, CLAIM, EXPLANATION, KEY, PAGE, claim_json, explanation_json, key_text, page, proof_name,
};
pub use verify::{BundleVerified, verify_bundle};
