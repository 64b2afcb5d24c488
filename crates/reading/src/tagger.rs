//! Marks sources, cues and contents in English sentences by learned weights: word by word, the best sequence of marks
//! (averaged perceptron, Collins 2002; Viterbi). Contents in quotation marks need no cue.

use std::sync::LazyLock;

use crate::lexicon::Cue;
use crate::linear::{Linear, bucket, shuffle};
use crate::part::PartRead;
use crate::scan::{TokenKind, stem};
use crate::sentences::Stretch;

/// What a word belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Mark {
    /// Neither.
    Outside,
    /// Whoever says it.
    Source,
    /// The word for saying it.
    Cue,
    /// What is said: its first word.
    Begins,
    /// What is said: any further word.
    Goes,
}

const MARKS: [Mark; 5] = [Mark::Outside, Mark::Source, Mark::Cue, Mark::Begins, Mark::Goes];
const BUCKETS: usize = 1 << 16;
const WEIGHTS: &str = include_str!("../data/attribution.weights");

static SHIPPED: LazyLock<Option<Tagger>> = LazyLock::new(|| Linear::parse(WEIGHTS).ok().map(Tagger));

/// What is known of one token, as buckets.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Of the token itself.
    own: Vec<usize>,
    /// Of the token after each mark, and at a sentence's beginning.
    turns: [[usize; TURNS]; MARKS.len() + 1],
}

/// How many things are known of a token after a mark.
const TURNS: usize = 3;

/// A model that marks words.
#[derive(Clone, Debug)]
pub(crate) struct Tagger(Linear);

impl Tagger {
    /// The model that this crate ships.
    pub(crate) fn shipped() -> Option<&'static Self> {
        SHIPPED.as_ref()
    }

    /// The best marks of a sentence's tokens.
    pub(crate) fn marks(&self, part: &PartRead, stretch: Stretch) -> Vec<Mark> {
        best(&self.0, &features(part, stretch)).into_iter().map(|class| MARKS[class]).collect()
    }

    /// Learns from sentences and the marks of their tokens.
    pub(crate) fn learn(sentences: &[(Vec<Row>, Vec<Mark>)], epochs: usize, seed: u64) -> Self {
        let mut now = Linear::new(MARKS.len(), BUCKETS);
        let mut sum = Linear::new(MARKS.len(), BUCKETS);
        let mut order: Vec<usize> = (0..sentences.len()).collect();
        let (mut state, mut steps) = (seed | 1, 0.0_f32);
        for _ in 0..epochs {
            shuffle(&mut order, &mut state);
            for at in &order {
                let (rows, marks) = &sentences[*at];
                let truth: Vec<usize> = marks.iter().map(|mark| class(*mark)).collect();
                let guess = best(&now, rows);
                steps += 1.0;
                if guess != truth {
                    correct(&mut now, &mut sum, rows, &truth, &guess, steps);
                }
            }
        }
        for at in 0..BUCKETS {
            let late: Vec<f32> = sum.row(at).to_vec();
            for (weight, late) in now.row_mut(at).iter_mut().zip(late) {
                *weight -= late / steps.max(1.0);
            }
        }
        Self(now)
    }

    pub(crate) fn to_file(&self, learned_from: &str) -> String {
        self.0.to_file(learned_from)
    }
}

fn class(mark: Mark) -> usize {
    match mark {
        Mark::Outside => 0,
        Mark::Source => 1,
        Mark::Cue => 2,
        Mark::Begins => 3,
        Mark::Goes => 4,
    }
}

/// The buckets of following a mark: by itself, and with what the token is.
fn turns(class: usize, word: &str, shape: &str) -> [usize; TURNS] {
    const NAMES: [&str; MARKS.len() + 1] = ["o", "s", "q", "b", "c", "start"];
    let name = NAMES[class.min(5)];
    [
        bucket(&["after", name], BUCKETS),
        bucket(&["after-w", name, word], BUCKETS),
        bucket(&["after-s", name, shape], BUCKETS),
    ]
}

