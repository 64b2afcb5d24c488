//! A page of the log: the filter's names looked up, the rarest term leading, all others tested.

use std::collections::BTreeSet;

use futures_util::future::try_join_all;
use hearsay_core::{ClaimNumber, Fact, SourceId, State};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Row, Sqlite};

use super::positions::Lead;
use crate::search_words;
use crate::time::{HOUR, to_micros};
use crate::wanted::json;
use crate::{EventFilter, Moved, Order, Period, Store, StoreError, Term};

/// How far a lead is counted: what has more is common.
const PROBED: i64 = 1_024;

/// How many positions a page has where no limit was set.
const PAGE: u32 = 10_000;

/// How many events several claims may have, for their positions to be gathered and sorted.
const GATHERED: i64 = 50_000;

type Query<'q> = sqlx::query::QueryScalar<'q, Sqlite, i64, SqliteArguments>;

/// A filter whose names have been looked up, as the statements are given it.
pub(crate) struct Asked {
    after: i64,
    before: i64,
    kinds: [Option<Vec<&'static str>>; 2],
    actors: [Option<String>; 2],
    claims: [Option<Vec<ClaimNumber>>; 2],
    sources: [Option<Vec<SourceId>>; 2],
    parties: [Option<Vec<SourceId>>; 2],
    topics: [Option<String>; 2],
    moves: [Option<String>; 2],
    commands: [Option<String>; 2],
    words: [Option<String>; 2],
    occurred: Period,
    not_recorded: Option<String>,
    not_occurred: Option<String>,
    lag: Option<i64>,
    order: Order,
    /// Nothing can fit.
    empty: bool,
}

/// What leads: one or several lists of positions, to be merged.
struct Led {
    lead: Vec<(Lead, Option<String>)>,
    /// How many rows it has, as far as counted.
    rows: i64,
}

impl Store {
    /// The positions of the events that fit, in the filter's order: at most so many, after the cursor.
    pub(crate) async fn positions(&self, filter: &EventFilter) -> Result<Vec<i64>, StoreError> {
        let asked = self.asked(filter).await?;
        let limit = filter.limit.unwrap_or(PAGE);
        if asked.empty || limit == 0 {
            return Ok(Vec::new());
        }
        let led = self.led(filter, &asked).await?;
        let lists = led.lead.iter().map(|(lead, key)| {
            let statements = lead.statements();
            let statement = match asked.order {
                Order::OldestFirst => statements.oldest,
                Order::NewestFirst => statements.newest,
            };
            asked.bind(sqlx::query_scalar(statement), key.as_deref(), i64::from(limit)).fetch_all(self.readers())
        });
        let found = try_join_all(lists).await.map_err(|error| self.fault(error))?;
        let found: BTreeSet<i64> = found.into_iter().flatten().collect();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(match asked.order {
            Order::OldestFirst => found.into_iter().take(limit).collect(),
            Order::NewestFirst => found.into_iter().rev().take(limit).collect(),
        })
    }

    /// Looks up what the filter names, and refuses what cannot be asked.
    pub(crate) async fn asked(&self, filter: &EventFilter) -> Result<Asked, StoreError> {
        let periods = [filter.recorded, filter.occurred];
        for period in periods.iter().chain(&filter.not_recorded).chain(&filter.not_occurred) {
            self.check_period(*period)?;
        }
        let (after, before) = self.bounds(filter).await?;
        let mut asked = Asked {
            after,
            before,
            kinds: [kinds(&filter.kinds.any)?, kinds(&filter.kinds.none)?],
            actors: lists(&filter.actors, Clone::clone),
            claims: [self.with_merged(&filter.claims.any).await?, self.with_merged(&filter.claims.none).await?],
            sources: [self.all_of(&filter.sources.any).await?, self.all_of(&filter.sources.none).await?],
            parties: [self.all_of(&filter.parties.any).await?, self.all_of(&filter.parties.none).await?],
            topics: lists(&filter.topics, Clone::clone),
            moves: lists(&filter.moves, |moved| [moved.from.map(State::as_str), moved.to.map(State::as_str)]),
            commands: lists(&filter.commands, |command| command.0.simple().to_string()),
            words: [words(&filter.words.any), words(&filter.words.none)],
            occurred: filter.occurred,
            not_recorded: stretches(&filter.not_recorded),
            not_occurred: stretches(&filter.not_occurred),
            lag: filter.lag.map(|lag| i64::try_from(lag.as_micros()).unwrap_or(i64::MAX)),
            order: filter.order,
            empty: after + 1 >= before,
        };
        asked.empty |= !filter.words.any.is_empty() && asked.words[0].is_none();
        Ok(asked)
    }

