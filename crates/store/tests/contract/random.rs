//! Random commands of every kind, many of them refused: where batches end, which store takes a command, and what is in
//! memory change nothing in any table, but for fresh ids and what is hashed with them: a batch may be decided twice.

use std::collections::HashMap;
use std::time::Duration;

use hearsay_core::CommandId;
use hearsay_store::{Remember, Store, Submission, tables};
use uuid::Uuid;

use crate::desk::{Desk, Dice, Dump, assert_same, counted_at_rest, dump_all, ending, raw, submission_with};

const COMMANDS: usize = 2_000;
const SOURCES: usize = 14;
const CLAIMS: usize = 10;

/// Writes lines that may fit the docket or not.
struct Scribbler {
    dice: Dice,
    pieces: usize,
}

impl Scribbler {
    fn source(&mut self) -> String {
        let number = self.dice.roll(SOURCES);
        match self.dice.roll(12) {
            0 => format!("Source {number}"),
            1 => format!("  sOURCE   {number}"),
            2 => format!("alias {number}"),
            3 => "nobody".to_owned(),
            _ => format!("s{number}"),
        }
    }

    fn claim(&mut self) -> String {
        let number = self.dice.roll(CLAIMS);
        match self.dice.roll(6) {
            0 => format!("C-{}", number + 1),
            1 => format!("c-{}", number + 1),
            _ => format!("c{number}"),
        }
    }

    fn remember(&mut self) -> Remember {
        [Remember::No, Remember::No, Remember::Yes, Remember::Yes, Remember::Retry][self.dice.roll(5)]
    }

    fn piece(&mut self) -> String {
        format!("e{}", self.dice.roll(self.pieces + 2))
    }

    fn time(&mut self) -> String {
        format!("2025-04-{:02}T{:02}:00:00Z", 10 + self.dice.roll(12), self.dice.roll(24))
    }

