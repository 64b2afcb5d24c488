//! The commands that are tried in every state, and the lines that bring a claim there.

use jiff::Timestamp;

use super::{Row, Who};
use crate::{Standing, State};

/// When the dockets are set up: 22 April 2025, 18:00 UTC.
pub(super) const EVENING: Timestamp = Timestamp::constant(1_745_344_800, 0);
/// When the command is given: every deadline is past.
pub(super) const A_WEEK_LATER: Timestamp = Timestamp::constant(1_745_344_800 + 7 * 86_400, 0);

pub(super) const REGISTER: &[&str] = &[
    r#"{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet","reliability":"B"}"#,
    r#"{"do":"add_source","ref":"reuters","name":"Reuters","kind":"agency","reliability":"A"}"#,
    r#"{"do":"add_source","ref":"afp","name":"AFP","kind":"agency","reliability":"A"}"#,
    r#"{"do":"add_source","ref":"kremlin","name":"Kremlin","kind":"institution"}"#,
    r#"{"do":"add_source","ref":"us","name":"United States","kind":"institution"}"#,
];

/// The line that reports C-1; `KIND` stands for its kind.
pub(super) const REPORT: &str = r#"{"do":"report_claim","text":"Russia offered to stop at the front line.","kind":"KIND","tags":["talks"],"parties":[{"source":"kremlin","interest":"against"}],"evidence":{"ref":"e1","source":"ft","stance":"affirms","footing":"unnamed_sources","said_at":"2025-04-22T16:00:00Z"}}"#;
pub(super) const OTHER_REPORT: &str = r#"{"do":"report_claim","text":"A truce was broken.","kind":"event","evidence":{"ref":"t1","source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-21T16:00:00Z"}}"#;

const AFFIRMED: [&str; 2] = [
    r#"{"do":"record_follow_up","claim":"C-1","evidence":{"ref":"r1","source":"reuters","stance":"affirms","footing":"named_sources","said_at":"2025-04-22T17:00:00Z"}}"#,
    r#"{"do":"record_follow_up","claim":"C-1","evidence":{"ref":"a1","source":"afp","stance":"affirms","footing":"unnamed_sources","said_at":"2025-04-22T17:00:00Z"}}"#,
];
const DENIED: &str = r#"{"do":"record_follow_up","claim":"C-1","evidence":{"ref":"k1","source":"kremlin","stance":"denies","said_at":"2025-04-22T17:30:00Z"}}"#;

/// Follow-ups that make C-1 so, whatever becomes of the report it opened with.
pub(super) fn evidence_for(standing: Standing) -> &'static [&'static str] {
    match standing {
        Standing::Reported => &[],
        Standing::Corroborated => &AFFIRMED,
        Standing::Denied => &[DENIED],
        Standing::Disputed => &[AFFIRMED[0], AFFIRMED[1], DENIED],
    }
}

