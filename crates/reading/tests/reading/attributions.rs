//! Who says what, before any claim is looked at; and what holds of every text.

use hearsay_reading::{Item, Span, bearings, read};
use proptest::prelude::*;

use crate::desk::{claim, item, names};

/// Every span of a reading and its bearings.
fn spans(item: &Item) -> Vec<Span> {
    let (names, claim) = (names(), claim());
    let reading = read(item, &names);
    let mut spans: Vec<Span> = reading.sentences.clone();
    spans.extend(reading.mentions.iter().map(|mention| mention.span));
    for one in &reading.attributions {
        spans.extend(one.source.iter().chain(&one.cue).chain(&one.content));
    }
    for one in bearings(&reading, item, &claim, &names) {
        spans.extend(one.because.iter().filter_map(|because| because.span));
        assert!((0.0..=1.0).contains(&one.confidence));
        if let Some(quote) = one.quote {
            let whole = [quote.prefix, quote.exact, quote.suffix].concat();
            assert!(item.text.contains(&whole) || item.title.contains(&whole));
        }
    }
    spans
}

fn assert_inside(item: &Item) {
    for span in spans(item) {
        let part = item.part(span.part);
        assert!(span.start <= span.end && part.get(span.start..span.end).is_some(), "{span:?} of {part:?}");
    }
}

#[test]
fn a_sentence_keeps_its_quotation_whole() {
    let text = "He said: “It rained. It rained all day. Nobody came.” Then he left.";
    let item = item("", text);
    let sentences = read(&item, &names()).sentences;
    let words: Vec<&str> = sentences.iter().map(|span| item.words(*span)).collect();
    assert_eq!(words, ["He said: “It rained. It rained all day. Nobody came.”", "Then he left."]);
}

#[test]
fn quotations_within_quotations_stay_within() {
    let text = "Peskov said: «They wrote “peace is near” and „war is over“ in one week, all of it invented».";
    let item = item("", text);
    let reading = read(&item, &names());
    assert_eq!(reading.sentences.len(), 1);
    assert_inside(&item);
}

#[test]
fn the_same_item_gives_the_same_reading() {
    let text =
        "Evening Courier wrote that the Kremlin would freeze the war. “A lie,” Dmitry Peskov told RIA Novosti.";
    let (item, names, claim) = (item("Kremlin denies", text), names(), claim());
    let first = read(&item, &names);
    assert_eq!(first, read(&item, &names));
    assert_eq!(bearings(&first, &item, &claim, &names), bearings(&read(&item, &names), &item, &claim, &names));
}

proptest! {
    #[test]
    fn any_text_is_read_and_every_span_lies_in_it(title in ".{0,60}", text in "\\PC{0,400}") {
        assert_inside(&item(&title, &text));
    }

    #[test]
    fn any_mix_of_telling_words_is_read(words in proptest::collection::vec(prop::sample::select(vec![
        "Peskov", "Kremlin", "said", "told", "RIA Novosti", "“", "”", "\"", "«", "»", "denied", "not", ",", ".", "\n", "FT",
        "three sources", "Evening Courier", "freeze", "war", "front line", "Пескова", "заявил", "неправда", "é", "U.S.",
        "according to", "who", "he", "(", ")", "-", "'s", "fakes", "it", "on Tuesday", "31 February", "99 December",
    ]), 0..60)) {
        assert_inside(&item("", &words.join(" ")));
        assert_inside(&item(&words.concat(), ""));
    }
}
