//! Folds for held-out figures: records of one group (a claim, a body) never lie on both sides.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

/// How many folds.
pub(crate) const FOLDS: usize = 5;

/// For each record its fold, 0 to 4: groups are shuffled by the seed, then the largest are placed first, each in the
/// fold that has the fewest records.
pub(crate) fn folds<K: Ord>(groups: &[K], seed: u64) -> Vec<usize> {
    let mut members: BTreeMap<&K, Vec<usize>> = BTreeMap::new();
    for (index, group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(index);
    }
    let mut members: Vec<Vec<usize>> = members.into_values().collect();
    members.shuffle(&mut StdRng::seed_from_u64(seed));
    members.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut sizes = [0; FOLDS];
    let mut fold_of = vec![0; groups.len()];
    for group in members {
        let smallest = (0..FOLDS).min_by_key(|fold| sizes[*fold]).unwrap_or(0);
        sizes[smallest] += group.len();
        for index in group {
            fold_of[index] = smallest;
        }
    }
    fold_of
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{FOLDS, folds};

    #[test]
    fn no_group_lies_in_two_folds_and_folds_are_of_one_size() {
        let groups: Vec<usize> = (0..1_000).map(|index: usize| index.isqrt()).collect();
        let found = folds(&groups, 3);
        let mut of_group = BTreeMap::new();
        let mut sizes = [0_usize; FOLDS];
        for (group, fold) in groups.iter().zip(&found) {
            assert_eq!(of_group.entry(group).or_insert(fold), &fold, "group {group}");
            sizes[*fold] += 1;
        }
        assert!(sizes.iter().all(|size| size.abs_diff(200) <= 8), "{sizes:?}");
    }

    #[test]
    fn the_seed_decides_alone() {
        let groups: Vec<usize> = (0..100).map(|index| index / 2).collect();
        assert_eq!(folds(&groups, 3), folds(&groups, 3));
        assert_ne!(folds(&groups, 3), folds(&groups, 4));
    }
}