fn correct(now: &mut Linear, sum: &mut Linear, rows: &[Row], truth: &[usize], guess: &[usize], steps: f32) {
    let mut add = |bucket: usize, class: usize, by: f32| {
        now.row_mut(bucket)[class] += by;
        sum.row_mut(bucket)[class] += by * steps;
    };
    let (mut before_truth, mut before_guess) = (5, 5);
    for (at, row) in rows.iter().enumerate() {
        if truth[at] != guess[at] {
            for bucket in &row.own {
                add(*bucket, truth[at], 1.0);
                add(*bucket, guess[at], -1.0);
            }
        }
        if truth[at] != guess[at] || before_truth != before_guess {
            for (right, wrong) in row.turns[before_truth].iter().zip(row.turns[before_guess]) {
                add(*right, truth[at], 1.0);
                add(wrong, guess[at], -1.0);
            }
        }
        (before_truth, before_guess) = (truth[at], guess[at]);
    }
}

/// The best sequence of classes (Viterbi).
fn best(model: &Linear, rows: &[Row]) -> Vec<usize> {
    let classes = MARKS.len();
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(rows.len());
    let mut scores: Vec<f32> = Vec::new();
    for row in rows {
        let own = summed(model, &row.own);
        let follow = row.turns.map(|turns| summed(model, &turns));
        let mut next = vec![f32::NEG_INFINITY; classes];
        let mut from = vec![0; classes];
        for class in 0..classes {
            if scores.is_empty() {
                next[class] = if class == 4 { f32::NEG_INFINITY } else { own[class] + follow[classes][class] };
                continue;
            }
            for before in 0..classes {
                let broken = class == 4 && before != 3 && before != 4;
                let score = scores[before] + follow[before][class] + own[class];
                if !broken && score > next[class] {
                    next[class] = score;
                    from[class] = before;
                }
            }
        }
        back.push(from);
        scores = next;
    }
    let mut class = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
    let mut path = vec![0; rows.len()];
    for at in (0..rows.len()).rev() {
        path[at] = class;
        class = back[at][class];
    }
    path
}

/// The weights of some buckets, summed up for each mark.
fn summed(model: &Linear, buckets: &[usize]) -> [f32; MARKS.len()] {
    let mut sums = [0.0; MARKS.len()];
    for bucket in buckets {
        for (sum, weight) in sums.iter_mut().zip(model.row(*bucket)) {
            *sum += weight;
        }
    }
    sums
}

/// What is known of a sentence's tokens.
pub(crate) fn features(part: &PartRead, stretch: Stretch) -> Vec<Row> {
    let saying: Vec<usize> = part
        .cues_in(stretch.from, stretch.to)
        .filter(|one| is_saying(one.cue) && !part.is_quoted(one.from))
        .map(|one| one.from)
        .collect();
    let context = Context { part, stretch, saying };
    (stretch.from..stretch.to).map(|at| context.of(at)).collect()
}

fn is_saying(cue: Cue) -> bool {
    matches!(
        cue,
        Cue::Say
            | Cue::Tell
            | Cue::Report
            | Cue::According
            | Cue::Cite
            | Cue::Affirm
            | Cue::Deny
            | Cue::Doubt
            | Cue::Decline
    )
}

struct Context<'a> {
    part: &'a PartRead,
    stretch: Stretch,
    saying: Vec<usize>,
}

