//! The content of an answer, gathered and unpacked as it comes.
//! Invariant: never more is held than the caps say, by one piece at most, whatever the server sends.

use std::io::{self, Write};

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use hyper::HeaderMap;
use hyper::header::CONTENT_ENCODING;
use sha2::{Digest, Sha256};

use super::{Counted, FetchError};

/// Packed content may unpack to this much whatever the ratio: short texts pack well.
const ALWAYS: usize = 1 << 20;

/// How much is read and unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Caps {
    /// Bytes as they come.
    pub(super) received: usize,
    /// Bytes unpacked.
    pub(super) unpacked: usize,
    /// How many times its size content may unpack to, beyond the first megabyte.
    pub(super) ratio: usize,
}

/// How content was packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// `gzip`.
    Gzip,
    /// `deflate`: zlib's format, or the bare one that some servers send.
    Deflate,
}

/// What came.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// The content, unpacked: what a parser reads.
    pub content: Vec<u8>,
    /// SHA-256 of the content: the same however it was packed on its way.
    pub sha256: [u8; 32],
    /// The bytes as they were received, where they came packed.
    pub packed: Option<(Packing, Vec<u8>)>,
}

impl Body {
    /// The bytes as they were received, after transfer coding.
    pub fn received(&self) -> &[u8] {
        self.packed.as_ref().map_or(&self.content, |(_, bytes)| bytes)
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let packing = self.packed.as_ref().map(|(packing, bytes)| (packing, bytes.len()));
        f.debug_struct("Body")
            .field("bytes", &self.content.len())
            .field("packed", &packing)
            .finish_non_exhaustive()
    }
}

/// Content on its way.
pub(super) struct Gathering<'a> {
    url: &'a str,
    caps: Caps,
    received: Vec<u8>,
    unpacking: Unpacking,
}

enum Unpacking {
    /// As it is.
    No,
    Gzip(Box<MultiGzDecoder<Capped>>),
    /// Which of the two formats shows in the first byte.
    DeflateUnseen(Capped),
    Zlib(Box<ZlibDecoder<Capped>>),
    Bare(Box<DeflateDecoder<Capped>>),
}

impl<'a> Gathering<'a> {
    pub(super) fn new(url: &'a str, headers: &HeaderMap, caps: Caps) -> Result<Self, FetchError> {
        let room = Capped { bytes: Vec::new(), most: caps.unpacked };
        let mut names = headers.get_all(CONTENT_ENCODING).iter().filter(|value| !value.is_empty());
        let unpacking = match (names.next().map(|value| value.as_bytes().to_ascii_lowercase()), names.next()) {
            (None, _) => Unpacking::No,
            (Some(name), None) => match name.trim_ascii() {
                b"identity" => Unpacking::No,
                b"gzip" | b"x-gzip" => Unpacking::Gzip(Box::new(MultiGzDecoder::new(room))),
                b"deflate" => Unpacking::DeflateUnseen(room),
                _ => return Err(unknown(url, &name)),
            },
            (Some(name), Some(_)) => return Err(unknown(url, &name)),
        };
        Ok(Self { url, caps, received: Vec::new(), unpacking })
    }

    /// How many more bytes are read.
    pub(super) fn room(&self) -> usize {
        self.caps.received - self.received.len()
    }

    /// Takes what came.
    pub(super) fn take(&mut self, piece: &[u8]) -> Result<(), FetchError> {
        if piece.len() > self.room() {
            return Err(self.too_large(self.caps.received, Counted::Received));
        }
        self.received.extend_from_slice(piece);
        // Small steps, so that one that unpacks to more than it may is found before it takes up much time.
        for step in piece.chunks(1_024) {
            let written = self.unpacking.write(step);
            written.map_err(|why| self.not_unpacked(&why))?;
            let so_far = self.unpacking.unpacked();
            if so_far > ALWAYS && so_far / self.caps.ratio > self.received.len() {
                return Err(FetchError::Bomb { url: self.url.to_owned(), most: self.caps.ratio });
            }
        }
        Ok(())
    }

    /// All has come.
    pub(super) fn end(mut self) -> Result<Body, FetchError> {
        let unpacking = std::mem::replace(&mut self.unpacking, Unpacking::No);
        let finished = if self.received.is_empty() { Ok(None) } else { unpacking.finish() };
        let unpacked = finished.map_err(|why| self.not_unpacked(&why))?;
        let (content, packed) = match unpacked {
            None => (self.received, None),
            Some((packing, content)) => (content, Some((packing, self.received))),
        };
        let sha256 = Sha256::digest(&content).into();
        Ok(Body { content, sha256, packed })
    }

    fn too_large(&self, most: usize, counted: Counted) -> FetchError {
        FetchError::TooLarge { url: self.url.to_owned(), most, counted }
    }

    fn not_unpacked(&self, why: &io::Error) -> FetchError {
        if why.kind() == io::ErrorKind::FileTooLarge {
            return self.too_large(self.caps.unpacked, Counted::Unpacked);
        }
        FetchError::Packed { url: self.url.to_owned(), why: why.to_string() }
    }
}

