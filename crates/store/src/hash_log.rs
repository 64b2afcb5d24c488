//! Hashes the whole log anew: every envelope against its leaf, every kept hash of the tree, and the roots at some sizes.
//! Invariant: nothing is believed but the envelopes; chunks are hashed beside one another, on all processors.

use std::num::NonZeroUsize;
use std::ops::Range;

use futures_util::{StreamExt, stream};
use hearsay_ledger::{Edge, Hash, Node, leaf_hash};
use sqlx::Row;

use crate::check::FINDINGS;
use crate::error::Fault;
use crate::finding::Finding;
use crate::jsonb::to_hex;
use crate::rebuild::Progress;
use crate::tree::{self, signed};
use crate::{Store, StoreError};

/// The level of the subtree that one chunk is: 1,024 events, a megabyte or so.
const LEVEL: u8 = 10;
const CHUNK: u64 = 1 << LEVEL;

/// How many nodes above the chunks are read at a time.
const NODES: usize = 4_096;

/// How long a hash is in hexadecimal.
const HEX: usize = 64;

/// What hashing the log came to.
pub(crate) struct Hashed {
    pub(crate) size: u64,
    pub(crate) root: Hash,
    /// The roots at the sizes that were asked for, as far as the log has them.
    pub(crate) roots: Vec<(u64, Hash)>,
    pub(crate) findings: Vec<Finding>,
}

/// One chunk, hashed.
struct Chunk {
    edge: Edge,
    /// Its edge at each size that was asked for and lies in it.
    within: Vec<Edge>,
    findings: Vec<Finding>,
    /// Nodes below the chunk's root whose kept hash is another one, or missing.
    wrong: Vec<Node>,
}

/// What a chunk is held against.
struct Stored<'a> {
    envelopes: Vec<&'a str>,
    leaves: &'a str,
    hashes: &'a str,
}

impl Store {
    /// Hashes the log's first `size` events.
    pub(crate) async fn hash_log(
        &self,
        size: u64,
        wanted: &[u64],
        progress: Progress<'_>,
    ) -> Result<Hashed, Fault> {
        let ranges = (0..size).step_by(usize::try_from(CHUNK).map_err(Fault::damaged)?);
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let chunks = ranges.map(|from| {
            let range = from..(from + CHUNK).min(size);
            let store = self.clone();
            let up_to = |size: u64| wanted.partition_point(|one| *one <= size);
            let within = wanted[up_to(range.start)..up_to(range.end)].to_vec();
            tokio::spawn(async move { store.hash_chunk(range, &within).await })
        });
        let mut chunks = stream::iter(chunks).buffered(processors());
        let mut gathered = Gathered::default();
        while let Some(chunk) = chunks.next().await {
            gathered.take(chunk.map_err(Fault::damaged)??);
            progress(gathered.edge.size(), size);
        }
        self.end(gathered, size).await
    }

    /// Holds what lies above the chunks against what is kept.
    async fn end(&self, mut gathered: Gathered, size: u64) -> Result<Hashed, Fault> {
        let mut connection = self.readers().acquire().await?;
        for nodes in gathered.above.chunks(NODES) {
            let asked: Vec<Node> = nodes.iter().map(|(node, _)| *node).collect();
            let kept = tree::hashes(&mut connection, &asked).await?;
            gathered
                .wrong
                .extend(nodes.iter().filter(|(node, hash)| kept.get(node) != Some(hash)).map(|(node, _)| *node));
        }
        gathered.findings.extend(Finding::of_tree(&gathered.wrong));
        let (last, lowest, highest): (i64, i64, i64) =
            sqlx::query_as(include_str!("sql/ends_of_tree.sql")).fetch_one(&mut *connection).await?;
        if lowest < 0 || highest >= rows_before(last.unsigned_abs()) {
            let wrong =
                "there are kept hashes of events that the log does not have; `hearsay db rebuild` drops them";
            gathered.findings.push(Finding::of_table("tree_hashes", wrong.to_owned()));
        }
        Ok(Hashed { size, root: gathered.edge.root(), roots: gathered.roots, findings: gathered.findings })
    }

    async fn hash_chunk(self, range: Range<u64>, within: &[u64]) -> Result<Chunk, Fault> {
        let numbers = rows_before(range.start)..rows_before(range.end);
        let row = sqlx::query(include_str!("sql/hash_chunk.sql"))
            .bind(signed(range.start))
            .bind(signed(range.end))
            .bind(numbers.start)
            .bind(numbers.end)
            .fetch_one(self.readers())
            .await?;
        let text = |column: usize| -> Result<&str, Fault> {
            Ok(row.try_get::<Option<&str>, _>(column)?.unwrap_or_default())
        };
        let stored = Stored { envelopes: text(1)?.split('\n').collect(), leaves: text(2)?, hashes: text(3)? };
        let expected = range.end - range.start;
        let is_whole = row.try_get::<i64, _>(0)? == signed(expected)
            && stored.envelopes.len() as u64 == expected
            && stored.leaves.len() == stored.envelopes.len() * HEX;
        if is_whole {
            Ok(hashed(&range, &stored, within))
        } else {
            self.hash_singly(&range, stored.hashes, within).await
        }
    }

