//! The questions: each asked of the store, then of SQLite by hand, about the same things.

use std::time::Instant;

use anyhow::{Context, Result};
use hearsay_core::{ClaimNumber, State};
use hearsay_store::{
    Along, ClaimFilter, CountBy, EventFilter, Moment, Moved, Order, Period, Store, StoreError, Term,
};
use jiff::Timestamp;
use rusqlite::Connection;

use super::build::{Dice, PEOPLE, YEAR, person};
use super::raw;

/// How many events a page has.
const PAGE: u32 = 100;

/// A question, and how long its answer may take.
pub(crate) struct Question {
    pub(crate) name: &'static str,
    /// Milliseconds.
    pub(crate) goal: f64,
    ask: Ask,
}

#[derive(Clone, Copy)]
enum Ask {
    Timeline,
    AsOf,
    ByActor,
    ByKind,
    ByMove,
    BySource,
    TwoTerms,
    Diff,
    CountActors,
    CountKinds,
    States,
    Search,
}

/// All of them; exporting is measured apart.
pub(crate) const QUESTIONS: &[Question] = &[
    Question { name: "timeline of a claim", goal: 10.0, ask: Ask::Timeline },
    Question { name: "one claim as of", goal: 10.0, ask: Ask::AsOf },
    Question { name: "100 by actor", goal: 20.0, ask: Ask::ByActor },
    Question { name: "100 by kind", goal: 20.0, ask: Ask::ByKind },
    Question { name: "100 by transition", goal: 20.0, ask: Ask::ByMove },
    Question { name: "100 by source", goal: 20.0, ask: Ask::BySource },
    Question { name: "100 by actor and kind", goal: 50.0, ask: Ask::TwoTerms },
    Question { name: "difference of a day", goal: 100.0, ask: Ask::Diff },
    Question { name: "30 days by actor", goal: 100.0, ask: Ask::CountActors },
    Question { name: "30 days by kind", goal: 100.0, ask: Ask::CountKinds },
    Question { name: "states of all claims", goal: 200.0, ask: Ask::States },
    Question { name: "search for claims", goal: 20.0, ask: Ask::Search },
];

/// What one question is about.
pub(crate) struct About {
    pub(crate) claim: u32,
    pub(crate) at: Timestamp,
    pub(crate) seq: u64,
    pub(crate) person: String,
    pub(crate) outlet: String,
    pub(crate) item: usize,
}

/// Milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Took {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// Asks both.
pub(crate) struct Asker {
    store: Store,
    raw: Connection,
    claims: usize,
    events: usize,
}

impl Asker {
    pub(crate) fn new(store: Store, raw: Connection) -> Result<Self> {
        raw.pragma_update(None, "cache_size", -16_384)?;
        let claims: i64 = raw.query_row("SELECT count(*) FROM claim_heads", [], |row| row.get(0))?;
        let events: i64 = raw.query_row("SELECT max(seq) FROM events", [], |row| row.get(0))?;
        Ok(Self { store, raw, claims: usize::try_from(claims)?, events: usize::try_from(events)? })
    }

