//! Whether a confidence says how often one is right: a reliability table, on stderr.

use crate::callers::float;

/// One conclusion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Judgement {
    /// How often such a conclusion is said to be right.
    pub(crate) confidence: f64,
    /// Whether it was.
    pub(crate) right: bool,
}

/// The ends of the rows.
const ENDS: [f64; 6] = [0.5, 0.6, 0.7, 0.8, 0.9, 1.01];

/// Prints the table, with the expected calibration error: the mean distance between what was said and what was so.
pub(crate) fn print(task: &str, judgements: &[Judgement]) {
    eprintln!("{task}: confidence, conclusions, mean confidence, share right");
    let mut from = 0.0;
    for end in ENDS {
        let row: Vec<&Judgement> =
            judgements.iter().filter(|one| from <= one.confidence && one.confidence < end).collect();
        if !row.is_empty() {
            let (said, so) = means(&row);
            eprintln!("{task}: {from:.1}–{:.1}  {:>6}  {said:.2}  {so:.2}", end.min(1.0), row.len());
        }
        from = end;
    }
    eprintln!("{task}: expected calibration error {:.3}", error(judgements));
}

/// The expected calibration error, over the rows of the table.
pub(crate) fn error(judgements: &[Judgement]) -> f64 {
    let mut from = 0.0;
    let mut sum = 0.0;
    for end in ENDS {
        let row: Vec<&Judgement> =
            judgements.iter().filter(|one| from <= one.confidence && one.confidence < end).collect();
        let (said, so) = means(&row);
        sum += (said - so).abs() * float(row.len());
        from = end;
    }
    sum / float(judgements.len().max(1))
}

fn means(row: &[&Judgement]) -> (f64, f64) {
    let n = float(row.len().max(1));
    let right = row.iter().filter(|one| one.right).count();
    (row.iter().map(|one| one.confidence).sum::<f64>() / n, float(right) / n)
}

#[cfg(test)]
mod tests {
    use super::{Judgement, error};

    #[test]
    fn what_is_as_often_right_as_it_says_has_no_error() {
        let half: Vec<Judgement> = (0..10).map(|at| Judgement { confidence: 0.5, right: at % 2 == 0 }).collect();
        assert!(error(&half) < 1e-9);
        let sure: Vec<Judgement> = half.iter().map(|one| Judgement { confidence: 1.0, ..*one }).collect();
        assert!((error(&sure) - 0.5).abs() < 1e-9);
    }
}
