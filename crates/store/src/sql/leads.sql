-- Leads, the newest first. $1 one of them, $2 the state, $3 the claim's number, $4 1: recorded by the worker alone, $5 the feed,
-- $6 before which, $7 how many.
SELECT l.number, c.number, l.state, l.automatic, l.evidence, s.recorded_at, s.envelope ->> '$.fact.kind', e.recorded_at,
       e.envelope, (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = l.event),
       (SELECT n.name FROM sources n WHERE n.id = l.source), (SELECT n.name FROM sources n WHERE n.id = l.via),
       (SELECT n.name FROM sources n WHERE n.id = l.relays),
       (SELECT t.body FROM texts t WHERE t.event = l.settled_by AND t.field = 'actor.name'),
       (SELECT t.body FROM texts t WHERE t.event = l.settled_by AND t.field = 'reason'),
       (SELECT count(*) FROM folded_leads f WHERE f.lead = l.number),
       (SELECT json_group_array(json_array(x.field, x.erased_by)) FROM erased_texts x WHERE x.event = l.event)
  FROM leads l JOIN events e ON e.seq = l.event JOIN claims c ON c.number = l.claim
  LEFT JOIN events s ON s.seq = l.settled_by
 WHERE ($1 IS NULL OR l.number = $1) AND ($2 IS NULL OR l.state = $2) AND ($3 IS NULL OR l.claim = $3)
   AND ($4 IS NULL OR l.automatic = $4) AND ($5 IS NULL OR l.feed = $5) AND ($6 IS NULL OR l.number < $6)
 ORDER BY l.number DESC LIMIT $7
