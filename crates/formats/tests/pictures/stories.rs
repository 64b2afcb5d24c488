//! Claims of which pictures are drawn: three outlets, the story's first evening, sixty that relay one, and a bit of all.

use serde_json::json;

use crate::desk::{Desk, at};

const OUTLETS: [&str; 12] = [
    "Financial Times",
    "Reuters",
    "BBC",
    "Le Monde",
    "Frankfurter Allgemeine Zeitung",
    "Ukrainska Pravda",
    "Kommersant",
    "El País",
    "The Guardian",
    "RIA Novosti",
    "Meduza",
    "Corriere della Sera",
];

/// The story's first evening: eleven relay one, and the Kremlin deflects.
pub(crate) fn evening() -> Desk {
    let mut desk = Desk::new(&OUTLETS);
    desk.report();
    for number in 1..12_i64 {
        desk.relays(&format!("e{number}"), &format!("s{number}"), 20 + 9 * number, "s0");
    }
    desk
}

pub(crate) fn three() -> Desk {
    let mut desk = Desk::new(&OUTLETS);
    desk.report().relays("e1", "s1", 25, "s0").relays("e2", "s2", 40, "e1");
    desk
}

/// Everything that a picture has a sign for.
pub(crate) fn crowded() -> Desk {
    let names: Vec<String> = (0..60)
        .map(|number| OUTLETS.get(number).map_or_else(|| format!("Outlet {number}"), |name| (*name).to_owned()))
        .collect();
    let mut desk = Desk::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
    desk.report();
    for number in 1..28_i64 {
        desk.relays(&format!("e{number}"), &format!("s{number}"), 20 + 7 * number, "s0");
    }
    for number in 28..36_i64 {
        desk.relays(&format!("e{number}"), &format!("s{number}"), 300 + 7 * number, &format!("e{}", number - 26));
    }
    desk.says("e36", "s36", 700, &json!({"footing": "document"}));
    desk.says("e37", "s37", 720, &json!({"footing": "named_sources", "count": 2}));
    desk.play(&json!({"do": "link_origins", "claim": "c", "evidence": ["e36", "e37"], "reason": "one leak"}));
    for number in 38..44_i64 {
        desk.relays(
            &format!("e{number}"),
            &format!("s{number}"),
            700 + 7 * number,
            if number % 2 == 0 { "s36" } else { "s37" },
        );
    }
    desk.says("e44", "s44", 800, &json!({"footing": "own", "stance": "denies"}));
    desk.relays("e45", "s45", 820, "s46").relays("e46", "s46", 830, "s47").relays("e47", "s47", 840, "s45");
    desk.relays("e48", "s48", 850, "s47");
    desk.relays("e49", "s49", 860, "s50").relays("e50", "s51", 870, "s50");
    desk.says("e51", "s52", 880, &json!({"footing": "unknown"}));
    desk.says("e52", "s53", 890, &json!({"footing": "own", "stance": "neutral", "manner": "discusses"}));
    desk.says("e53", "s54", 500, &json!({"footing": "own"}));
    desk.play(&json!({"do": "withdraw_evidence", "evidence": "e53", "reason": "wrong", "said_at": at(900)}));
    desk.relays("e54", "s55", 520, "s54");
    desk.says("e55", "s56", 530, &json!({"footing": "own"}));
    desk.play(&json!({"do": "strike_evidence", "evidence": "e55", "reason": "mistranslated"}));
    desk.says(
        "p1",
        "peskov",
        1000,
        &json!({"footing": "own", "stance": "neutral", "manner": "deflects", "via": "s9", "framed_as": "denies"}),
    );
    desk.says("p2", "peskov", 2000, &json!({"footing": "own", "stance": "denies"}));
    desk.says("e57", "s57", 2010, &json!({"footing": "relays", "relays": "kremlin", "stance": "denies"}));
    desk.says("e58", "s58", 2020, &json!({"footing": "relays", "relays": "kremlin", "stance": "denies"}));
    desk
}

pub(crate) fn star(outlets: i64) -> Desk {
    row(outlets, |_| 0)
}

/// Outlets each of which relays the one that is given.
pub(crate) fn row(outlets: i64, whom: impl Fn(i64) -> i64) -> Desk {
    let names: Vec<String> = (0..outlets).map(|number| format!("Outlet {number}")).collect();
    let mut desk = Desk::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
    desk.report();
    for number in 1..outlets {
        desk.relays(&format!("e{number}"), &format!("s{number}"), 20 + 7 * number, &format!("s{}", whom(number)));
    }
    desk
}
