//! `speed`: items read and held against 10,000 open claims on one core, and whether memory stays flat over 100,000 items. The
//! material is made here: words that mean nothing, as unequally frequent as those of a language.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use hearsay_core::{ClaimId, SourceId, SourceKind};
use hearsay_reading::index::ClaimIndex;
use hearsay_reading::{Awaited, Item, NamedSource, Names, OpenClaim, bearings, read};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use super::bootstrap::{self, Interval};
use super::{Options, Scored};
use crate::callers::float;

const TASK: &str = "speed";

/// How many words the language has.
const WORDS: usize = 30_000;

/// How many words an article has: a long agency report.
const LENGTH: usize = 600;

/// How many items are timed together.
const TURN: usize = 100;

/// Scores it.
pub(crate) fn score(_data: &Path, options: &Options) -> Result<Vec<Scored>> {
    let (claims, items) = if options.quick { (500, 1_000) } else { (10_000, 100_000) };
    let mut world = World::new(options.seed);
    let names = world.names();
    let mut index = ClaimIndex::new();
    let open: Vec<OpenClaim> = (0..claims).map(|number| world.claim(number)).collect();
    for claim in &open {
        index.add(claim, &names);
    }
    let by_id: HashMap<ClaimId, &OpenClaim> = open.iter().map(|claim| (claim.id, claim)).collect();
    let (mut rates, mut found, mut borne, mut settled) = (Vec::new(), 0, 0_usize, None);
    for turn in 0..items / TURN {
        let batch: Vec<(usize, Item)> = (0..TURN).map(|_| world.item(&open)).collect();
        let began = on_core()?;
        for (about, item) in &batch {
            let candidates = index.candidates(item, &names, 10);
            found += usize::from(candidates.iter().any(|candidate| candidate.claim == open[*about].id));
            let reading = read(item, &names);
            for candidate in &candidates {
                let claim =
                    by_id.get(&candidate.claim).context("the index gives a claim that it was not given")?;
                borne += bearings(&reading, item, claim, &names).len();
            }
        }
        rates.push(float(TURN) / on_core()?.saturating_sub(began).as_secs_f64());
        if turn + 1 == items / TURN / 10 {
            settled = resident();
        }
    }
    let timed = rates.len() * TURN;
    let mean = rates.iter().sum::<f64>() / float(rates.len());
    let share = float(found) / float(timed);
    let exact = |value: f64| Interval { low: value, high: value };
    let mut scored = vec![
        Scored::new(TASK, "items a second, read and matched", mean, bootstrap::mean(&rates, options), timed)
            .goal(200.0),
        Scored::new(TASK, "the item's claim among its candidates", share, exact(share), timed),
        Scored::new(
            TASK,
            "bearings an item",
            float(borne) / float(timed),
            exact(float(borne) / float(timed)),
            timed,
        ),
    ];
    if let (Some(early), Some(late)) = (settled, resident()) {
        let flat = float(early) / float(late);
        scored.push(Scored::new(TASK, "memory after a tenth / at the end", flat, exact(flat), timed).goal(0.95));
    }
    Ok(scored)
}

/// How long this thread has been on a core: others on the machine take nothing away from the figure.
fn on_core() -> Result<Duration> {
    let told =
        std::fs::read_to_string("/proc/thread-self/schedstat").context("only Linux tells the time on a core")?;
    let nanos = told.split_whitespace().next().and_then(|nanos| nanos.parse().ok());
    nanos.map(Duration::from_nanos).context("the kernel does not tell the time on a core")
}

/// Kilobytes that this process holds; none where the kernel doesn't say.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().trim_end_matches(" kB").parse().ok()
}

/// What claims and items are made of.
struct World {
    random: StdRng,
    words: Vec<String>,
    people: usize,
}

impl World {
    fn new(seed: u64) -> Self {
        const SYLLABLES: [&str; 16] =
            ["ba", "re", "ti", "no", "lu", "ka", "se", "mi", "do", "vu", "pra", "ste", "gri", "flo", "chu", "zan"];
        let mut words: Vec<String> = Vec::with_capacity(WORDS);
        for number in 0..WORDS {
            let parts = [number % 16, number / 16 % 16, number / 256 % 16, number / 4_096 % 16];
            words.push(parts.iter().map(|part| SYLLABLES[*part]).collect());
        }
        Self { random: StdRng::seed_from_u64(seed), words, people: 2_000 }
    }

    /// A word, by Zipf's law.
    fn word(&mut self) -> &str {
        let at: f64 = self.random.random_range(0.0..1.0);
        let rank = float(WORDS).powf(at);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank lies between 1 and 30,000"
        )]
        let rank = rank as usize;
        &self.words[rank.min(WORDS - 1)]
    }

    fn sentence(&mut self, length: usize) -> String {
        let mut sentence = String::new();
        for place in 0..length {
            let end = if place + 1 == length { ". " } else { " " };
            sentence.push_str(self.word());
            sentence.push_str(end);
        }
        sentence
    }

    fn person(&mut self) -> usize {
        self.random.random_range(0..self.people)
    }

    fn name(&self, person: usize) -> String {
        format!("{} {}", capital(&self.words[WORDS / 2 + person]), capital(&self.words[WORDS - 1 - person]))
    }

    fn names(&self) -> Names {
        Names::new((0..self.people).map(|person| NamedSource {
            id: source(person),
            name: self.name(person),
            aliases: Vec::new(),
            kind: SourceKind::Person,
            speaks_for: (person % 3 == 1).then(|| source(person - 1)),
            part_of: None,
        }))
    }

    fn claim(&mut self, number: usize) -> OpenClaim {
        let party = self.person();
        let since = start();
        let waits = Awaited { party: source(party), since, until: since + SignedDuration::from_hours(24) };
        OpenClaim {
            id: ClaimId(Uuid::from_u128(0xC_0000 + number as u128)),
            text: format!("{} {}", self.name(party), self.sentence(14)),
            language: None,
            topic: Some(self.sentence(3)),
            notes: vec![self.sentence(20)],
            parties: vec![source(party)],
            sources: vec![source(self.person())],
            reported_at: Some(since),
            waits_for: number.is_multiple_of(4).then_some(waits).into_iter().collect(),
        }
    }

    /// An article about one of the claims: half of the claim's sentence is in it, among words of its own.
    fn item(&mut self, open: &[OpenClaim]) -> (usize, Item) {
        let about = self.random.random_range(0..open.len());
        let theirs: Vec<String> = open[about].text.split(' ').take(9).map(str::to_owned).collect();
        let mut text = format!("{}{}. ", self.sentence(20), theirs.join(" "));
        for _ in 0..LENGTH / 20 {
            let person = self.person();
            let said = self.sentence(18);
            text.push_str(&self.name(person));
            text.push_str(" said ");
            text.push_str(&said);
        }
        let published = Some(start() + SignedDuration::from_hours(self.random.random_range(0..48)));
        (about, Item { title: self.sentence(9), text, published, ..Item::default() })
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn source(person: usize) -> SourceId {
    SourceId(Uuid::from_u128(0x5_0000 + person as u128))
}

fn start() -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 20_000)
}
