//! Tables for people: columns that space separates, no boxes.

use comfy_table::{ContentArrangement, Table};

use super::{Paint, Screen};

/// Columns under faint headers, within the screen's width.
pub(crate) fn table(screen: &Screen, headers: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(screen.width).unwrap_or(u16::MAX));
    table.force_no_tty();
    table.set_header(headers.iter().map(|header| (*header).to_owned()));
    table.add_rows(rows);
    let mut lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    if let (Some(first), Paint::Colours) = (lines.first_mut(), screen.paint) {
        *first = screen.paint.faint(first);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;

    #[test]
    fn columns_are_separated_by_space() {
        let screen = Screen { format: Format::Table, paint: Paint::Plain, width: 40 };
        let text = table(&screen, &["a", "b"], vec![vec!["one".into(), "two".into()]]);
        assert_eq!(text, " a    b\n one  two");
    }
}
