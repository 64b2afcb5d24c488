//! A claim on a small docket, with whatever evidence a test needs: everything goes through the rules.

use std::fmt::Write;

use hearsay_core::{
    Actor, Attribution, Clock, CommandId, Docket, Explanation, Policy, Reference, Role, Stamp, Text, attribution,
    decide, explain, parse_line,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

/// When the claim is reported; what is said is said so many minutes after.
const BEGINS: &str = "2025-04-22T16:00:00Z";

pub(crate) struct Desk {
    docket: Docket,
    drawn: u128,
    next_seq: u64,
    pub(crate) script: String,
}

/// When something was said.
pub(crate) fn at(minutes: i64) -> String {
    let begins: Timestamp = BEGINS.parse().unwrap();
    (begins + SignedDuration::from_mins(minutes)).to_string()
}

impl Desk {
    /// With the Kremlin, who may be asked, and those sources, all rated.
    pub(crate) fn new(sources: &[&str]) -> Self {
        let mut desk = Self { docket: Docket::default(), drawn: 1 << 100, next_seq: 1, script: String::new() };
        desk.play(&json!({"do": "add_source", "ref": "kremlin", "name": "Kremlin", "kind": "institution"}));
        desk.play(&json!({"do": "add_source", "ref": "peskov", "name": "Dmitry Peskov", "kind": "person", "speaks_for": "kremlin"}));
        for (number, name) in sources.iter().enumerate() {
            let handle = format!("s{number}");
            desk.play(
                &json!({"do": "add_source", "ref": handle, "name": name, "kind": "outlet", "reliability": "B"}),
            );
        }
        desk
    }

    /// Opens the claim: the first source on the word of three unnamed people, as `e0`.
    pub(crate) fn report(&mut self) -> &mut Self {
        self.play(&json!({"do": "report_claim", "ref": "c", "text": "An offer was made.", "kind": "intention",
            "parties": [{"source": "kremlin", "interest": "against"}],
            "evidence": {"ref": "e0", "source": "s0", "stance": "affirms", "footing": "unnamed_sources", "count": 3,
                "said_at": at(0)}}))
    }

    /// One more piece on the claim: `more` goes over what a relay of `relays` has.
    pub(crate) fn says(&mut self, handle: &str, source: &str, minutes: i64, more: &Value) -> &mut Self {
        let mut evidence = json!({"ref": handle, "source": source, "stance": "affirms", "said_at": at(minutes)});
        for (key, value) in more.as_object().unwrap() {
            evidence[key] = value.clone();
        }
        self.play(&json!({"do": "record_follow_up", "claim": "c", "evidence": evidence}))
    }

    pub(crate) fn relays(&mut self, handle: &str, source: &str, minutes: i64, whom: &str) -> &mut Self {
        self.says(handle, source, minutes, &json!({"footing": "relays", "relays": whom}))
    }

    /// A line of the interchange file.
    pub(crate) fn play(&mut self, line: &Value) -> &mut Self {
        writeln!(self.script, "{line}").unwrap();
        let addressed = parse_line(&line.to_string()).unwrap_or_else(|error| unreachable!("{error}: {line}"));
        let drawn = &mut self.drawn;
        let mut fresh = || {
            *drawn += 1;
            Uuid::from_u128(*drawn)
        };
        let mut stamp = Stamp {
            now: at(100_000).parse().unwrap(),
            clock: Clock::Story,
            actor: Actor { name: Text::from("eva"), role: Role::Admin },
            command: CommandId(fresh()),
            next_seq: self.next_seq,
            fresh: &mut fresh,
        };
        let decision = decide(&self.docket, &addressed, &mut stamp)
            .unwrap_or_else(|refusal| unreachable!("{refusal}: {line}"));
        self.next_seq = stamp.next_seq;
        decision.events.iter().for_each(|event| self.docket.apply(event));
        self
    }

    pub(crate) fn read(&self) -> (Explanation, Attribution) {
        let claim = self.docket.claim(&Reference::from("c")).unwrap();
        let policy: &Policy = self.docket.policies.of(claim);
        (explain(claim, &self.docket.registry, policy), attribution(claim, &self.docket.registry, policy))
    }
}