    /// A chunk in which events are missing, or envelopes or leaves are not written as any of ours: event by event.
    async fn hash_singly(&self, range: &Range<u64>, hashes: &str, within: &[u64]) -> Result<Chunk, Fault> {
        let rows = sqlx::query("SELECT seq, envelope, leaf FROM events WHERE seq > $1 AND seq <= $2 ORDER BY seq")
            .bind(signed(range.start))
            .bind(signed(range.end))
            .fetch_all(self.readers())
            .await?;
        let (mut envelopes, mut leaves, mut gone) = (Vec::new(), String::new(), Vec::new());
        let mut rows = rows.iter().peekable();
        for seq in range.start + 1..=range.end {
            let here = rows.next_if(|row| row.try_get::<i64, _>(0).is_ok_and(|found| found == signed(seq)));
            let Some(row) = here else {
                gone.push(seq);
                envelopes.push("");
                leaves.push_str(&"0".repeat(HEX));
                continue;
            };
            envelopes.push(row.try_get(1)?);
            let leaf = to_hex(&row.try_get::<Vec<u8>, _>(2)?).to_uppercase();
            leaves.extend(leaf.chars().chain(std::iter::repeat('0')).take(HEX));
        }
        let mut chunk = hashed(range, &Stored { envelopes, leaves: &leaves, hashes }, within);
        chunk.findings.retain(|finding| !gone.iter().any(|seq| finding.event == Some(*seq)));
        chunk.findings.extend(gone.into_iter().map(Finding::gone));
        Ok(chunk)
    }
}

/// How many chunks are hashed beside one another.
pub(crate) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// The number of the first row that is completed by a leaf from that one on, which is a chunk's first: rows lie in the order
/// in which they are completed.
fn rows_before(leaf: u64) -> i64 {
    tree::number(Node { level: tree::LOWEST, position: leaf >> tree::LOWEST }).unwrap_or(i64::MAX)
}

/// Hashes one chunk.
fn hashed(range: &Range<u64>, stored: &Stored<'_>, within: &[u64]) -> Chunk {
    let mut chunk = Chunk { edge: Edge::default(), within: Vec::new(), findings: Vec::new(), wrong: Vec::new() };
    let (mut completed, mut hex) = (0, [0; HEX]);
    for (index, envelope) in stored.envelopes.iter().enumerate() {
        let seq = range.start + index as u64 + 1;
        let leaf = leaf_hash(envelope.as_bytes());
        write_hex(&leaf, &mut hex);
        if stored.leaves.as_bytes().get(index * HEX..(index + 1) * HEX) != Some(&hex) {
            chunk.findings.push(Finding::rehashed(seq));
        }
        let (wrong, hashes) = (&mut chunk.wrong, stored.hashes.as_bytes());
        chunk.edge.append(leaf, |node, hash| {
            if node.level < tree::LOWEST {
                return;
            }
            write_hex(&hash, &mut hex);
            if hashes.get(completed * HEX..(completed + 1) * HEX) != Some(&hex) {
                wrong.push(Node { level: node.level, position: node.position + (range.start >> node.level) });
            }
            completed += 1;
        });
        if within.contains(&seq) {
            chunk.within.push(chunk.edge.clone());
        }
    }
    chunk
}

fn write_hex(hash: &Hash, out: &mut [u8; HEX]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for (pair, byte) in out.chunks_exact_mut(2).zip(hash) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
}

/// The chunks so far, put together.
#[derive(Default)]
struct Gathered {
    edge: Edge,
    roots: Vec<(u64, Hash)>,
    findings: Vec<Finding>,
    wrong: Vec<Node>,
    /// Nodes above the chunks, which are yet to be held against what is kept.
    above: Vec<(Node, Hash)>,
}

impl Gathered {
    fn take(&mut self, chunk: Chunk) {
        let room = FINDINGS.saturating_sub(self.findings.len());
        self.findings.extend(chunk.findings.into_iter().take(room));
        self.wrong.extend(chunk.wrong);
        for within in &chunk.within {
            let edge = self.edge.joined(within);
            self.roots.push((edge.size(), edge.root()));
        }
        if chunk.edge.size() == CHUNK {
            let above = &mut self.above;
            self.edge.append_subtree(LEVEL, chunk.edge.root(), |node, hash| above.push((node, hash)));
        } else {
            self.edge = self.edge.joined(&chunk.edge);
        }
    }
}

impl Store {
    /// How many events a verification hashes in a second is measured by this: the log's root, and nothing compared but
    /// leaves and tree.
    pub async fn rehash(&self, progress: Progress<'_>) -> Result<(u64, Hash), StoreError> {
        let size = self.tree_now().await?.0;
        let hashed = self.hash_log(size, &[], progress).await.map_err(|fault| self.fault(fault))?;
        Ok((hashed.size, hashed.root))
    }
}