impl Context<'_> {
    fn word(&self, at: Option<usize>) -> &str {
        match at {
            Some(at) if self.stretch.from <= at && at < self.stretch.to => self.part.word(at),
            _ => "|",
        }
    }

    fn shape(&self, at: Option<usize>) -> &'static str {
        let token =
            at.filter(|at| self.stretch.from <= *at && *at < self.stretch.to).map(|at| &self.part.tokens[at]);
        match token {
            None => "none",
            Some(token) => match token.kind {
                TokenKind::Word if token.capital => "Word",
                TokenKind::Word => "word",
                TokenKind::Number => "number",
                TokenKind::Stop => "stop",
                TokenKind::Break => "break",
                TokenKind::Quote => "quote",
                TokenKind::Mark => "mark",
            },
        }
    }

    fn of(&self, at: usize) -> Row {
        let back = |by: usize| at.checked_sub(by);
        let (before, next) = (self.word(back(1)), self.word(Some(at + 1)));
        let word = self.word(Some(at));
        let (before2, next2) = (self.word(back(2)), self.word(Some(at + 2)));
        let quoted = if self.part.is_quoted(at) { "in" } else { "out" };
        let quoted_next = if self.part.is_quoted(at + 1) { "in" } else { "out" };
        let quoted_before = if back(1).is_some_and(|at| self.part.is_quoted(at)) { "in" } else { "out" };
        let sides = self.sides(at);
        let place = self.place(at);
        let ending = word.char_indices().rev().nth(1).and_then(|(cut, _)| word.get(cut..)).unwrap_or(word);
        let (shape, shape_before, shape_next) =
            (self.shape(Some(at)), self.shape(back(1)), self.shape(Some(at + 1)));
        let near = self.nearest(at);
        let near_before = back(1).map_or(("none", "none"), |at| self.nearest(at));
        let has_quote =
            if (self.stretch.from..self.stretch.to).any(|at| self.part.is_quoted(at)) { "q" } else { "n" };
        let (far, far_quote) = (sides.1, [sides.1, quoted].concat());
        let (shape_before2, shape_next2) = (self.shape(back(2)), self.shape(Some(at + 2)));
        let lists: [&[&str]; 31] = [
            &["w", word],
            &["w-1", before],
            &["w+1", next],
            &["w-2", before2],
            &["w+2", next2],
            &["ww", before, word],
            &["ww+", word, next],
            &["stem", stem(word), shape],
            &["shape", shape, shape_before, shape_next],
            &["ending", ending, shape],
            &["quoted", quoted, quoted_before, quoted_next],
            &["quoted-w", quoted, word],
            &["sides", sides.0, far, quoted],
            &["sides-w", sides.0, word],
            &["sides+w", far, next],
            &["place", place, quoted],
            &["near", near.0, near.1, shape],
            &["near-w", near.0, near.1, word],
            &["near-before", near_before.0, near_before.1],
            &["near-q", near.0, near.1, quoted, has_quote],
            &["near-s", near.0, sides.0, shape],
            &["near-1", near.0, before],
            &["near+1", near.0, next],
            &["s2", shape_before, shape, word],
            &["s3", &far_quote, shape],
            &["place-side", place, sides.0, has_quote],
            &["has_quote", has_quote, shape, far],
            &["s5", shape_before2, shape_before, shape, shape_next, shape_next2],
            &["near-shape", near.0, shape_before, shape, shape_next],
            &["w3", before, word, next],
            &["bias"],
        ];
        let own = lists.iter().map(|parts| bucket(parts, BUCKETS)).collect();
        let step = [shape, quoted, quoted_before].concat();
        Row { own, turns: std::array::from_fn(|class| turns(class, word, &step)) }
    }

    /// Whether a word for saying stands before, and after; and whether several do.
    fn sides(&self, at: usize) -> (&'static str, &'static str) {
        let before = self.saying.iter().filter(|cue| **cue < at).count();
        let here = self.saying.contains(&at);
        let after = self.saying.len() - before - usize::from(here);
        let side = match (before > 0, here, after > 0) {
            (_, true, _) => "here",
            (true, false, true) => "both",
            (true, false, false) => "before",
            (false, false, true) => "after",
            (false, false, false) => "none",
        };
        let many = match (before, after) {
            (0, 0) => "0",
            (0, 1) => "0-1",
            (1, 0) => "1-0",
            (0, _) => "0-n",
            (_, 0) => "n-0",
            _ => "n-n",
        };
        (side, many)
    }

    /// How far the nearest word for saying is, and which it is.
    fn nearest(&self, at: usize) -> (&'static str, &str) {
        let nearest = self.saying.iter().min_by_key(|cue| cue.abs_diff(at));
        let Some(cue) = nearest else { return ("none", "none") };
        let far = match (*cue <= at, cue.abs_diff(at)) {
            (_, 0) => "0",
            (true, 1) => "-1",
            (true, 2) => "-2",
            (true, 3..=5) => "-5",
            (true, 6..=12) => "-12",
            (true, _) => "-far",
            (false, 1) => "+1",
            (false, 2) => "+2",
            (false, 3..=5) => "+5",
            (false, 6..=12) => "+12",
            (false, _) => "+far",
        };
        (far, self.part.word(*cue))
    }

    fn place(&self, at: usize) -> &'static str {
        let (from_start, to_end) = (at - self.stretch.from, self.stretch.to - at);
        match (from_start, to_end) {
            (0, _) => "first",
            (_, 1) => "last",
            (1..=3, _) => "early",
            (_, 2..=4) => "late",
            _ => "middle",
        }
    }
}
