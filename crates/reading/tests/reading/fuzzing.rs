//! The function of the fuzz target `reading`, over its corpus and over what a few changed bytes make of it.

use std::path::Path;

#[path = "../../../../fuzz/fuzz_targets/reading_target.rs"]
mod reading_target;

#[test]
fn the_target_holds_over_its_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/reading");
    let seeds: Vec<Vec<u8>> =
        std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(seeds.len() >= 4, "{} seeds", seeds.len());
    for seed in seeds {
        reading_target::reading(&seed);
        for at in (0..seed.len()).step_by(7) {
            let mut changed = seed.clone();
            changed[at] ^= 1 << (at % 8);
            reading_target::reading(&changed);
            reading_target::reading(&seed[..at]);
        }
    }
}
