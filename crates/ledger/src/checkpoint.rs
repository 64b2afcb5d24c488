//! A checkpoint's text: which log, how many events, which root (C2SP tlog-checkpoint).

use crate::hash::Hash;
use crate::{LedgerError, from_base64, to_base64};

/// The largest size that a checkpoint may tell; SQLite counts no further.
pub const MAX_SIZE: u64 = i64::MAX.unsigned_abs();

/// How long a checkpoint's text may be, extension lines included.
const LONGEST: usize = 8 * 1024;

/// How the extension line begins that tells how many checkpoints the log had signed, this one included.
const NUMBER: &str = "number ";

/// What a log was at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    /// Lines that the log added, each with its newline; kept, and never understood but for [`NUMBER`].
    extension: String,
}

impl Checkpoint {
    /// The checkpoint of a log of that origin. The origin is also the name of the key that signs it.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, LedgerError> {
        if !signed_note::is_key_name_valid(origin) || origin.chars().any(char::is_control) {
            return Err(LedgerError::KeyName { name: origin.to_owned() });
        }
        if size > MAX_SIZE {
            return Err(malformed("its size is too large"));
        }
        Ok(Self { origin: origin.to_owned(), size, root, extension: String::new() })
    }

    /// The same, said to be the log's `number`th, in an extension line: one that is missing leaves a gap.
    #[must_use]
    pub fn numbered(self, number: u64) -> Self {
        Self { extension: format!("{NUMBER}{number}\n"), ..self }
    }

    /// Reads a checkpoint's text, and nothing else.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        LedgerError::check_length("checkpoint", text.as_bytes(), LONGEST)?;
        let Some(body) = text.strip_suffix('\n') else { return Err(malformed("its last line has no end")) };
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(malformed("it has to have three lines: origin, size and root"));
        };
        let number: u64 = size.parse().map_err(|_| malformed("its second line is no size"))?;
        if number.to_string() != size {
            return Err(malformed("its size is not written plainly"));
        }
        let mut extension = String::new();
        for line in lines {
            if line.is_empty() {
                return Err(malformed("it has an empty line"));
            }
            extension.push_str(line);
            extension.push('\n');
        }
        Ok(Self { extension, ..Self::new(origin, number, from_base64(root)?)? })
    }

    /// The text that is signed, with its last newline.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n{}", self.origin, self.size, to_base64(&self.root), self.extension)
    }

    /// Which of the log's checkpoints it is, counted from 1, where it says so.
    pub fn number(&self) -> Option<u64> {
        self.extension.lines().find_map(|line| line.strip_prefix(NUMBER)?.parse().ok())
    }

    /// Which log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many events it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Its root.
    pub fn root(&self) -> Hash {
        self.root
    }
}

fn malformed(why: &'static str) -> LedgerError {
    LedgerError::Malformed { what: "checkpoint", why }
}
