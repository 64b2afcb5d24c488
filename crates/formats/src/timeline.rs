//! A claim's timeline along both times, as SVG: above when a thing was said, below when the log took it in, each event a
//! line between the two; and beneath, along the second, what the desk declared.
//! Invariant: the same events give the same bytes, and what falls on one place is drawn once.

mod scale;

use std::collections::HashMap;

use askama::Template;
use hearsay_core::{Stance, State};
use jiff::Timestamp;

use self::scale::Scale;
use crate::label::{cut, full_time, told, width};
use crate::picture::{PICTURE_STYLE, Setting, whole};

/// The picture's width, and how far its times stay away from the sides.
const WIDTH: f64 = 860.0;
const SIDE: f64 = 84.0;

/// What the last state has at the right of the last event, so that its word has room.
const NOW: f64 = 100.0;

/// Where the lines end.
const END: f64 = WIDTH - 20.0;

/// The rows of names above the first line, and the height of one.
const ROWS: usize = 4;
const ROW: f64 = 16.0;

/// How far apart the lines are, and how high the band is.
const APART: f64 = 70.0;
const BAND: f64 = 24.0;

/// Letters of names and times.
const SMALL: f64 = 11.0;

/// What an event of a claim is, to its timeline.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Moment {
    /// Evidence.
    Said(Stance),
    /// A source or the desk took something back.
    TakenBack,
    /// Whatever else was recorded.
    Recorded,
}

/// An event of a claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TimelineEvent {
    /// When it was true.
    pub occurred_at: Timestamp,
    /// When the log took it in.
    pub recorded_at: Timestamp,
    /// What it is.
    pub moment: Moment,
    /// A name for it, where there is room.
    pub name: String,
    /// The event in one sentence.
    pub sentence: String,
    /// What the desk declared after it.
    pub state: State,
}

struct Drawn {
    class: &'static str,
    way: String,
    sentence: String,
    above: (f64, f64),
    below: (f64, f64),
    name: Option<(f64, f64, String)>,
}

struct Band {
    class: &'static str,
    x: f64,
    width: f64,
    words: String,
    sentence: String,
}

#[derive(Template)]
#[template(path = "timeline.svg", escape = "html")]
struct Drawing {
    setting: Setting,
    title: String,
    description: String,
    width: f64,
    height: f64,
    said: f64,
    recorded: f64,
    band: f64,
    side: f64,
    ticks: Vec<(f64, String)>,
    events: Vec<Drawn>,
    bands: Vec<Band>,
}

impl Drawing {
    fn is_file(&self) -> bool {
        self.setting == Setting::File
    }

    fn style() -> &'static str {
        PICTURE_STYLE
    }
}

