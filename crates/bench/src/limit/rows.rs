//! The rows that the limit reads and writes for one follow-up: those of the store, one statement each.

use std::fmt::Write;

use anyhow::{Context, Result, ensure};
use hearsay_core::Stance;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Job;
use crate::clock;
use crate::docket::{ACTOR, FollowUp, OUTLETS, outlet_handle};

const INSERT_EVENT: &str = "INSERT INTO events (seq, command, part, kind, claim, recorded_at, occurred_at, envelope, \
    leaf) VALUES (?1, ?2, 0, 'follow_up_recorded', ?3, ?4, ?5, ?6, ?7)";
const INSERT_TEXT: &str = "INSERT INTO texts (event, field, salt, body) VALUES (?1, ?2, ?3, ?4)";
const INSERT_EVIDENCE: &str =
    "INSERT INTO evidence (event, id, claim, source, via, relays) VALUES (?1, ?2, ?3, ?4, NULL, ?5)";
const UPDATE_CLAIM: &str = "UPDATE claims SET version = ?2, state = ?3, standing = ?4, due = ?5, overdue = ?6, \
    priority = ?7, affirming = ?8, denying = ?9, documents = ?10, outlets = ?11, updated_at = ?12, review_by = ?13, \
    answer_by = ?14, assignee = ?15, merged_into = ?16 WHERE number = ?1";
const HEAD: &str = "SELECT (SELECT max(seq) FROM events), (SELECT recorded_at FROM events ORDER BY seq DESC LIMIT 1), \
    (SELECT max(number) FROM claim_heads)";

/// A claim's row, as it is kept in memory between batches.
struct ClaimRow {
    id: Uuid,
    version: i64,
    due: Option<String>,
    affirming: i64,
    denying: i64,
    documents: i64,
    outlets: i64,
    review_by: Option<i64>,
}

/// What the limit keeps in memory: the claims' rows and the outlets' ids.
pub(super) struct Known {
    claims: Vec<ClaimRow>,
    outlets: Vec<Uuid>,
}

/// Reads what every batch reads first; gives the last position.
pub(super) fn head(connection: &Connection) -> Result<i64> {
    connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get::<_, i64>(0))?;
    let head = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
    let (seq, _, _) = connection.prepare_cached(HEAD)?.query_row([], head)?;
    Ok(seq)
}

/// Sees that the log and the imports don't know the command yet.
pub(super) fn check_new(connection: &Connection, command: Uuid) -> Result<()> {
    const RECORDED: &str = "SELECT seq FROM events WHERE command = ?1 AND part = 0";
    const SETTLED: &str = "SELECT outcome FROM settled_commands WHERE command = ?1";
    let id = command.as_bytes().as_slice();
    let recorded = connection.prepare_cached(RECORDED)?.query_row([id], |row| row.get::<_, i64>(0)).optional()?;
    let settled = connection.prepare_cached(SETTLED)?.query_row([id], |row| row.get::<_, String>(0)).optional()?;
    ensure!(recorded.is_none() && settled.is_none(), "the command `{command}` was there already");
    Ok(())
}

impl Known {
    pub(super) fn read(connection: &Connection) -> Result<Self> {
        let mut statement = connection.prepare(
            "SELECT h.id, c.version, c.due, c.affirming, c.denying, c.documents, c.outlets, c.review_by \
             FROM claims c JOIN claim_heads h USING (number) ORDER BY number",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(ClaimRow {
                id: Uuid::from_bytes(row.get(0)?),
                version: row.get(1)?,
                due: row.get(2)?,
                affirming: row.get(3)?,
                denying: row.get(4)?,
                documents: row.get(5)?,
                outlets: row.get(6)?,
                review_by: row.get(7)?,
            })
        })?;
        let claims = rows.collect::<Result<_, _>>()?;
        let by_handle = "SELECT id FROM handles WHERE handle = ?1";
        let outlet = |number| connection.query_row(by_handle, [outlet_handle(number)], |row| row.get(0));
        let outlets = (0..OUTLETS).map(|number| outlet(number).map(Uuid::from_bytes));
        Ok(Self { claims, outlets: outlets.collect::<Result<_, _>>()? })
    }

    /// Writes one follow-up's rows.
    pub(super) fn record(&mut self, connection: &Connection, seq: i64, job: &Job) -> Result<()> {
        let (source, relays) =
            (self.outlets[job.follow_up.outlet], job.follow_up.relays.map(|it| self.outlets[it]));
        let number = i64::try_from(job.claim + 1)?;
        let claim = self.claims.get_mut(job.claim).context("a claim that isn't there")?;
        let now = clock::now();
        claim.version += 1;
        claim.documents += 1;
        let piece = Piece { seq, id: clock::fresh_id(), source, relays, now, texts: texts(&job.follow_up) };
        let envelope = envelope(&piece, claim, job);
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(envelope.as_bytes());
        let leaf: [u8; 32] = hasher.finalize().into();
        let said_at = job.follow_up.said_at.as_microsecond();
        let command = job.command.as_bytes().as_slice();
        connection.prepare_cached(INSERT_EVENT)?.execute(params![
            seq,
            command,
            number,
            now.as_microsecond(),
            said_at,
            envelope,
            leaf.as_slice()
        ])?;
        let mut insert_text = connection.prepare_cached(INSERT_TEXT)?;
        for text in &piece.texts {
            insert_text.execute(params![seq, text.field, text.salt.as_slice(), text.body])?;
        }
        connection.prepare_cached(INSERT_EVIDENCE)?.execute(params![
            seq,
            piece.id.as_bytes().as_slice(),
            number,
            source.as_bytes().as_slice(),
            relays.as_ref().map(|relays| relays.as_bytes().as_slice())
        ])?;
        update(connection, number, claim, now)
    }
}

