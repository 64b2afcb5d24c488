-- How many claims were in each state: by the hours before one ($1), and exactly between two positions within it ($2, $3).
SELECT state, sum(net) FROM (
    SELECT state, net FROM state_changes WHERE hour < $1
    UNION ALL SELECT x.to_state, 1 FROM transitions x WHERE x.event >= $2 AND x.event <= $3
    UNION ALL SELECT x.from_state, -1 FROM transitions x WHERE x.event >= $2 AND x.event <= $3
    UNION ALL
    SELECT 'reported', count(*) FROM events e INDEXED BY events_by_kind
     WHERE e.kind = 'claim_reported' AND e.seq >= $2 AND e.seq <= $3
) GROUP BY state;
