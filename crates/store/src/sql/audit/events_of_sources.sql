-- What the registry tells of sources ($1, hex), with texts. $2: up to that position. $3: ratings that had been given by
-- then. Names and the first rating hold from ever, and relations bear dates of their own.
SELECT e.seq, e.envelope,
       (SELECT json_group_array(json_array(shown.field, shown.body)) FROM (
            SELECT t.field, t.body FROM texts t WHERE t.event = e.seq
            UNION ALL
            SELECT x.field, '[erased by event ' || x.erased_by || ']' FROM erased_texts x
             WHERE x.event = e.seq AND x.field NOT IN ('ref', 'evidence.ref')) shown)
  FROM json_each($1) j CROSS JOIN mentions m CROSS JOIN events e ON e.seq = m.event
 WHERE m.source = unhex(j.value) AND m.registry = 1 AND m.event <= $2 AND (e.occurred_at <= $3 OR e.kind <> 'source_rated');
