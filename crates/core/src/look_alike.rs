//! Whether two names of persons look alike: who would be taken for another is no second person.
//! Invariant: a name looks like itself, however it is spaced, composed or cased.

use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

use crate::fold_name;

/// Whether two names are one, or could be taken for one another: equal once compatibility forms (NFKC), case, letters that
/// are not seen and look-alikes of other scripts are put aside (the skeletons of UTS 39).
pub(crate) fn look_alike(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    // As some letters are alike in one case only (I and l, Н and H), both orders are tried.
    skeleton_of(&folded(&one)) == skeleton_of(&folded(&other))
        || folded(&skeleton_of(&one)) == folded(&skeleton_of(&other))
}

fn plain(name: &str) -> String {
    name.nfkc().filter(|letter| !is_unseen(*letter)).collect()
}

/// Upper case first: it opens ligatures and the sharp s.
fn folded(name: &str) -> String {
    fold_name(&name.to_uppercase())
}

fn skeleton_of(name: &str) -> String {
    skeleton(name).collect()
}

/// Letters without a shape of their own: joiners, marks of direction, variation selectors, fillers (a part of Unicode's
/// `Default_Ignorable_Code_Point`).
fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_be_taken_for_one_another_look_alike() {
        for (one, other) in [
            ("Ana", "Ana"),
            ("Ana", " ANA "),
            ("Ana", "\u{410}na"),
            ("ana", "\u{430}n\u{430}"),
            ("Ana", "\u{391}na"),
            ("Ana", "\u{ff21}\u{ff4e}\u{ff41}"),
            ("Ana", "A\u{200b}na"),
            ("Ana Lima", "Ana\u{a0}Lima"),
            ("Ángela", "A\u{301}ngela"),
            ("Strauß", "STRAUSS"),
            ("Ilse", "llse"),
            ("HANS", "\u{41d}\u{410}NS"),
        ] {
            assert!(look_alike(one, other) && look_alike(other, one), "{one} {other}");
        }
    }

    #[test]
    fn names_of_two_persons_do_not() {
        for (one, other) in [
            ("Ana", "Anna"),
            ("Ana", "Ángela"),
            ("Ana", "Ána"),
            ("Eva", "Ewa"),
            ("Борис", "Барис"),
            ("ben", "benedict"),
            ("Ana Lima", "Lima Ana"),
        ] {
            assert!(!look_alike(one, other), "{one} {other}");
        }
    }
}
