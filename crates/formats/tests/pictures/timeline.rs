//! The timeline: both times, and what the desk declared.

use hearsay_core::{Stance, State};
use hearsay_formats::{Moment, Setting, TimelineEvent, timeline_svg};

use crate::read::Read;

fn event(said: &str, recorded: &str, moment: Moment, name: &str, state: State) -> TimelineEvent {
    TimelineEvent {
        occurred_at: said.parse().unwrap(),
        recorded_at: recorded.parse().unwrap(),
        moment,
        name: name.to_owned(),
        sentence: format!("{name} was recorded"),
        state,
    }
}

fn story() -> Vec<TimelineEvent> {
    let said = |hour: u32, name: &str| {
        let (said, recorded) =
            (format!("2025-04-22T{hour:02}:00:00Z"), format!("2025-04-22T{:02}:30:00Z", hour + 2));
        event(&said, &recorded, Moment::Said(Stance::Affirms), name, State::Reported)
    };
    let done = |at: &str, state: State| event(at, at, Moment::Recorded, "", state);
    vec![
        said(16, "Financial Times"),
        said(17, "Reuters"),
        said(17, "BBC"),
        done("2025-04-22T20:00:00Z", State::Reported),
        event(
            "2025-04-23T08:00:00Z",
            "2025-04-23T09:00:00Z",
            Moment::Said(Stance::Denies),
            "Peskov",
            State::Reported,
        ),
        done("2025-04-23T09:10:00Z", State::Denied),
        event("2025-04-24T08:00:00Z", "2025-04-24T09:00:00Z", Moment::TakenBack, "withdrawn", State::Denied),
        done("2025-04-24T12:00:00Z", State::Retracted),
    ]
}

#[test]
#[ignore = "writes a picture to look at, into the target's `tmp`"]
fn writes_the_timeline() {
    let svg = timeline_svg("C-1", &story(), Setting::File).unwrap();
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("timeline.svg"), svg).unwrap();
}

#[test]
fn a_story_along_both_times() {
    insta::assert_snapshot!(timeline_svg("C-1", &story(), Setting::Page).unwrap());
}

#[test]
fn any_times_and_names_are_borne() {
    let name = "<b>\u{202e}".repeat(3_000);
    let (first, last) = ("-009999-01-02T01:59:59Z", "9999-12-30T22:00:00Z");
    let far = event(first, last, Moment::Said(Stance::Neutral), &name, State::Merged);
    for events in [Vec::new(), vec![far], story()] {
        let svg = timeline_svg("C-1", &events, Setting::File).unwrap();
        assert!(!svg.contains("<b>") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        assert!(Read::of(&svg).width > 0.0);
    }
}

#[test]
fn what_falls_on_one_place_is_drawn_once() {
    let many: Vec<TimelineEvent> = (0..20_000).map(|_| story()[0].clone()).chain(story()).collect();
    let svg = timeline_svg("C-1", &many, Setting::File).unwrap();
    assert!(svg.len() < 20_000, "{}", svg.len());
}