    fn about(&self, dice: &mut Dice) -> About {
        let second = YEAR.0 + i64::try_from(dice.roll(usize::try_from(YEAR.1 - YEAR.0).unwrap_or(1))).unwrap_or(0);
        let claim = self.claims - dice.skewed(self.claims);
        About {
            claim: u32::try_from(claim).unwrap_or(1),
            at: Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH),
            seq: dice.roll(self.events) as u64,
            person: person(dice.skewed(PEOPLE)),
            outlet: crate::docket::outlet_handle(dice.roll(crate::docket::OUTLETS)),
            item: dice.roll(self.claims),
        }
    }

    /// Asks so many times, warm: the first few answers are not counted.
    pub(crate) async fn ask(&mut self, question: &Question, rounds: usize) -> Result<(Took, Took)> {
        let (mut ours, mut raw) = (Vec::new(), Vec::new());
        let mut dice = Dice(7);
        for round in 0..rounds + rounds / 5 {
            let about = self.about(&mut dice);
            let began = Instant::now();
            self.answer(question.ask, &about).await?;
            let took = began.elapsed().as_secs_f64() * 1e3;
            let began = Instant::now();
            self.answer_raw(question.ask, &about)?;
            let took_raw = began.elapsed().as_secs_f64() * 1e3;
            if round >= rounds / 5 {
                ours.push(took);
                raw.push(took_raw);
            }
        }
        Ok((took(ours)?, took(raw)?))
    }

    async fn answer(&self, ask: Ask, about: &About) -> Result<()> {
        let store = &self.store;
        let page = |filter: EventFilter| EventFilter { limit: Some(PAGE), order: Order::OldestFirst, ..filter };
        let after = EventFilter { after: Some(about.seq), ..EventFilter::default() };
        match ask {
            Ask::Timeline => {
                let claims = Term::only(ClaimNumber(about.claim));
                store.events(&page(EventFilter { claims, ..EventFilter::default() })).await?;
            }
            Ask::AsOf => {
                let moment = Moment { at: about.at, known_at: Some(about.at) };
                // A claim that was not there yet is an answer, too.
                match store.claim_then(ClaimNumber(about.claim), moment).await {
                    Ok(_) | Err(StoreError::Question { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Ask::ByActor => {
                store.events(&page(EventFilter { actors: Term::only(about.person.clone()), ..after })).await?;
            }
            Ask::ByKind => {
                store.events(&page(EventFilter { kinds: Term::only("note_added".to_owned()), ..after })).await?;
            }
            Ask::ByMove => {
                let moved = Moved { from: Some(State::Reported), to: Some(State::Denied) };
                store.events(&page(EventFilter { moves: Term::only(moved), ..after })).await?;
            }
            Ask::BySource => {
                store.events(&page(EventFilter { sources: Term::only(about.outlet.clone()), ..after })).await?;
            }
            Ask::TwoTerms => {
                let actors = Term::only(about.person.clone());
                let kinds = Term::only("claim_overridden".to_owned());
                store.events(&page(EventFilter { actors, kinds, ..after })).await?;
            }
            Ask::Diff | Ask::CountActors | Ask::CountKinds | Ask::States | Ask::Search => {
                self.answer_whole(ask, about).await?;
            }
        }
        Ok(())
    }

    /// Questions about all claims.
    async fn answer_whole(&self, ask: Ask, about: &About) -> Result<()> {
        let store = &self.store;
        let (day, month) = raw::spans(about.at);
        match ask {
            Ask::Diff => {
                store.diff_recorded(day.0, day.1).await?;
            }
            Ask::CountActors | Ask::CountKinds => {
                let by = if matches!(ask, Ask::CountActors) { CountBy::Actor } else { CountBy::Kind };
                let period = Period { since: Some(month.0), until: Some(month.1) };
                store.counts(by, Along::Recorded, period).await?;
            }
            Ask::Search => {
                let text = Some(format!("delegation item {}", about.item));
                store.claims(&ClaimFilter { text, limit: Some(50), ..ClaimFilter::default() }).await?;
            }
            Ask::States
            | Ask::Timeline
            | Ask::AsOf
            | Ask::ByActor
            | Ask::ByKind
            | Ask::ByMove
            | Ask::BySource
            | Ask::TwoTerms => {
                store.states_at(about.at).await?;
            }
        }
        Ok(())
    }

    fn answer_raw(&self, ask: Ask, about: &About) -> Result<()> {
        let raw = &self.raw;
        match ask {
            Ask::Timeline => raw::timeline(raw, about),
            Ask::AsOf => raw::as_of(raw, about),
            Ask::ByActor => raw::by_actor(raw, about),
            Ask::ByKind => raw::by_kind(raw, about),
            Ask::ByMove => raw::by_move(raw, about),
            Ask::BySource => raw::by_source(raw, about),
            Ask::TwoTerms => raw::two_terms(raw, about),
            Ask::Diff => raw::diff(raw, about),
            Ask::CountActors => raw::counts(
                raw,
                about,
                "SELECT actor, measure, sum(number) FROM counts WHERE hour >= ?1 AND hour < ?2 AND axis = 'recorded' GROUP BY actor, measure",
            ),
            Ask::CountKinds => raw::counts(
                raw,
                about,
                "SELECT kind, measure, sum(number) FROM counts WHERE hour >= ?1 AND hour < ?2 AND axis = 'recorded' GROUP BY kind, measure",
            ),
            Ask::States => raw::states(raw, about),
            Ask::Search => raw::search(raw, about),
        }
    }

    /// Reads every envelope and every text, and makes nothing of them.
    pub(crate) fn read_everything(&mut self) -> Result<usize> {
        raw::read_everything(&self.raw)
    }
}

fn took(mut millis: Vec<f64>) -> Result<Took> {
    millis.sort_by(f64::total_cmp);
    let at = |percent: usize| millis.get(millis.len() * percent / 100).copied().context("nothing was asked");
    Ok(Took { p50: at(50)?, p99: at(99)? })
}
