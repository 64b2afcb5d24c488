//! Learning the weights of the ranking: a softmax over each query's candidates, its loss made small by Adam (Kingma and Ba
//! 2015) with a pull to zero. What never varies in the lessons keeps the weight that is shipped.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use hearsay_reading::index::{FEATURES, Features, Weights};

use super::retrieval::Collection;
use crate::callers::float;

/// One query: its candidates, each with whether it is an answer.
pub(super) type Lesson = Vec<(Features, bool)>;

const STEPS: i32 = 300;
const RATE: f64 = 0.05;
const PULL: f64 = 1e-3;

/// Bounds of the weights, in the order of the figures: what speaks for a claim may not come to speak against it by chance
/// of one data set. Numbers, negation, time and parties tell twins apart, of which these data have few: the least that
/// they weigh is set by hand.
const BOUNDS: [(f64, f64); FEATURES.len()] = [
    (0.0, 20.0),
    (0.0, 20.0),
    (0.5, 20.0),
    (0.0, 20.0),
    (0.0, 20.0),
    (0.5, 20.0),
    (0.0, 20.0),
    (0.0, 20.0),
    (0.5, 20.0),
    (-20.0, -0.5),
    (-20.0, -0.1),
    (-20.0, -1.0),
    (0.5, 20.0),
    (0.5, 20.0),
    (0.5, 20.0),
];

/// The folders whose training queries the shipped weights come from.
const FOLDERS: [&str; 2] = ["retrieval-checkthat2a", "retrieval-checkthat2b"];

/// Arguments of `learn-ranking`.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Example:\n  hearsay-bench learn-ranking --data ../shared/data --out crates/reading/data/ranking.weights"
)]
pub(crate) struct LearnArgs {
    /// The folder of the data.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where the file goes.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Learns from the training queries, and writes the file.
pub(crate) fn learn(args: &LearnArgs) -> Result<()> {
    let mut lessons = Vec::new();
    let mut told = Vec::new();
    for folder in FOLDERS.iter().filter(|folder| args.data.join(folder).is_dir()) {
        eprintln!("{folder} …");
        let of_folder = Collection::read(&args.data.join(folder))?.lessons();
        told.push(format!("# {} training queries of {folder}", of_folder.len()));
        lessons.extend(of_folder);
    }
    if lessons.is_empty() {
        bail!("the data are missing: `{}` has no training queries", args.data.display());
    }
    let weights = learned(&lessons).to_lines();
    write(&args.out, &format!("{HEAD}{}\n{weights}", told.join("\n")))
}

const HEAD: &str = "\
# How candidates are ranked: the weight of each figure (crates/reading/src/index/features.rs says what it is).
# Written by `hearsay-bench learn-ranking`. Set by hand, as no training query tells of them: those of `origin` and
# `awaited`, and the least that text, window, numbers, negation, time and parties weigh. All others were learned from
";

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}

/// The weights that make the answers likeliest among their candidates.
pub(super) fn learned(lessons: &[Lesson]) -> Weights {
    let shipped = Weights::default();
    let told: Vec<&Lesson> = lessons.iter().filter(|lesson| lesson.iter().any(|(_, right)| *right)).collect();
    let varies: [bool; FEATURES.len()] = std::array::from_fn(|place| {
        told.iter().any(|lesson| lesson.iter().any(|(features, _)| features.0[place] > 0.0))
    });
    let (mut weights, mut first, mut second) =
        ([0.0; FEATURES.len()], [0.0; FEATURES.len()], [0.0; FEATURES.len()]);
    for step in 1..=STEPS {
        let slope = slope(&told, &weights);
        for place in 0..FEATURES.len() {
            let slope = slope[place] + PULL * weights[place];
            first[place] = 0.9 * first[place] + 0.1 * slope;
            second[place] = 0.999 * second[place] + 0.001 * slope * slope;
            let (mean, square) =
                (first[place] / (1.0 - 0.9_f64.powi(step)), second[place] / (1.0 - 0.999_f64.powi(step)));
            let next = weights[place] - RATE * mean / (square.sqrt() + 1e-8);
            weights[place] = next.clamp(BOUNDS[place].0, BOUNDS[place].1);
        }
    }
    for (place, kept) in shipped.by_feature().into_iter().enumerate().filter(|(place, _)| !varies[*place]) {
        weights[place] = kept;
    }
    shipped.with(weights)
}

/// The slope of the mean loss.
fn slope(lessons: &[&Lesson], weights: &[f64; FEATURES.len()]) -> [f64; FEATURES.len()] {
    let mut slope = [0.0; FEATURES.len()];
    for lesson in lessons {
        let scores: Vec<f64> =
            lesson.iter().map(|(features, _)| weights.iter().zip(features.0).map(|(w, f)| w * f).sum()).collect();
        let highest = scores.iter().copied().fold(f64::MIN, f64::max);
        let powers: Vec<f64> = scores.iter().map(|score| (score - highest).exp()).collect();
        let all: f64 = powers.iter().sum();
        let right = float(lesson.iter().filter(|(_, right)| *right).count());
        for ((features, is_right), power) in lesson.iter().zip(&powers) {
            let wanted = if *is_right { 1.0 / right } else { 0.0 };
            let share = (power / all - wanted) / float(lessons.len());
            slope.iter_mut().zip(features.0).for_each(|(slope, figure)| *slope += share * figure);
        }
    }
    slope
}

#[cfg(test)]
mod tests {
    use hearsay_reading::index::{FEATURES, Features, Weights};

    use super::learned;

    #[test]
    fn what_tells_answers_apart_gains_weight_and_what_never_varies_keeps_its_own() {
        let candidate = |telling: f64, idle: f64, right: bool| {
            let mut features = [0.0; FEATURES.len()];
            (features[0], features[1]) = (telling, idle);
            (Features(features), right)
        };
        let lessons: Vec<_> = (0..20)
            .map(|turn| {
                vec![candidate(0.9, f64::from(turn % 2), true), candidate(0.1, f64::from(turn % 3), false)]
            })
            .collect();
        let weights = learned(&lessons).by_feature();
        assert!(weights[0] > 2.0 * weights[1], "{weights:?}");
        assert_eq!(weights[2..], Weights::default().by_feature()[2..]);
    }
}
