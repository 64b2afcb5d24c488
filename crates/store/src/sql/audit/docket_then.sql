-- Claims as they were recorded at a position ($1), after a number ($2), at most so many ($3).
SELECT h.number, h.text, h.topic, s.state, s.standing
  FROM claim_heads h
 CROSS JOIN claim_spans s ON s.claim = h.number
   AND s.since = (SELECT max(p.since) FROM claim_spans p WHERE p.claim = h.number AND p.since <= $1)
 WHERE h.number > $2
 ORDER BY h.number LIMIT $3;
