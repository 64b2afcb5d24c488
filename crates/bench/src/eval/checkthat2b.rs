//! `checkthat2b`: a sentence of a debate, and the claims among thousands that answer it (CLEF `CheckThat!` 2022, task 2B). Each
//! claim's party is its speaker.

use std::path::Path;

use anyhow::Result;

use super::retrieval::Collection;
use super::{Options, Scored};

const TASK: &str = "checkthat2b";

/// Scores it.
pub(crate) fn score(data: &Path, options: &Options) -> Result<Vec<Scored>> {
    let collection = Collection::read(&data.join("retrieval-checkthat2b"))?;
    let found = collection
        .score(TASK, options)?
        .into_iter()
        .map(|one| if one.metric == "MAP@5" { one.published("BM25 about .32") } else { one });
    Ok(found.collect())
}
