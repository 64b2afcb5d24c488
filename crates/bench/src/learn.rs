//! `learn`: the weights that the reading ships, learned again from outside data.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use hearsay_reading::PairKind;

use crate::eval::pairs::{Pair, Texts};
use crate::eval::{attribution, emergent, fnc1};

/// Arguments of `learn`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct LearnArgs {
    /// The folder of the data; weights are learned from whichever of its known subfolders are there.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where the weights files go; the next build ships them.
    #[arg(long, value_name = "DIR", default_value = "crates/reading/data")]
    into: PathBuf,
    /// What all drawing begins with: the same seed gives the same weights.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

const EXAMPLES: &str = "\
Examples:
  hearsay-bench learn --data ../shared/data
  hearsay-bench learn --data ../shared/data --into weights --seed 7";

type Pairs = fn(&Path) -> Result<Vec<Pair>>;

const MODELS: [(&str, &str, PairKind, Pairs); 2] = [
    ("stance-emergent", "headline.weights", PairKind::Headline, emergent::pairs),
    ("stance-fnc1", "body.weights", PairKind::Body, fnc1::pairs),
];

/// Learns, and writes the files.
pub(crate) fn run(args: &LearnArgs) -> Result<()> {
    let there: Vec<_> = MODELS.iter().filter(|(folder, ..)| args.data.join(folder).is_dir()).collect();
    let marked: Vec<_> = attribution::SETS
        .iter()
        .map(|set| args.data.join(attribution::FOLDER).join(set))
        .filter(|path| path.is_dir())
        .collect();
    if there.is_empty() && marked.is_empty() {
        bail!("the data are missing: `{}` has none of the known folders", args.data.display());
    }
    for (folder, file, kind, pairs) in there {
        eprintln!("{file} …");
        let pairs = pairs(&args.data)?;
        let texts = Texts::of(&pairs);
        let model = texts.learn(*kind, &pairs.iter().collect::<Vec<_>>(), args.seed);
        let groups: std::collections::BTreeSet<&str> = pairs.iter().map(|pair| pair.group.as_str()).collect();
        let told = format!(
            "Logistic regression over hashed features.\nLearned from {folder}: {} pairs in {} groups; seed {}.\n\
             Learned again by: hearsay-bench learn --data DIR",
            pairs.len(),
            groups.len(),
            args.seed
        );
        write(&args.into.join(file), &model.to_file(&told))?;
    }
    if !marked.is_empty() {
        eprintln!("attribution.weights …");
        let mut texts = Vec::new();
        for set in &marked {
            texts.extend(attribution::texts(set)?);
        }
        let told = format!(
            "Averaged perceptron over hashed features.\nLearned from {}: {} texts; seed {}.\n\
             Learned again by: hearsay-bench learn --data DIR",
            attribution::FOLDER,
            texts.len(),
            args.seed
        );
        write(&args.into.join("attribution.weights"), &attribution::learned(&texts, args.seed).to_file(&told))?;
    }
    Ok(())
}

fn write(path: &Path, weights: &str) -> Result<()> {
    std::fs::write(path, weights).with_context(|| format!("cannot write `{}`", path.display()))
}
