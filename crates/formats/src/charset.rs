//! From bytes to text: which encoding they are in, by what they open with, what the header says, what the text itself
//! declares, and in the end by how they look.
//!
//! Decoding never fails: what is no text becomes U+FFFD.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into the bytes a declaration is looked for.
const DECLARED_WITHIN: usize = 4096;
/// How many bytes are looked at where nothing is declared.
const GUESSED_FROM: usize = 64 * 1024;

/// The text, without a byte-order mark and without NULs.
///
/// `content_type` is the header's value. A declaration of UTF-8 that the bytes contradict is not believed.
pub(crate) fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    let (encoding, skip) = sniff(bytes, content_type);
    let (text, _) = encoding.decode_without_bom_handling(bytes.get(skip..).unwrap_or_default());
    if text.contains('\0') { text.replace('\0', "") } else { text.into_owned() }
}

/// The encoding, and the length of the byte-order mark.
fn sniff(bytes: &[u8], content_type: Option<&str>) -> (&'static Encoding, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return (encoding, length);
    }
    if let Some(encoding) = without_a_mark(bytes) {
        return (encoding, 0);
    }
    let declared = content_type.and_then(of_header).or_else(|| declared(bytes));
    match declared {
        Some(encoding) if encoding != UTF_8 || is_utf_8(bytes) => (encoding, 0),
        Some(_) | None => (guess(bytes), 0),
    }
}

/// UTF-16 without a byte-order mark shows by the NUL beside the first `<`.
fn without_a_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether the bytes are UTF-8, though a character at their end may be cut off.
fn is_utf_8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// What the bytes look like. ASCII is UTF-8.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if is_utf_8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESSED_FROM)], true);
    let guessed = detector.guess(None, Utf8Detection::Allow);
    // The first part may be ASCII, and the rest not.
    if guessed == UTF_8 && bytes.len() > GUESSED_FROM { WINDOWS_1252 } else { guessed }
}

/// The `charset` of a header's value.
fn of_header(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    label(lower.split(';').skip(1).find_map(|part| part.trim().strip_prefix("charset="))?)
}

/// What the text declares: `encoding="…"` in an XML declaration, or `charset=…` in an element `meta`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARED_WITHIN)]).to_ascii_lowercase();
    let in_xml = || {
        let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
        label(declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?)
    };
    let in_html = || {
        let mut metas = head.split("<meta").skip(1).filter_map(|rest| rest.split('>').next());
        metas.find_map(|meta| label(meta.split_once("charset")?.1.trim_start().strip_prefix('=')?))
    };
    in_xml().or_else(in_html)
}

/// The encoding of a label, quoted or not. What is read as ASCII cannot be UTF-16, whatever it says.
fn label(text: &str) -> Option<&'static Encoding> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '>' | '/' | '?'));
    let encoding = Encoding::for_label(&text.as_bytes()[..end.unwrap_or(text.len())])?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}