    /// Between which positions, both exclusive, the cursor and the log's time leave anything.
    async fn bounds(&self, filter: &EventFilter) -> Result<(i64, i64), StoreError> {
        let cursor = filter.after.map(|after| i64::try_from(after).unwrap_or(i64::MAX));
        // Several leads are read one after the other: none of them beyond what was there before the first.
        let beyond = i64::try_from(self.head().await?.unwrap_or(0)).unwrap_or(i64::MAX).saturating_add(1);
        let (mut after, mut before) = match filter.order {
            Order::OldestFirst => (cursor.unwrap_or(0), beyond),
            Order::NewestFirst => (0, cursor.unwrap_or(i64::MAX).min(beyond)),
        };
        if let Some(since) = filter.recorded.since {
            after = after.max(self.first_at(since).await? - 1);
        }
        if let Some(until) = filter.recorded.until {
            before = before.min(self.first_at(until).await?);
        }
        Ok((after, before))
    }

    /// The claims, and all that were merged into them.
    async fn with_merged(&self, claims: &[ClaimNumber]) -> Result<Option<Vec<ClaimNumber>>, StoreError> {
        if claims.is_empty() {
            return Ok(None);
        }
        let numbers: Vec<u32> = sqlx::query_scalar(include_str!("../sql/audit/with_merged.sql"))
            .bind(json(claims.iter().map(|claim| claim.0)))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        Ok(Some(numbers.into_iter().map(ClaimNumber).collect()))
    }

    /// The sources of those names, with all that they were merged with.
    pub(crate) async fn all_of(&self, names: &[String]) -> Result<Option<Vec<SourceId>>, StoreError> {
        if names.is_empty() {
            return Ok(None);
        }
        let mut ids = BTreeSet::new();
        for name in names {
            let missing = || StoreError::NotFound { what: "source", name: name.clone() };
            let source = self.find_source(name).await?.ok_or_else(missing)?;
            let rows = sqlx::query(include_str!("../sql/audit/same_source.sql"))
                .bind(source.0.as_bytes().as_slice())
                .fetch_all(self.readers())
                .await
                .map_err(|error| self.fault(error))?;
            if rows.is_empty() {
                return Err(missing());
            }
            for row in &rows {
                ids.insert(SourceId(crate::load::uuid(row, 0).map_err(|fault| self.fault(fault))?));
            }
        }
        Ok(Some(ids.into_iter().collect()))
    }

    /// Picks what leads: the rarest of what the filter asks for, else the log itself.
    async fn led(&self, filter: &EventFilter, asked: &Asked) -> Result<Led, StoreError> {
        let mut best = Led { lead: vec![(Lead::Whole, None)], rows: i64::MAX };
        let mut candidates = leads(filter, asked);
        if let [only] = candidates.as_slice()
            && only.iter().all(|(one, _)| *one != Lead::Occurred)
        {
            // Nothing to choose from, so nothing to count.
            best = Led { lead: candidates.remove(0), rows: PROBED };
        }
        for lead in candidates {
            let mut rows = 0;
            for (one, key) in &lead {
                if rows < best.rows {
                    let query = sqlx::query_scalar(one.statements().probe);
                    let query = asked.bind(query, key.as_deref(), PROBED);
                    rows += query.fetch_one(self.readers()).await.map_err(|error| self.fault(error))?;
                }
            }
            let in_order = lead.iter().all(|(one, _)| *one != Lead::Occurred) || rows < PROBED;
            if in_order && rows < best.rows {
                best = Led { lead, rows };
            }
        }
        if best.rows >= PROBED
            && let Some(led) = self.gathered(filter, asked).await?
        {
            best = led;
        }
        Ok(best)
    }

    /// Claims of a topic, a party or some words, where together they have few events.
    async fn gathered(&self, filter: &EventFilter, asked: &Asked) -> Result<Option<Led>, StoreError> {
        let narrows =
            !filter.topics.any.is_empty() || !filter.parties.any.is_empty() || !filter.words.any.is_empty();
        if !narrows {
            return Ok(None);
        }
        let row = sqlx::query(include_str!("../sql/audit/claims_gathered.sql"))
            .bind(asked.topics[0].as_deref())
            .bind(asked.parties[0].as_deref().map(hexes))
            .bind(asked.words[0].as_deref())
            .bind(GATHERED)
            .fetch_one(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let read = || -> Result<(String, i64), sqlx::Error> { Ok((row.try_get(0)?, row.try_get(1)?)) };
        let (claims, rows) = read().map_err(|error| self.fault(error))?;
        Ok((rows < GATHERED).then(|| Led { lead: vec![(Lead::Claims, Some(claims))], rows }))
    }
}

impl Asked {
    fn bind<'q>(&'q self, query: Query<'q>, key: Option<&'q str>, limit: i64) -> Query<'q> {
        let numbers = |claims: &Vec<ClaimNumber>| json(claims.iter().map(|claim| claim.0));
        let ids = |ids: &Option<Vec<SourceId>>| ids.as_deref().map(hexes);
        let kinds = |kinds: &Option<Vec<&'static str>>| kinds.as_ref().map(|kinds| json(kinds.iter()));
        let query = query.bind(key).bind(self.after).bind(self.before).bind(limit);
        let query = query.bind(kinds(&self.kinds[0])).bind(kinds(&self.kinds[1]));
        let query = query.bind(self.actors[0].as_deref()).bind(self.actors[1].as_deref());
        let query = query.bind(self.claims[0].as_ref().map(numbers)).bind(self.claims[1].as_ref().map(numbers));
        let query = query.bind(ids(&self.sources[0])).bind(ids(&self.sources[1]));
        let query = query.bind(ids(&self.parties[0])).bind(ids(&self.parties[1]));
        let query = query.bind(self.topics[0].as_deref()).bind(self.topics[1].as_deref());
        let query = query.bind(self.moves[0].as_deref()).bind(self.moves[1].as_deref());
        let query = query.bind(self.commands[0].as_deref()).bind(self.commands[1].as_deref());
        let query = query.bind(self.words[0].as_deref()).bind(self.words[1].as_deref());
        query
            .bind(self.occurred.since.map(to_micros))
            .bind(self.occurred.until.map(to_micros))
            .bind(self.not_recorded.as_deref())
            .bind(self.not_occurred.as_deref())
            .bind(self.lag)
    }
}

