//! `checkthat2a`: a tweet, and the claim among thousands that answers it (CLEF `CheckThat!` 2021, task 2A). What is learned comes from
//! the training queries; the figure is of the others.

use std::path::Path;

use anyhow::Result;

use super::retrieval::Collection;
use super::{Options, Scored};

const TASK: &str = "checkthat2a";

/// Scores it.
pub(crate) fn score(data: &Path, options: &Options) -> Result<Vec<Scored>> {
    let collection = Collection::read(&data.join("retrieval-checkthat2a"))?;
    let found = collection.score(TASK, options)?.into_iter().map(|one| {
        if one.metric == "MAP@5" {
            one.goal(0.87).published("BM25 .826, with subtitle .851; best .929; MiniLM .948")
        } else {
            one
        }
    });
    Ok(found.collect())
}
