//! Cells of CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe.

use serde_json::Value;

/// The cells of one row: the fields of an object, in the order of the columns; a dot leads into an inner object.
pub(crate) fn cells(row: &Value, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|column| cell(column.split('.').fold(row, |value, key| &value[key]))).collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => harmless(text),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            harmless(&texts.join("; "))
        }
        Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Escapes what a spreadsheet would run (OWASP, "CSV injection").
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn formulas_are_escaped_and_numbers_are_not() {
        let row = json!({"a": "=1+1", "b": -3, "c": ["x", "y"], "d": null, "e": "@me", "f": {"g": "plain"}});
        assert_eq!(
            cells(&row, &["a", "b", "c", "d", "e", "f.g", "h"]),
            ["'=1+1", "-3", "x; y", "", "'@me", "plain", ""]
        );
    }
}
