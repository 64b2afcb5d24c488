//! `emergent`: what the headline of an article does with a rumoured claim (Ferreira and Vlachos 2016).

use std::path::Path;

use anyhow::{Context, Result, bail};
use hearsay_reading::{PairKind, Pairing};

use super::files::{is_a, needed};
use super::pairs::{Pair, find, rows};
use super::{Options, Scored};

const TASK: &str = "emergent";
const CLASSES: [Pairing; 3] = [Pairing::Affirms, Pairing::Denies, Pairing::Neutral];

/// Scores the task.
pub(crate) fn score(data: &Path, options: &Options) -> Result<Vec<Scored>> {
    let pairs = pairs(data)?;
    let found = find(TASK, PairKind::Headline, &pairs, options);
    let n = pairs.len();
    let (accuracy, around) = found.figure(options, |of| found.accuracy(of));
    let (macro_f1, around_macro) = found.figure(options, |of| found.macro_f1(&CLASSES, of));
    let (denies, around_denies) = found.figure(options, |of| found.f1(Pairing::Denies, of));
    Ok(vec![
        Scored::new(TASK, "accuracy", accuracy, around, n).goal(0.79).published("paper .733; TF-IDF + cues .765"),
        Scored::new(TASK, "macro-F1", macro_f1, around_macro, n)
            .goal(0.78)
            .published("paper .723; TF-IDF + cues .757"),
        Scored::new(TASK, "F1 of denies", denies, around_denies, n),
    ])
}

/// The pairs of all files of the folder.
pub(crate) fn pairs(data: &Path) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for path in needed(&data.join("stance-emergent"), "pairs", |name| is_a(name, "tsv"))? {
        let rows = rows(&path, '\t')?;
        let (head, rows) = rows.split_first().with_context(|| format!("`{}` is empty", path.display()))?;
        let column = |name: &str| {
            let at = head.iter().position(|field| field == name);
            at.with_context(|| format!("`{}` has no column `{name}`", path.display()))
        };
        let (stance, claim, headline) = (column("stance")?, column("claimHeadline")?, column("articleHeadline")?);
        for row in rows.iter().filter(|row| row.len() == head.len()) {
            let truth = match row[stance].as_str() {
                "for" => Pairing::Affirms,
                "against" => Pairing::Denies,
                "observing" => Pairing::Neutral,
                other => bail!("`{other}` is no stance of Emergent's"),
            };
            let (one, other) = (row[claim].clone(), row[headline].clone());
            pairs.push(Pair { group: one.clone(), one, other, truth });
        }
    }
    Ok(pairs)
}
