//! What the store was opened with, for those who work beside it: one clock and one source of randomness for all.

use jiff::Timestamp;

use crate::Store;

impl Store {
    /// The time now, by the clock that the log is written with.
    pub fn now(&self) -> Timestamp {
        (self.options.clock.now)()
    }

    /// A random number.
    pub fn random(&self) -> u64 {
        let salt = (self.options.fresh.salts)();
        salt.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }
}
