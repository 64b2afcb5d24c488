//! Queries, claims, and which claims answer which query: read from a folder, put into the index of open claims, scored.

mod dates;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use anyhow::{Context, Result, bail};
use hearsay_core::{ClaimId, SourceId, SourceKind};
use hearsay_reading::index::{ClaimIndex, Features, Weights};
use hearsay_reading::{Item, NamedSource, Names, OpenClaim};
use serde_json::Value;
use uuid::Uuid;

use super::bootstrap;
use super::files::{is_a, needed, text};
use super::folds::{FOLDS, folds};
use super::ranker::{self, Lesson};
use super::{Options, Scored};
use crate::callers::float;

/// How many ranks count.
const DEPTH: usize = 5;

/// A query with its answers.
pub(super) struct Query {
    item: Item,
    answers: BTreeSet<ClaimId>,
}

/// One folder.
pub(super) struct Collection {
    claims: Vec<OpenClaim>,
    names: Names,
    train: Vec<Query>,
    held_out: Vec<Query>,
}

impl Collection {
    /// Reads every `*.jsonl` of claims, every file of queries, and every file of qrels; those that are for training
    /// only have `train` in their name, and neither `dev` nor `test`.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut claims = Claims::default();
        for path in needed(folder, "claims (*.jsonl)", |name| is_a(name, "jsonl"))? {
            for (number, line) in text(&path)?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let value: Value = serde_json::from_str(line)
                    .with_context(|| format!("`{}`, line {}, is not JSON", path.display(), number + 1))?;
                claims.put(&value);
            }
        }
        let mut items = HashMap::new();
        for path in needed(folder, "queries", |name| name.contains("quer") && is_a(name, "tsv"))? {
            for (id, words) in text(&path)?.lines().filter_map(|line| line.split_once('\t')) {
                items.insert(id.to_owned(), item(id, words));
            }
        }
        let (mut train, mut held_out) = (BTreeMap::new(), BTreeMap::new());
        for path in needed(folder, "qrels", |name| name.contains("qrel") && is_a(name, "tsv"))? {
            let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
            let is_train = name.contains("train") && !name.contains("dev") && !name.contains("test");
            let into = if is_train { &mut train } else { &mut held_out };
            for line in text(&path)?.lines() {
                let fields: Vec<&str> = line.split('\t').collect();
                let [query, _, claim, ..] = fields[..] else { continue };
                let Some(claim) = claims.ids.get(claim) else { continue };
                into.entry(query.to_owned()).or_insert_with(BTreeSet::new).insert(*claim);
            }
        }
        let asked = |qrels: BTreeMap<String, BTreeSet<ClaimId>>| -> Vec<Query> {
            let known =
                qrels.into_iter().filter_map(|(query, answers)| Some((items.get(&query)?.clone(), answers)));
            known.map(|(item, answers)| Query { item, answers }).collect()
        };
        let names = Names::new(claims.speakers.into_values());
        Ok(Self { claims: claims.all, names, train: asked(train), held_out: asked(held_out) })
    }

    /// An index of all claims.
    fn index(&self, weights: Weights) -> ClaimIndex {
        let mut index = ClaimIndex::with_weights(weights);
        self.claims.iter().for_each(|claim| index.add(claim, &self.names));
        index
    }

    /// What weights are learned from: the training queries alone.
    pub(super) fn lessons(&self) -> Vec<Lesson> {
        let index = self.index(Weights::default());
        self.train.iter().map(|query| self.lesson(&index, query)).collect()
    }

    fn lesson(&self, index: &ClaimIndex, query: &Query) -> Lesson {
        let looked_at = index.looked_at_for(&query.item, &self.names);
        let told = |(claim, features): (ClaimId, Features)| (features, query.answers.contains(&claim));
        looked_at.into_iter().map(told).collect()
    }

    /// MAP at five of the ranking, and of BM25 alone.
    pub(super) fn score(&self, task: &'static str, options: &Options) -> Result<Vec<Scored>> {
        let learned = !options.as_shipped && !self.train.is_empty();
        let weights = if learned { ranker::learned(&self.lessons()) } else { Weights::default() };
        let index = self.index(weights);
        let shipped_on = options.as_shipped.then_some(&self.train).into_iter().flatten();
        let queries: Vec<&Query> = self.held_out.iter().chain(shipped_on).collect();
        if queries.is_empty() {
            bail!("{task}: no query of its own to score, only training queries");
        }
        let (mut ranked, mut plain, mut firsts, mut reached) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for query in &queries {
            let right = |claim: ClaimId| query.answers.contains(&claim);
            let found = index.candidates(&query.item, &self.names, DEPTH);
            let order: Vec<bool> = found.iter().map(|candidate| right(candidate.claim)).collect();
            let looked_at = index.looked_at_for(&query.item, &self.names);
            let bm25: Vec<bool> = looked_at.into_iter().map(|(claim, _)| right(claim)).collect();
            ranked.push(average_precision(&order, query.answers.len()));
            plain.push(average_precision(&bm25, query.answers.len()));
            firsts.push(f64::from(u8::from(order.first() == Some(&true))));
            reached.push(f64::from(u8::from(bm25.contains(&true))));
        }
        let figures =
            [("MAP@5", ranked), ("first is right", firsts), ("MAP@5, BM25 alone", plain), ("looked at", reached)];
        let scored = figures.into_iter().map(|(metric, values)| {
            Scored::new(task, metric, mean(&values), bootstrap::mean(&values, options), values.len())
        });
        Ok(scored.chain(learned.then(|| self.in_folds(task, options))).collect())
    }

    /// MAP at five of the training queries, each ranked by what was learned from those with other answers.
    fn in_folds(&self, task: &'static str, options: &Options) -> Scored {
        let lessons = self.lessons();
        let groups: Vec<Option<&ClaimId>> = self.train.iter().map(|query| query.answers.first()).collect();
        let fold_of = folds(&groups, options.seed);
        let mut values = vec![0.0; lessons.len()];
        for fold in 0..FOLDS {
            let others = lessons.iter().zip(&fold_of).filter(|(_, of)| **of != fold);
            let weights = ranker::learned(&others.map(|(lesson, _)| lesson.clone()).collect::<Vec<_>>());
            for (place, lesson) in lessons.iter().enumerate().filter(|(place, _)| fold_of[*place] == fold) {
                let mut ranked: Vec<(f64, bool)> =
                    lesson.iter().map(|(features, right)| (weights.score(features), *right)).collect();
                ranked.sort_by(|one, two| two.0.total_cmp(&one.0));
                let order: Vec<bool> = ranked.into_iter().map(|(_, right)| right).collect();
                values[place] = average_precision(&order, self.train[place].answers.len());
            }
        }
        let interval = bootstrap::grouped(&groups, options, |drawn| {
            mean(&drawn.iter().map(|place| values[*place]).collect::<Vec<_>>())
        });
        Scored::new(task, "MAP@5, training queries in five folds", mean(&values), interval, values.len())
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / float(values.len().max(1))
}

