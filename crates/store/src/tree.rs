//! The tree over the events' leaves: which of its hashes are kept, how they are read, and filling them in.
//! Invariant: a kept hash depends on the leaves below it alone. Nodes over fewer than 8 leaves are not kept: they are
//! hashed anew from the leaves, eight at most on one level's path.

use std::collections::HashMap;

use hearsay_ledger::{Edge, Hash, KnownHashes, Node, node_hash};
use sqlx::{Executor, Row, SqliteConnection};

use crate::error::Fault;
use crate::jsonb::Rows;

/// The lowest level that is kept.
pub(crate) const LOWEST: u8 = 3;

/// How many leaves lie below a node of the lowest level that is kept.
const WIDTH: u64 = 1 << LOWEST;

/// How many leaves are read between two writes.
const CHUNK: i64 = 8_192;

/// How often filling in is told of.
const TELL: u64 = 1_000_000;

/// The row of a node; none where it is not kept.
pub(crate) fn number(node: Node) -> Option<i64> {
    let level = node.level.checked_sub(LOWEST)?;
    i64::try_from(Node { level, position: node.position }.number()).ok()
}

/// The node of a row.
pub(crate) fn node_of(number: i64) -> Node {
    let Node { level, position } = Node::of_number(number.unsigned_abs());
    Node { level: level + LOWEST, position }
}

/// Adds a node's row, if it is kept.
pub(crate) fn push(rows: &mut Rows, node: Node, hash: &Hash) {
    if let Some(number) = number(node) {
        rows.push(|row| {
            row.int(number).hex(hash);
        });
    }
}

/// The right edge of the tree over the first `size` events.
pub(crate) async fn edge(connection: &mut SqliteConnection, size: u64) -> Result<Edge, Fault> {
    let kept = size - size % WIDTH;
    let nodes = Node::edge_of(kept);
    let known = hashes(connection, &nodes).await?;
    let roots: Vec<Hash> = nodes.iter().filter_map(|node| known.get(node).copied()).collect();
    let mut edge = Edge::of(kept, roots).ok_or_else(|| missing(size))?;
    for leaf in leaves(connection, kept, size - kept).await? {
        edge.append(leaf, |_, _| {});
    }
    if edge.size() == size { Ok(edge) } else { Err(missing(size)) }
}

/// The hashes of nodes, as far as there are any: kept ones read, lower ones hashed from their leaves.
pub(crate) async fn hashes(connection: &mut SqliteConnection, nodes: &[Node]) -> Result<KnownHashes, Fault> {
    let mut known = KnownHashes::new();
    let kept: Vec<i64> = nodes.iter().filter_map(|node| number(*node)).collect();
    if !kept.is_empty() {
        let kept = serde_json::to_string(&kept).map_err(Fault::damaged)?;
        let rows =
            sqlx::query("SELECT t.number, t.hash FROM json_each($1) j JOIN tree_hashes t ON t.number = j.value")
                .bind(kept)
                .fetch_all(&mut *connection)
                .await?;
        for row in rows {
            known.insert(node_of(row.try_get(0)?), hash(row.try_get(1)?)?);
        }
    }
    for node in nodes.iter().filter(|node| number(**node).is_none()) {
        let below = leaves(connection, node.first_leaf(), node.width()).await?;
        if below.len() as u64 == node.width() {
            known.insert(*node, folded(below));
        }
    }
    Ok(known)
}

/// The root over a full subtree's leaves.
fn folded(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        hashes = hashes.chunks(2).map(|pair| node_hash(pair[0], pair[1])).collect();
    }
    hashes[0]
}

/// So many leaves from a position (from 0) on; fewer where the log ends.
async fn leaves(connection: &mut SqliteConnection, from: u64, count: u64) -> Result<Vec<Hash>, Fault> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let first = signed(from);
    let leaves: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT leaf FROM events WHERE seq > $1 AND seq <= $2 ORDER BY seq")
            .bind(first)
            .bind(first.saturating_add(signed(count)))
            .fetch_all(connection)
            .await?;
    leaves.into_iter().map(hash).collect()
}

/// 32 bytes.
pub(crate) fn hash(bytes: Vec<u8>) -> Result<Hash, Fault> {
    bytes.try_into().map_err(|_| Fault::damaged("a hash has not 32 bytes"))
}

/// A count as SQLite has it.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn missing(size: u64) -> Fault {
    Fault::damaged(format!(
        "hashes of the tree over {size} events are missing; `hearsay db rebuild` makes them anew"
    ))
}

/// Fills the rows in, from the first event on, as far as they are asked for.
#[derive(Default)]
pub(crate) struct Filling {
    edge: Edge,
}

impl Filling {
    /// Writes the rows of the events up to that position, within the caller's transaction.
    pub(crate) async fn go_on(&mut self, connection: &mut SqliteConnection, last: i64) -> Result<(), Fault> {
        while signed(self.edge.size()) < last {
            let count = last.saturating_sub(signed(self.edge.size())).min(CHUNK).unsigned_abs();
            let leaves = leaves(connection, self.edge.size(), count).await?;
            if leaves.is_empty() {
                return Err(Fault::damaged(format!("the log has no event {}", self.edge.size() + 1)));
            }
            let mut rows = Rows::default();
            for leaf in leaves {
                self.edge.append(leaf, |node, hash| push(&mut rows, node, &hash));
            }
            write(connection, rows).await?;
        }
        Ok(())
    }
}

async fn write(connection: &mut SqliteConnection, rows: Rows) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO tree_hashes (number, hash) SELECT j.value->>0, unhex(j.value->>1) FROM jsonb_each($1) j",
    )
    .bind(rows.into_jsonb())
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether there are events enough for a row, and not one row: the log is older than its tree.
const LACKS_TREE: &str =
    "SELECT coalesce(max(seq), 0) >= 8 AND NOT EXISTS (SELECT 1 FROM tree_hashes) FROM events";

/// Fills the tree of a log that is older than it; one process at a time, all or nothing.
pub(crate) async fn fill_if_lacking(connection: &mut SqliteConnection) -> Result<(), Fault> {
    if !sqlx::query_scalar::<_, bool>(LACKS_TREE).fetch_one(&mut *connection).await? {
        return Ok(());
    }
    connection.execute("BEGIN IMMEDIATE").await?;
    let filled = fill(connection).await;
    let end = if filled.is_ok() { "COMMIT" } else { "ROLLBACK" };
    connection.execute(end).await?;
    filled
}

async fn fill(connection: &mut SqliteConnection) -> Result<(), Fault> {
    if !sqlx::query_scalar::<_, bool>(LACKS_TREE).fetch_one(&mut *connection).await? {
        return Ok(());
    }
    let last: i64 = sqlx::query_scalar("SELECT max(seq) FROM events").fetch_one(&mut *connection).await?;
    tracing::info!(events = last, "hashing the events that are older than the transparency log, once");
    let mut filling = Filling::default();
    while signed(filling.edge.size()) < last {
        let next = filling.edge.size() + TELL;
        filling.go_on(connection, last.min(signed(next))).await?;
        tracing::info!(events = filling.edge.size(), of = last, "hashed");
    }
    Ok(())
}

/// The hashes that some work on the tree reads, fetched in one go.
pub(crate) async fn fetched<T>(
    connection: &mut SqliteConnection,
    work: impl FnOnce(&hearsay_ledger::Recorder) -> Result<T, hearsay_ledger::LedgerError>,
) -> Result<HashMap<Node, Hash>, Fault> {
    let nodes = hearsay_ledger::wanted(work).map_err(Fault::damaged)?;
    hashes(connection, &nodes).await
}
