//! The corpus of the fuzz targets, run as the fuzzer would run it.

use std::fs;
use std::path::Path;

#[path = "../../../../fuzz/src/checkpoint.rs"]
mod checkpoint;
#[path = "../../../../fuzz/src/key.rs"]
mod key;
#[path = "../../../../fuzz/src/note.rs"]
mod note;
#[path = "../../../../fuzz/src/proof.rs"]
mod proof;

type Target = fn(&[u8]);

/// Each target by the name of its corpus.
const TARGETS: [(&str, Target); 4] =
    [("note", note::run), ("checkpoint", checkpoint::run), ("proof", proof::run), ("key", key::run)];

#[test]
fn the_corpus_of_each_fuzz_target_holds() {
    for (name, target) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
        let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(files.len() >= 5, "the corpus of `{name}` has only {} files", files.len());
        for file in files {
            target(&fs::read(&file).unwrap());
        }
    }
}
