//! A desk to test at: a docket, a clock that is moved by hand, people with roles, and the log of what was decided.
//! Invariant: its docket is changed by applying events only, and a refusal leaves even the next position as it was.

use hearsay_core::{
    APPROVED_AS, Actor, Addressed, CORRECTED_AS, Claim, ClaimId, Clock, Command, CommandId, Decision, Docket,
    Event, Fact, Kept, KeptTexts, LeadNumber, RECORDED_AS, Reference, Refusal, Role, Stamp, Text, TextCopy,
    decide, parse_line,
};
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Who works here; a script line may begin with the name: `ana: {…}`. Whoever isn't named is `eva`.
pub(crate) const PEOPLE: [(&str, Role); 7] = [
    ("eva", Role::Editor),
    ("ben", Role::Editor),
    ("ana", Role::Checker),
    ("ada", Role::Admin),
    ("max", Role::Auditor),
    ("bot", Role::Worker),
    // Eva, it seems: two of the letters are Cyrillic.
    ("еvа", Role::Editor),
];

/// Sources and claims that most tests need. `offer` has one origin; Peskov's word is the Kremlin's.
pub(crate) const REGISTER: &str = r#"
{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet","aliases":["FT"],"reliability":"B"}
{"do":"add_source","ref":"reuters","name":"Reuters","kind":"agency","reliability":"A"}
{"do":"add_source","ref":"kremlin","name":"Kremlin","kind":"institution"}
{"do":"add_source","ref":"peskov","name":"Dmitry Peskov","kind":"person","speaks_for":"kremlin"}
{"do":"add_source","ref":"insiders","name":"People briefed on the talks","kind":"unnamed"}
{"do":"report_claim","ref":"offer","text":"Russia offered to stop at the front line.","kind":"intention","parties":[{"source":"kremlin","interest":"against"}],"evidence":{"ref":"e1","source":"ft","stance":"affirms","footing":"unnamed_sources","count":3,"said_at":"2025-04-22T16:00:00Z"}}
{"do":"report_claim","ref":"truce","text":"Both sides broke the truce.","kind":"event","evidence":{"ref":"t1","source":"reuters","stance":"affirms","footing":"own","said_at":"2025-04-21T16:00:00Z"}}
{"do":"report_claim","ref":"bait","text":"The offer is bait.","kind":"not_checkable","evidence":{"ref":"b1","source":"ft","stance":"affirms","footing":"named_sources","said_at":"2025-04-22T16:00:00Z"}}
"#;

#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) docket: Docket,
    pub(crate) now: Timestamp,
    pub(crate) log: Vec<Event>,
    drawn: u128,
}

impl Desk {
    pub(crate) fn empty() -> Self {
        let now = "2025-04-22T18:00:00Z".parse().unwrap();
        Self { docket: Docket::default(), now, log: Vec::new(), drawn: 0x0190_0000_0000_7000_8000_0000_0000_0000 }
    }

    /// A desk with [`REGISTER`] on it.
    pub(crate) fn new() -> Self {
        let mut desk = Self::empty();
        desk.play(REGISTER);
        desk
    }

    /// Plays a script of which nothing may be refused. `+3h` moves the clock.
    pub(crate) fn play(&mut self, script: &str) -> &mut Self {
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line.strip_prefix('+').and_then(|span| span.strip_suffix('h')) {
                Some(hours) => self.now += SignedDuration::from_hours(hours.parse().unwrap()),
                None => {
                    if let Err(refusal) = self.say(line) {
                        panic!("refused: {refusal}\n{line}");
                    }
                }
            }
        }
        self
    }

    /// One line, by whoever is named before it; what is decided is applied.
    pub(crate) fn say(&mut self, line: &str) -> Result<Decision, Refusal> {
        let (name, line) = match line.split_once(": ") {
            Some((name, rest)) if !name.contains('{') => (name, rest),
            _ => ("eva", line),
        };
        let addressed = parse_line(line).unwrap_or_else(|error| panic!("{}: {error}\n{line}", error.field));
        self.give(name, &addressed)
    }

    pub(crate) fn give(&mut self, name: &str, addressed: &Addressed) -> Result<Decision, Refusal> {
        let role = PEOPLE.iter().find(|(known, _)| *known == name).expect("works at this desk").1;
        let next_seq = self.log.len() as u64 + 1;
        let drawn = &mut self.drawn;
        let mut fresh = || {
            *drawn += 1;
            Uuid::from_u128(*drawn)
        };
        let command = CommandId(fresh());
        let mut stamp = Stamp {
            now: self.now,
            clock: Clock::Story,
            actor: Actor { name: Text::from(name), role },
            command,
            next_seq,
            fresh: &mut fresh,
        };
        let erases = matches!(addressed.command, Command::Erase(_) | Command::Approve(_));
        self.docket.texts = if erases { texts_of(&self.log, &self.docket) } else { BTreeMap::new() };
        let decided = decide(&self.docket, addressed, &mut stamp);
        self.docket.texts.clear();
        let taken = decided.as_ref().map_or(0, |decision| decision.events.len() as u64);
        assert_eq!(stamp.next_seq, next_seq + taken, "a position was taken for nothing");
        for event in decided.iter().flat_map(|decision| &decision.events) {
            self.docket.apply(event);
            self.log.push(event.clone());
        }
        decided
    }

    /// The claim itself, not what it was merged into.
    pub(crate) fn claim(&self, reference: &str) -> &Claim {
        self.docket.claim(&Reference::from(reference)).expect("a claim of that name")
    }
}

