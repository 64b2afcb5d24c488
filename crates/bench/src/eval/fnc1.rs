//! `fnc1`: what the body of an article does with a headline (Fake News Challenge, stage 1).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use hearsay_reading::{PairKind, Pairing};

use super::files::{is_a, needed};
use super::pairs::{Found, Pair, find, rows};
use super::{Options, Scored};
use crate::callers::float;

const TASK: &str = "fnc1";

/// Scores the task.
pub(crate) fn score(data: &Path, options: &Options) -> Result<Vec<Scored>> {
    let pairs = pairs(data)?;
    let found = find(TASK, PairKind::Body, &pairs, options);
    let n = pairs.len();
    let (official, around) = found.figure(options, |of| official(&found, of));
    let (macro_f1, around_macro) = found.figure(options, |of| found.macro_f1(&Pairing::ALL, of));
    let mut scored = vec![
        Scored::new(TASK, "official weighted score", official, around, n).published("baseline .752; winners .820"),
        Scored::new(TASK, "macro-F1", macro_f1, around_macro, n).goal(0.62).published("winners .58–.60"),
    ];
    for (class, name) in Pairing::ALL.iter().zip(["agree", "disagree", "discuss", "unrelated"]) {
        let (f1, around) = found.figure(options, |of| found.f1(*class, of));
        let one = Scored::new(TASK, format!("F1 of {name}"), f1, around, n);
        scored.push(if name == "disagree" { one.goal(0.45).published("winners .15") } else { one });
    }
    Ok(scored)
}

/// A quarter for telling related from unrelated, three quarters more for the right stance; as a share of what could be had.
fn official(found: &Found, of: &[usize]) -> f64 {
    let related = |pairing: Pairing| pairing != Pairing::Unrelated;
    let (mut had, mut most) = (0.0, 0.0);
    for at in of {
        let (truth, guess) = (found.truth[*at], found.guessed[*at]);
        most += if related(truth) { 1.0 } else { 0.25 };
        if truth == guess {
            had += if related(truth) { 1.0 } else { 0.25 };
        } else if related(truth) && related(guess) {
            had += 0.25;
        }
    }
    had / f64::max(most, float(1))
}

/// The pairs of all files of the folder.
pub(crate) fn pairs(data: &Path) -> Result<Vec<Pair>> {
    let folder = data.join("stance-fnc1");
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    let mut pairs = Vec::new();
    let kept = |name: &str, what: &str| is_a(name, "csv") && name.contains(what);
    for path in needed(&folder, "bodies", |name| kept(name, "bodies"))? {
        for row in rows(&path, ',')?.into_iter().skip(1).filter(|row| row.len() >= 2) {
            bodies.insert(row[0].clone(), row[1].clone());
        }
    }
    for path in needed(&folder, "stances", |name| kept(name, "stances"))? {
        for row in rows(&path, ',')?.into_iter().skip(1).filter(|row| row.len() >= 3) {
            let truth = match row[2].as_str() {
                "agree" => Pairing::Affirms,
                "disagree" => Pairing::Denies,
                "discuss" => Pairing::Neutral,
                "unrelated" => Pairing::Unrelated,
                other => bail!("`{other}` is no stance of the challenge"),
            };
            let other = bodies.get(&row[1]).cloned();
            let other = other.with_context(|| format!("no body has the number `{}`", row[1]))?;
            pairs.push(Pair { one: row[0].clone(), group: row[1].clone(), other, truth });
        }
    }
    Ok(pairs)
}
