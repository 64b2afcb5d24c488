//! Near-duplicates: one text in several dresses, and texts that only speak of the same.

use hearsay_reading::shingles::{BANDS, Sketch};
use proptest::prelude::proptest;
use proptest::prop_assert_eq;

const WIRE: &str = "SUND (Agency) - The harbour of Sund stayed closed on Tuesday after a crane fell onto the quay and \
    damaged two fishing boats. Nobody was hurt, the harbour master said, though the crane driver was taken to a hospital to \
    be looked after. The owner of the crane, a company from Orvik, had been told in spring to renew its cables. A \
    spokeswoman of the company said that this had been done in June and that an engineer would look at the remains on \
    Wednesday. Ferries to the islands leave from the old pier until further notice. Some forty lorries with fish and \
    timber were waiting outside the gates in the evening, and their drivers were brought soup by the fire brigade.";

const OTHER: &str = "A crane has toppled over in Sund. According to the port's director, no one came to harm and just a \
    pair of small vessels took some damage. The firm that runs it is based at Orvik; inspectors had asked for new ropes \
    months ago, and it insists that they were fitted. Passengers for the islands should use the other pier. Lorries queued \
    for hours, while firefighters handed out hot meals to those at the wheel.";

fn sketch(text: &str) -> Sketch {
    Sketch::of(text).expect("words enough")
}

fn share_a_band(one: &Sketch, two: &Sketch) -> bool {
    one.bands().iter().zip(two.bands()).any(|(one, two)| *one == two)
}

#[test]
fn one_text_in_several_dresses_is_one_document() {
    let cut = WIRE.rsplit_once(". ").expect("sentences").0;
    let dresses = [
        WIRE.to_uppercase(),
        WIRE.replace("  ", " ").replace('-', "–").replace(", ", " , "),
        WIRE.replace("Tuesday", "Monday"),
        format!("Crane falls in Sund. {WIRE}"),
        format!("{WIRE} Reporting by our staff; editing by the night desk."),
        cut.to_owned(),
    ];
    for dress in dresses {
        let (one, two) = (sketch(WIRE), sketch(&dress));
        assert!(one.is_same(&two), "{:.2}: {dress}", one.similarity(&two));
        assert!(share_a_band(&one, &two), "{dress}");
    }
}

#[test]
fn a_text_that_only_speaks_of_the_same_is_another() {
    let (one, two) = (sketch(WIRE), sketch(OTHER));
    assert!(!one.is_same(&two) && one.similarity(&two) < 0.1, "{}", one.similarity(&two));
    assert!(!share_a_band(&one, &two));
}

#[test]
fn short_texts_have_no_sketch() {
    for text in ["", "Crane falls in Sund", "one two three four five six seven"] {
        assert_eq!(Sketch::of(text), None, "{text}");
    }
}

/// Sketches are stored: a change of the hashes would part old texts from new ones.
#[test]
fn sketches_stay_what_they_are() {
    let bands = sketch(WIRE).bands();
    assert_eq!(bands.len(), BANDS);
    assert_eq!(bands[..2], [15_394_777_557_390_484_576, 1_496_837_179_665_214_120]);
}

proptest! {
    #[test]
    fn a_sketch_is_stored_and_read_again(text: String) {
        if let Some(sketch) = Sketch::of(&text) {
            prop_assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Some(sketch));
        }
        prop_assert_eq!(Sketch::from_bytes(text.as_bytes()).is_some(), text.len() == 512);
    }

    #[test]
    fn similarity_goes_both_ways(one: String, two: String) {
        let (one, two) = (sketch(&format!("{WIRE} {one}")), sketch(&format!("{two} {WIRE}")));
        prop_assert_eq!(one.similarity(&two).to_bits(), two.similarity(&one).to_bits());
        prop_assert_eq!(one.similarity(&one).to_bits(), 1.0_f64.to_bits());
    }
}