/// Position and field of every text that was erased.
pub(crate) fn erased(log: &[Event]) -> BTreeSet<(u64, String)> {
    let mut erased = BTreeSet::new();
    for event in log {
        if let Fact::TextErased { texts, .. } = &event.fact {
            let fields =
                texts.iter().flat_map(|texts| texts.fields.iter().map(|field| (texts.event, field.clone())));
            erased.extend(fields);
        }
    }
    erased
}

/// The words of an event's text.
pub(crate) fn words(event: &Event, field: &str) -> Option<String> {
    let value = serde_json::to_value(event).unwrap();
    let root = if field == "actor.name" { &value } else { &value["fact"]["data"] };
    let path = format!("/{}/$text", field.replace('.', "/"));
    root.pointer(&path)?.as_str().map(str::to_owned)
}

/// The texts of every event, as a store tells them of those that a command names.
pub(crate) fn texts_of(log: &[Event], docket: &Docket) -> BTreeMap<u64, KeptTexts> {
    let gone = erased(log);
    let there = |event: &Event, field: &str| {
        if gone.contains(&(event.seq, field.to_owned())) { None } else { words(event, field) }
    };
    let mut all: BTreeMap<u64, KeptTexts> = log.iter().map(|event| (event.seq, KeptTexts::of(event))).collect();
    for event in log {
        let kept = all.get_mut(&event.seq).unwrap();
        for (field, state) in &mut kept.fields {
            if gone.contains(&(event.seq, field.clone())) {
                *state = Kept::Erased;
            }
            let Some(mine) = there(event, field) else { continue };
            for other in log {
                let same = |name: &str| there(other, name).as_ref() == Some(&mine);
                let tied = proposal_of(event).is_some_and(|id| proposal_of(other) == Some(id));
                let approved = APPROVED_AS.iter().filter(|_| tied);
                let corrected = [CORRECTED_AS];
                let corrected = corrected
                    .iter()
                    .filter(|_| root(docket, event).is_some() && root(docket, event) == root(docket, other));
                if there(event, field).is_some()
                    && RECORDED_AS.contains(&field.as_str())
                    && event.seq != other.seq
                    && lead_of(event).is_some_and(|lead| lead_of(other) == Some(lead))
                    && there(other, field).is_some()
                {
                    kept.copies.push(TextCopy { field: field.clone(), event: other.seq, as_field: field.clone() });
                }
                let pairs = approved.chain(corrected).flat_map(|(one, two)| [(*one, *two), (*two, *one)]);
                let copies = pairs.filter(|(from, to)| from == field && same(to));
                kept.copies.extend(copies.map(|(_, to)| TextCopy {
                    field: field.clone(),
                    event: other.seq,
                    as_field: to.to_owned(),
                }));
            }
        }
    }
    all
}

/// The proposal that an event made, or that it carries out.
fn proposal_of(event: &Event) -> Option<String> {
    let value = serde_json::to_value(&event.fact).unwrap();
    let paths = ["/data/proposal", "/data/proposal/id", "/data/erasure/id"];
    paths.iter().find_map(|path| value.pointer(path)?.as_str().map(str::to_owned))
}

/// The lead that an event laid, or recorded as evidence.
fn lead_of(event: &Event) -> Option<LeadNumber> {
    if let Fact::LeadLaid { lead, .. } = &event.fact {
        return Some(*lead);
    }
    if let Fact::FollowUpRecorded { lead, .. } = &event.fact {
        return lead.as_ref().map(|from| from.lead);
    }
    None
}

/// The claim that an event is about, or what that was merged into.
fn root(docket: &Docket, event: &Event) -> Option<ClaimId> {
    event.claim.and_then(|id| docket.claims.get(&id)).map(|claim| docket.leads_to(claim).id)
}
