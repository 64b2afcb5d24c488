//! How texts are cut into words, and which forms of a word are one.

use hearsay_reading::words::{WordKind, stem_of, words};
use proptest::prelude::proptest;
use proptest::{prop_assert, prop_assert_eq};

#[test]
fn forms_of_one_word_have_one_stem() {
    let rows = [
        "deny denies denied denying",
        "report reports reported reporting",
        "company companies",
        "close closed closing closes",
        "stop stopped stopping stops",
        "quick quickly",
        "café cafe CAFÉ",
        "завод завода заводу заводом заводе",
        "рабочий рабочего рабочему рабочим",
        "корабля кораблю",
        "Песков Пескова Пескову Песковым",
        "Путин Путін Путина Путіна",
        "ещё еще",
    ];
    for row in rows {
        let stems: Vec<String> = row.split(' ').map(stem_of).collect();
        assert!(stems.iter().all(|stem| *stem == stems[0]), "{row}: {stems:?}");
    }
}

#[test]
fn other_words_keep_another_stem() {
    for row in ["deny den", "bus bu", "sing s", "миру мирный", "три тригер", "united unite us"]
    {
        let stems: std::collections::BTreeSet<String> = row.split(' ').map(stem_of).collect();
        assert!(stems.len() > 1, "{row}: {stems:?}");
    }
}

#[test]
fn marks_and_addresses_are_no_words_and_tags_are_several() {
    let stems = |text: &str| words(text).into_iter().map(|word| word.stem).collect::<Vec<_>>();
    let rows = [
        ("Sund's dam isn't dry", "sund dam is not dri"),
        ("4,500 boats, 3.5 m", "4500 boat 3.5 m"),
        ("see https://example.org/a?b=c now", "see now"),
        ("#LakeLevel", "lak level lakelevel"),
        ("O’Hara", "ohara"),
        ("", ""),
        ("— … !", ""),
    ];
    for (text, wanted) in rows {
        assert_eq!(stems(text).join(" "), wanted, "{text}");
    }
}

#[test]
fn a_name_is_told_by_its_capital_unless_a_sentence_begins() {
    let kinds: Vec<WordKind> = words("Boats left Orvik. Boats 12").into_iter().map(|word| word.kind).collect();
    let wanted = [WordKind::Plain, WordKind::Plain, WordKind::Proper, WordKind::Plain, WordKind::Number];
    assert_eq!(kinds, wanted);
}

proptest! {
    #[test]
    fn words_follow_each_other_inside_the_text(text: String) {
        for word in words(&text) {
            prop_assert!(text.get(word.start..word.end).is_some_and(|whole| !whole.is_empty()), "{word:?}");
            prop_assert_eq!(word.stem.is_empty(), false);
        }
    }
}
