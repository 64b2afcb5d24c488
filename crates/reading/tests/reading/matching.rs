//! Which open claims an item leads to: rows of claims and items in our own words.

use hearsay_core::{ClaimId, SourceId, SourceKind};
use hearsay_reading::index::{Candidate, ClaimIndex, Shared};
use hearsay_reading::{Awaited, Item, NamedSource, Names, OpenClaim};
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, proptest};
use proptest::prop_assert_eq;
use proptest::sample::select;
use uuid::Uuid;

const PALACE: usize = 1;
const SPOKESMAN: usize = 2;
const COURIER: usize = 3;
const GAZETTE: usize = 4;

fn source(number: usize) -> SourceId {
    SourceId(Uuid::from_u128(0x50 + number as u128))
}

fn id(number: usize) -> ClaimId {
    ClaimId(Uuid::from_u128(0xC0 + number as u128))
}

fn at(time: &str) -> Timestamp {
    time.parse().expect("a time")
}

fn names() -> Names {
    let named = |number, name: &str, aliases: &[&str], kind, speaks_for: Option<usize>| NamedSource {
        id: source(number),
        name: name.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        kind,
        speaks_for: speaks_for.map(source),
        part_of: None,
    };
    Names::new(
        [
            named(PALACE, "Amber Palace", &["Янтарный дворец"], SourceKind::Institution, None),
            named(SPOKESMAN, "Orest Valko", &["Орест Валко"], SourceKind::Person, Some(PALACE)),
            named(COURIER, "Harbour Courier", &[], SourceKind::Outlet, None),
            named(GAZETTE, "Northern Gazette", &[], SourceKind::Outlet, None),
        ]
        .into_iter(),
    )
}

fn claim(number: usize, text: &str) -> OpenClaim {
    OpenClaim {
        id: id(number),
        text: text.to_owned(),
        language: None,
        topic: None,
        notes: Vec::new(),
        parties: Vec::new(),
        sources: Vec::new(),
        reported_at: None,
        waits_for: Vec::new(),
    }
}

fn item(title: &str, text: &str) -> Item {
    Item { title: title.to_owned(), text: text.to_owned(), ..Item::default() }
}

fn index(claims: &[OpenClaim]) -> ClaimIndex {
    let (mut index, names) = (ClaimIndex::new(), names());
    for claim in claims {
        index.add(claim, &names);
    }
    index
}

fn found(claims: &[OpenClaim], item: &Item) -> Vec<Candidate> {
    index(claims).candidates(item, &names(), 10)
}

fn order(claims: &[OpenClaim], item: &Item) -> Vec<ClaimId> {
    found(claims, item).into_iter().map(|candidate| candidate.claim).collect()
}

fn docket() -> Vec<OpenClaim> {
    vec![
        claim(0, "The ferry company will close its winter line between Orvik and Sund in November."),
        claim(1, "At least 40 miners were trapped in the Kettle Hill shaft on Monday."),
        claim(2, "The minister of health sold shares of a vaccine maker before the tender."),
        claim(3, "A dam above the town of Lirna lost half of its water overnight."),
    ]
}

#[test]
fn an_item_leads_to_the_claim_that_it_is_about_and_says_by_which_words() {
    let rows = [
        (
            0,
            "Winter ferries",
            "From November there will be no boats between Sund and Orvik, the company confirmed.",
        ),
        (1, "Rescue at Kettle Hill", "Rescuers reached the shaft where 40 miners had been trapped since Monday."),
        (2, "Health minister answers", "She denied having sold shares in the vaccine maker ahead of a tender."),
        (3, "Lirna", "Engineers say that the dam did not lose its water overnight; half had been let off in May."),
    ];
    for (wanted, title, text) in rows {
        let item = item(title, text);
        let found = found(&docket(), &item);
        let first = found.first().unwrap_or_else(|| panic!("nothing for `{title}`"));
        assert_eq!(first.claim, id(wanted), "{title}: {found:?}");
        assert!(first.because.len() >= 2, "{first:?}");
        for (_, span) in &first.because {
            assert!(!item.words(*span).is_empty(), "{span:?} points at words of the item");
        }
    }
}

#[test]
fn an_item_about_something_else_leads_nowhere() {
    let rows =
        ["", "The home side won by two goals in the last minute.", "He said that it was what they had said."];
    for text in rows {
        assert_eq!(order(&docket(), &item("", text)), [], "{text}");
    }
}

#[test]
fn who_reported_it_and_a_party_lead_to_a_claim_that_is_told_in_other_words() {
    let claims: Vec<OpenClaim> = (0..12)
        .map(|number| OpenClaim {
            parties: vec![source(PALACE)],
            sources: vec![source(if number == 0 { COURIER } else { GAZETTE })],
            ..claim(
                number,
                &format!(
                    "Palace and harbour agreed on toll number{number}, quay{number}, crane{number}, ferry{number}"
                ),
            )
        })
        .collect();
    let told = item("", "The Harbour Courier has it that the Amber Palace wants the harbour back.");
    assert_eq!(order(&claims, &told), [id(0)]);
}