/// What closes C-1 as that state.
pub(super) fn closing(state: State) -> &'static [&'static str] {
    match state {
        State::Reported | State::Corroborated | State::Denied | State::Disputed => &[],
        State::Retracted => {
            &[r#"{"do":"withdraw_evidence","evidence":"e1"}"#, r#"{"do":"close","claim":"C-1","as":"retracted"}"#]
        }
        State::Unresolved => &[r#"{"do":"close","claim":"C-1","as":"unresolved","reason":"nothing new"}"#],
        State::Merged => &[r#"{"do":"merge","claim":"C-1","into":"C-2","reason":"the same"}"#],
    }
}

const ROW: Row = Row { title: "", standing: Standing::Reported, before: &[], by: Who::Eva, line: "" };

const FOUR_EYES: &str = r#"{"do":"set_policy","name":"default","four_eyes":["override","ruling"]}"#;
const OVERRIDE: &str = r#"{"do":"override","claim":"C-1","to":"denied","reason":"we know more"}"#;
pub(super) const LEAD: &str = r#"{"do":"lay_lead","claim":"C-1","item":"I-7","feed":"F-3","confidence":930,"evidence":{"speaker":"the Kremlin","source":"kremlin","stance":"denies","said_at":"2025-04-22T17:40:00Z"}}"#;
const TRUST: &str =
    r#"{"do":"set_policy","name":"default","auto_record":[{"source":"kremlin","feed":"F-3","over":900}]}"#;
const RULE: &str = r#"{"do":"propose_ruling","claim":"C-1","rating":"True","summary":"It did."}"#;
const APPROVE: &str = r#"{"do":"approve","claim":"C-1"}"#;
const HOLD: &str = r#"{"do":"hold","claim":"C-1","reason":"case 17"}"#;
const ERASE: &str = r#"{"do":"erase","event":6,"fields":["text"],"basis":"GDPR, article 17"}"#;
const TO_REPORTED: &str = r#"{"do":"advance","claim":"C-1","to":"reported"}"#;
const TO_CORROBORATED: &str = r#"{"do":"advance","claim":"C-1","to":"corroborated"}"#;
const TO_DENIED: &str = r#"{"do":"advance","claim":"C-1","to":"denied"}"#;
const TO_DISPUTED: &str = r#"{"do":"advance","claim":"C-1","to":"disputed"}"#;

pub(super) fn all() -> impl Iterator<Item = &'static Row> {
    TRANSITIONS.iter().chain(NOT_CHECKABLE).chain(OTHERS)
}

pub(super) const TRANSITIONS: &[Row] = &[
    Row { title: "`advance` to `reported`, where the evidence makes it `reported`", line: TO_REPORTED, ..ROW },
    Row {
        title: "`advance` to `corroborated`, where the evidence makes it `corroborated`",
        standing: Standing::Corroborated,
        line: TO_CORROBORATED,
        ..ROW
    },
    Row {
        title: "`advance` to `denied`, where the evidence makes it `denied`",
        standing: Standing::Denied,
        line: TO_DENIED,
        ..ROW
    },
    Row {
        title: "`advance` to `disputed`, where the evidence makes it `disputed`",
        standing: Standing::Disputed,
        line: TO_DISPUTED,
        ..ROW
    },
    Row {
        title: "`advance` to `corroborated`, where the evidence makes it `reported`",
        line: TO_CORROBORATED,
        ..ROW
    },
    Row { title: "`advance` to `denied`, where the evidence makes it `reported`", line: TO_DENIED, ..ROW },
    Row {
        title: "`advance` to `reported`, where the evidence makes it `corroborated`",
        standing: Standing::Corroborated,
        line: TO_REPORTED,
        ..ROW
    },
    Row {
        title: "`advance` to a closed state",
        line: r#"{"do":"advance","claim":"C-1","to":"retracted"}"#,
        ..ROW
    },
    Row {
        title: "`advance` by the worker, to a standing that the policy's `auto_advance` lists",
        standing: Standing::Corroborated,
        before: &[r#"{"do":"set_policy","name":"default","auto_advance":["corroborated"]}"#],
        by: Who::Worker,
        line: TO_CORROBORATED,
    },
    Row {
        title: "`advance` by the worker, to a standing that the policy doesn't list",
        standing: Standing::Corroborated,
        by: Who::Worker,
        line: TO_CORROBORATED,
        ..ROW
    },
    Row { title: "`override` to `denied`, with a reason", line: OVERRIDE, ..ROW },
    Row {
        title: "`override` to `denied`, where the policy wants four eyes",
        before: &[FOUR_EYES],
        line: OVERRIDE,
        ..ROW
    },
    Row {
        title: "`approve`, by Ben, of Eva's override to `denied`",
        standing: Standing::Denied,
        before: &[FOUR_EYES, r#"{"do":"override","claim":"C-1","to":"denied","reason":"we know more"}"#],
        by: Who::Ben,
        line: r#"{"do":"approve","claim":"C-1"}"#,
    },
    Row {
        title: "`close` as `retracted`, where its source withdrew the one report that counted",
        before: &[r#"{"do":"withdraw_evidence","evidence":"e1"}"#],
        line: r#"{"do":"close","claim":"C-1","as":"retracted"}"#,
        ..ROW
    },
    Row {
        title: "`close` as `retracted`, where origins still count",
        standing: Standing::Corroborated,
        line: r#"{"do":"close","claim":"C-1","as":"retracted"}"#,
        ..ROW
    },
    Row {
        title: "`close` as `unresolved`, with a reason",
        line: r#"{"do":"close","claim":"C-1","as":"unresolved","reason":"nothing new"}"#,
        ..ROW
    },
    Row {
        title: "`close` as `unresolved`, without a reason",
        line: r#"{"do":"close","claim":"C-1","as":"unresolved"}"#,
        ..ROW
    },
    Row {
        title: "`reopen`, with a reason",
        line: r#"{"do":"reopen","claim":"C-1","reason":"new evidence"}"#,
        ..ROW
    },
    Row {
        title: "`merge` into C-2, which is open",
        line: r#"{"do":"merge","claim":"C-1","into":"C-2","reason":"the same"}"#,
        ..ROW
    },
    Row {
        title: "`merge` into itself",
        line: r#"{"do":"merge","claim":"C-1","into":"C-1","reason":"the same"}"#,
        ..ROW
    },
];

pub(super) const NOT_CHECKABLE: &[Row] = &[
    Row { title: "`advance` to `reported`", line: TO_REPORTED, ..ROW },
    Row { title: "`override` to `denied`", line: OVERRIDE, ..ROW },
    Row {
        title: "`close` as `unresolved`",
        line: r#"{"do":"close","claim":"C-1","as":"unresolved","reason":"a prediction"}"#,
        ..ROW
    },
];

pub(super) const OTHERS: &[Row] = &[
    Row {
        title: "`record_follow_up`",
        line: r#"{"do":"record_follow_up","claim":"C-1","evidence":{"source":"reuters","stance":"affirms","footing":"relays","relays":"ft","said_at":"2025-04-22T17:00:00Z"}}"#,
        ..ROW
    },
    Row { title: "`lay_lead`", by: Who::Worker, line: LEAD, ..ROW },
    Row {
        title: "`lay_lead`, from a channel that the policy trusts",
        before: &[TRUST],
        by: Who::Worker,
        line: LEAD,
        ..ROW
    },
    Row {
        title: "`accept_lead`, of a denial by the Kremlin",
        before: &[LEAD],
        line: r#"{"do":"accept_lead","lead":"L-1"}"#,
        ..ROW
    },
    Row {
        title: "`dismiss_lead`",
        before: &[LEAD],
        line: r#"{"do":"dismiss_lead","lead":"L-1","reason":"about another offer"}"#,
        ..ROW
    },
    Row {
        title: "`undo_record`, of what the worker recorded by itself",
        before: &[TRUST, LEAD],
        line: r#"{"do":"undo_record","lead":"L-1","reason":"about another offer"}"#,
        ..ROW
    },
    Row {
        title: "`withdraw_evidence`",
        standing: Standing::Corroborated,
        line: r#"{"do":"withdraw_evidence","evidence":"r1"}"#,
        ..ROW
    },
    Row {
        title: "`strike_evidence`",
        line: r#"{"do":"strike_evidence","evidence":"e1","reason":"wrong speaker"}"#,
        ..ROW
    },
    Row {
        title: "`link_origins`",
        standing: Standing::Corroborated,
        line: r#"{"do":"link_origins","claim":"C-1","evidence":["e1","r1"],"reason":"the same leak"}"#,
        ..ROW
    },
    Row {
        title: "`set_party`",
        line: r#"{"do":"set_party","claim":"C-1","source":"us","interest":"neutral","reason":"it took part"}"#,
        ..ROW
    },
    Row {
        title: "`request_answer` of the Kremlin",
        line: r#"{"do":"request_answer","claim":"C-1","of":"kremlin","until":"2025-05-01T00:00:00Z"}"#,
        ..ROW
    },
    Row {
        title: "`record_silence` of the Kremlin, its deadline past",
        by: Who::Worker,
        line: r#"{"do":"record_silence","claim":"C-1","of":"kremlin"}"#,
        ..ROW
    },
    Row {
        title: "`record_standing`, where a rating changed it",
        standing: Standing::Corroborated,
        before: &[
            r#"{"do":"rate_source","source":"reuters","reliability":"E"}"#,
            r#"{"do":"rate_source","source":"afp","reliability":"E"}"#,
        ],
        by: Who::Worker,
        line: r#"{"do":"record_standing","claim":"C-1"}"#,
    },
    Row {
        title: "`mark_overdue`, its review date past",
        by: Who::Worker,
        line: r#"{"do":"mark_overdue","claim":"C-1"}"#,
        ..ROW
    },
    Row { title: "`propose_ruling`", line: RULE, ..ROW },
    Row { title: "`propose_ruling`, where the policy wants four eyes", before: &[FOUR_EYES], line: RULE, ..ROW },
    Row {
        title: "`approve`, by Ben, of Eva's ruling",
        before: &[FOUR_EYES, RULE],
        by: Who::Ben,
        line: r#"{"do":"approve","claim":"C-1"}"#,
        ..ROW
    },
    Row {
        title: "`approve`, by Eva, of her own ruling",
        before: &[FOUR_EYES, RULE],
        line: r#"{"do":"approve","claim":"C-1"}"#,
        ..ROW
    },
    Row {
        title: "`decline`, by Ben, of Eva's ruling",
        before: &[FOUR_EYES, RULE],
        by: Who::Ben,
        line: r#"{"do":"decline","claim":"C-1","reason":"too early"}"#,
        ..ROW
    },
    Row {
        title: "`correct_ruling`",
        before: &[RULE],
        line: r#"{"do":"correct_ruling","claim":"C-1","rating":"False","summary":"It did not.","reason":"new documents"}"#,
        ..ROW
    },
    Row { title: "`assign`", line: r#"{"do":"assign","claim":"C-1","to":"Ana"}"#, ..ROW },
    Row { title: "`set_priority`", line: r#"{"do":"set_priority","claim":"C-1","priority":"urgent"}"#, ..ROW },
    Row {
        title: "`set_review`",
        line: r#"{"do":"set_review","claim":"C-1","until":"2025-06-01T00:00:00Z"}"#,
        ..ROW
    },
    Row { title: "`tag`", line: r#"{"do":"tag","claim":"C-1","tag":"ceasefire"}"#, ..ROW },
    Row { title: "`untag`", line: r#"{"do":"untag","claim":"C-1","tag":"talks"}"#, ..ROW },
    Row { title: "`note`", line: r#"{"do":"note","claim":"C-1","text":"Called the spokesman."}"#, ..ROW },
    Row { title: "`link_claims`", line: r#"{"do":"link_claims","claim":"C-1","contradicts":"C-2"}"#, ..ROW },
    Row { title: "`hold`", line: HOLD, ..ROW },
    Row { title: "`hold`, where one is there already", before: &[HOLD], line: HOLD, ..ROW },
    Row {
        title: "`release`",
        before: &[HOLD],
        line: r#"{"do":"release","claim":"C-1","reason":"settled"}"#,
        ..ROW
    },
    Row {
        title: "`release`, where there is no hold",
        line: r#"{"do":"release","claim":"C-1","reason":"settled"}"#,
        ..ROW
    },
    Row { title: "`erase`, of the words it opened with", line: ERASE, ..ROW },
    Row { title: "`erase`, under a hold", before: &[HOLD], line: ERASE, ..ROW },
    Row { title: "`approve`, by Ben, of Eva's erasure", before: &[ERASE], by: Who::Ben, line: APPROVE, ..ROW },
    Row { title: "`approve`, by Eva, of her own erasure", before: &[ERASE], line: APPROVE, ..ROW },
    Row {
        title: "`approve`, by Ben, of Eva's erasure, under a hold since",
        before: &[ERASE, HOLD],
        by: Who::Ben,
        line: APPROVE,
        ..ROW
    },
];