    fn evidence(&mut self, stance: &str) -> String {
        self.pieces += 1;
        let number = self.pieces;
        let (source, relayed, said_at) = (self.source(), self.source(), self.time());
        let ground = match self.dice.roll(8) {
            0 => r#""footing":"own","#.to_owned(),
            1 => r#""footing":"document","#.to_owned(),
            2 => r#""footing":"named_sources","count":2,"#.to_owned(),
            3 => r#""footing":"unnamed_sources","#.to_owned(),
            4 => format!(r#""footing":"relays","relays":"{relayed}","#),
            5 => format!(r#""footing":"relays","relays":"{}","#, self.piece()),
            6 => r#""footing":"unknown","#.to_owned(),
            _ => String::new(),
        };
        let via = if self.dice.roll(4) == 0 { format!(r#""via":"{}","#, self.source()) } else { String::new() };
        let handle = if self.dice.roll(3) > 0 { format!(r#""ref":"e{number}","#) } else { String::new() };
        format!(
            r#"{{{handle}"source":"{source}",{via}"stance":"{stance}",{ground}"quote":"words {number}","said_at":"{said_at}"}}"#
        )
    }

    fn stance(&mut self) -> &'static str {
        self.dice.pick(&["affirms", "affirms", "denies", "neutral"])
    }

    fn state(&mut self) -> &'static str {
        self.dice.pick(&["reported", "corroborated", "denied", "disputed", "disputed", "retracted"])
    }

    fn line(&mut self) -> String {
        let who = self.dice.pick(&["", "", "ben ", "cleo "]);
        let version = if self.dice.roll(25) == 0 { r#","version":3"# } else { "" };
        let line = match self.dice.roll(10) {
            0 | 1 => self.on_sources(),
            2..=5 => self.on_evidence(version),
            6 | 7 => self.on_care(version),
            _ => self.on_state(version),
        };
        format!("{who}{line}")
    }

    fn on_sources(&mut self) -> String {
        let number = self.dice.roll(SOURCES);
        let (source, other, at) = (self.source(), self.source(), self.time());
        match self.dice.roll(8) {
            0..=2 => {
                let kind = self.dice.pick(&["outlet", "agency", "institution", "person", "unnamed", "document"]);
                let reliability = self.dice.pick(&["A", "B", "C", "D", "E", "F"]);
                format!(
                    r#"{{"do":"add_source","ref":"s{number}","name":"Source {number}","kind":"{kind}","reliability":"{reliability}"}}"#
                )
            }
            3 => format!(r#"{{"do":"alias_source","source":"{source}","alias":"Alias {number}"}}"#),
            4 => {
                let reliability = self.dice.pick(&["A", "B", "C", "D", "E", "F"]);
                format!(r#"{{"do":"rate_source","source":"{source}","reliability":"{reliability}"}}"#)
            }
            5 => {
                let relation = self.dice.pick(&["speaks_for", "part_of"]);
                let end = self.dice.pick(&["since", "until"]);
                format!(r#"{{"do":"relate_source","source":"{source}","{relation}":"{other}","{end}":"{at}"}}"#)
            }
            6 if self.dice.roll(4) == 0 => {
                format!(r#"{{"do":"merge_sources","source":"{source}","into":"{other}"}}"#)
            }
            6 => format!(r#"{{"do":"relate_source","source":"{source}","speaks_for":null,"part_of":"{other}"}}"#),
            _ => {
                let (name, origins) = (self.dice.pick(&["default", "strict"]), 1 + self.dice.roll(3));
                let eyes = self.dice.pick(&["[]", r#"["ruling","override"]"#]);
                format!(r#"{{"do":"set_policy","name":"{name}","origins":{origins},"four_eyes":{eyes}}}"#)
            }
        }
    }

    fn on_evidence(&mut self, version: &str) -> String {
        let (claim, source, piece, other) = (self.claim(), self.source(), self.piece(), self.piece());
        let interest = self.dice.pick(&["against", "neutral", "in_favour"]);
        match self.dice.roll(12) {
            0 | 1 => {
                let number = self.dice.roll(CLAIMS);
                let policy = self.dice.pick(&["default", "default", "strict"]);
                let evidence = self.evidence("affirms");
                format!(
                    r#"{{"do":"report_claim","ref":"c{number}","text":"Sentence {number}","kind":"event","policy":"{policy}","tags":["t{number}"],"parties":[{{"source":"{source}","interest":"{interest}"}}],"evidence":{evidence}}}"#
                )
            }
            2 => format!(r#"{{"do":"withdraw_evidence","evidence":"{piece}"{version}}}"#),
            3 => format!(r#"{{"do":"strike_evidence","evidence":"{piece}","reason":"wrong"{version}}}"#),
            4 => format!(
                r#"{{"do":"link_origins","claim":"{claim}","evidence":["{piece}","{other}"],"reason":"one"}}"#
            ),
            5 => format!(
                r#"{{"do":"set_party","claim":"{claim}","source":"{source}","interest":"{interest}","reason":"so"{version}}}"#
            ),
            _ => {
                let stance = self.stance();
                let evidence = self.evidence(stance);
                format!(r#"{{"do":"record_follow_up","claim":"{claim}","evidence":{evidence}{version}}}"#)
            }
        }
    }

    fn on_care(&mut self, version: &str) -> String {
        let (claim, other, source, at) = (self.claim(), self.claim(), self.source(), self.time());
        let number = self.dice.roll(4);
        match self.dice.roll(12) {
            0 => format!(r#"{{"do":"note","claim":"{claim}","text":"note {number} żółć"{version}}}"#),
            1 => format!(r#"{{"do":"tag","claim":"{claim}","tag":"tag {number}"}}"#),
            2 => format!(r#"{{"do":"untag","claim":"{claim}","tag":"tag {number}"}}"#),
            3 => format!(r#"{{"do":"assign","claim":"{claim}","to":"person {number}"{version}}}"#),
            4 => format!(r#"{{"do":"set_priority","claim":"{claim}","priority":"high"}}"#),
            5 => format!(r#"{{"do":"set_review","claim":"{claim}","until":"{at}"}}"#),
            6 => format!(r#"{{"do":"mark_overdue","claim":"{claim}"}}"#),
            7 => format!(r#"{{"do":"link_claims","claim":"{claim}","contradicts":"{other}"}}"#),
            8 => format!(r#"{{"do":"link_claims","claim":"{claim}","follows_from":"{other}"}}"#),
            9 => format!(r#"{{"do":"request_answer","claim":"{claim}","of":"{source}","until":"{at}"}}"#),
            10 => format!(r#"{{"do":"record_silence","claim":"{claim}","of":"{source}"}}"#),
            _ => format!(r#"{{"do":"record_standing","claim":"{claim}"}}"#),
        }
    }

    fn on_state(&mut self, version: &str) -> String {
        let (claim, other, to) = (self.claim(), self.claim(), self.state());
        let rating = self.dice.pick(&["True", "False", "Perhaps"]);
        match self.dice.roll(14) {
            0..=4 => format!(r#"{{"do":"advance","claim":"{claim}","to":"{to}"{version}}}"#),
            5 => format!(r#"{{"do":"override","claim":"{claim}","to":"{to}","reason":"because"}}"#),
            6 => {
                format!(r#"{{"do":"propose_ruling","claim":"{claim}","rating":"{rating}","summary":"so it is"}}"#)
            }
            7 => format!(r#"{{"do":"approve","claim":"{claim}"}}"#),
            8 => format!(r#"{{"do":"decline","claim":"{claim}","reason":"no"}}"#),
            9 => format!(
                r#"{{"do":"correct_ruling","claim":"{claim}","rating":"{rating}","summary":"or so","reason":"new"}}"#
            ),
            10 => format!(r#"{{"do":"close","claim":"{claim}","as":"unresolved","reason":"enough"}}"#),
            11 => format!(r#"{{"do":"close","claim":"{claim}","as":"retracted"}}"#),
            12 => format!(r#"{{"do":"reopen","claim":"{claim}","reason":"again"{version}}}"#),
            _ if self.dice.roll(3) == 0 => {
                format!(r#"{{"do":"merge","claim":"{claim}","into":"{other}","reason":"same"}}"#)
            }
            _ => format!(r#"{{"do":"advance","claim":"{claim}","to":"{to}"}}"#),
        }
    }
}

/// Commands with ids of their own; now and then one of before comes again, remembered or not.
pub(crate) fn commands(seed: u64) -> Vec<Submission> {
    let mut scribbler = Scribbler { dice: Dice(seed), pieces: 0 };
    let mut all: Vec<Submission> = Vec::with_capacity(COMMANDS);
    for number in 0..COMMANDS {
        if number > 10 && scribbler.dice.roll(20) == 0 {
            let back = if scribbler.dice.roll(3) == 0 { number } else { number.min(120) };
            let earlier = all[number - 1 - scribbler.dice.roll(back)].clone();
            all.push(Submission { remember: scribbler.remember(), ..earlier });
            continue;
        }
        let id = CommandId(Uuid::from_u128((1 << 100) + number as u128));
        let remember = scribbler.remember();
        all.push(submission_with(id, remember, &scribbler.line()));
    }
    all
}

/// Gives commands to the store, some while those before them are decided or written; how each ended.
async fn give(store: &Store, commands: &[Submission]) -> Vec<String> {
    let mut pending = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        pending.push(store.enqueue(command.clone()).await.unwrap());
        if index % 7 == 6 {
            tokio::task::yield_now().await;
        }
    }
    let mut endings = Vec::new();
    for pending in pending {
        endings.push(ending(&pending.receipt().await));
    }
    endings
}

/// Every table of a desk, and how its commands ended, with its ids renamed.
async fn everything(desk: &Desk, endings: &[String]) -> (Dump, Vec<String>) {
    let mut all: Vec<&'static str> = [tables::RECORD, tables::DERIVED, tables::OPERATIONAL].concat();
    all.retain(|table| *table != "secrets");
    let dump = dump_all(&desk.path, &all).await;
    let numbers = numbers(&dump);
    let renamed = |rows: Vec<String>| rows.iter().map(|row| renamed(row, &numbers)).collect();
    let endings = renamed(endings.to_vec());
    (dump.into_iter().map(|(table, rows)| (table, renamed(rows))).collect(), endings)
}

/// As every counted id begins, written with and without hyphens.
const ID_BEGINS: [&str; 2] = ["01960000-0000-7000-8000-", "01960000000070008000"];

/// The ids by the rest of their digits, numbered in the order in which the log first names them.
fn numbers(dump: &Dump) -> HashMap<String, usize> {
    let mut numbers = HashMap::new();
    for row in &dump["events"] {
        for rest in row.split(ID_BEGINS[0]).skip(1) {
            let next = numbers.len();
            numbers.entry(rest[..12].to_owned()).or_insert(next);
        }
    }
    numbers
}

/// The row with its ids numbered, without salts and hashes.
fn renamed(row: &str, numbers: &HashMap<String, usize>) -> String {
    let mut row = row.to_owned();
    for begins in ID_BEGINS {
        let mut parts = row.split(begins);
        let mut out = parts.next().unwrap().to_owned();
        for rest in parts {
            let (id, after) = rest.split_at(12);
            out.extend(["id ", &numbers[&id.to_lowercase()].to_string(), after]);
        }
        row = out;
    }
    without_hashes(&row)
}

/// The row without hexadecimal numbers of 64 digits (hashes), and without blobs of 32 that begin with zeros (counted salts).
fn without_hashes(row: &str) -> String {
    let is_hash = |part: &str| part.len() == 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_salt = |part: &str| part.len() == 32 && part.starts_with("0000000000000000");
    let kept = row.split(['"', '\'']).map(|part| if is_hash(part) || is_salt(part) { "#" } else { part });
    kept.collect::<Vec<_>>().join("'")
}

async fn one_by_one(commands: &[Submission]) -> (Desk, Vec<String>) {
    let desk = Desk::with(counted_at_rest()).await;
    let mut endings = Vec::new();
    for command in commands {
        endings.extend(give(&desk.store, std::slice::from_ref(command)).await);
    }
    (desk, endings)
}

async fn in_batches(commands: &[Submission], dice: &mut Dice) -> (Desk, Vec<String>) {
    let desk = Desk::with(counted_at_rest()).await;
    let endings = batches(&desk, commands, dice).await;
    (desk, endings)
}

async fn batches(desk: &Desk, commands: &[Submission], dice: &mut Dice) -> Vec<String> {
    let (mut endings, mut rest) = (Vec::new(), commands);
    while !rest.is_empty() {
        let (batch, after) = rest.split_at((1 + dice.roll(90)).min(rest.len()));
        endings.extend(give(&desk.store, batch).await);
        rest = after;
    }
    endings
}

/// As [`in_batches`], while another process writes something of its own again and again.
async fn disturbed(commands: &[Submission], dice: &mut Dice) -> (Desk, Vec<String>) {
    let desk = Desk::with(counted_at_rest()).await;
    let mut other = raw(&desk.path).await;
    let disturbing = tokio::spawn(async move {
        for turn in 0.. {
            sqlx::query("UPDATE secrets SET body = body").execute(&mut other).await.unwrap();
            tokio::time::sleep(Duration::from_micros(turn * 997 % 8_000)).await;
        }
    });
    let endings = batches(&desk, commands, dice).await;
    disturbing.abort();
    (desk, endings)
}

/// Two stores on one file take turns, and are opened anew now and then.
async fn by_turns(commands: &[Submission], dice: &mut Dice) -> (Desk, Vec<String>) {
    let mut desk = Desk::with(counted_at_rest()).await;
    let mut other = desk.again().await.unwrap();
    let (mut endings, mut rest) = (Vec::new(), commands);
    while !rest.is_empty() {
        let (batch, after) = rest.split_at((1 + dice.roll(9)).min(rest.len()));
        let store = if dice.roll(2) == 0 { &desk.store } else { &other };
        endings.extend(give(store, batch).await);
        rest = after;
        if dice.roll(12) == 0 {
            desk = desk.reopened().await;
            other.close().await;
            other = desk.again().await.unwrap();
        }
    }
    other.close().await;
    (desk, endings)
}

fn assert_alike(commands: &[Submission], left: &[String], right: &[String]) {
    for (index, command) in commands.iter().enumerate() {
        assert_eq!(left[index], right[index], "command {index}: {:?}", command.addressed);
    }
}

#[tokio::test]
async fn where_batches_end_and_which_store_takes_a_command_changes_nothing() {
    let seeds =
        std::env::var("HEARSAY_SOAK").map_or(2_u64, |soak| soak.parse().expect("`HEARSAY_SOAK` is a number"));
    for seed in 0..seeds.min(200) {
        let commands = commands(seed);
        let (single, endings) = one_by_one(&commands).await;
        let recorded = endings.iter().filter(|ending| *ending == "recorded").count();
        assert!(recorded > COMMANDS / 5 && recorded < COMMANDS * 9 / 10, "{recorded} recorded: no fair mixture");
        let (reference, endings) = everything(&single, &endings).await;
        let (batched, batched_endings) = in_batches(&commands, &mut Dice(seed)).await;
        let (turned, turned_endings) = by_turns(&commands, &mut Dice(seed)).await;
        let (disturbed, disturbed_endings) = disturbed(&commands, &mut Dice(seed)).await;
        let others = [(&batched, batched_endings), (&turned, turned_endings), (&disturbed, disturbed_endings)];
        for (desk, other) in others {
            let (tables, other) = everything(desk, &other).await;
            assert_alike(&commands, &endings, &other);
            assert_same(&reference, &tables);
        }
        for desk in [single, batched, turned, disturbed] {
            desk.assert_sound().await;
        }
    }
}
