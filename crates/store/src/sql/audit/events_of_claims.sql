-- Events of claims ($1, numbers) with their texts. $2: up to that position. $3: that had happened by then.
SELECT e.seq, e.envelope,
       (SELECT json_group_array(json_array(shown.field, shown.body)) FROM (
            SELECT t.field, t.body FROM texts t WHERE t.event = e.seq
            UNION ALL
            SELECT x.field, '[erased by event ' || x.erased_by || ']' FROM erased_texts x
             WHERE x.event = e.seq AND x.field NOT IN ('ref', 'evidence.ref')) shown)
  FROM json_each($1) j CROSS JOIN events e INDEXED BY events_by_claim ON e.claim = j.value
 WHERE e.seq <= $2 AND e.occurred_at <= $3;
