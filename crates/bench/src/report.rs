//! What a benchmark found: a table for people, an object for programs, and the goals beside.

use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Map, Value, json};

/// One figure of a row.
pub(crate) enum Cell {
    /// A word.
    Word(String),
    /// A count.
    Count(usize),
    /// A figure, shown with so many places after the point.
    Figure(f64, usize),
    /// Not measured.
    None,
}

impl From<&str> for Cell {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl Cell {
    /// A figure, if it was measured.
    pub(crate) fn maybe(figure: Option<f64>, places: usize) -> Self {
        figure.map_or(Self::None, |figure| Self::Figure(figure, places))
    }

    fn shown(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Count(count) => count.to_string(),
            Self::Figure(figure, places) => format!("{figure:.places$}"),
            Self::None => "–".to_owned(),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Word(word) => json!(word),
            Self::Count(count) => json!(count),
            Self::Figure(figure, _) => json!(figure),
            Self::None => Value::Null,
        }
    }
}

/// A goal, and whether this run met it.
pub(crate) struct Goal {
    /// What is wanted.
    pub(crate) wanted: String,
    /// What was found.
    pub(crate) found: f64,
    /// Whether that is enough.
    pub(crate) met: bool,
}

impl Goal {
    /// A figure that is to be so much or more.
    pub(crate) fn at_least(what: impl Into<String>, bound: f64, found: f64) -> Self {
        Self { wanted: format!("{} >= {bound}", what.into()), found, met: found >= bound }
    }

    /// A figure that is to be so much or less.
    pub(crate) fn at_most(what: impl Into<String>, bound: f64, found: f64) -> Self {
        Self { wanted: format!("{} <= {bound}", what.into()), found, met: found <= bound }
    }
}

/// What one benchmark found.
pub(crate) struct Report {
    /// Its name.
    pub(crate) name: &'static str,
    /// What the columns are.
    pub(crate) columns: Vec<&'static str>,
    /// The figures.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// The goals.
    pub(crate) goals: Vec<Goal>,
    /// What else a reader must know: what was left out, above all.
    pub(crate) notes: Vec<String>,
}

impl Report {
    /// One without rows yet.
    pub(crate) fn new(name: &'static str, columns: &[&'static str]) -> Self {
        let columns = columns.to_vec();
        Self { name, columns, rows: Vec::new(), goals: Vec::new(), notes: Vec::new() }
    }

    /// For people.
    pub(crate) fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_header(self.columns.clone());
        for row in &self.rows {
            table.add_row(row.iter().map(Cell::shown));
        }
        for (index, column) in table.column_iter_mut().enumerate() {
            let is_word = self.rows.first().is_some_and(|row| matches!(row.get(index), Some(Cell::Word(_))));
            column.set_cell_alignment(if is_word { CellAlignment::Left } else { CellAlignment::Right });
        }
        let goals = self.goals.iter().map(|goal| {
            let verdict = if goal.met { "met" } else { "MISSED" };
            format!("\n  goal {}: {:.2}, {verdict}", goal.wanted, goal.found)
        });
        let notes = self.notes.iter().map(|note| format!("\n  {note}"));
        format!("{}\n{table}{}\n", self.name, goals.chain(notes).collect::<String>())
    }

    /// For programs: one object.
    pub(crate) fn json(&self) -> Value {
        let object = |row: &Vec<Cell>| -> Map<String, Value> {
            let pairs = self.columns.iter().zip(row);
            pairs.map(|(column, cell)| (column.replace([' ', '/'], "_"), cell.value())).collect()
        };
        let goals: Vec<Value> = self
            .goals
            .iter()
            .map(|goal| json!({ "wanted": goal.wanted, "found": goal.found, "met": goal.met }))
            .collect();
        let rows: Vec<_> = self.rows.iter().map(object).collect();
        json!({ "benchmark": self.name, "rows": rows, "goals": goals, "notes": self.notes })
    }
}
