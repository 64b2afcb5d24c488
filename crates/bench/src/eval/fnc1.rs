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
    let mut pairs = pairs(data)?;
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
    if !options.as_shipped {
        scored.extend(by_matter(&mut pairs, options));
    }
    Ok(scored)
}

/// The same with whole matters held out: bodies that any headline ties together lie in one fold. This is what the
/// challenge's own test asks, and much harder.
fn by_matter(pairs: &mut [Pair], options: &Options) -> [Scored; 2] {
    for (pair, matter) in matters(pairs).into_iter().enumerate() {
        pairs[pair].group = matter.to_string();
    }
    let found = find("fnc1 by matter", PairKind::Body, pairs, options);
    let (macro_f1, around) = found.figure(options, |of| found.macro_f1(&Pairing::ALL, of));
    let (denies, around_denies) = found.figure(options, |of| found.f1(Pairing::Denies, of));
    [
        Scored::new(TASK, "macro-F1, matters held out", macro_f1, around, pairs.len()),
        Scored::new(TASK, "F1 of disagree, matters held out", denies, around_denies, pairs.len()),
    ]
}

/// For each pair its matter: a headline and a body are of one matter unless they are unrelated.
fn matters(pairs: &[Pair]) -> Vec<usize> {
    let mut number: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    let mut leads_to: Vec<usize> = Vec::new();
    let mut ends = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let [one, other] = [(true, pair.one.as_str()), (false, pair.group.as_str())].map(|key| {
            *number.entry(key).or_insert_with(|| {
                leads_to.push(leads_to.len());
                leads_to.len() - 1
            })
        });
        if pair.truth != Pairing::Unrelated {
            let (one, other) = (end(&mut leads_to, one), end(&mut leads_to, other));
            leads_to[one] = other;
        }
        ends.push(other);
    }
    ends.into_iter().map(|body| end(&mut leads_to, body)).collect()
}

/// Where a chain ends; the chain is shortened on the way.
fn end(leads_to: &mut [usize], from: usize) -> usize {
    let mut at = from;
    while leads_to[at] != at {
        leads_to[at] = leads_to[leads_to[at]];
        at = leads_to[at];
    }
    at
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

#[cfg(test)]
mod tests {
    use super::{Pair, Pairing, matters};

    #[test]
    fn bodies_that_a_headline_ties_together_are_one_matter() {
        let pair = |one: &str, body: &str, truth| Pair {
            one: one.to_owned(),
            other: String::new(),
            truth,
            group: body.to_owned(),
        };
        let pairs = [
            pair("bridge closed", "1", Pairing::Affirms),
            pair("bridge closed", "2", Pairing::Neutral),
            pair("bridge closed", "3", Pairing::Unrelated),
            pair("mayor resigns", "3", Pairing::Denies),
        ];
        let found = matters(&pairs);
        assert_eq!(found[0], found[1]);
        assert_eq!(found[2], found[3]);
        assert_ne!(found[0], found[2]);
    }
}