#[test]
fn one_item_may_bear_on_several_claims() {
    let text = "Two answers in one day: the company keeps the ferry line from Orvik to Sund through winter. And at \
                Kettle Hill all 40 trapped miners are out of the shaft.";
    let mut both = order(&docket(), &item("Briefing", text));
    both.sort_unstable();
    assert_eq!(both, [id(0), id(1)]);
}

#[test]
fn russian_and_ukrainian_words_are_matched_in_any_case() {
    let claims = [
        claim(0, "Завод в Лирне остановил печи и уволил двести рабочих."),
        claim(1, "Міністерство продало державні кораблі приватній компанії."),
    ];
    let rows = [
        (0, "Рабочие завода рассказали, что печами в Лирне давно никто не занимался."),
        (1, "Про продаж державних кораблів компаніям у міністерстві не чули."),
    ];
    for (wanted, text) in rows {
        assert_eq!(order(&claims, &item("", text)).first(), Some(&id(wanted)), "{text}");
    }
}

#[test]
fn numbers_tell_claims_apart_that_share_their_other_words() {
    let claims = [
        claim(0, "The Orvik plant will dismiss 300 workers in spring."),
        claim(1, "The Orvik plant will dismiss 4,500 workers in spring."),
    ];
    for (wanted, text) in [
        (0, "The plant in Orvik is to dismiss 300 workers."),
        (1, "Orvik: plant to dismiss 4500 workers in spring."),
    ] {
        assert_eq!(order(&claims, &item("", text)).first(), Some(&id(wanted)), "{text}");
    }
}

#[test]
fn negation_tells_claims_apart_that_share_all_words() {
    let claims = [
        claim(0, "The council will sell the old harbour."),
        claim(1, "The council will not sell the old harbour."),
    ];
    assert_eq!(order(&claims, &item("", "Old harbour: council will not sell.")).first(), Some(&id(1)));
    assert_eq!(order(&claims, &item("", "Council will sell old harbour.")).first(), Some(&id(0)));
}

#[test]
fn twins_are_told_apart_by_date_by_party_and_by_origin() {
    let text = "The ministry prepares to close the border crossing at Sund.";
    let twin = |number, reported: &str, party, first| OpenClaim {
        parties: vec![source(party)],
        sources: vec![source(first)],
        reported_at: Some(at(reported)),
        ..claim(number, text)
    };
    let retold = "The ministry is said to prepare the closing of the border crossing at Sund.";
    let told = |text: &str, published: Option<&str>| Item { published: published.map(at), ..item("", text) };
    let (old, new) = ("2024-03-01T08:00:00Z", "2025-03-02T08:00:00Z");

    let by_date = [twin(0, old, PALACE, COURIER), twin(1, new, PALACE, COURIER)];
    assert_eq!(order(&by_date, &told(retold, Some("2025-03-04T08:00:00Z")))[0], id(1));
    assert_eq!(order(&by_date, &told(retold, Some("2024-03-03T08:00:00Z")))[0], id(0));

    let by_origin = [twin(0, new, PALACE, COURIER), twin(1, new, PALACE, GAZETTE)];
    assert_eq!(order(&by_origin, &told(&format!("{retold} So the Northern Gazette reported."), None))[0], id(1));
    assert_eq!(order(&by_origin, &told(&format!("{retold} So the Harbour Courier reported."), None))[0], id(0));

    let by_party = [twin(0, new, SPOKESMAN, COURIER), twin(1, new, PALACE, COURIER)];
    assert_eq!(order(&by_party, &told(&format!("{retold} The Amber Palace is silent."), None))[0], id(1));
}

/// A claim that waits for the palace's answer from noon to the next noon.
fn watched() -> OpenClaim {
    let (since, until) = (at("2025-04-22T12:00:00Z"), at("2025-04-23T12:00:00Z"));
    OpenClaim {
        parties: vec![source(PALACE)],
        sources: vec![source(COURIER)],
        reported_at: Some(since),
        waits_for: vec![Awaited { party: source(PALACE), since, until }],
        ..claim(9, "The prince offered to give up three islands in exchange for a truce.")
    }
}

#[test]
fn an_awaited_answer_is_found_by_what_it_speaks_about() {
    let rows = [
        ("2025-04-22T18:00:00Z", "Asked by reporters, Orest Valko said that a lot of fakes are going around."),
        ("2025-04-22T18:00:00Z", "\"We do not comment on newspaper stories,\" said Valko."),
        ("2025-04-22T18:00:00Z", "The Amber Palace called the Harbour Courier careless."),
        ("2025-04-23T09:00:00Z", "Орест Валко посоветовал читать только первоисточники."),
        ("2025-04-23T09:00:00Z", "Орест Валко каже, що це чергові вигадки."),
        ("2025-04-23T18:00:00Z", "Late, the Amber Palace spoke: no islands and no truce are on the table."),
    ];
    for (published, text) in rows {
        let item = Item { published: Some(at(published)), ..item("", text) };
        let found = found(&[docket(), vec![watched()]].concat(), &item);
        let first = found.first().unwrap_or_else(|| panic!("nothing for `{text}`"));
        assert_eq!((first.claim, first.awaited), (id(9), Some(source(PALACE))), "{text}: {found:?}");
        assert!(first.because.iter().any(|(shared, _)| *shared == Shared::Awaited), "{first:?}");
    }
}