impl Unpacking {
    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        if let Self::DeflateUnseen(room) = self
            && let Some(first) = piece.first()
        {
            let room = std::mem::take(room);
            *self = match first & 15 {
                8 => Self::Zlib(Box::new(ZlibDecoder::new(room))),
                _ => Self::Bare(Box::new(DeflateDecoder::new(room))),
            };
        }
        match self {
            Self::No | Self::DeflateUnseen(_) => Ok(()),
            Self::Gzip(decoder) => decoder.write_all(piece),
            Self::Zlib(decoder) => decoder.write_all(piece),
            Self::Bare(decoder) => decoder.write_all(piece),
        }
    }

    fn unpacked(&self) -> usize {
        match self {
            Self::No | Self::DeflateUnseen(_) => 0,
            Self::Gzip(decoder) => decoder.get_ref().bytes.len(),
            Self::Zlib(decoder) => decoder.get_ref().bytes.len(),
            Self::Bare(decoder) => decoder.get_ref().bytes.len(),
        }
    }

    fn finish(self) -> io::Result<Option<(Packing, Vec<u8>)>> {
        Ok(match self {
            Self::No => None,
            Self::Gzip(decoder) => Some((Packing::Gzip, decoder.finish()?.bytes)),
            Self::DeflateUnseen(room) => Some((Packing::Deflate, room.bytes)),
            Self::Zlib(decoder) => Some((Packing::Deflate, decoder.finish()?.bytes)),
            Self::Bare(decoder) => Some((Packing::Deflate, decoder.finish()?.bytes)),
        })
    }
}

/// Bytes up to a number.
#[derive(Default)]
struct Capped {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Capped {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if piece.len() > self.most - self.bytes.len() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn unknown(url: &str, name: &[u8]) -> FetchError {
    let name: String = String::from_utf8_lossy(name).chars().take(40).collect();
    FetchError::Packed { url: url.to_owned(), why: format!("`{name}` was not asked for, only gzip and deflate") }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const CAPS: Caps = Caps { received: 100_000, unpacked: 4 << 20, ratio: 100 };

    fn gather(encoding: &str, bytes: &[u8], step: usize) -> Result<Body, String> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, encoding.parse().unwrap());
        let mut gathering = Gathering::new("u", &headers, CAPS).map_err(|why| why.to_string())?;
        bytes.chunks(step).try_for_each(|piece| gathering.take(piece)).map_err(|why| why.to_string())?;
        gathering.end().map_err(|why| why.to_string())
    }

    macro_rules! packed {
        ($encoder:ident, $bytes:expr) => {{
            let mut encoder = $encoder::new(Vec::new(), Compression::best());
            encoder.write_all($bytes).unwrap();
            encoder.finish().unwrap()
        }};
    }

    #[test]
    fn content_is_unpacked_however_it_comes() {
        let text = "Words, and words again. ".repeat(200).into_bytes();
        for (encoding, packing, bytes) in [
            ("", None, text.clone()),
            ("identity", None, text.clone()),
            ("gzip", Some(Packing::Gzip), packed!(GzEncoder, &text)),
            ("X-GZIP ", Some(Packing::Gzip), packed!(GzEncoder, &text)),
            ("deflate", Some(Packing::Deflate), packed!(ZlibEncoder, &text)),
            ("deflate", Some(Packing::Deflate), packed!(DeflateEncoder, &text)),
        ] {
            for step in [1, 7, 100_000] {
                let body = gather(encoding, &bytes, step).unwrap();
                assert_eq!(body.content, text, "{encoding} by {step}");
                assert_eq!(body.sha256, <[u8; 32]>::from(Sha256::digest(&text)));
                assert_eq!(body.received(), bytes);
                assert_eq!(body.packed.map(|(packing, _)| packing), packing);
            }
        }
        let two = [packed!(GzEncoder, b"one, "), packed!(GzEncoder, b"two")].concat();
        assert_eq!(gather("gzip", &two, 3).unwrap().content, b"one, two");
        assert_eq!(gather("gzip", b"", 1).unwrap().content, b"");
    }

    #[test]
    fn what_cannot_be_unpacked_is_told() {
        let whole = packed!(GzEncoder, &b"some words".repeat(50));
        let mut broken = whole.clone();
        broken[15] ^= 0xff;
        for (encoding, bytes) in [
            ("gzip", &whole[..whole.len() - 3]),
            ("gzip", &whole[..5]),
            ("gzip", &broken),
            ("gzip", b"<html>".as_slice()),
            ("deflate", &whole),
        ] {
            let told = gather(encoding, bytes, 4).unwrap_err();
            assert!(told.starts_with("`u` cannot be unpacked: "), "{told}");
        }
        for (encoding, name) in [("br", "br"), ("gzip, gzip", "gzip, gzip")] {
            let told = gather(encoding, b"", 1).unwrap_err();
            assert!(told.contains(&format!("`{name}` was not asked for")), "{told}");
        }
    }

    #[test]
    fn no_more_is_held_than_the_caps_say() {
        let zeros = vec![0_u8; 3 << 20];
        for (encoding, bytes, expected) in [
            ("", vec![b'x'; CAPS.received], None),
            ("", vec![b'x'; CAPS.received + 1], Some("over 100000 bytes as it comes")),
            ("gzip", packed!(GzEncoder, &zeros[..ALWAYS]), None),
            ("gzip", packed!(GzEncoder, &zeros), Some("over 100 times its size")),
            ("deflate", packed!(ZlibEncoder, &zeros), Some("over 100 times its size")),
            ("deflate", packed!(DeflateEncoder, &zeros), Some("over 100 times its size")),
        ] {
            let told = gather(encoding, &bytes, 10_000).err();
            let as_expected = told.as_deref().zip(expected).map(|(told, expected)| told.contains(expected));
            assert_eq!((told.is_some(), as_expected), (expected.is_some(), expected.map(|_| true)), "{told:?}");
        }
        let noise: Vec<u8> = (0..2_800_u32).flat_map(|number| Sha256::digest(number.to_be_bytes())).collect();
        let many = [packed!(GzEncoder, &noise), packed!(GzEncoder, &vec![0; 5 << 20])].concat();
        assert!(gather("gzip", &many, 9_000).unwrap_err().contains("over 4194304 bytes unpacked"));
    }
}
