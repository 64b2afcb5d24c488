//! Intervals by the bootstrap: the records are drawn anew with replacement, and the figure is taken of each draw
//! (Efron 1979, percentiles). Records that hang together are drawn together.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::Options;
use crate::callers::float;

/// Where a figure lies in 95 of 100 draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    /// The lower end.
    pub(crate) low: f64,
    /// The upper end.
    pub(crate) high: f64,
}

/// The interval of a figure of `n` records; the figure is given the drawn records' indices.
pub(crate) fn interval(n: usize, options: &Options, figure: impl Fn(&[usize]) -> f64) -> Interval {
    let alone: Vec<Vec<usize>> = (0..n).map(|index| vec![index]).collect();
    drawn(&alone, options, figure)
}

/// The same, where records of one group (a claim, a body, a story) are drawn together.
pub(crate) fn grouped<K: Ord>(groups: &[K], options: &Options, figure: impl Fn(&[usize]) -> f64) -> Interval {
    let mut members: BTreeMap<&K, Vec<usize>> = BTreeMap::new();
    for (index, group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(index);
    }
    let members: Vec<Vec<usize>> = members.into_values().collect();
    drawn(&members, options, figure)
}

/// The interval of a mean.
pub(crate) fn mean(values: &[f64], options: &Options) -> Interval {
    interval(values.len(), options, |drawn| {
        drawn.iter().map(|index| values[*index]).sum::<f64>() / float(drawn.len().max(1))
    })
}

fn drawn(members: &[Vec<usize>], options: &Options, figure: impl Fn(&[usize]) -> f64) -> Interval {
    let mut random = StdRng::seed_from_u64(options.seed);
    let mut figures = Vec::with_capacity(options.resamples);
    let mut indices = Vec::new();
    for _ in 0..options.resamples.max(1) {
        indices.clear();
        for _ in 0..members.len() {
            indices.extend_from_slice(&members[random.random_range(0..members.len())]);
        }
        figures.push(figure(&indices));
    }
    figures.sort_by(f64::total_cmp);
    Interval { low: percentile(&figures, 25), high: percentile(&figures, 975) }
}

/// So many thousandths of the way up.
fn percentile(sorted: &[f64], thousandths: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last * thousandths + 500) / 1_000).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{Interval, grouped, interval, mean};
    use crate::eval::Options;

    const OPTIONS: Options = Options { as_shipped: false, resamples: 2_000, seed: 7, quick: false };

    #[test]
    fn what_does_not_vary_has_no_width() {
        assert_eq!(mean(&[0.25; 40], &OPTIONS), Interval { low: 0.25, high: 0.25 });
    }

    #[test]
    fn a_share_gets_the_width_that_the_binomial_gives() {
        let values: Vec<f64> = (0..400).map(|index| if index % 2 == 0 { 1.0 } else { 0.0 }).collect();
        let Interval { low, high } = mean(&values, &OPTIONS);
        assert!((low - 0.451).abs() < 0.01 && (high - 0.549).abs() < 0.01, "{low} to {high}");
    }

    #[test]
    fn records_that_hang_together_are_drawn_together() {
        let groups: Vec<usize> = (0..400).map(|index| index / 40).collect();
        let share = |drawn: &[usize]| {
            let ones = drawn.iter().filter(|index| groups[**index].is_multiple_of(2)).count();
            crate::callers::float(ones) / crate::callers::float(drawn.len())
        };
        let alone = interval(groups.len(), &OPTIONS, share);
        let together = grouped(&groups, &OPTIONS, share);
        assert!(together.high - together.low > 3.0 * (alone.high - alone.low), "{together:?} and {alone:?}");
    }

    #[test]
    fn one_seed_gives_one_interval() {
        let values = [0.0, 0.2, 0.9, 0.4, 1.0, 0.3];
        assert_eq!(mean(&values, &OPTIONS), mean(&values, &OPTIONS));
        let other = Options { seed: 8, resamples: 20, ..OPTIONS };
        assert_ne!(mean(&values, &OPTIONS), mean(&values, &other));
    }
}
