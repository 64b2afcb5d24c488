//! What a task found, with its interval, beside its goal and what others reach.

use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};

use super::bootstrap::Interval;

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scored {
    /// The task that it is of.
    pub(crate) task: &'static str,
    /// By which measure.
    pub(crate) metric: String,
    /// The figure.
    pub(crate) value: f64,
    /// The lower end of its 95 % interval.
    pub(crate) low: f64,
    /// The upper end of its 95 % interval.
    pub(crate) high: f64,
    /// Over how many records.
    pub(crate) n: usize,
    /// What is wanted at least.
    pub(crate) goal: Option<f64>,
    /// What others reach, in words.
    pub(crate) published: Option<&'static str>,
}

impl Scored {
    /// A figure without a goal.
    pub(crate) fn new(
        task: &'static str,
        metric: impl Into<String>,
        value: f64,
        interval: Interval,
        n: usize,
    ) -> Self {
        let Interval { low, high } = interval;
        Self { task, metric: metric.into(), value, low, high, n, goal: None, published: None }
    }

    /// With what is wanted at least.
    pub(crate) fn goal(self, goal: f64) -> Self {
        Self { goal: Some(goal), ..self }
    }

    /// With what others reach.
    pub(crate) fn published(self, published: &'static str) -> Self {
        Self { published: Some(published), ..self }
    }

    /// `met` or `MISSED`, where there is a goal.
    fn verdict(&self) -> &'static str {
        match self.goal {
            Some(goal) if self.value >= goal => "met",
            Some(_) => "MISSED",
            None => "",
        }
    }
}

/// For people.
pub(crate) fn table(found: &[Scored]) -> String {
    let mut table = Table::new();
    let header = ["task", "metric", "value", "95 % interval", "n", "goal", "", "others"];
    table.load_style(presets::NOTHING).set_header(header);
    for one in found {
        table.add_row([
            one.task.to_owned(),
            one.metric.clone(),
            shown(one.value),
            format!("{} – {}", shown(one.low), shown(one.high)),
            one.n.to_string(),
            one.goal.map(shown).unwrap_or_default(),
            one.verdict().to_owned(),
            one.published.unwrap_or_default().to_owned(),
        ]);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        let is_figure = (2..=5).contains(&index);
        column.set_cell_alignment(if is_figure { CellAlignment::Right } else { CellAlignment::Left });
    }
    table.to_string()
}

/// Shares in thousandths; what is counted, in whole numbers.
fn shown(figure: f64) -> String {
    if figure.abs() >= 100.0 { format!("{figure:.0}") } else { format!("{figure:.3}") }
}

/// For programs: `[{task, metric, value, low, high, n}]`.
pub(crate) fn json(found: &[Scored]) -> Value {
    let object = |one: &Scored| {
        json!({
            "task": one.task, "metric": one.metric, "value": one.value, "low": one.low, "high": one.high, "n": one.n
        })
    };
    found.iter().map(object).collect()
}

#[cfg(test)]
mod tests {
    use super::{Interval, Scored, json, table};

    fn found() -> Vec<Scored> {
        let interval = Interval { low: 0.5, high: 0.75 };
        let plain = Scored::new("one", "accuracy", 0.6, interval, 20);
        let missed = Scored::new("two", "MAP@5", 0.25, interval, 8).goal(0.5).published("BM25 .3");
        vec![plain, missed]
    }

    #[test]
    fn programs_get_six_fields_and_nothing_else() {
        let shown = json(&found()).to_string();
        let first = r#"{"high":0.75,"low":0.5,"metric":"accuracy","n":20,"task":"one","value":0.6}"#;
        let second = r#"{"high":0.75,"low":0.5,"metric":"MAP@5","n":8,"task":"two","value":0.25}"#;
        assert_eq!(shown, format!("[{first},{second}]"));
    }

    #[test]
    fn people_see_the_goal_and_what_others_reach() {
        let shown = table(&found());
        let line = shown.lines().last().expect("two rows");
        for part in ["MAP@5", "0.250", "0.500 – 0.750", "MISSED", "BM25 .3"] {
            assert!(line.contains(part), "`{part}` in `{line}`");
        }
        assert!(!shown.lines().nth(1).expect("a row").contains("met"), "{shown}");
    }
}
