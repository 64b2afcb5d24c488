//! The text of news pages, by the measure of the article extraction benchmark: shingles of four words, each page's
//! counts scaled to one; precision and recall are means over pages, and F1 is theirs.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use hearsay_formats::article;
use serde_json::{Map, Value};

use super::bootstrap::{Interval, interval, mean};
use super::{Options, Scored, files};
use crate::callers::float;

const TASK: &str = "extraction";
const SHINGLE: usize = 4;

/// Shingles of one page: found rightly, wrongly, and not at all.
#[derive(Clone, Copy)]
struct Counts {
    right: f64,
    wrong: f64,
    missed: f64,
}

/// Scores every page.
pub(crate) fn score(data: &Path, options: &Options) -> Result<Vec<Scored>> {
    let folder = data.join("extraction-aeb");
    let truths: Map<String, Value> = serde_json::from_str(&files::text(&folder.join("ground-truth.json"))?)?;
    let (mut counts, mut milliseconds, mut empty) = (Vec::new(), Vec::new(), 0);
    for (name, truth) in &truths {
        let html = page(&folder.join("html").join(format!("{name}.html.gz")))?;
        let said = |field: &str| {
            truth.get(field).and_then(Value::as_str).with_context(|| format!("page {name} has no `{field}`"))
        };
        let (url, body) = (said("url")?, said("articleBody")?);
        let began = Instant::now();
        let found = article::extract(&html, None, url);
        milliseconds.push(began.elapsed().as_secs_f64() * 1_000.0);
        // A page that is refused counts as one of which nothing was found, and is told.
        let text = match found {
            Ok(article) => article.text,
            Err(error) => {
                eprintln!("{TASK}: page {name}: {error}");
                empty += 1;
                String::new()
            }
        };
        counts.push(compare(body, &text));
    }
    let n = counts.len();
    let all: Vec<usize> = (0..n).collect();
    let figure = |name: &str, of: fn(&[Counts], &[usize]) -> f64| {
        let within = interval(n, options, |drawn| of(&counts, drawn));
        Scored::new(TASK, name, of(&counts, &all), within, n)
    };
    let mut sorted = milliseconds.clone();
    sorted.sort_by(f64::total_cmp);
    let slowest = sorted.last().copied().unwrap_or(f64::NAN);
    let median = sorted.get(n / 2).copied().unwrap_or(f64::NAN);
    Ok(vec![
        figure("shingle F1", f1).goal(0.96).published("rs-trafilatura .966, trafilatura .958"),
        figure("precision", precision),
        figure("recall", recall),
        Scored::new(TASK, "pages without a text", float(empty), exactly(float(empty)), n),
        Scored::new(TASK, "ms a page, median", median, mean(&milliseconds, options), n),
        Scored::new(TASK, "ms a page, slowest", slowest, exactly(slowest), n),
    ])
}

/// An interval for what was counted.
pub(super) fn exactly(value: f64) -> Interval {
    Interval { low: value, high: value }
}

fn page(path: &Path) -> Result<Vec<u8>> {
    let file = std::fs::File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut html = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut html)?;
    Ok(html)
}

fn compare(truth: &str, found: &str) -> Counts {
    let (truth, found) = (shingles(truth), shingles(found));
    let mut counts = Counts { right: 0.0, wrong: 0.0, missed: 0.0 };
    for (shingle, wanted) in &truth {
        let given = found.get(shingle).copied().unwrap_or(0);
        counts.right += float(*wanted.min(&given));
        counts.missed += float(wanted.saturating_sub(given));
    }
    for (shingle, given) in &found {
        counts.wrong += float(given.saturating_sub(truth.get(shingle).copied().unwrap_or(0)));
    }
    let sum = counts.right + counts.wrong + counts.missed;
    let scale = if sum > 0.0 { sum } else { 1.0 };
    Counts { right: counts.right / scale, wrong: counts.wrong / scale, missed: counts.missed / scale }
}

/// How often each run of four words is there; a shorter text is one shingle.
fn shingles(text: &str) -> HashMap<Vec<&str>, usize> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: Vec<&str> = text.split(|letter| !is_word(letter)).filter(|word| !word.is_empty()).collect();
    let mut counted = HashMap::new();
    if (1..SHINGLE).contains(&words.len()) {
        counted.insert(words.clone(), 1);
    }
    for shingle in words.windows(SHINGLE) {
        *counted.entry(shingle.to_vec()).or_insert(0) += 1;
    }
    counted
}

fn f1(counts: &[Counts], pages: &[usize]) -> f64 {
    let (precision, recall) = (precision(counts, pages), recall(counts, pages));
    2.0 * precision * recall / (precision + recall)
}

/// Over the pages of which anything was found.
fn precision(counts: &[Counts], pages: &[usize]) -> f64 {
    average(pages.iter().map(|page| counts[*page]).map(|one| (one.right, one.right + one.wrong)))
}

/// Over the pages that hold anything.
fn recall(counts: &[Counts], pages: &[usize]) -> f64 {
    average(pages.iter().map(|page| counts[*page]).map(|one| (one.right, one.right + one.missed)))
}

fn average(shares: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut sum, mut n) = (0.0, 0);
    for (part, whole) in shares.filter(|(_, whole)| *whole > 0.0) {
        sum += part / whole;
        n += 1;
    }
    sum / float(n.max(1))
}

#[cfg(test)]
mod tests {
    use super::{compare, f1, precision, recall};

    #[test]
    fn shingles_are_counted_as_the_benchmark_counts_them() {
        let same = compare("a b c d e", "a, b; c d – e");
        assert_eq!((same.right, same.wrong, same.missed), (1.0, 0.0, 0.0));
        let longer = compare("a b c d", "a b c d e");
        assert_eq!((longer.right, longer.wrong, longer.missed), (0.5, 0.5, 0.0));
        let short = compare("a b", "a b");
        assert_eq!((short.right, short.wrong), (1.0, 0.0));
        let nothing = compare("a b c d", "");
        let all = [same, longer, nothing];
        // The page of which nothing was found has no precision.
        assert!((precision(&all, &[0, 1, 2]) - 0.75).abs() < 1e-12);
        assert!((recall(&all, &[0, 1, 2]) - 2.0 / 3.0).abs() < 1e-12);
        assert!((f1(&all, &[0, 1, 2]) - 2.0 * 0.75 * (2.0 / 3.0) / (0.75 + 2.0 / 3.0)).abs() < 1e-12);
    }
}
