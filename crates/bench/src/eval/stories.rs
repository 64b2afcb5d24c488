//! `stories`: who says what on whose word, in real stories told anew. The registry knows parties, who speaks for them,
//! outlets and agencies by their names; stance, footing and origins are read.

mod desk;
mod origins;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use hearsay_core::{Manner, Stance};
use hearsay_reading::index::ClaimIndex;
use hearsay_reading::{Bearing, bearings, read};
use serde_json::Value;

use self::desk::Desk;
use super::bootstrap::mean;
use super::files::{is_a, needed, text};
use super::reliability::Judgement;
use super::{Options, Scored, reliability};

const TASK: &str = "stories";

/// One label: one source's word on one claim in one document.
pub(crate) struct Label {
    document: String,
    claim: String,
    speaker: Option<String>,
    stance: Option<String>,
    framing: Option<String>,
    relays: Vec<String>,
}

/// Scores the task.
pub(crate) fn score(data: &Path, options: &Options) -> Result<Vec<Scored>> {
    let folder = data.join("cases");
    let claims = records(&folder, "claim")?;
    let documents = records(&folder, "doc")?;
    let labels = records(&folder, "label")?;
    let desk = Desk::of(&claims, &documents, &labels)?;
    let labels: Vec<Label> = labels.iter().map(label).collect::<Result<_>>()?;
    let read = all_bearings(&desk, &labels);
    let mut marks = Marks::default();
    for label in &labels {
        let found = read.get(&(label.document.clone(), label.claim.clone())).map_or(&[][..], Vec::as_slice);
        marks.add(&desk, label, found);
    }
    reliability::print(TASK, &marks.judgements);
    let origins = origins::counted(&desk, &read)?;
    Ok(marks.scored(options, &origins, &claims_first(&desk, &labels)))
}

/// Whether the first claim that the index gives for a document is one that it bears on: 1 or 0 for each.
fn claims_first(desk: &Desk, labels: &[Label]) -> Vec<f64> {
    let mut index = ClaimIndex::new();
    for claim in desk.claims.values() {
        index.add(&claim.open, &desk.names);
    }
    let mut borne: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for label in labels {
        borne.entry(&label.document).or_default().push(&label.claim);
    }
    let first = |document: &str, claims: &[&str]| {
        let item = &desk.documents.get(document)?.item;
        let found = index.candidates(item, &desk.names, 2);
        let first = found.first().map(|candidate| candidate.claim);
        let right =
            claims.iter().any(|claim| desk.claims.get(*claim).is_some_and(|claim| Some(claim.open.id) == first));
        if !right && std::env::var_os("HEARSAY_MISSES").is_some() {
            eprintln!("{document}: claim: {}, not {found:?}", claims.join(", "));
        }
        right.then_some(())
    };
    borne.iter().map(|(document, claims)| f64::from(u8::from(first(document, claims).is_some()))).collect()
}

fn all_bearings(desk: &Desk, labels: &[Label]) -> BTreeMap<(String, String), Vec<Bearing>> {
    let pairs: std::collections::BTreeSet<(String, String)> =
        labels.iter().map(|label| (label.document.clone(), label.claim.clone())).collect();
    pairs
        .into_iter()
        .filter_map(|(document, claim)| {
            let item = &desk.documents.get(&document)?.item;
            let open = &desk.claims.get(&claim)?.open;
            let found = bearings(&read(item, &desk.names), item, open, &desk.names);
            Some(((document, claim), found))
        })
        .collect()
}

/// What was right, 1, and what wasn't, 0.
#[derive(Default)]
struct Marks {
    stance: Vec<f64>,
    manner: Vec<f64>,
    cited: Vec<f64>,
    framed: Vec<f64>,
    told_apart: Vec<f64>,
    judgements: Vec<Judgement>,
}

