//! `attribution`: sources, cues and contents found in news, against those that people marked (`PolNeAR`, Newell et al. 2018).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use hearsay_reading::{AttributionModel, Item, MarkedText, Names, Role, read};

use super::bootstrap::grouped;
use super::files::{is_a, needed, text};
use super::{Options, Scored};
use crate::callers::float;

const TASK: &str = "attribution";
const EPOCHS: usize = 10;

/// Where the data lie, and the sets that they are parted into.
pub(crate) const FOLDER: &str = "attribution-polnear";
pub(crate) const SETS: [&str; 3] = ["train", "dev", "test"];

/// Scores the task: learned from `train` and scored on what else there is; as shipped, all is scored.
pub(crate) fn score(data: &Path, options: &Options) -> Result<Vec<Scored>> {
    let mut sets = Vec::new();
    for folder in SETS {
        let path = data.join(FOLDER).join(folder);
        if path.is_dir() {
            sets.push((folder, texts(&path)?));
        }
    }
    let scored: Vec<&MarkedText> = sets
        .iter()
        .filter(|(folder, _)| options.as_shipped || *folder != "train" || sets.len() == 1)
        .flat_map(|(_, texts)| texts)
        .collect();
    let found: Vec<Vec<(Role, usize, usize)>> = if options.as_shipped {
        scored.iter().map(|marked| shipped(&marked.text)).collect()
    } else {
        let train = sets.iter().find(|(folder, _)| *folder == "train");
        let (_, train) = train.context("there is no folder `train` to learn from; use --as-shipped")?;
        let model = learned(train, options.seed);
        scored.iter().map(|marked| model.roles(&marked.text)).collect()
    };
    Ok(figures(&scored, &found, options))
}

/// Learns from marked texts.
pub(crate) fn learned(train: &[MarkedText], seed: u64) -> AttributionModel {
    AttributionModel::learn(train, EPOCHS, seed)
}

/// What the reading gives of a text.
fn shipped(text: &str) -> Vec<(Role, usize, usize)> {
    let item = Item { text: text.to_owned(), language: Some("en".to_owned()), ..Item::default() };
    let mut found = Vec::new();
    for attribution in read(&item, &Names::default()).attributions {
        found.extend(attribution.source.map(|span| (Role::Source, span.start, span.end)));
        found.extend(attribution.cue.map(|span| (Role::Cue, span.start, span.end)));
        found.extend(attribution.content.iter().map(|span| (Role::Content, span.start, span.end)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Of the spans of one role in one text: right, found, right among those marked, marked; overlapping and exact.
type Counts = [usize; 6];

fn figures(scored: &[&MarkedText], found: &[Vec<(Role, usize, usize)>], options: &Options) -> Vec<Scored> {
    let mut figures = Vec::new();
    let texts: Vec<usize> = (0..scored.len()).collect();
    for (role, name, goal) in
        [(Role::Source, "source", Some(0.75)), (Role::Content, "content", Some(0.75)), (Role::Cue, "cue", None)]
    {
        let counts: Vec<Counts> =
            scored.iter().zip(found).map(|(marked, found)| counts(role, &marked.roles, found)).collect();
        let overlapping = |of: &[usize]| f1(&counts, of, [0, 1, 2, 3]);
        let exact = |of: &[usize]| f1(&counts, of, [4, 1, 4, 3]);
        let spans = counts.iter().map(|count| count[3]).sum();
        let around = grouped(&texts, options, overlapping);
        let one = Scored::new(TASK, format!("{name}, overlapping F1"), overlapping(&texts), around, spans);
        let one =
            one.published(if role == Role::Source { "on a like corpus .85" } else { "on a like corpus .83" });
        figures.push(goal.map_or(one.clone(), |goal| one.goal(goal)));
        let around = grouped(&texts, options, exact);
        figures.push(Scored::new(TASK, format!("{name}, exact F1"), exact(&texts), around, spans));
    }
    figures
}

fn counts(role: Role, marked: &[(Role, usize, usize)], found: &[(Role, usize, usize)]) -> Counts {
    let of = |all: &[(Role, usize, usize)]| -> Vec<(usize, usize)> {
        let mut spans: Vec<(usize, usize)> =
            all.iter().filter(|(one, ..)| *one == role).map(|(_, start, end)| (*start, *end)).collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    };
    let (marked, found) = (of(marked), of(found));
    let meets =
        |one: &(usize, usize), all: &[(usize, usize)]| all.iter().any(|other| one.0 < other.1 && other.0 < one.1);
    let right = found.iter().filter(|one| meets(one, &marked)).count();
    let met = marked.iter().filter(|one| meets(one, &found)).count();
    let exact = found.iter().filter(|one| marked.contains(one)).count();
    [right, found.len(), met, marked.len(), exact, 0]
}

fn f1(counts: &[Counts], of: &[usize], [right, found, met, marked]: [usize; 4]) -> f64 {
    let sum = |field: usize| float(of.iter().map(|at| counts[*at][field]).sum());
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let (precision, recall) = (share(sum(right), sum(found)), share(sum(met), sum(marked)));
    share(2.0 * precision * recall, precision + recall)
}

/// The texts of a folder with what people marked in them. A text's marks are in the file that its name begins.
pub(crate) fn texts(folder: &Path) -> Result<Vec<MarkedText>> {
    let marks = needed(&folder.join("attributions"), "attributions", |name| is_a(name, "ann"))?;
    let stem = |path: &PathBuf| {
        let stem = path.file_stem().with_context(|| format!("`{}` has no name", path.display()))?;
        anyhow::Ok(stem.to_string_lossy().into_owned())
    };
    let mut by_name: BTreeMap<String, &PathBuf> = BTreeMap::new();
    for path in &marks {
        by_name.insert(stem(path)?, path);
    }
    let mut found = Vec::new();
    for path in needed(&folder.join("text"), "text", |name| is_a(name, "txt"))? {
        let name = stem(&path)?;
        let of_text = by_name.range(name.clone()..).next().filter(|(other, _)| other.starts_with(&name));
        if let Some((_, marks)) = of_text {
            let text = text(&path)?;
            let roles = roles(&super::files::text(marks)?, &text);
            found.push(MarkedText { text, roles });
        } else {
            eprintln!("attribution: nobody marked `{}`", path.display());
        }
    }
    Ok(found)
}

/// The roles of a brat file: `T1 Source 89 106 …` with tabs for the outer two spaces, in characters; several stretches are parted by `;`.
fn roles(file: &str, text: &str) -> Vec<(Role, usize, usize)> {
    let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    starts.push(text.len());
    let mut found = Vec::new();
    for line in file.lines().filter(|line| line.starts_with('T')) {
        let Some(field) = line.split('\t').nth(1) else { continue };
        let Some((name, places)) = field.split_once(' ') else { continue };
        let role = match name {
            "Source" => Role::Source,
            "Cue" => Role::Cue,
            "Content" => Role::Content,
            _ => continue,
        };
        for place in places.split(';') {
            let mut ends = place.split(' ').filter_map(|number| number.parse::<usize>().ok());
            let bytes = |at: Option<usize>| at.and_then(|at| starts.get(at).copied());
            if let (Some(start), Some(end)) = (bytes(ends.next()), bytes(ends.next())) {
                found.push((role, start, end));
            }
        }
    }
    found
}
