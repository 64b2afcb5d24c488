//! Linear weights over hashed features: small enough to ship, and no words in them.
//! Invariant: the same examples in the same order, with the same seed, give the same weights, bit for bit.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Features of one example: buckets, with how strongly each holds.
pub(crate) type Features = Vec<(usize, f32)>;

/// The widest line of a weights file.
const LINE: usize = 120;

/// Weights for each bucket and class.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Linear {
    classes: usize,
    buckets: usize,
    /// Bucket by bucket, a weight for each class.
    weights: Vec<f32>,
}

/// Hashes a feature's name into one of so many buckets (FNV-1a).
pub(crate) fn bucket(parts: &[&str], buckets: usize) -> usize {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    let mixed = (hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    usize::try_from(mixed).unwrap_or_default() % buckets.max(1)
}

impl Linear {
    pub(crate) fn new(classes: usize, buckets: usize) -> Self {
        Self { classes, buckets, weights: vec![0.0; classes * buckets] }
    }

    pub(crate) fn buckets(&self) -> usize {
        self.buckets
    }

    /// A sum of weights for each class.
    pub(crate) fn scores(&self, features: &[(usize, f32)]) -> Vec<f32> {
        let mut scores = vec![0.0; self.classes];
        for (bucket, value) in features {
            let row = self.row(*bucket);
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += weight * value;
            }
        }
        scores
    }

    pub(crate) fn row(&self, bucket: usize) -> &[f32] {
        let at = bucket * self.classes;
        self.weights.get(at..at + self.classes).unwrap_or_default()
    }

    pub(crate) fn row_mut(&mut self, bucket: usize) -> &mut [f32] {
        let at = bucket * self.classes;
        self.weights.get_mut(at..at + self.classes).unwrap_or_default()
    }

    /// A share for each class (softmax).
    pub(crate) fn shares(&self, features: &[(usize, f32)]) -> Vec<f32> {
        softmax(&self.scores(features))
    }

    /// The file: lines that say from what it was learned, then each weight in one byte, in base 64.
    pub(crate) fn to_file(&self, learned_from: &str) -> String {
        let largest = self.weights.iter().fold(0.0_f32, |most, weight| most.max(weight.abs())).max(1e-6);
        let step = largest / 127.0;
        let bytes: Vec<u8> = self.weights.iter().map(|weight| byte(*weight / step)).collect();
        let mut file = String::new();
        for line in learned_from.lines() {
            file.push_str("# ");
            file.push_str(line);
            file.push('\n');
        }
        let shape = format!("classes {}\nbuckets {}\nstep {step}\n", self.classes, self.buckets);
        file.push_str(&shape);
        let encoded = STANDARD.encode(bytes);
        let mut rest = encoded.as_str();
        while !rest.is_empty() {
            let (line, tail) = rest.split_at(rest.len().min(LINE));
            file.push_str(line);
            file.push('\n');
            rest = tail;
        }
        file
    }

    /// Reads a file. Errors: what is wrong with it, in words.
    pub(crate) fn parse(file: &str) -> Result<Self, String> {
        let mut lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let mut field = |name: &str| {
            let line = lines.next().and_then(|line| line.strip_prefix(name)).map(str::trim);
            line.ok_or_else(|| format!("the weights lack `{name}`")).map(str::to_owned)
        };
        let number = |text: &str| text.parse::<usize>().map_err(|_| format!("`{text}` is no number"));
        let classes = number(&field("classes")?)?;
        let buckets = number(&field("buckets")?)?;
        let step: f32 = field("step")?.parse().map_err(|_| "the step is no number".to_owned())?;
        let encoded: String = lines.collect();
        let bytes = STANDARD.decode(encoded).map_err(|_| "the weights are not in base 64".to_owned())?;
        if Some(bytes.len()) != classes.checked_mul(buckets) || !step.is_finite() {
            return Err(format!("{} weights, not {classes} times {buckets}", bytes.len()));
        }
        let weights = bytes.into_iter().map(|byte| f32::from(byte.cast_signed()) * step).collect();
        Ok(Self { classes, buckets, weights })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what is rounded lies between -127 and 127")]
fn byte(scaled: f32) -> u8 {
    (scaled.round().clamp(-127.0, 127.0) as i8).cast_unsigned()
}

pub(crate) fn softmax(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let raised: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f32 = raised.iter().sum();
    raised.into_iter().map(|one| one / sum.max(1e-12)).collect()
}

/// One example to learn from.
pub(crate) struct Example {
    pub(crate) features: Features,
    pub(crate) class: usize,
    /// How much it counts.
    pub(crate) weight: f32,
}

/// How a model is learned.
#[derive(Clone, Copy)]
pub(crate) struct Course {
    pub(crate) epochs: usize,
    pub(crate) rate: f32,
    /// How strongly weights are drawn to nothing, at each step.
    pub(crate) decay: f32,
    pub(crate) seed: u64,
}

/// Logistic regression over all classes at once, by `AdaGrad` (Duchi, Hazan and Singer 2011).
pub(crate) fn learn(examples: &[Example], classes: usize, buckets: usize, course: Course) -> Linear {
    let mut model = Linear::new(classes, buckets);
    let mut squares = vec![1e-3_f32; classes * buckets];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut state = course.seed | 1;
    for _ in 0..course.epochs {
        shuffle(&mut order, &mut state);
        for at in &order {
            step(&mut model, &mut squares, &examples[*at], course);
        }
    }
    model
}

fn step(model: &mut Linear, squares: &mut [f32], example: &Example, course: Course) {
    let shares = model.shares(&example.features);
    let classes = model.classes;
    for (bucket, value) in &example.features {
        let at = bucket * classes;
        for (class, share) in shares.iter().enumerate() {
            let wanted = if class == example.class { 1.0 } else { 0.0 };
            let weight = &mut model.weights[at + class];
            let slope = (share - wanted) * value * example.weight + course.decay * *weight;
            let square = &mut squares[at + class];
            *square += slope * slope;
            *weight -= course.rate * slope / square.sqrt();
        }
    }
}

/// How often the weights of [`fit`] are moved.
const MOVES: usize = 1_000;

/// Logistic regression over all classes at once, by all examples at each step (accelerated gradient, Nesterov 1983), with a
/// pull to nothing that counts as much as so many examples. For a few thousand examples; more are for [`learn`].
pub(crate) fn fit(examples: &[Example], classes: usize, buckets: usize, pull: f32) -> Linear {
    let sum: f32 = examples.iter().map(|example| example.weight).sum::<f32>().max(1e-6);
    let length = |example: &Example| example.features.iter().map(|(_, value)| value * value).sum::<f32>();
    let longest = examples.iter().map(length).fold(0.0, f32::max);
    let rate = 1.0 / (0.5 * longest + pull / sum);
    let mut model = Linear::new(classes, buckets);
    let mut last = model.weights.clone();
    for turn in 0..MOVES {
        let mut slopes: Vec<f32> = model.weights.iter().map(|weight| weight * pull / sum).collect();
        for example in examples {
            let shares = model.shares(&example.features);
            for (class, share) in shares.iter().enumerate() {
                let wanted = if class == example.class { 1.0 } else { 0.0 };
                let by = (share - wanted) * example.weight / sum;
                for (bucket, value) in &example.features {
                    slopes[bucket * classes + class] += by * value;
                }
            }
        }
        let turn = f32::from(u16::try_from(turn).unwrap_or(u16::MAX));
        let onward = turn / (turn + 3.0);
        for ((weight, last), slope) in model.weights.iter_mut().zip(&mut last).zip(&slopes) {
            let next = *weight - rate * slope;
            *weight = next + onward * (next - *last);
            *last = next;
        }
    }
    model.weights = last;
    model
}

/// Shuffles by xorshift (Marsaglia 2003).
pub(crate) fn shuffle(order: &mut [usize], state: &mut u64) {
    for last in (1..order.len()).rev() {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        let among = u64::try_from(last).unwrap_or(u64::MAX - 1) + 1;
        order.swap(last, usize::try_from(*state % among).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> Vec<Example> {
        let one = |class: usize, at: usize| Example { features: vec![(at, 1.0), (7, 1.0)], class, weight: 1.0 };
        (0..60).map(|number| one(number % 3, number % 3)).collect()
    }

    #[test]
    fn what_can_be_told_apart_is_learned_and_survives_its_file() {
        let course = Course { epochs: 20, rate: 0.3, decay: 0.0, seed: 5 };
        let model = learn(&examples(), 3, 16, course);
        let read = Linear::parse(&model.to_file("a test")).unwrap();
        for class in 0..3 {
            assert!(read.shares(&[(class, 1.0), (7, 1.0)])[class] > 0.8);
        }
        assert_eq!(learn(&examples(), 3, 16, course), model);
    }

    #[test]
    fn by_all_examples_at_once_the_same_is_learned_and_a_stronger_pull_makes_less_sure() {
        let sure = |pull: f32| fit(&examples(), 3, 16, pull).shares(&[(1, 1.0), (7, 1.0)])[1];
        assert!(sure(0.1) > 0.9, "{}", sure(0.1));
        assert!(sure(60.0) < 0.6 && sure(60.0) > 1.0 / 3.0, "{}", sure(60.0));
    }

    #[test]
    fn a_damaged_file_is_refused() {
        let file = Linear::new(2, 8).to_file("a test");
        for bad in ["", "classes 2", &file.replace("buckets 8", "buckets 9"), &file.replace("classes", "clashes")]
        {
            assert!(Linear::parse(bad).is_err(), "{bad}");
        }
    }
}
