//! The zip that a bundle is: opened once what it says of itself is within bounds, and read file by file.

use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;

use crate::parts::{CHECKPOINT, KEY, PROOFS};

/// How large a bundle may be, packed and unpacked, in bytes.
const MOST_PACKED: u64 = 256 << 20;
const MOST_UNPACKED: u64 = 1 << 30;

/// How large one of its files may be, unpacked.
const MOST_OF_ONE: u64 = 128 << 20;

/// How many files it may have.
const MOST_FILES: usize = 200_000;

/// How many times its packed size a file may have, where that is over a mebibyte: deflate gives no more than some 1,030.
const MOST_RATIO: u64 = 1_040;

/// How long a file's own header is, but for its name.
const HEADER: u64 = 30;

const UNVOUCHED: &str = "it has bytes that are of no file";

/// How many letters of a stranger's words are shown.
const SHOWN: usize = 200;

/// Why bytes are no bundle.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoBundle(pub(crate) String);

impl NoBundle {
    pub(crate) fn because(why: &dyn std::error::Error) -> Self {
        Self(shown(&why.to_string()))
    }
}

/// The beginning of a stranger's words, without what a terminal would obey.
pub(crate) fn shown(words: &str) -> String {
    words.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect()
}

/// A bundle's files.
pub(crate) struct Archive<R> {
    zip: ZipArchive<R>,
}

impl<R: Read + Seek> Archive<R> {
    /// Opens it, if its size, and what it says of its parts, is within bounds.
    pub(crate) fn open(mut bytes: R) -> Result<Self, NoBundle> {
        let length = bytes.seek(SeekFrom::End(0)).map_err(|error| NoBundle::because(&error))?;
        bytes.rewind().map_err(|error| NoBundle::because(&error))?;
        if length > MOST_PACKED {
            return Err(NoBundle(format!("it has {length} bytes; at most {MOST_PACKED} are read")));
        }
        let mut zip = ZipArchive::new(bytes).map_err(|error| NoBundle::because(&error))?;
        if zip.has_duplicate_names() {
            return Err(NoBundle("it has two files of one name".to_owned()));
        }
        if zip.len() > MOST_FILES {
            return Err(NoBundle(format!("it has {} files; at most {MOST_FILES} are read", zip.len())));
        }
        if zip.offset() != 0 || !zip.comment().is_empty() {
            return Err(NoBundle(UNVOUCHED.to_owned()));
        }
        let (mut whole, mut places) = (0_u64, Vec::with_capacity(zip.len()));
        for index in 0..zip.len() {
            let part = zip.by_index_raw(index).map_err(|error| NoBundle::because(&error))?;
            let (packed, unpacked) = (part.compressed_size(), part.size());
            whole = whole.saturating_add(unpacked);
            let bomb = unpacked > (1 << 20) && unpacked / packed.max(1) > MOST_RATIO;
            if unpacked > MOST_OF_ONE || whole > MOST_UNPACKED || bomb {
                return Err(NoBundle("it unpacks to more than is read".to_owned()));
            }
            let plain = part.comment_raw().is_empty() && part.extra_data().is_none_or(|extra| extra.is_empty());
            let begins = part.header_start();
            let name = part.name().map_err(|error| NoBundle::because(&error))?.len() as u64;
            let data = begins.saturating_add(HEADER + name);
            if !plain || part.data_start() != Some(data) {
                return Err(NoBundle(UNVOUCHED.to_owned()));
            }
            places.push((begins, data.saturating_add(packed)));
        }
        places.sort_unstable();
        // One file follows the other, and then comes the directory: no byte lies between for another reader to find.
        let end = places.into_iter().try_fold(0, |end, (begins, ends)| (begins == end).then_some(ends));
        if end != Some(zip.central_directory_start()) {
            return Err(NoBundle(UNVOUCHED.to_owned()));
        }
        Ok(Self { zip })
    }

    /// The names of its files, as far as they can be read.
    pub(crate) fn names(&self) -> impl Iterator<Item = Result<String, String>> {
        self.zip.file_names().map(|name| match name {
            Ok(name) => Ok(name.into_owned()),
            Err(error) => Err(shown(&error.to_string())),
        })
    }

    /// One file as text, or why it can't be read.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, String> {
        let wrong = |error: &dyn std::error::Error| format!("`{name}`: {}", shown(&error.to_string()));
        let part = self.zip.by_name(name).map_err(|error| wrong(&error))?;
        let mut text = String::new();
        match part.take(most(name) + 1).read_to_string(&mut text) {
            Ok(_) if text.len() as u64 > most(name) => Err(format!("`{name}` is longer than any of its kind")),
            Ok(_) => Ok(text),
            Err(error) => Err(wrong(&error)),
        }
    }
}

/// How long that file may be, in bytes.
fn most(name: &str) -> u64 {
    match name {
        KEY => 1 << 10,
        CHECKPOINT => 64 << 10,
        name if name.starts_with(PROOFS) => 128 << 10,
        _ => MOST_OF_ONE,
    }
}
