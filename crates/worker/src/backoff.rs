//! How long to wait before a task is tried again. Pure: the randomness is a value passed in.
//! Invariant: never under three quarters of the plain wait, never over five quarters of the longest.

use jiff::SignedDuration;

/// The longest plain wait, in seconds.
const LONGEST: i64 = 600;

/// The wait after so many attempts: 2, 4, 8 … seconds up to ten minutes, each a quarter less to a quarter more, so that
/// tasks that failed together don't come back together.
pub(crate) fn backoff(attempts: u32, random: u64) -> SignedDuration {
    let plain = 1_i64.checked_shl(attempts).filter(|seconds| (1..LONGEST).contains(seconds)).unwrap_or(LONGEST);
    let quarter = plain * 250;
    let spread = random % (2 * quarter.unsigned_abs() + 1);
    SignedDuration::from_millis(plain * 1_000 - quarter + i64::try_from(spread).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::backoff;

    #[test]
    fn waits_double_up_to_ten_minutes() {
        for (attempts, least, most) in [
            (0, 750, 1_250),
            (1, 1_500, 2_500),
            (2, 3_000, 5_000),
            (5, 24_000, 40_000),
            (9, 384_000, 640_000),
            (10, 450_000, 750_000),
            (64, 450_000, 750_000),
            (u32::MAX, 450_000, 750_000),
        ] {
            assert_eq!(backoff(attempts, 0).as_millis(), least, "least after {attempts}");
            let randoms = (0..2_000_u64).map(|random| random.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let waits: Vec<i128> = randoms.map(|random| backoff(attempts, random).as_millis()).collect();
            assert!(waits.iter().all(|wait| (least..=most).contains(wait)), "after {attempts}");
            let spread = waits.iter().max().unwrap() - waits.iter().min().unwrap();
            assert!(spread > (most - least) * 9 / 10, "after {attempts}: {spread}");
        }
    }
}
