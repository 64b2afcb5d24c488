//! Walkthrough 18: the worker reads the world. Outlets and an official channel on the loopback; nobody types a follow-up.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::running::{Running, events, work_until_idle};
use crate::web::{Page, Site, let_in};

const CLAIM: &str = r#"{"do":"add_source","ref":"kremlin","name":"Kremlin","kind":"institution"}
{"do":"add_source","ref":"peskov","name":"Dmitry Peskov","kind":"person","speaks_for":"kremlin"}
{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet","aliases":["FT"],"reliability":"B"}
{"do":"add_source","ref":"reuters","name":"Reuters","kind":"agency","reliability":"A"}
{"do":"add_source","ref":"ria","name":"RIA Novosti","kind":"agency","aliases":["RIA"],"reliability":"D"}
{"do":"add_source","ref":"post","name":"Morning Post","kind":"outlet","reliability":"C"}
{"do":"add_source","ref":"herald","name":"Baltic Herald","kind":"outlet","reliability":"C"}
{"do":"add_source","ref":"gazette","name":"City Gazette","kind":"outlet","reliability":"C"}
{"do":"report_claim","ref":"offer","text":"Vladimir Putin offered to halt the invasion of Ukraine along the current front line.","language":"en","kind":"intention","topic":"ukraine war","parties":[{"source":"kremlin","interest":"against"}],"evidence":{"ref":"e1","source":"ft","stance":"affirms","footing":"unnamed_sources","count":3,"said_at":"2025-04-22T16:00:00Z"}}
{"do":"report_claim","ref":"fleet","text":"The port of Odesa will close to grain ships for the whole of May.","language":"en","kind":"intention","evidence":{"source":"reuters","stance":"affirms","footing":"own","said_at":"2025-04-22T12:00:00Z"}}
"#;

/// What the agency wrote; its subscribers carry it, one with the credit and one without.
const AGENCY: [&str; 4] = [
    "Russian President Vladimir Putin has offered to halt the invasion of Ukraine along the current front line, the \
     Financial Times reported on Tuesday, citing three people familiar with the talks.",
    "The proposal was put to the American envoy during a meeting in St Petersburg earlier this month, according to the \
     newspaper, which said that it was the first formal indication of a step back from maximal demands.",
    "Kyiv has ruled out any recognition of occupied territory, and European governments have warned that a pause would let \
     Moscow gather strength for another push in the summer.",
    "Talks between American and European officials are due to go on in London this week, with both sides playing down \
     hopes of a quick result.",
];

/// The outlets of the story.
struct Press {
    post: Site,
    wire: Site,
    herald: Site,
    gazette: Site,
    kremlin: Site,
}

impl Press {
    fn new() -> Self {
        let press = Self {
            post: Site::new(),
            wire: Site::new(),
            herald: Site::new(),
            gazette: Site::new(),
            kremlin: Site::new(),
        };
        press.post.put(
            "/offer",
            Page::html(
                "Putin ready to freeze the war, FT says",
                &[
                    "Vladimir Putin has offered to stop the invasion of Ukraine at the current front line, the Financial \
                     Times reports, citing three people briefed on the matter.",
                    "The newspaper writes that Moscow could give up its claim to the parts of four regions that Kyiv still \
                     controls. The Morning Post could not confirm the account on its own.",
                    "Analysts in Warsaw called the timing remarkable, as the American side has threatened to walk away from \
                     its role as a mediator within days.",
                ],
            ),
        );
        press.wire.put("/1", Page::html("Putin offers to halt invasion at front line, newspaper says", &AGENCY));
        let mut credited = AGENCY.map(str::to_owned);
        credited[0] = format!("MOSCOW (Reuters) - {}", AGENCY[0]);
        let credited: Vec<&str> = credited.iter().map(String::as_str).collect();
        press
            .herald
            .put("/world/7", Page::html("Putin offers halt along current front line, FT reports", &credited));
        press.gazette.put(
            "/kremlin-denies",
            Page::html(
                "Kremlin denies Putin offered to halt invasion along front line",
                &[
                    "The Kremlin has denied a Financial Times report that Vladimir Putin offered to halt the invasion of \
                     Ukraine along the current front line.",
                    "\u{201c}A lot of fakes are being published now, including by respected publications. One should listen \
                     only to primary sources,\u{201d} Kremlin spokesman Dmitry Peskov told RIA Novosti when asked about the \
                     report.",
                    "The newspaper had cited three people familiar with the talks that were held in St Petersburg.",
                ],
            ),
        );
        for (site, title, entries) in [
            (&press.post, "Morning Post", &[("Putin ready to freeze the war, FT says", "/offer")][..]),
            (&press.wire, "Reuters world news", &[("Putin offers to halt invasion", "/1")]),
            (&press.herald, "Baltic Herald", &[("Putin offers halt", "/world/7")]),
            (&press.gazette, "City Gazette", &[("Kremlin denies", "/kremlin-denies")]),
            (&press.kremlin, "Kremlin", &[]),
        ] {
            site.put("/feed", Page::rss(site, title, entries));
        }
        press
    }

    fn sites(&self) -> [&Site; 5] {
        [&self.post, &self.wire, &self.herald, &self.gazette, &self.kremlin]
    }

    /// A desk with the claim, which may fetch from all of them.
    fn desk(&self) -> Desk {
        let desk = Desk::new();
        desk.import(CLAIM).done();
        let_in(&desk, &self.sites());
        desk
    }

    /// The official channel denies.
    fn deny(&self) {
        self.kremlin.put(
            "/statement",
            Page::html(
                "Statement of the spokesman",
                &[
                    "Dmitry Peskov: \u{201c}No. It is not true that Vladimir Putin offered to halt the invasion of Ukraine along \
                     the current front line. There was no such offer.\u{201d}",
                    "The spokesman answered questions about the report of the Financial Times at his daily briefing on \
                     Wednesday.",
                ],
            ),
        );
        self.kremlin.put("/feed", Page::rss(&self.kremlin, "Kremlin", &[("Statement", "/statement")]));
    }
}

fn add(desk: &Desk, site: &Site, source: &str) {
    desk.run(&["feed", "add", &site.url("/feed"), "--source", source, "--every", "1h"]).done();
}

/// What leads say in short: claim, speaker, stance, manner, footing, whom it relays, the outlet that carried it, how that put
/// it.
fn said(leads: &Value) -> Vec<String> {
    let word = |lead: &Value, field: &str| lead[field].as_str().unwrap_or("-").to_owned();
    let line = |lead: &Value| {
        let fields = ["claim", "speaker", "stance", "manner", "footing", "relays", "via", "framed_as"];
        fields.map(|field| word(lead, field)).join(" | ")
    };
    let mut lines: Vec<String> = leads.as_array().into_iter().flatten().map(line).collect();
    lines.sort();
    lines
}

/// Accepts every lead that waits.
fn accept_all(desk: &Desk) {
    let waiting = desk.json(&["lead", "list"]);
    for lead in waiting.as_array().into_iter().flatten() {
        desk.run(&["lead", "accept", lead["reference"].as_str().expect("a lead has a number")]).done();
    }
}

#[test]
fn the_worker_reads_the_world_and_brings_leads() {
    let press = Press::new();
    let desk = press.desk();
    add(&desk, &press.post, "Morning Post");
    add(&desk, &press.herald, "Baltic Herald");
    add(&desk, &press.gazette, "City Gazette");
    work_until_idle(&desk);
    assert_eq!(press.post.asked(), ["/feed", "/robots.txt", "/offer"]);
    let leads = desk.json(&["lead", "list"]);
    assert_eq!(
        said(&leads),
        [
            "C-1 | Baltic Herald | affirms | - | relays | Reuters | - | -",
            "C-1 | City Gazette | affirms | - | relays | Financial Times | - | -",
            "C-1 | Dmitry Peskov | neutral | deflects | own | - | RIA Novosti | denies",
            "C-1 | Morning Post | affirms | - | relays | Financial Times | - | -",
        ]
    );
    let peskov = leads.as_array().into_iter().flatten().find(|lead| lead["speaker"] == "Dmitry Peskov");
    let quote = peskov.and_then(|lead| lead["quote"].as_str()).expect("his words are quoted");
    assert!(quote.starts_with("A lot of fakes are being published now"), "{quote}");

    let explained = || desk.json(&["claim", "explain", "C-1"]);
    let before = explained();
    accept_all(&desk);
    let after = explained();
    assert_eq!((&after["standing"], &after["documents"]), (&json!("reported"), &json!(5)));
    assert_eq!(after["origins"]["affirming"].as_array().map(Vec::len), Some(1), "one independent origin");
    assert_eq!(before["origins"]["affirming"][0]["group"], after["origins"]["affirming"][0]["group"]);
    assert_eq!(after["answers"][0]["kind"], "deflection");

    add(&desk, &press.kremlin, "Kremlin");
    let trust = r#"auto_record=[{source="Kremlin",feed="F-4",over=700}]"#;
    desk.run(&["policy", "set", "default", "--set", trust]).done();
    work_until_idle(&desk);
    press.deny();
    desk.run(&["feed", "poll", "F-4"]).done();
    work_until_idle(&desk);
    let auto = desk.json(&["lead", "list", "--auto"]);
    assert_eq!(said(&auto), ["C-1 | Dmitry Peskov | denies | - | own | - | Kremlin | -"]);
    assert_eq!((&auto[0]["state"], &auto[0]["settled_by"]), (&json!("accepted"), &json!("worker/fetch_item")));
    assert_eq!(desk.json(&["claim", "show", "C-1"])["standing"], "denied");
    desk.run(&["audit", "verify"]).done();

    desk.run(&["lead", "undo", auto[0]["reference"].as_str().expect("a number"), "--reason", "another offer"])
        .done();
    assert_eq!(desk.json(&["claim", "show", "C-1"])["standing"], "reported");
}

#[test]
fn a_deflection_that_is_headlined_as_a_denial_moves_nothing_even_where_its_channel_is_trusted() {
    let press = Press::new();
    let desk = press.desk();
    add(&desk, &press.gazette, "City Gazette");
    let trust = r#"auto_record=[{source="Kremlin",feed="F-1",over=700}]"#;
    desk.run(&["policy", "set", "default", "--set", trust]).done();
    work_until_idle(&desk);
    let auto = desk.json(&["lead", "list", "--auto"]);
    assert_eq!(said(&auto), ["C-1 | Dmitry Peskov | neutral | deflects | own | - | RIA Novosti | denies"]);
    let claim = desk.json(&["claim", "show", "C-1"]);
    assert_eq!((&claim["standing"], &claim["due_to_advance"]), (&json!("reported"), &json!(false)));
}

#[test]
fn a_worker_that_is_killed_at_any_moment_loses_no_item_and_records_none_twice() {
    let press = Press::new();
    let desk = press.desk();
    press.deny();
    for (site, source) in
        press.sites().into_iter().zip(["Morning Post", "Reuters", "Baltic Herald", "City Gazette"])
    {
        add(&desk, site, source);
    }
    add(&desk, &press.kremlin, "Kremlin");
    let trust = r#"auto_record=[{source="Kremlin",feed="F-5",over=700}]"#;
    desk.run(&["policy", "set", "default", "--set", trust]).done();
    for round in 0..10 {
        let running = Running::started(&desk, &[]);
        std::thread::sleep(Duration::from_millis(60 * round));
        running.killed();
    }
    work_until_idle(&desk);
    assert_eq!(
        said(&desk.json(&["lead", "list"])),
        [
            "C-1 | Baltic Herald | affirms | - | relays | Reuters | - | -",
            "C-1 | City Gazette | affirms | - | relays | Financial Times | - | -",
            "C-1 | Dmitry Peskov | neutral | deflects | own | - | RIA Novosti | denies",
            "C-1 | Morning Post | affirms | - | relays | Financial Times | - | -",
            "C-1 | Reuters | affirms | - | relays | Financial Times | - | -",
        ]
    );
    assert_eq!(events(&desk, "lead_laid").len(), 6);
    assert_eq!(events(&desk, "lead_folded").len(), 0);
    let auto = desk.json(&["lead", "list", "--auto"]);
    assert_eq!(said(&auto), ["C-1 | Dmitry Peskov | denies | - | own | - | Kremlin | -"]);
    assert_eq!(desk.json(&["claim", "show", "C-1"])["standing"], "denied");
    desk.run(&["audit", "verify"]).done();
}
