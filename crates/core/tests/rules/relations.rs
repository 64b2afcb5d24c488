//! Dated relations: what is told later replaces what was told for its period; loops at any time are refused.

use hearsay_core::{Reference, Refusal, Relation, Tenure};
use jiff::Timestamp;

use crate::desk::Desk;

/// Whom A is part of, year by year from 2019 to 2026; `.` for nobody.
fn timeline(told: &[&str]) -> String {
    let mut desk = Desk::empty();
    for name in ["A", "B", "C"] {
        desk.play(&format!(r#"{{"do":"add_source","name":"{name}","kind":"institution"}}"#));
    }
    for line in told {
        desk.play(&format!(r#"{{"do":"relate_source","source":"A","part_of":{line}}}"#));
    }
    let id = |name: &str| desk.docket.source(&Reference::from(name)).unwrap();
    let source = desk.docket.registry.get(id("A")).unwrap();
    let tenures: &[Tenure] = source.timeline(Relation::PartOf).tenures();
    assert!(
        tenures.windows(2).all(|pair| pair[0].until.is_some() && pair[0].until <= pair[1].since),
        "{tenures:?}"
    );
    let year = |year: i32| {
        let at: Timestamp = format!("{year}-01-01T00:00:00Z").parse().unwrap();
        let to = source.timeline(Relation::PartOf).at(at);
        ["B", "C"].into_iter().find(|name| to == Some(id(name))).unwrap_or(".")
    };
    (2019..=2026).map(year).collect()
}

fn period(to: &str, since: &str, until: &str) -> String {
    let date = |key: &str, year: &str| match year {
        "" => String::new(),
        year => format!(r#","{key}":"{year}-01-01T00:00:00Z""#),
    };
    let to = if to == "null" { to.to_owned() } else { format!("\"{to}\"") };
    format!("{to}{}{}", date("since", since), date("until", until))
}

#[test]
fn what_is_told_later_replaces_what_was_told_for_its_period() {
    let check = |told: &[(&str, &str, &str)], wanted: &str| {
        let told: Vec<String> = told.iter().map(|(to, since, until)| period(to, since, until)).collect();
        assert_eq!(timeline(&told.iter().map(String::as_str).collect::<Vec<_>>()), wanted, "{told:?}");
    };
    check(&[], "........");
    check(&[("B", "", "")], "BBBBBBBB");
    check(&[("B", "2021", "")], "..BBBBBB");
    check(&[("B", "", "2021")], "BB......");
    check(&[("B", "2021", "2023")], "..BB....");
    check(&[("B", "", ""), ("C", "2021", "2023")], "BBCCBBBB");
    check(&[("C", "2021", "2023"), ("B", "", "")], "BBBBBBBB");
    check(&[("B", "2020", "2023"), ("C", "2022", "2025")], ".BBCCC..");
    check(&[("B", "2022", "2025"), ("C", "2020", "2023")], ".CCCBB..");
    check(&[("B", "", ""), ("null", "2021", "2023")], "BB..BBBB");
    check(&[("B", "", ""), ("null", "", "")], "........");
    check(&[("B", "", ""), ("C", "2021", ""), ("B", "2023", "2024")], "BBCCBCCC");
    check(&[("B", "2020", "2022"), ("B", "2022", "2024"), ("C", "2021", "2023")], ".BCCB...");
}

#[test]
fn telling_the_same_again_in_pieces_changes_nothing() {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"relate_source","source":"ft","part_of":"reuters"}"#);
    for line in [
        r#"{"do":"relate_source","source":"ft","part_of":"reuters","since":"2020-01-01T00:00:00Z","until":"2021-01-01T00:00:00Z"}"#,
        r#"{"do":"relate_source","source":"ft","part_of":"reuters","until":"2021-01-01T00:00:00Z"}"#,
        r#"{"do":"relate_source","source":"ft","part_of":"reuters"}"#,
    ] {
        assert!(desk.say(line).unwrap().events.is_empty(), "{line}");
    }
}

/// Tells the first lines, which hold; the last is a loop or it isn't. `A s B 2020 2022`: A speaks for B in those years.
fn loops(told: &[&str]) -> bool {
    let mut desk = Desk::empty();
    for name in ["A", "B", "C", "D"] {
        desk.play(&format!(r#"{{"do":"add_source","name":"{name}","kind":"institution"}}"#));
    }
    let line = |row: &str| {
        let words: Vec<&str> = row.split(' ').collect();
        let relation = if words[1] == "s" { "speaks_for" } else { "part_of" };
        let year = |index: usize| words.get(index).copied().filter(|year| *year != "-").unwrap_or("");
        let rest = period(words[2], year(3), year(4));
        format!(r#"{{"do":"relate_source","source":"{}","{relation}":{rest}}}"#, words[0])
    };
    let (last, first) = told.split_last().unwrap();
    for row in first {
        desk.play(&line(row));
    }
    match desk.say(&line(last)) {
        Ok(_) => false,
        Err(Refusal::RelationLoop { .. }) => true,
        Err(refusal) => panic!("{refusal}"),
    }
}

#[test]
fn relations_form_no_loop_at_any_time() {
    assert!(loops(&["A s A"]));
    assert!(loops(&["A s B", "B s A"]));
    assert!(loops(&["A s B", "B p A"]), "through both relations");
    assert!(loops(&["A s B", "B p C", "C s D", "D p A"]), "at any remove");
    assert!(loops(&["A s B 2020 2022", "B s A 2021 2023"]), "where the periods overlap");
    assert!(!loops(&["A s B 2020 2022", "B s A 2022 2024"]), "one after the other");
    assert!(!loops(&["A s B - 2022", "B s A 2022"]), "from then on");
    assert!(loops(&["A s B - 2022", "B s A 2021"]));
    assert!(!loops(&["A s B 2020 2021", "B s C 2021 2022", "C s A"]), "never all at one time");
    assert!(loops(&["A s B 2020 2022", "B s C 2021 2023", "C s A"]), "all at one time");
    assert!(!loops(&["A s B", "A s null 2020 2022", "B s A 2020 2022"]), "in a gap");
    assert!(loops(&["A s B", "A s null 2020 2022", "B s A 2020 2023"]), "past a gap");
    assert!(!loops(&["A s B", "A s C 2020 2022", "B s A 2020 2022"]), "where another took its place");
}

#[test]
fn a_merge_of_sources_forms_no_loop_either() {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"relate_source","source":"reuters","part_of":"peskov"}"#);
    let refused = desk.say(r#"{"do":"merge_sources","source":"kremlin","into":"reuters"}"#);
    assert!(matches!(refused, Err(Refusal::RelationLoop { .. })));
    desk.play(r#"{"do":"merge_sources","source":"reuters","into":"kremlin"}"#);
    let kremlin = desk.docket.source(&Reference::from("kremlin"));
    assert_eq!(desk.docket.source(&Reference::from("Reuters")), kremlin, "the merged source's name leads on");
    let refused = desk.say(r#"{"do":"relate_source","source":"kremlin","part_of":"peskov"}"#);
    assert!(matches!(refused, Err(Refusal::RelationLoop { .. })));
}