/// The timeline of one claim, its events in the order of the log.
pub fn timeline_svg(reference: &str, events: &[TimelineEvent], setting: Setting) -> Result<String, askama::Error> {
    let times = events.iter().flat_map(|event| [event.occurred_at, event.recorded_at]);
    let scale = Scale::of(times, SIDE, END - NOW);
    let said = whole(10.0 + ROW * (number(ROWS) + 0.5));
    let recorded = said + APART;
    let band = recorded + 18.0;
    let bands = bands(events, &scale);
    let states: Vec<&str> = bands.iter().map(|band| band.sentence.as_str()).collect();
    Drawing {
        setting,
        title: format!("Timeline of {reference}"),
        description: format!("{} events. Declared: {}.", events.len(), states.join("; ")),
        width: WIDTH,
        height: band + BAND + 40.0,
        said,
        recorded,
        band,
        side: SIDE,
        ticks: scale.ticks().into_iter().map(|(x, words)| (whole(x), words)).collect(),
        events: drawn(events, &scale, said, recorded),
        bands,
    }
    .render()
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn drawn(events: &[TimelineEvent], scale: &Scale, said: f64, recorded: f64) -> Vec<Drawn> {
    let places = |event: &TimelineEvent| (whole(scale.at(event.occurred_at)), whole(scale.at(event.recorded_at)));
    let way = |(from, to): (f64, f64)| format!("M{from} {said}L{to} {recorded}");
    let mut alike: HashMap<(String, Moment), usize> = HashMap::new();
    for event in events {
        *alike.entry((way(places(event)), event.moment)).or_default() += 1;
    }
    let mut taken = [f64::NEG_INFINITY; ROWS];
    let mut order: Vec<&TimelineEvent> = events.iter().collect();
    order.sort_by_key(|event| event.occurred_at);
    let mut drawn = Vec::new();
    for event in order {
        let (from, to) = places(event);
        let way = way((from, to));
        let Some(count) = alike.remove(&(way.clone(), event.moment)) else { continue };
        let named = event.moment != Moment::Recorded;
        let name = named.then(|| place(&event.name, count - 1, (from, said), &mut taken)).flatten();
        let sentence = sentence(event, count - 1);
        drawn.push(Drawn {
            class: class(event.moment),
            way,
            sentence,
            above: (from, said),
            below: (to, recorded),
            name,
        });
    }
    drawn
}

/// The lowest row above the line in which the name has room beside what stands there.
fn place(name: &str, more: usize, (x, line): (f64, f64), taken: &mut [f64; ROWS]) -> Option<(f64, f64, String)> {
    let more = if more > 0 { format!(" +{more}") } else { String::new() };
    let name = cut(name, SMALL, 150.0) + &more;
    let wide = width(&name, SMALL);
    let left = whole(x.min(WIDTH - wide - 4.0));
    let row = taken.iter().position(|end| *end + 8.0 <= left)?;
    taken[row] = left + wide;
    Some((left, whole(line - 10.0 - ROW * number(row)), name))
}

fn sentence(event: &TimelineEvent, more: usize) -> String {
    let when = if event.occurred_at == event.recorded_at {
        full_time(event.recorded_at)
    } else {
        format!("{}, recorded {}", full_time(event.occurred_at), full_time(event.recorded_at))
    };
    let more = if more > 0 { format!(", and {more} more then") } else { String::new() };
    format!("{} ({when}){more}", told(&event.sentence))
}

fn class(moment: Moment) -> &'static str {
    match moment {
        Moment::Said(Stance::Affirms) => "hs-event hs-affirms",
        Moment::Said(Stance::Denies) => "hs-event hs-denies",
        Moment::Said(Stance::Neutral) => "hs-event hs-neutral",
        Moment::TakenBack => "hs-event hs-back",
        Moment::Recorded => "hs-event hs-other",
    }
}

/// One band for each stretch of one declared state.
fn bands(events: &[TimelineEvent], scale: &Scale) -> Vec<Band> {
    let stretches: Vec<&[TimelineEvent]> = events.chunk_by(|one, next| one.state == next.state).collect();
    let starts: Vec<Timestamp> =
        stretches.iter().filter_map(|stretch| stretch.first()).map(|event| event.recorded_at).collect();
    let mut bands = Vec::new();
    for (index, stretch) in stretches.iter().enumerate() {
        let Some(first) = stretch.first() else { continue };
        let x = whole(scale.at(first.recorded_at));
        let end = starts.get(index + 1).map_or(END, |next| scale.at(*next));
        let wide = whole(end - x).max(2.0);
        let word = first.state.as_str();
        let words = cut(&format!("{} {word}", glyph(first.state)), SMALL, (wide - 10.0).max(0.0));
        let words = if words == "…" { String::new() } else { words };
        let sentence = format!("{word} since {}", full_time(first.recorded_at));
        bands.push(Band { class: shade(first.state), x, width: wide, words, sentence });
    }
    bands
}

fn glyph(state: State) -> &'static str {
    match state {
        State::Reported => "◇",
        State::Corroborated => "⬖",
        State::Denied => "⬗",
        State::Disputed => "◆",
        State::Retracted | State::Unresolved => "×",
        State::Merged => "→",
    }
}

fn shade(state: State) -> &'static str {
    match state {
        State::Reported => "hs-band hs-band-reported",
        State::Corroborated => "hs-band hs-band-corroborated",
        State::Denied => "hs-band hs-band-denied",
        State::Disputed => "hs-band hs-band-disputed",
        State::Retracted | State::Unresolved | State::Merged => "hs-band hs-band-closed",
    }
}
