//! Events and their texts, packed by SQLite into one string a column, told apart again and put together as lines.

use std::iter::Peekable;
use std::str::Split;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Hexadecimal digits of a leaf hash, and of a salt.
const LEAF: usize = 64;
const SALT: usize = 32;

/// Texts of evidence that are told in confidence with it.
const CONFIDED: [&str; 4] = ["words.url", "words.title", "words.quote", "words.described_as"];

/// What an envelope says whose texts, or some of them, were told in confidence. It holds no words but such as topics and
/// tags, whose quotes are escaped: what is looked for is a member.
const CONFIDENTIAL: &str = r#""confidence":"confidential""#;
const NOTE: &str = r#""kind":"note_added""#;

/// The columns: of events, in the order of their lines, and of their texts, in the same order.
pub(super) struct Packed {
    seqs: String,
    envelopes: String,
    leaves: String,
    events: String,
    fields: String,
    bodies: String,
    salts: String,
}

/// The texts that have not been put into a line yet.
struct Texts<'a> {
    events: Peekable<Split<'a, char>>,
    fields: Split<'a, char>,
    bodies: Split<'a, char>,
    salts: &'a str,
}

impl Packed {
    pub(super) fn read(rows: &[SqliteRow]) -> Result<Self, sqlx::Error> {
        let [events, texts] = rows else { return Err(sqlx::Error::RowNotFound) };
        let column = |row: &SqliteRow, at: usize| -> Result<String, sqlx::Error> {
            // Without a row there is nothing to pack.
            Ok(row.try_get::<Option<String>, _>(at)?.unwrap_or_default())
        };
        Ok(Self {
            seqs: column(events, 0)?,
            envelopes: column(events, 1)?,
            leaves: column(events, 2)?,
            events: column(texts, 0)?,
            fields: column(texts, 1)?,
            bodies: column(texts, 2)?,
            salts: column(texts, 3)?,
        })
    }

    /// The lines, and how many they are. `None` where the columns do not fit one another.
    pub(super) fn lines(&self, may_read_all: bool) -> Option<(Vec<u8>, u64)> {
        let mut lines = Vec::with_capacity(
            self.envelopes.len()
                + self.leaves.len()
                + 2 * (self.fields.len() + self.salts.len())
                + self.bodies.len(),
        );
        let mut number = 0;
        let mut envelopes = self.envelopes.split('\n');
        let mut leaves = self.leaves.as_str();
        let mut texts = Texts {
            events: self.events.split(' ').peekable(),
            fields: self.fields.split(' '),
            bodies: self.bodies.split('\n'),
            salts: &self.salts,
        };
        for seq in self.seqs.split(' ').filter(|seq| !seq.is_empty()) {
            let envelope = envelopes.next()?;
            let (leaf, further) = leaves.split_at_checked(LEAF)?;
            leaves = further;
            let confided = !may_read_all && envelope.contains(CONFIDENTIAL);
            let is_note = confided && envelope.contains(NOTE);
            put(&mut lines, &[r#"{"envelope":"#, envelope, r#","leaf":""#, leaf, r#"","texts":{"#]);
            let mut comma = "";
            while texts.events.next_if(|event| *event == seq).is_some() {
                let (field, body, salt) = texts.take()?;
                if confided && (CONFIDED.contains(&field) || is_note && field == "text") {
                    continue;
                }
                put(&mut lines, &[comma, "\"", field, r#"":{"body":"#, body, r#","salt":""#, salt, r#""}"#]);
                comma = ",";
            }
            put(&mut lines, &["}}\n"]);
            number += 1;
        }
        (leaves.is_empty() && texts.salts.is_empty()).then_some((lines, number))
    }
}

impl<'a> Texts<'a> {
    /// The next field, its body as JSON, its salt.
    fn take(&mut self) -> Option<(&'a str, &'a str, &'a str)> {
        let (salt, further) = self.salts.split_at_checked(SALT)?;
        self.salts = further;
        let field = self.fields.next().filter(|field| !field.contains(['"', '\\']))?;
        Some((field, self.bodies.next()?, salt))
    }
}

fn put(lines: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        lines.extend_from_slice(part.as_bytes());
    }
}
