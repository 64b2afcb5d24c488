//! The attribution picture: what it shows, and what it is made to bear.

use hearsay_core::Attribution;
use hearsay_formats::{Detail, Setting, attribution_svg, origins_sentence};
use serde_json::json;

use crate::desk::{Desk, at};
use crate::read::Read;
use crate::stories::{crowded, evening, row, star, three};

fn svg(desk: &Desk, detail: Detail) -> String {
    let (explanation, attribution) = desk.read();
    attribution_svg(&explanation, &attribution, Setting::File, detail).unwrap()
}

fn sentence(desk: &Desk) -> String {
    let (explanation, attribution) = desk.read();
    origins_sentence(&explanation, &attribution)
}

#[test]
#[ignore = "writes pictures to look at, into the target's `tmp`"]
fn writes_pictures() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, desk) in [
        ("three", three()),
        ("evening", evening()),
        ("crowded", crowded()),
        ("star", star(60)),
        ("heap", star(500)),
    ] {
        std::fs::write(folder.join(format!("{name}.svg")), svg(&desk, Detail::Whole)).unwrap();
        std::fs::write(folder.join(format!("{name}-folded.svg")), svg(&desk, Detail::Folded)).unwrap();
    }
}

#[test]
fn the_sentence_says_what_outlets_come_down_to() {
    assert_eq!(sentence(&evening()), "12 outlets · 1 independent origin (Financial Times, three unnamed people)");
    assert_eq!(
        sentence(&crowded()),
        "57 outlets · 2 independent origins for it (Financial Times, three unnamed people; Outlet 36 + Outlet 37) · 2 \
         origins against it (Kremlin; Outlet 44)"
    );
    let mut lost = three();
    lost.play(&json!({"do": "withdraw_evidence", "evidence": "e0", "reason": "wrong", "said_at": at(90)}));
    assert_eq!(sentence(&lost), "2 outlets · no independent origin");
}

#[test]
fn three_outlets_as_svg() {
    insta::assert_snapshot!(svg(&three(), Detail::Folded));
}

#[test]
fn what_is_drawn_of_everything_there_is() {
    insta::assert_snapshot!(Read::of(&svg(&crowded(), Detail::Folded)).told());
}

#[test]
fn forty_relays_and_more_are_folded() {
    let read = Read::of(&svg(&star(60), Detail::Folded));
    assert_eq!(read.nodes.len(), 5);
    assert!(read.nodes.iter().any(|node| node.words == ["and 56 more"]), "{:?}", read.nodes);
    assert_eq!(Read::of(&svg(&star(40), Detail::Folded)).nodes.len(), 40, "39 relays are drawn");
    assert_eq!(Read::of(&svg(&star(60), Detail::Whole)).nodes.len(), 60);
}

#[test]
fn a_picture_stays_within_bounds() {
    let read = Read::of(&svg(&star(500), Detail::Whole));
    assert!(read.nodes.iter().any(|node| node.words == ["and 380 more"]));
    assert_eq!(read.nodes.len(), 121);
}

#[test]
fn of_a_long_chain_the_end_is_drawn_and_of_a_large_circle_the_way_round() {
    let chain = Read::of(&svg(&row(200, |number| number - 1), Detail::Whole));
    assert_eq!(
        (chain.nodes.len(), chain.arrows),
        (121, 120),
        "119 relays, and what is folded, point at one another"
    );
    let circle = Read::of(&svg(&row(30, |number| number % 29 + 1), Detail::Folded));
    assert_eq!((circle.nodes.len(), circle.arrows), (14, 13), "twelve in the circle, and what is folded between");
}

#[test]
fn the_same_evidence_gives_the_same_bytes() {
    let (one, other) = (crowded(), crowded());
    for detail in [Detail::Folded, Detail::Whole] {
        assert_eq!(svg(&one, detail), svg(&other, detail));
    }
}

#[test]
fn earlier_relays_stand_above_later_ones() {
    let read = Read::of(&svg(&evening(), Detail::Folded));
    let mut relays: Vec<_> = read.nodes.iter().filter(|node| node.class.contains("hs-relayed")).collect();
    assert_eq!(relays.len(), 11);
    relays.sort_by(|one, other| one.y.total_cmp(&other.y));
    assert!(relays.is_sorted_by_key(|node| node.words[1].clone()), "{relays:?}");
}

#[test]
fn time_runs_from_left_to_right() {
    let read = Read::of(&svg(&three(), Detail::Folded));
    let place = |name: &str| read.nodes.iter().find(|node| node.words[0] == name).unwrap().x;
    assert!(place("Financial Times") < place("Reuters") && place("Reuters") < place("BBC"));
}

fn renamed(name: &str) -> Attribution {
    let (_, mut attribution) = crowded().read();
    for piece in &mut attribution.pieces {
        name.clone_into(&mut piece.source);
        piece.via = piece.via.as_ref().map(|_| name.to_owned());
    }
    for other in attribution.relayed.iter_mut().map(|relayed| &mut relayed.name).chain(&mut attribution.groups) {
        name.clone_into(other);
    }
    attribution
}

#[test]
fn no_name_breaks_the_picture() {
    let (explanation, plain) = crowded().read();
    let drawn = attribution_svg(&explanation, &plain, Setting::File, Detail::Whole).unwrap();
    for name in [
        "<script>alert(1)</script>",
        "]]></style></svg><img src=x onerror=alert(1)>",
        "\" onload=\"alert(1)",
        &"Ä".repeat(10_000),
        &"Wort ".repeat(2_000),
        "وكالة الأنباء الدولية للصحافة والنشر",
        "\u{202e}cod.exe\u{2066}",
        "\u{0}\u{1b}[2J\u{fffe}\n\r\t",
        "🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒",
        "",
    ] {
        let svg = attribution_svg(&explanation, &renamed(name), Setting::File, Detail::Whole).unwrap();
        assert_eq!(Read::of(&svg).nodes.len(), Read::of(&drawn).nodes.len(), "{name:.40}");
        assert!(svg.len() < 10 * drawn.len(), "{name:.40}: {}", svg.len());
        assert!(!svg.contains("<script") && !svg.contains("<img") && !svg.contains("\" onload"), "{name:.40}");
    }
}

#[test]
fn a_page_gets_no_style_and_no_sentence() {
    let (explanation, attribution) = three().read();
    let svg = attribution_svg(&explanation, &attribution, Setting::Page, Detail::Folded).unwrap();
    for absent in ["<style", "xmlns", "hs-sentence", "hs-ground", "http", "url(", " id="] {
        assert!(!svg.contains(absent), "{absent}");
    }
}
