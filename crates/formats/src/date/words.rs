//! Months, days of the week and time zones as they are written; in English, German, French, Russian and Ukrainian.

/// How the names of each month begin.
const MONTHS: [&[&str]; 12] = [
    &["jan", "jän", "янв", "січ"],
    &["feb", "fév", "fev", "фев", "лют"],
    &["mar", "mär", "mrz", "мар", "бер"],
    &["apr", "avr", "апр", "кві"],
    &["may", "mai", "май", "мая", "тра"],
    &["jun", "juin", "июн", "чер"],
    &["jul", "juil", "июл", "лип"],
    &["aug", "aoû", "aou", "авг", "сер"],
    &["sep", "сен", "вер"],
    &["oct", "okt", "окт", "жов"],
    &["nov", "ноя", "лис"],
    &["dec", "dez", "déc", "дек", "гру"],
];

/// How the names of days begin.
const WEEKDAYS: [&str; 45] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "die", "mit", "don", "fre", "sam", "son", "mo", "di", "mi",
    "do", "fr", "sa", "so", "lun", "mar", "mer", "jeu", "ven", "dim", "пон", "вто", "сре", "чет", "пят", "суб",
    "вос", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "вів", "сер", "п'я", "нед", "нд",
];

/// The month, from one to twelve.
pub(super) fn month(token: &str) -> Option<i8> {
    let token = token.trim_end_matches('.');
    if token.chars().count() < 3 || !token.chars().all(char::is_alphabetic) {
        return None;
    }
    let at = MONTHS.iter().position(|names| names.iter().any(|name| token.starts_with(name)))?;
    // `mardi` and `mercredi` are days, `juin` and `juillet` begin alike.
    (!token.starts_with("mardi")).then(|| i8::try_from(at + 1).ok()).flatten()
}

/// Whether a word is a day of the week.
pub(super) fn is_weekday(token: &str) -> bool {
    let letters = token.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '.' | '\'' | '’'));
    letters && WEEKDAYS.iter().any(|name| token.starts_with(name))
}

/// Seconds east of Greenwich, of a zone's name in small letters.
pub(super) fn zone(name: &str) -> Option<i32> {
    let half_hours = match name.trim_end_matches('.') {
        "z" | "ut" | "utc" | "gmt" | "wet" | "гмт" => 0,
        "bst" | "west" | "cet" | "mez" => 2,
        "cest" | "mesz" | "eet" | "sast" | "киев" => 4,
        "eest" | "msk" | "мск" | "trt" => 6,
        "gst" => 8,
        "pkt" => 10,
        "ist" => 11,
        "sgt" | "hkt" | "awst" => 16,
        "jst" | "kst" => 18,
        "aest" => 20,
        "aedt" => 22,
        "nzst" => 24,
        "nzdt" => 26,
        "adt" | "brt" => -6,
        "ast" | "edt" | "et" => -8,
        "est" | "cdt" | "ct" => -10,
        "cst" | "mdt" => -12,
        "mst" | "pdt" | "pt" => -14,
        "pst" => -16,
        _ => return None,
    };
    Some(half_hours * 1800)
}
