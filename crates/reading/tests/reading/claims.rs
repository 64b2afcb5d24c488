//! What an item does with a claim.

use hearsay_core::{FootingWord, Manner, Stance};
use hearsay_reading::{Item, bearings, read};

use crate::desk::{COURIER, HERALD, KREMLIN, PESKOV, RIA, ZELENSKY, claim, heard, item, names, of};

#[test]
fn a_denial_in_the_speakers_words_is_caught() {
    let text = "Evening Courier wrote that Moscow would freeze the war along the front line. “This report is untrue, \
        nobody offered anything of the sort,” Kremlin spokesman Dmitry Peskov said.";
    assert_eq!(of(PESKOV, "", text).stance, Stance::Denies);
}

#[test]
fn a_headline_that_says_denies_over_a_deflection_is_framing() {
    let text = "Asked about the story in the Evening Courier, Dmitry Peskov said: “A lot of fakes are being printed at \
        the moment, so please trust only primary sources.”";
    let bearing = of(PESKOV, "Kremlin denies report of an offer to freeze the war", text);
    assert_eq!((bearing.stance, bearing.manner), (Stance::Neutral, Some(Manner::Deflects)));
    assert_eq!(bearing.framed_as, Some(Stance::Denies));
}

#[test]
fn two_speakers_take_two_stances_in_one_item() {
    let text = "Evening Courier reported that the Kremlin offered Washington to freeze the war along the front line. \
        “That is a lie from beginning to end,” Dmitry Peskov said. Volodymyr Zelensky confirmed that the Kremlin had \
        offered Washington to freeze the war.";
    assert_eq!(of(PESKOV, "", text).stance, Stance::Denies);
    assert_eq!(of(ZELENSKY, "", text).stance, Stance::Affirms);
}

#[test]
fn words_told_to_an_agency_went_via_it() {
    let text = "Evening Courier says the Kremlin offered to freeze the war. “We will not comment on newspaper talk,” \
        Dmitry Peskov told RIA Novosti.";
    let bearing = of(PESKOV, "", text);
    assert_eq!(bearing.via.and_then(|via| via.id), Some(RIA));
    assert_eq!(bearing.manner, Some(Manner::Declines));
}

#[test]
fn a_report_is_relayed_with_the_people_that_it_cites() {
    let text = "The Kremlin offered Washington to freeze the war along the present front line, Evening Courier \
        reported, citing three people briefed on the talks.";
    let footing = of(HERALD, "", text).footing;
    assert_eq!(footing.kind, FootingWord::Relays);
    assert_eq!(footing.relays.and_then(|relayed| relayed.id), Some(COURIER));
    assert_eq!(footing.count, Some(3));
}

#[test]
fn whoever_speaks_for_another_is_the_one_who_speaks() {
    let text = "Evening Courier wrote that Kyiv was offered to freeze the war along the front line. Asked about it, \
        Dmitry Peskov, Volodymyr Zelensky's old adviser, said: “That is a lie from beginning to end.”";
    assert_eq!(of(PESKOV, "", text).stance, Stance::Denies);
}

#[test]
fn a_title_in_quotation_marks_is_nobodys_words() {
    let text = "Evening Courier wrote that the Kremlin offered Washington to freeze the war. A blogger who runs the \
        channel “View From The Hill” holds that the paper made the story up.";
    let found = heard("", text);
    let blogger = found.iter().find(|bearing| bearing.speaker.name.contains("blogger"));
    assert_eq!(blogger.map(|bearing| bearing.stance), Some(Stance::Denies));
}

#[test]
fn not_denying_is_no_denial() {
    let text = "Dmitry Peskov did not deny the report in the Evening Courier that the war might be frozen on the front line.";
    assert_eq!(of(PESKOV, "", text).stance, Stance::Neutral);
}

#[test]
fn an_item_on_something_else_bears_on_nothing() {
    assert_eq!(heard("Rain tomorrow", "It will rain in the hills, and snow on the peaks.").len(), 0);
}

#[test]
fn a_partys_own_channel_speaks_for_itself_and_passes_no_report_on() {
    let report =
        "Evening Courier reported that the Kremlin offered Washington to freeze the war along the front line.";
    for (text, expected) in [
        (
            "The claim that the Kremlin offered Washington to freeze the war along the present front line is false.",
            Some(Stance::Denies),
        ),
        ("We have not offered Washington to freeze the war along the present front line.", Some(Stance::Denies)),
        (report, None),
        ("It is not true that wheat is scarce. Read what Washington wrote of the front line.", None),
    ] {
        let own = Item { outlet: Some(KREMLIN), outlet_name: "Kremlin".to_owned(), ..item("Statement", text) };
        let found = bearings(&read(&own, &names()), &own, &claim(), &names());
        let said: Vec<_> = found.iter().map(|one| (one.speaker.id, one.stance)).collect();
        assert_eq!(said, expected.map(|stance| (Some(KREMLIN), stance)).into_iter().collect::<Vec<_>>(), "{text}");
    }
}