fn update(connection: &Connection, number: i64, claim: &ClaimRow, now: Timestamp) -> Result<()> {
    connection.prepare_cached(UPDATE_CLAIM)?.execute(params![
        number,
        claim.version,
        "reported",
        "disputed",
        claim.due,
        0,
        "normal",
        claim.affirming,
        claim.denying,
        claim.documents,
        claim.outlets,
        now.as_microsecond(),
        claim.review_by,
        None::<i64>,
        None::<String>,
        None::<i64>
    ])?;
    Ok(())
}

struct Text<'a> {
    field: &'static str,
    salt: [u8; 16],
    commitment: String,
    body: &'a str,
}

struct Piece<'a> {
    seq: i64,
    id: Uuid,
    source: Uuid,
    relays: Option<Uuid>,
    now: Timestamp,
    texts: Vec<Text<'a>>,
}

fn texts(follow_up: &FollowUp) -> Vec<Text<'_>> {
    let words = &follow_up.words;
    let mut texts = vec![
        text("actor.name", ACTOR),
        text("words.quote", &words.quote),
        text("words.title", &words.title),
        text("words.url", &words.url),
    ];
    texts.extend(words.described_as.map(|body| text("words.described_as", body)));
    texts
}

fn text<'a>(field: &'static str, body: &'a str) -> Text<'a> {
    let salt: [u8; 16] = rand::random();
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(field.as_bytes());
    hasher.update([0]);
    hasher.update(body.as_bytes());
    let mut commitment = String::with_capacity(64);
    for byte in hasher.finalize() {
        commitment.push(char::from(b"0123456789abcdef"[usize::from(byte >> 4)]));
        commitment.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
    }
    Text { field, salt, commitment, body }
}

/// The same bytes as the store's envelope, to within its changing figures.
fn envelope(piece: &Piece<'_>, claim: &ClaimRow, job: &Job) -> String {
    let footing = match piece.relays {
        Some(relays) => format!(r#"{{"relays":{{"source":"{relays}"}}}}"#),
        None => r#"{"unnamed_sources":{"count":null}}"#.to_owned(),
    };
    let words: Vec<String> = piece.texts[1..]
        .iter()
        .map(|text| {
            format!(r#""{}":{{"$sha256":"{}"}}"#, text.field.trim_start_matches("words."), text.commitment)
        })
        .collect();
    let stance = if job.follow_up.stance == Stance::Denies { "denies" } else { "affirms" };
    let (now, said_at) = (piece.now, job.follow_up.said_at);
    let mut out = String::with_capacity(1_200);
    let written = write!(
        out,
        r#"{{"actor":{{"name":{{"$sha256":"{}"}},"role":"admin"}},"claim":"{}","clock":"system","command":"{}","fact":{{"data":{{"evidence":{{"credibility":6,"footing":{footing},"id":"{}","said_at":"{said_at}","source":"{}","stance":"{stance}"}},"words":{{{}}}}},"kind":"follow_up_recorded"}},"id":"{}","occurred_at":"{said_at}","recorded_at":"{now}","seq":{},"weighed":{{"affirming":{},"answer_by":null,"denying":{},"documents":{},"outlets":{},"standing":"disputed"}}}}"#,
        piece.texts[0].commitment,
        claim.id,
        job.command,
        piece.id,
        piece.source,
        words.join(","),
        clock::fresh_id(),
        piece.seq,
        claim.affirming,
        claim.denying,
        claim.documents,
        claim.outlets,
    );
    if written.is_err() { String::new() } else { out }
}
