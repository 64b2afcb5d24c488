-- Events whose actors' names are erased ($1: the texts, as JSONB rows of event and field): position, claim, the first event
-- by that name, and the first that keeps it.
WITH gone (event) AS (
    SELECT j.value->>0 FROM jsonb_each($1) j WHERE j.value->>1 = 'actor.name'
)
SELECT e.seq, e.claim,
       (SELECT min(t.event) FROM texts t INDEXED BY texts_by_actor WHERE t.field = 'actor.name' AND t.body = n.body),
       (SELECT min(t.event) FROM texts t INDEXED BY texts_by_actor
         WHERE t.field = 'actor.name' AND t.body = n.body AND t.event NOT IN (SELECT event FROM gone))
  FROM gone g JOIN events e ON e.seq = g.event JOIN texts n ON n.event = e.seq AND n.field = 'actor.name'
 ORDER BY e.seq;
