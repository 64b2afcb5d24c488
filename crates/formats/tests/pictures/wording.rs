//! The wording check: drafts, and what of them a standing does not carry.

use hearsay_formats::{Needs, Ruled, check_wording};
use proptest::prelude::*;
use serde_json::json;

use crate::desk::Desk;
use crate::stories::{evening, three};

fn found(desk: &Desk, draft: &str, ruled: Ruled) -> String {
    let (explanation, _) = desk.read();
    let found = check_wording(draft, &explanation, ruled);
    found
        .iter()
        .map(|one| format!("{} {:?}", &draft[one.start..one.end], one.needs))
        .collect::<Vec<_>>()
        .join(", ")
}

#[test]
fn what_one_origin_does_not_carry() {
    for (draft, wanted) in [
        ("Kremlin confirms offer to halt at the front line", "confirms Corroborated"),
        ("It has EMERGED that Putin admits it", "It has EMERGED Corroborated, admits Acknowledged"),
        ("Leak reveals offer; multiple sources say so", "reveals Corroborated, multiple sources Independent"),
        ("Report debunked as fake, Kremlin denied it", "debunked Ruled, fake Ruled, denied Denied"),
        ("Moscow declined to comment, then dodged", "declined to comment Declined, dodged Deflected"),
        ("Kremlin didn’t respond", "didn’t respond Silent"),
        ("Putin offered to halt, the Financial Times reports", ""),
        ("The report has not been confirmed", ""),
        ("It could not be independently confirmed", ""),
        ("Nobody has yet confirmed it", ""),
        ("It isn’t true, and, confirmed or not, it spreads", "confirmed Corroborated"),
        ("Paper says it “confirmed” the offer", ""),
        ("Paper says it \"confirmed\" the offer and verified it", "verified Corroborated"),
        ("Three were admitted to hospital", ""),
        ("", ""),
        ("…!?", ""),
    ] {
        assert_eq!(found(&evening(), draft, Ruled::No), wanted, "{draft}");
    }
}

#[test]
fn what_the_record_carries_is_left_alone() {
    let mut desk = three();
    desk.says("p1", "peskov", 100, &json!({"footing": "own", "stance": "denies"}));
    assert_eq!(found(&desk, "Kremlin denies the offer", Ruled::No), "");
    desk.says("p2", "peskov", 200, &json!({"footing": "own"}));
    assert_eq!(found(&desk, "Kremlin admits the offer", Ruled::No), "");
    assert_eq!(found(&desk, "The offer was debunked", Ruled::Yes), "");
}

#[test]
fn the_desk_has_to_declare_it_too() {
    let mut desk = three();
    desk.says("e9", "s5", 100, &json!({"footing": "own"}));
    let found = check_wording("The offer is confirmed", &desk.read().0, Ruled::No);
    assert_eq!(found[0].needs, Needs::Corroborated);
    assert_eq!(
        found[0].reason,
        "“confirmed” says that it is settled; the evidence carries that, but the desk declares it reported"
    );
    desk.play(&json!({"do": "advance", "claim": "c", "to": "corroborated", "reason": "two origins"}));
    assert!(check_wording("The offer is confirmed", &desk.read().0, Ruled::No).is_empty());
}

proptest! {
    #[test]
    fn places_are_of_the_draft(draft in "(confirmed|admits|not|“|”|[ .,]|é|🧑‍🧒|\\PC){0,60}") {
        let (explanation, _) = three().read();
        let mut last = 0;
        for one in check_wording(&draft, &explanation, Ruled::No) {
            prop_assert!(last <= one.start && one.start < one.end);
            prop_assert_eq!(draft.get(one.start..one.end), Some(one.words.as_str()));
            last = one.end;
        }
    }
}
