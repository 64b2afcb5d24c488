//! Payload of the command that tells of an export of the log.

use serde::{Deserialize, Serialize};

use crate::Reference;

/// The form of an export.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Canonical JSON Lines.
    Jsonl,
    /// Comma-separated values.
    Csv,
    /// One claim's evidence bundle.
    Bundle,
}

impl ExportFormat {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Bundle => "bundle",
        }
    }
}

payload! {
    /// Payload of `record_export`.
    RecordExport {
        /// In which form.
        format: ExportFormat,
        /// Whose bundle it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claim: Option<Reference>,
        /// What narrowed it, as it was asked for; left out: the whole log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filter: Option<String>,
        /// How many events went out.
        events: u64,
        /// How many bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u64>,
        /// SHA-256 of the bytes that went out, in lower-case hexadecimal.
        sha256: String,
    }
}