/// Claims on their way in.
#[derive(Default)]
struct Claims {
    all: Vec<OpenClaim>,
    ids: HashMap<String, ClaimId>,
    speakers: BTreeMap<String, NamedSource>,
}

impl Claims {
    fn put(&mut self, value: &Value) {
        let field = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let (Some(id), Some(text)) = (field("vclaim_id"), field("vclaim")) else { return };
        let claim = ClaimId(number(self.all.len()));
        let party = field("speaker").map(|speaker| self.speaker(speaker));
        self.ids.insert(id.to_owned(), claim);
        self.all.push(OpenClaim {
            id: claim,
            text: text.to_owned(),
            language: None,
            topic: field("title").map(str::to_owned),
            notes: field("subtitle").map(str::to_owned).into_iter().collect(),
            parties: party.into_iter().collect(),
            sources: Vec::new(),
            reported_at: field("date").and_then(dates::in_words),
            waits_for: Vec::new(),
        });
    }

    fn speaker(&mut self, name: &str) -> SourceId {
        let id = SourceId(number(1_000_000 + self.speakers.len()));
        let new = || NamedSource {
            id,
            name: name.to_owned(),
            aliases: Vec::new(),
            kind: SourceKind::Person,
            speaks_for: None,
            part_of: None,
        };
        self.speakers.entry(name.to_owned()).or_insert_with(new).id
    }
}

fn number(number: usize) -> Uuid {
    Uuid::from_u128(number as u128)
}

/// A query as an item: a tweet's date stands at its end, after its writer, a debate's at the beginning of the query's name.
fn item(id: &str, words: &str) -> Item {
    let tail = words.rfind(" — ").filter(|at| words.len() - at < 120);
    let dated = tail.and_then(|at| dates::last_in_words(words, at));
    let (text, published) = match dated {
        Some((date, at)) => (words.get(..at).unwrap_or(words), Some(date)),
        None => (words, dates::in_name(id)),
    };
    Item { text: text.to_owned(), published, ..Item::default() }
}

/// The mean of the precision at each right rank up to the depth, over the number of answers, as the task's own scorer has
/// it.
fn average_precision(order: &[bool], answers: usize) -> f64 {
    let (mut right, mut sum) = (0, 0.0);
    for (rank, _) in order.iter().take(DEPTH).enumerate().filter(|(_, is_right)| **is_right) {
        right += 1;
        sum += float(right) / float(rank + 1);
    }
    sum / float(answers.max(1))
}

#[cfg(test)]
mod tests {
    use super::{average_precision, item};

    #[test]
    fn precision_is_taken_at_each_right_rank() {
        let rows: [(&[usize], usize, f64); 6] =
            [(&[0], 1, 1.0), (&[1], 1, 0.5), (&[4], 1, 0.2), (&[5], 1, 0.0), (&[0, 3], 2, 0.75), (&[1], 2, 0.25)];
        for (right, answers, wanted) in rows {
            let order: Vec<bool> = (0..8).map(|rank| right.contains(&rank)).collect();
            let found = average_precision(&order, answers);
            assert!((found - wanted).abs() < 1e-9, "{right:?}: {found}");
        }
    }

    #[test]
    fn a_query_gets_its_time() {
        let tweet = item("tweet-1", "Lake drained overnight! — Ada Byron (@ada) March 3, 2019");
        assert_eq!(tweet.text, "Lake drained overnight! — Ada Byron (@ada) ");
        assert_eq!(tweet.published.map(|at| at.to_string()).as_deref(), Some("2019-03-03T12:00:00Z"));
        let debate = item("20121023_debate_0007", "You said it in March.");
        assert_eq!(debate.published.map(|at| at.to_string()).as_deref(), Some("2012-10-23T12:00:00Z"));
        assert_eq!(item("tweet-2", "No date — none").published, None);
    }
}
