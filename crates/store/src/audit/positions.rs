//! The statements that find positions of the log, each led by one index; all else is tested on the rows that it finds.
//! Invariant: no page reads more of the log than its leading index makes it; the contract looks at every plan.

/// An index that leads through the log in the order of its positions, or to few of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Lead {
    /// The log itself.
    Whole,
    /// One kind: its name.
    Kind,
    /// One actor: the name.
    Actor,
    /// One claim: its number.
    Claim,
    /// Several claims: their numbers.
    Claims,
    /// Evidence by a source: its id.
    Source,
    /// Evidence that a source carried.
    Carrier,
    /// Evidence that relays a source.
    Relayed,
    /// Other mentions of a source in claims' events.
    Mention,
    /// What the registry tells of a source.
    Registered,
    /// One pair of states: from, to.
    Moved,
    /// One command: its id.
    Command,
    /// A period of the world's time, which the parameters of the rest tell.
    Occurred,
    /// What was recorded a day or more after it happened.
    Late,
}

/// A lead's statements.
pub(crate) struct Statements {
    /// Positions from the oldest on.
    pub(crate) oldest: &'static str,
    /// Positions from the newest back.
    pub(crate) newest: &'static str,
    /// How many rows the lead has at most, up to the limit.
    pub(crate) probe: &'static str,
}

/// `$1` is the lead's key, `$4` the limit; `seq` the position as the lead's index has it, so that its order is used.
macro_rules! statements {
    ($seq:literal, $from:expr) => {
        Statements {
            oldest: concat!(
                "SELECT ",
                $seq,
                " FROM ",
                $from,
                include_str!("../sql/audit/rest.sql"),
                " ORDER BY ",
                $seq,
                " LIMIT $4"
            ),
            newest: concat!(
                "SELECT ",
                $seq,
                " FROM ",
                $from,
                include_str!("../sql/audit/rest.sql"),
                " ORDER BY ",
                $seq,
                " DESC LIMIT $4"
            ),
            probe: concat!("SELECT count(*) FROM (SELECT 1 FROM ", $from, " LIMIT $4)"),
        }
    };
}

macro_rules! of_events {
    ($from:literal) => {
        statements!("e.seq", $from)
    };
}

/// For an index that is not of `events`: it is bounded by itself, which SQLite would not find out.
macro_rules! beside_events {
    ($seq:literal, $from:literal) => {
        statements!($seq, concat!($from, " AND ", $seq, " > $2 AND ", $seq, " < $3"))
    };
}

impl Lead {
    /// Every lead, for whoever looks at their plans.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 14] = [
        Self::Whole,
        Self::Kind,
        Self::Actor,
        Self::Claim,
        Self::Claims,
        Self::Source,
        Self::Carrier,
        Self::Relayed,
        Self::Mention,
        Self::Registered,
        Self::Moved,
        Self::Command,
        Self::Occurred,
        Self::Late,
    ];

    /// Its statements.
    pub(crate) fn statements(self) -> Statements {
        match self {
            Self::Whole => of_events!("events e NOT INDEXED WHERE $1 IS NULL"),
            Self::Kind => of_events!("events e INDEXED BY events_by_kind WHERE e.kind = $1"),
            Self::Actor => beside_events!(
                "a.event",
                "texts a INDEXED BY texts_by_actor CROSS JOIN events e ON e.seq = a.event WHERE a.field = 'actor.name' AND a.body = $1"
            ),
            Self::Claim => of_events!("events e INDEXED BY events_by_claim WHERE e.claim = $1"),
            Self::Claims => of_events!(
                "json_each($1) j CROSS JOIN events e INDEXED BY events_by_claim ON e.claim = j.value WHERE true"
            ),
            Self::Source => beside_events!(
                "v.event",
                "evidence v INDEXED BY evidence_by_source CROSS JOIN events e ON e.seq = v.event WHERE v.source = unhex($1)"
            ),
            Self::Carrier => beside_events!(
                "v.event",
                "evidence v INDEXED BY evidence_by_via CROSS JOIN events e ON e.seq = v.event WHERE v.via = unhex($1)"
            ),
            Self::Relayed => beside_events!(
                "v.event",
                "evidence v INDEXED BY evidence_by_relays CROSS JOIN events e ON e.seq = v.event WHERE v.relays = unhex($1)"
            ),
            Self::Mention => beside_events!(
                "m.event",
                "mentions m CROSS JOIN events e ON e.seq = m.event WHERE m.source = unhex($1) AND m.registry = 0"
            ),
            Self::Registered => beside_events!(
                "m.event",
                "mentions m CROSS JOIN events e ON e.seq = m.event WHERE m.source = unhex($1) AND m.registry = 1"
            ),
            Self::Moved => beside_events!(
                "x.event",
                "transitions x INDEXED BY transitions_by_states CROSS JOIN events e ON e.seq = x.event WHERE x.from_state = $1->>0 AND x.to_state = $1->>1"
            ),
            Self::Command => {
                of_events!("events e INDEXED BY events_by_command WHERE e.command = unhex($1)")
            }
            Self::Occurred => of_events!(
                "events e INDEXED BY events_by_occurrence WHERE $1 IS NULL AND e.occurred_at >= coalesce($23, -9223372036854775808) AND e.occurred_at < coalesce($24, 9223372036854775807)"
            ),
            Self::Late => of_events!(
                "events e INDEXED BY events_recorded_late WHERE $1 IS NULL AND e.recorded_at - e.occurred_at >= 86400000000"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{ConnectOptions, Row};

    use super::*;
    use crate::open::{Create, connect_options};

    async fn plan(connection: &mut sqlx::SqliteConnection, statement: &str) -> Vec<String> {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let rows = sqlx::query(explain).fetch_all(connection).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>(3)).collect()
    }

    #[tokio::test]
    async fn every_lead_is_followed_in_its_own_order_and_nothing_else_is_gone_through() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        crate::open::migrated(&path).await;
        let mut connection = connect_options(&path, Create::Never).connect().await.unwrap();
        for lead in Lead::ALL {
            let statements = lead.statements();
            for statement in [statements.oldest, statements.newest, statements.probe] {
                if lead == Lead::Whole && statement == statements.probe {
                    continue; // It is never counted.
                }
                let steps = plan(&mut connection, statement).await;
                let much = |step: &&String| {
                    let few = step.contains("VIRTUAL TABLE") || step.contains("SCAN (subquery");
                    let late = lead == Lead::Late && step.contains("events_recorded_late");
                    step.starts_with("SCAN") && !few && !late
                };
                assert_eq!(steps.iter().find(much), None, "{lead:?}: {steps:#?}");
                let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY"));
                let may_sort = matches!(lead, Lead::Claims | Lead::Occurred | Lead::Command);
                assert!(!sorts || may_sort, "{lead:?} sorts: {steps:#?}");
            }
        }
    }
}