#[test]
fn a_partys_own_channel_need_not_name_it() {
    let own = Item {
        outlet: Some(source(SPOKESMAN)),
        published: Some(at("2025-04-22T15:00:00Z")),
        ..item("", "Good day. There is nothing to say.")
    };
    assert_eq!(found(&[watched()], &own).first().and_then(|first| first.awaited), Some(source(PALACE)));
}

#[test]
fn nothing_is_awaited_of_others_at_other_times_or_about_other_things() {
    let rows = [
        ("2025-04-22T18:00:00Z", "The mayor of Sund said that a lot of fakes are going around."),
        ("2025-06-01T18:00:00Z", "Orest Valko said that a lot of fakes are going around."),
        ("2024-04-22T18:00:00Z", "Orest Valko said that a lot of fakes are going around."),
        ("2025-04-22T18:00:00Z", "Orest Valko opened the garden show and praised its roses."),
    ];
    for (published, text) in rows {
        let item = Item { published: Some(at(published)), ..item("", text) };
        assert_eq!(order(&[watched()], &item), [], "{text}");
    }
}

#[test]
fn a_removed_claim_is_found_no_more_and_a_changed_one_by_its_new_words() {
    let (mut index, names) = (index(&docket()), names());
    let ferry = item("", "The winter line of the ferry between Orvik and Sund.");
    assert!(index.remove(id(0)));
    assert!(!index.remove(id(0)));
    assert_eq!(index.len(), 3);
    assert_eq!(index.candidates(&ferry, &names, 10), []);
    index.add(&claim(3, "The ferry between Orvik and Sund sank."), &names);
    assert_eq!(index.candidates(&ferry, &names, 10)[0].claim, id(3));
    assert_eq!(index.candidates(&item("", "The dam of Lirna lost half its water."), &names, 10), []);
    index.add(&watched(), &names);
    index.remove(id(9));
    let answer = item("", "Orest Valko said that a lot of fakes are going around.");
    assert_eq!(index.candidates(&answer, &names, 10), []);
}

#[test]
fn so_many_at_most_are_given_likeliest_first() {
    let many: Vec<OpenClaim> =
        (0..40).map(|number| claim(number, &format!("The bridge at Sund was closed {number} times."))).collect();
    let found =
        index(&many).candidates(&item("", "The bridge at Sund was closed 3, 5, 6, 7, 8 or 9 times."), &names(), 5);
    assert_eq!(found.len(), 5);
    assert!([3, 5, 6, 7, 8, 9].map(id).contains(&found[0].claim), "{found:?}");
    assert!(found.windows(2).all(|two| two[0].score >= two[1].score));
}

/// A few words, so that texts share some.
fn vocabulary() -> impl Strategy<Value = String> {
    let words =
        vec!["dam", "Lirna", "water", "ferry", "Orvik", "fakes", "not", "40", "Valko", "islands", "Amber Palace"];
    vec(select(words), 1..9).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn an_index_after_changes_is_a_fresh_one(
        steps in vec((0_usize..6, any::<bool>(), any::<bool>(), vocabulary()), 0..40),
        asked in vocabulary(),
    ) {
        let (mut changed, names) = (ClaimIndex::new(), names());
        let mut kept = std::collections::BTreeMap::new();
        for (number, removed, waits, text) in steps {
            if removed {
                prop_assert_eq!(changed.remove(id(number)), kept.remove(&number).is_some());
            } else {
                let waits_for = if waits { watched().waits_for } else { Vec::new() };
                let claim = OpenClaim { waits_for, ..claim(number, &text) };
                changed.add(&claim, &names);
                kept.insert(number, claim);
            }
        }
        let fresh = index(&kept.into_values().collect::<Vec<_>>());
        let published = Some(at("2025-04-22T12:00:00Z") + SignedDuration::from_hours(2));
        let asked = Item { published, ..item("", &asked) };
        prop_assert_eq!(changed.len(), fresh.len());
        prop_assert_eq!(changed.candidates(&asked, &names, 10), fresh.candidates(&asked, &names, 10));
    }

    #[test]
    fn no_text_makes_it_fail_and_every_span_lies_in_the_item(title: String, text: String, claimed: String) {
        let (names, item) = (names(), item(&title, &format!("{text} {claimed}")));
        let mut index = ClaimIndex::new();
        index.add(&OpenClaim { topic: Some(text), notes: vec![title], ..claim(0, &claimed) }, &names);
        for candidate in index.candidates(&item, &names, 10) {
            for (_, span) in candidate.because {
                prop_assert_eq!(item.words(span).is_empty(), false, "{:?}", span);
            }
        }
    }
}
