//! Cosignatures of witnesses, taken back from the notes that they gave, and kept beside the checkpoints.
//! Invariant: none is kept but of a checkpoint that was signed and kept here, by a witness whose key was known.

use hearsay_ledger::{CosignatureLine, KeyKind, LedgerError, SignedCheckpoint, VerifyingKey};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Executor, Row, SqliteConnection};

use crate::error::Fault;
use crate::finding::Finding;
use crate::signing::{KeptCheckpoint, Stopped};
use crate::time::{from_micros, to_micros};
use crate::tree::signed;
use crate::{Store, StoreError};

/// A cosignature that was taken back, as it is kept; only [`Store::verify`] tells whether it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCosignature {
    /// The log.
    pub origin: String,
    /// How many events the checkpoint is of.
    pub size: u64,
    /// The witness's key, as text.
    pub witness: String,
    /// Its signature, as a line of the note.
    pub line: String,
    /// When it was taken back.
    pub taken_at: Timestamp,
}

/// What taking a note back came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The cosignatures that are kept from now on.
    pub taken: Vec<CosignatureLine>,
    /// How many others were kept already, of the same witnesses.
    pub known: usize,
}

impl Store {
    /// Keeps the cosignatures of a note that came back from witnesses. Refuses it unless `log` has signed it, it is the
    /// checkpoint that is kept here, and nobody else has signed it but these witnesses.
    pub async fn take_cosigned(
        &self,
        note: &SignedCheckpoint,
        log: &VerifyingKey,
        witnesses: &[VerifyingKey],
    ) -> Result<Taken, StoreError> {
        let lines = note.cosignatures(log, witnesses)?;
        let mut connection = self.own_connection().await?;
        let ended = take(&mut connection, note, lines, self.options.clock.now.as_ref()()).await;
        self.close_own(connection, ended).await
    }

    /// Every cosignature that is kept, by log, size and witness.
    pub async fn cosignatures(&self) -> Result<Vec<KeptCosignature>, StoreError> {
        self.kept_cosignatures().await.map_err(|fault| self.fault(fault))
    }

    pub(crate) async fn kept_cosignatures(&self) -> Result<Vec<KeptCosignature>, Fault> {
        let rows = sqlx::query(
            "SELECT origin, size, witness, line, taken_at FROM cosignatures ORDER BY origin, size, witness",
        )
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(kept).collect()
    }

    /// The checkpoint with the cosignatures that are kept of it; none goes out that does not hold.
    pub async fn with_cosignatures(&self, kept: KeptCheckpoint) -> Result<KeptCheckpoint, StoreError> {
        let signed = self.cosigned(&kept.signed).await.map_err(|fault| self.fault(fault))?;
        Ok(KeptCheckpoint { signed, ..kept })
    }

    async fn cosigned(&self, note: &SignedCheckpoint) -> Result<SignedCheckpoint, Fault> {
        let rows = sqlx::query(
            "SELECT origin, size, witness, line, taken_at FROM cosignatures WHERE origin = $1 AND size = $2
              ORDER BY witness",
        )
        .bind(note.checkpoint().origin())
        .bind(signed(note.checkpoint().size()))
        .fetch_all(self.readers())
        .await?;
        let mut cosigned = note.clone();
        for one in rows.iter().map(kept) {
            let one = one?;
            if let Some(finding) = one.check(Some(note), &[]) {
                return Err(Fault::damaged(finding.wrong));
            }
            cosigned = cosigned.with_line(&one.line).map_err(Fault::damaged)?;
        }
        Ok(cosigned)
    }
}

async fn take(
    connection: &mut SqliteConnection,
    note: &SignedCheckpoint,
    lines: Vec<CosignatureLine>,
    now: Timestamp,
) -> Result<Taken, Stopped> {
    let checkpoint = note.checkpoint();
    let (origin, size) = (checkpoint.origin(), checkpoint.size());
    connection.execute("BEGIN IMMEDIATE").await?;
    let own: Option<String> = sqlx::query_scalar("SELECT note FROM checkpoints WHERE origin = $1 AND size = $2")
        .bind(origin)
        .bind(signed(size))
        .fetch_optional(&mut *connection)
        .await?;
    let Some(own) = own else { return Err(StoreError::NeverSigned { origin: origin.to_owned(), size }.into()) };
    let own = SignedCheckpoint::parse(own.as_bytes()).map_err(Fault::damaged)?;
    if own.checkpoint() != checkpoint {
        return Err(StoreError::SignedOtherwise { size }.into());
    }
    let mut taken = Taken { taken: Vec::new(), known: 0 };
    for line in lines {
        if is_kept(connection, origin, size, &line.witness).await? {
            taken.known += 1;
            continue;
        }
        sqlx::query(
            "INSERT INTO cosignatures (origin, size, witness, line, taken_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(origin)
        .bind(signed(size))
        .bind(line.witness.to_text())
        .bind(&line.line)
        .bind(to_micros(now))
        .execute(&mut *connection)
        .await?;
        taken.taken.push(line);
    }
    connection.execute("COMMIT").await?;
    Ok(taken)
}

async fn is_kept(
    connection: &mut SqliteConnection,
    origin: &str,
    size: u64,
    witness: &VerifyingKey,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM cosignatures WHERE origin = $1 AND size = $2 AND witness = $3)",
    )
    .bind(origin)
    .bind(signed(size))
    .bind(witness.to_text())
    .fetch_one(connection)
    .await
}

fn kept(row: &SqliteRow) -> Result<KeptCosignature, Fault> {
    Ok(KeptCosignature {
        origin: row.try_get(0)?,
        size: row.try_get::<i64, _>(1)?.unsigned_abs(),
        witness: row.try_get(2)?,
        line: row.try_get(3)?,
        taken_at: from_micros(row.try_get(4)?)?,
    })
}

impl KeptCosignature {
    /// What the witness says, held against the note of its checkpoint.
    fn read(&self, note: &SignedCheckpoint) -> Result<CosignatureLine, LedgerError> {
        let witness = VerifyingKey::parse(&self.witness)?;
        let at = note.with_line(&self.line)?.cosignature_of(&witness)?.at;
        Ok(CosignatureLine { witness, at, line: self.line.clone() })
    }

    /// What is wrong with it, given the note of its checkpoint and the witnesses that are known, where any are.
    pub(crate) fn check(&self, note: Option<&SignedCheckpoint>, witnesses: &[VerifyingKey]) -> Option<Finding> {
        let (size, name) = (self.size, self.name());
        let wrong = match note.map(|note| self.read(note)) {
            None => format!(
                "`{name}` has cosigned a checkpoint of {size} events that is not kept here, or cannot be read"
            ),
            Some(Err(error)) => {
                format!("the cosignature of `{name}` under the checkpoint of {size} events: {error}")
            }
            Some(Ok(read)) if read.witness.kind() != KeyKind::Witness => {
                format!(
                    "the cosignature of `{name}` under the checkpoint of {size} events is by no key of a witness"
                )
            }
            Some(Ok(read)) if !witnesses.is_empty() && !witnesses.contains(&read.witness) => format!(
                "the cosignature of `{name}` under the checkpoint of {size} events is of no witness that is known here"
            ),
            Some(Ok(_)) => return None,
        };
        Some(Finding::of_table("cosignatures", wrong))
    }

    /// The witness's name and id; what is no key's text as it stands.
    pub fn name(&self) -> String {
        VerifyingKey::parse(&self.witness).map_or_else(|_| self.witness.clone(), |key| key.label())
    }
}
