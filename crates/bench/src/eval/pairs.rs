//! What a text does with a headline, scored: accuracy, macro-F1, the F1 of each class, held out by folds.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use hearsay_reading::{PairKind, PairModel, Pairing, Prepared};

use super::bootstrap::{Interval, grouped};
use super::files::text;
use super::folds::{FOLDS, folds};
use super::reliability::Judgement;
use super::{Options, reliability};
use crate::callers::float;

/// A pair, with what it is, and what is never to lie in two folds.
pub(crate) struct Pair {
    pub(crate) one: String,
    pub(crate) other: String,
    pub(crate) truth: Pairing,
    pub(crate) group: String,
}

/// Pairs with what was found of each.
pub(crate) struct Found {
    pub(crate) truth: Vec<Pairing>,
    pub(crate) guessed: Vec<Pairing>,
    pub(crate) groups: Vec<String>,
}

/// Texts by their words, each prepared once.
pub(crate) struct Texts<'a>(BTreeMap<&'a str, Prepared>);

impl<'a> Texts<'a> {
    pub(crate) fn of(pairs: &'a [Pair]) -> Self {
        let all = pairs.iter().flat_map(|pair| [pair.one.as_str(), pair.other.as_str()]);
        let mut texts = BTreeMap::new();
        for text in all {
            texts.entry(text).or_insert_with(|| Prepared::of(text));
        }
        Self(texts)
    }

    pub(crate) fn learn(&self, kind: PairKind, pairs: &[&Pair], seed: u64) -> PairModel {
        let examples: Vec<(&Prepared, &Prepared, Pairing)> = pairs
            .iter()
            .filter_map(|pair| {
                Some((self.0.get(pair.one.as_str())?, self.0.get(pair.other.as_str())?, pair.truth))
            })
            .collect();
        PairModel::learn(kind, &examples, seed)
    }

    fn pair(&self, model: &PairModel, pair: &Pair) -> (Pairing, f64) {
        match (self.0.get(pair.one.as_str()), self.0.get(pair.other.as_str())) {
            (Some(one), Some(other)) => model.pair(one, other),
            _ => (Pairing::Unrelated, 0.0),
        }
    }
}

/// Finds what each pair is: by the shipped weights, or by what the other four folds teach.
pub(crate) fn find(task: &str, kind: PairKind, pairs: &[Pair], options: &Options) -> Found {
    let texts = Texts::of(pairs);
    let groups: Vec<String> = pairs.iter().map(|pair| pair.group.clone()).collect();
    let mut found: Vec<(Pairing, f64)> = vec![(Pairing::Unrelated, 0.0); pairs.len()];
    if options.as_shipped {
        let model = PairModel::shipped(kind);
        found = pairs.iter().map(|pair| texts.pair(&model, pair)).collect();
    } else {
        let fold_of = folds(&groups, options.seed);
        for fold in 0..FOLDS {
            eprintln!("{task}: fold {} of {FOLDS}", fold + 1);
            let rest: Vec<&Pair> =
                pairs.iter().zip(&fold_of).filter(|(_, of)| **of != fold).map(|(pair, _)| pair).collect();
            let model = texts.learn(kind, &rest, options.seed);
            for (at, pair) in pairs.iter().enumerate().filter(|(at, _)| fold_of[*at] == fold) {
                found[at] = texts.pair(&model, pair);
            }
        }
    }
    let judged = |(pair, (pairing, confidence)): (&Pair, &(Pairing, f64))| Judgement {
        confidence: *confidence,
        right: pair.truth == *pairing,
    };
    reliability::print(task, &pairs.iter().zip(&found).map(judged).collect::<Vec<_>>());
    let truth = pairs.iter().map(|pair| pair.truth).collect();
    Found { truth, guessed: found.into_iter().map(|(pairing, _)| pairing).collect(), groups }
}

impl Found {
    /// The share that is right among some.
    pub(crate) fn accuracy(&self, of: &[usize]) -> f64 {
        let right = of.iter().filter(|at| self.truth[**at] == self.guessed[**at]).count();
        float(right) / float(of.len().max(1))
    }

    /// The harmonic mean of precision and recall of one class.
    pub(crate) fn f1(&self, class: Pairing, of: &[usize]) -> f64 {
        let count = |wanted: &dyn Fn(usize) -> bool| of.iter().filter(|at| wanted(**at)).count();
        let both = count(&|at| self.truth[at] == class && self.guessed[at] == class);
        let either = count(&|at| self.truth[at] == class) + count(&|at| self.guessed[at] == class);
        2.0 * float(both) / float(either.max(1))
    }

    /// The mean F1 of the classes that the data have.
    pub(crate) fn macro_f1(&self, classes: &[Pairing], of: &[usize]) -> f64 {
        classes.iter().map(|class| self.f1(*class, of)).sum::<f64>() / float(classes.len().max(1))
    }

    /// A figure of all pairs, and its interval; what is of one group is drawn together.
    pub(crate) fn figure(&self, options: &Options, figure: impl Fn(&[usize]) -> f64) -> (f64, Interval) {
        let all: Vec<usize> = (0..self.truth.len()).collect();
        (figure(&all), grouped(&self.groups, options, &figure))
    }
}

/// The rows of a table, each a list of fields; quoted fields may hold separators, marks and new lines.
pub(crate) fn rows(path: &Path, separator: char) -> Result<Vec<Vec<String>>> {
    let text = text(path)?;
    if separator == '\t' {
        return Ok(text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect());
    }
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '"' if quoted && rest.peek() == Some(&'"') => {
                field.push('"');
                rest.next();
            }
            '"' => quoted = !quoted,
            _ if quoted => field.push(letter),
            '\n' => {
                row.push(std::mem::take(&mut field).trim_end_matches('\r').to_owned());
                rows.push(std::mem::take(&mut row));
            }
            _ if letter == separator => row.push(std::mem::take(&mut field)),
            _ => field.push(letter),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    Ok(rows)
}
