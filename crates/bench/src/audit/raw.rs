//! The raw queries: SQLite by hand, the same rows read and nothing made of them. They do not look names up.

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Params};

use super::questions::About;

/// The day that ends at a time, and the 30 days that end at its hour.
pub(crate) fn spans(at: Timestamp) -> ((Timestamp, Timestamp), (Timestamp, Timestamp)) {
    let hour = Timestamp::from_second(at.as_second().div_euclid(3_600) * 3_600).unwrap_or(at);
    ((at - SignedDuration::from_hours(24), at), (hour - SignedDuration::from_hours(720), hour))
}

/// Reads all rows, and of each the first column's bytes.
fn read(connection: &Connection, sql: &str, parameters: impl Params) -> Result<usize> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        bytes += row.get_ref(0)?.as_bytes().map_or(1, <[u8]>::len);
    }
    Ok(bytes)
}

fn seq_at(connection: &Connection, at: Timestamp) -> Result<i64> {
    let (mut low, mut high): (i64, i64) =
        (1, connection.query_row("SELECT max(seq) + 1 FROM events", [], |row| row.get(0))?);
    let mut statement = connection.prepare_cached("SELECT recorded_at FROM events WHERE seq = ?1")?;
    while low < high {
        let middle = i64::midpoint(low, high);
        let found: i64 = statement.query_row([middle], |row| row.get(0))?;
        if found < at.as_microsecond() { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

pub(super) fn timeline(connection: &Connection, about: &About) -> Result<()> {
    read(connection, "SELECT envelope FROM events WHERE claim = ?1 ORDER BY seq LIMIT 100", [about.claim])?;
    let texts = "SELECT t.body FROM events e JOIN texts t ON t.event = e.seq WHERE e.claim = ?1 LIMIT 500";
    read(connection, texts, [about.claim]).map(drop)
}

pub(super) fn as_of(connection: &Connection, about: &About) -> Result<()> {
    let sql =
        "SELECT envelope FROM events WHERE claim = ?1 AND recorded_at <= ?2 AND occurred_at <= ?2 ORDER BY seq";
    read(connection, sql, (about.claim, about.at.as_microsecond())).map(drop)
}

pub(super) fn by_actor(connection: &Connection, about: &About) -> Result<()> {
    let sql = "SELECT e.envelope FROM texts a INDEXED BY texts_by_actor CROSS JOIN events e ON e.seq = a.event \
               WHERE a.field = 'actor.name' AND a.body = ?1 AND a.event > ?2 ORDER BY a.event LIMIT 100";
    read(connection, sql, (&about.person, i64::try_from(about.seq)?)).map(drop)
}

pub(super) fn by_kind(connection: &Connection, about: &About) -> Result<()> {
    let sql = "SELECT envelope FROM events WHERE kind = 'note_added' AND seq > ?1 ORDER BY seq LIMIT 100";
    read(connection, sql, [i64::try_from(about.seq)?]).map(drop)
}

pub(super) fn by_move(connection: &Connection, about: &About) -> Result<()> {
    let sql = "SELECT e.envelope FROM transitions x CROSS JOIN events e ON e.seq = x.event \
               WHERE x.from_state = 'reported' AND x.to_state = 'denied' AND x.event > ?1 ORDER BY x.event LIMIT 100";
    read(connection, sql, [i64::try_from(about.seq)?]).map(drop)
}

pub(super) fn by_source(connection: &Connection, about: &About) -> Result<()> {
    let sql = "SELECT e.envelope FROM evidence v CROSS JOIN events e ON e.seq = v.event \
               WHERE v.source = (SELECT id FROM handles WHERE handle = ?1) AND v.event > ?2 ORDER BY v.event LIMIT 100";
    read(connection, sql, (&about.outlet, i64::try_from(about.seq)?)).map(drop)
}

pub(super) fn two_terms(connection: &Connection, about: &About) -> Result<()> {
    let sql = "SELECT e.envelope FROM events e INDEXED BY events_by_kind \
               CROSS JOIN texts a ON a.event = e.seq AND a.field = 'actor.name' \
               WHERE e.kind = 'claim_overridden' AND a.body = ?1 AND e.seq > ?2 ORDER BY e.seq LIMIT 100";
    read(connection, sql, (&about.person, i64::try_from(about.seq)?)).map(drop)
}

pub(super) fn diff(connection: &Connection, about: &About) -> Result<()> {
    let (day, _) = spans(about.at);
    let between = (seq_at(connection, day.0)?, seq_at(connection, day.1)?);
    read(
        connection,
        "SELECT claim, kind, count(*) FROM events WHERE seq >= ?1 AND seq < ?2 GROUP BY claim, kind",
        between,
    )
    .map(drop)
}

pub(super) fn counts(connection: &Connection, about: &About, sql: &str) -> Result<()> {
    let (_, month) = spans(about.at);
    read(connection, sql, (month.0.as_second() / 3_600, month.1.as_second() / 3_600)).map(drop)
}

pub(super) fn states(connection: &Connection, about: &About) -> Result<()> {
    let sql = "SELECT state, sum(net) FROM state_changes WHERE hour < ?1 GROUP BY state";
    read(connection, sql, [about.at.as_second() / 3_600]).map(drop)
}

pub(super) fn search(connection: &Connection, about: &About) -> Result<()> {
    let sql = "SELECT rowid FROM claim_search WHERE claim_search MATCH ?1 ORDER BY rank LIMIT 50";
    read(connection, sql, [format!("delegation item \"{}\"*", about.item)]).map(drop)
}

/// Every envelope and every text; how many events.
pub(super) fn read_everything(connection: &Connection) -> Result<usize> {
    read(connection, "SELECT envelope FROM events ORDER BY seq", [])?;
    read(connection, "SELECT body FROM texts ORDER BY event", [])?;
    let events: i64 = connection.query_row("SELECT max(seq) FROM events", [], |row| row.get(0))?;
    Ok(usize::try_from(events)?)
}