impl Marks {
    fn add(&mut self, desk: &Desk, label: &Label, found: &[Bearing]) {
        let heard = match &label.speaker {
            Some(speaker) => found.iter().find(|one| desk.is_speaker(one, speaker, &label.claim)),
            None => found.iter().find(|one| one.footing.relays.is_some() || one.stance == Stance::Affirms),
        };
        if !label.relays.is_empty() {
            let named = heard.and_then(|one| match label.speaker {
                Some(_) => one.via.as_ref(),
                None => one.footing.relays.as_ref(),
            });
            let right = named.is_some_and(|named| label.relays.iter().any(|name| desk.is_source(named, name)));
            self.cited.push(f64::from(u8::from(right)));
            tell(!right, label, "relays", &label.relays.join(", "), &format!("{named:?}"));
        }
        let (Some(stance), Some(framing)) = (&label.stance, &label.framing) else { return };
        let shown = heard.map_or("unheard", word);
        let sided = |word: &str| {
            if matches!(word, "acknowledges" | "denies") { word.to_owned() } else { "neutral".into() }
        };
        self.manner.push(f64::from(u8::from(shown == stance)));
        let right = sided(shown) == sided(stance) && heard.is_some();
        self.stance.push(f64::from(u8::from(right)));
        self.judgements.extend(heard.map(|one| Judgement { confidence: one.confidence, right }));
        tell(shown != stance, label, "stance", stance, shown);
        let framed = heard.map_or("unheard", |one| match one.framed_as.unwrap_or(one.stance) {
            Stance::Affirms => "acknowledges",
            Stance::Denies => "denies",
            Stance::Neutral => "neutral",
        });
        let right = framed == sided(framing);
        self.framed.push(f64::from(u8::from(right)));
        if sided(framing) != sided(stance) {
            self.told_apart.push(f64::from(u8::from(right && sided(shown) == sided(stance))));
        }
        tell(!right, label, "framing", framing, framed);
    }

    fn scored(&self, options: &Options, origins: &[f64], first: &[f64]) -> Vec<Scored> {
        let figure = |metric: &str, values: &[f64]| {
            let value = values.iter().sum::<f64>() / crate::callers::float(values.len().max(1));
            Scored::new(TASK, metric, value, mean(values, options), values.len())
        };
        vec![
            figure("right claim first", first).goal(1.0).published("plain BM25 .70"),
            figure("stance of the speaker's own words", &self.stance).goal(0.9).published("thirty keywords .46"),
            figure("stance and manner", &self.manner),
            figure("cited source named", &self.cited).goal(0.9),
            figure("framing", &self.framed),
            figure("framing told apart where it differs", &self.told_apart).goal(1.0),
            figure("stories with one independent origin", origins).goal(1.0),
        ]
    }
}

/// Tells a miss on stderr, where `HEARSAY_MISSES` asks for it.
fn tell(missed: bool, label: &Label, what: &str, wanted: &str, found: &str) {
    if missed && std::env::var_os("HEARSAY_MISSES").is_some() {
        eprintln!("{} {} {:?}: {what}: {wanted}, not {found}", label.document, label.claim, label.speaker);
    }
}

/// The labels' word for a stance.
fn word(bearing: &Bearing) -> &'static str {
    match (bearing.stance, bearing.manner) {
        (Stance::Affirms, _) => "acknowledges",
        (Stance::Denies, _) => "denies",
        (Stance::Neutral, Some(Manner::Discusses)) => "discusses",
        (Stance::Neutral, Some(Manner::Deflects | Manner::Declines) | None) => "no_comment",
    }
}

fn label(record: &Value) -> Result<Label> {
    let given = |field: &str| record[field].as_str().map(str::to_owned);
    let needed = |field: &str| given(field).with_context(|| format!("a label has no `{field}`"));
    Ok(Label {
        document: needed("doc_id")?,
        claim: needed("claim_id")?,
        speaker: given("speaker"),
        stance: given("stance"),
        framing: given("outlet_framing"),
        relays: strings(&record["relays"]),
    })
}

/// The strings of a list.
pub(crate) fn strings(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The records of the files that begin so, one a line.
fn records(folder: &Path, begins: &str) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    for path in needed(folder, begins, |name| name.starts_with(begins) && is_a(name, "jsonl"))? {
        for line in text(&path)?.lines().filter(|line| !line.trim().is_empty()) {
            found.push(serde_json::from_str(line).with_context(|| format!("a line of `{}`", path.display()))?);
        }
    }
    Ok(found)
}
