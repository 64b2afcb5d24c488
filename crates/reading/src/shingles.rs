//! Near-duplicates: texts that are the same but for a changed headline, a cut paragraph or a corrected word, as an agency's
//! text is on five sites. `MinHash` over runs of words (Broder 1997): a sketch is small, is compared without the texts, and is cut
//! into bands of which similar texts share at least one, so that equality alone finds them.
//! Invariant: sketches and bands are the same on every machine and in every version; they are stored.

use crate::words::fold;

/// How many words a shingle has.
const SHINGLE: usize = 4;

/// How many bands a sketch is cut into.
pub const BANDS: usize = 16;

/// How many minima a band has.
const ROWS: usize = 4;

/// From this similarity on, two texts are one document.
pub const SAME: f64 = 0.6;

/// What is kept of a text to compare it by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sketch {
    minima: [u64; BANDS * ROWS],
}

impl Sketch {
    /// The sketch of a text; none where it has too few words to tell it from others.
    pub fn of(text: &str) -> Option<Self> {
        let words: Vec<u64> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| hash(fold(word).as_bytes()))
            .collect();
        if words.len() < 2 * SHINGLE {
            return None;
        }
        let mut minima = [u64::MAX; BANDS * ROWS];
        for shingle in words.windows(SHINGLE) {
            let one = shingle.iter().fold(0, |sum: u64, word| mixed(sum.rotate_left(23) ^ word));
            for (seed, minimum) in (1_u64..).zip(&mut minima) {
                *minimum = (*minimum).min(mixed(one ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
            }
        }
        Some(Self { minima })
    }

    /// Keys by which similar texts are found: two of similarity .6 share one of them in 9 of 10 cases, two of .8 in all
    /// but two of ten thousand, two of .2 in one of 40.
    pub fn bands(&self) -> Vec<u64> {
        let band = |(number, rows): (u64, &[u64])| rows.iter().fold(mixed(number), |sum, row| mixed(sum ^ row));
        (1_u64..).zip(self.minima.chunks_exact(ROWS)).map(band).collect()
    }

    /// The estimated share of shingles that both texts have, of those that either has (Jaccard), 0 to 1.
    pub fn similarity(&self, other: &Self) -> f64 {
        let same = self.minima.iter().zip(&other.minima).filter(|(one, two)| one == two).count();
        f64::from(u32::try_from(same).unwrap_or(u32::MAX)) / f64::from(u32::try_from(BANDS * ROWS).unwrap_or(1))
    }

    /// Whether the two texts are one document.
    pub fn is_same(&self, other: &Self) -> bool {
        self.similarity(other) >= SAME
    }

    /// As it is stored: eight bytes for each minimum, the lowest first.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.minima.iter().flat_map(|minimum| minimum.to_le_bytes()).collect()
    }

    /// From what was stored; none where the length is another.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (chunks, rest) = bytes.as_chunks::<8>();
        let minima: Vec<u64> = chunks.iter().map(|chunk| u64::from_le_bytes(*chunk)).collect();
        rest.is_empty().then_some(())?;
        Some(Self { minima: minima.try_into().ok()? })
    }
}

/// FNV-1a, 64 bits.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

/// The finalizer of `SplitMix64` (Steele, Lea and Flood 2014).
pub(crate) fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}
