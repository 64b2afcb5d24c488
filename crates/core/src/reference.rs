//! References: how a person or a file names a source, a claim or a piece of evidence.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name as it was written: a handle, a source's name or alias, `C-142`, or a UUID.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(pub String);

impl Reference {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Reference {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The form under which two source names are the same: outer space trimmed, inner space single, case folded.
pub fn fold_name(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
