//! How the log is signed, as far as that can be set.

use std::path::{Path, PathBuf};

use hearsay_ledger::{KeyKind, VerifyingKey};
use hearsay_store::LogKey;
use jiff::SignedDuration;

use super::file::Given;
use crate::exit::Failure;
use crate::words::span;

/// How the log is signed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct LedgerSettings {
    /// The key's file; none where it lies beside the database.
    key: Option<PathBuf>,
    /// What a new key's log is called; none where a name is drawn.
    pub(crate) origin: Option<String>,
    /// How often the worker signs while there is something new; none where it does not.
    pub(crate) every: Option<SignedDuration>,
    /// The witnesses whose cosignatures are taken back.
    pub(crate) witnesses: Vec<VerifyingKey>,
}

impl LedgerSettings {
    /// As file and variables have it.
    pub(super) fn of(value: impl Fn(&str) -> Option<Given>) -> Result<Self, Failure> {
        let text = |key: &str| value(key).map(|given| given.text);
        let every = value("ledger.every").map(|given| span(&given.text).map_err(|why| given.wrong(&why)));
        let witnesses =
            value("ledger.witnesses").map(|given| witnesses(&given.text).map_err(|why| given.wrong(&why)));
        Ok(Self {
            key: text("ledger.key").map(PathBuf::from),
            origin: text("ledger.origin"),
            every: every.transpose()?,
            witnesses: witnesses.transpose()?.unwrap_or_default(),
        })
    }

    /// The key's file: as a flag has it, as the settings have it, or beside the database.
    pub(crate) fn key_file(&self, flag: Option<&Path>, database: &Path) -> PathBuf {
        flag.map(Path::to_owned).or_else(|| self.key.clone()).unwrap_or_else(|| LogKey::beside(database))
    }
}

/// The key of a witness, as its owner shows it.
pub(crate) fn witness(text: &str) -> Result<VerifyingKey, String> {
    let key = VerifyingKey::parse(text).map_err(|error| error.to_string())?;
    match key.kind() {
        KeyKind::Witness => Ok(key),
        KeyKind::Log => {
            Err(format!("{} is the key of a log; `hearsay witness key` shows that of a witness", key.label()))
        }
    }
}

fn witnesses(text: &str) -> Result<Vec<VerifyingKey>, String> {
    text.split(',').map(str::trim).filter(|key| !key.is_empty()).map(witness).collect()
}