/// What may lead, each as the lists of positions that are merged.
fn leads(filter: &EventFilter, asked: &Asked) -> Vec<Vec<(Lead, Option<String>)>> {
    let mut leads = Vec::new();
    let mut lead = |lists: Vec<(Lead, Option<String>)>| {
        if !lists.is_empty() {
            leads.push(lists);
        }
    };
    let hex = |id: &SourceId| id.0.simple().to_string();
    let each =
        |one: Lead, keys: Vec<String>| keys.into_iter().map(move |key| (one, Some(key))).collect::<Vec<_>>();
    lead(each(Lead::Command, filter.commands.any.iter().map(|id| id.0.simple().to_string()).collect()));
    lead(each(Lead::Claim, asked.claims[0].iter().flatten().map(|claim| claim.0.to_string()).collect()));
    lead(each(Lead::Moved, pairs(&filter.moves)));
    let sources: Vec<String> = asked.sources[0].iter().flatten().map(hex).collect();
    let ways = [Lead::Source, Lead::Carrier, Lead::Relayed, Lead::Mention, Lead::Registered];
    lead(ways.into_iter().flat_map(|way| each(way, sources.clone())).collect());
    lead(each(Lead::Actor, filter.actors.any.clone()));
    lead(each(Lead::Kind, asked.kinds[0].iter().flatten().map(|kind| (*kind).to_owned()).collect()));
    if filter.occurred != Period::default() {
        lead(vec![(Lead::Occurred, None)]);
    }
    if asked.lag.is_some_and(|lag| lag >= 24 * HOUR) {
        lead(vec![(Lead::Late, None)]);
    }
    leads
}

/// Every pair of states that a term lets through.
fn pairs(moves: &Term<Moved>) -> Vec<String> {
    let states = |one: Option<State>| one.map_or_else(|| State::ALL.to_vec(), |one| vec![one]);
    let mut pairs = BTreeSet::new();
    for moved in &moves.any {
        for from in states(moved.from) {
            pairs.extend(states(moved.to).iter().map(|to| json([from.as_str(), to.as_str()].iter())));
        }
    }
    pairs.into_iter().collect()
}

/// The kinds that begin so.
fn kinds(beginnings: &[String]) -> Result<Option<Vec<&'static str>>, StoreError> {
    if beginnings.is_empty() {
        return Ok(None);
    }
    for beginning in beginnings {
        if !Fact::KINDS.iter().any(|kind| kind.starts_with(beginning.as_str())) {
            let why =
                format!("no kind of event begins with `{beginning}`; the kinds are {}", Fact::KINDS.join(", "));
            return Err(StoreError::Question { why });
        }
    }
    let begins = |kind: &&'static str| beginnings.iter().any(|beginning| kind.starts_with(beginning.as_str()));
    Ok(Some(Fact::KINDS.into_iter().filter(begins).collect()))
}

fn lists<T, V: serde::Serialize>(term: &Term<T>, as_json: impl Fn(&T) -> V) -> [Option<String>; 2] {
    [&term.any, &term.none].map(|list| (!list.is_empty()).then(|| json(list.iter().map(&as_json))))
}

fn hexes(ids: &[SourceId]) -> String {
    json(ids.iter().map(|id| id.0.simple().to_string()))
}

/// A full-text query for any of some searches; none where they hold no word.
fn words(searches: &[String]) -> Option<String> {
    let queries: Vec<String> =
        searches.iter().filter_map(|text| search_words::query(text)).map(|query| format!("({query})")).collect();
    (!queries.is_empty()).then(|| queries.join(" OR "))
}

fn stretches(periods: &[Period]) -> Option<String> {
    let micros = |period: &Period| [period.since.map(to_micros), period.until.map(to_micros)];
    (!periods.is_empty()).then(|| json(periods.iter().map(micros)))
}
