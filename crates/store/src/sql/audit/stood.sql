-- How claims ($1, numbers) stood at two positions ($2, $3): state and standing at each, null where they were not there.
SELECT j.value, a.state, a.standing, b.state, b.standing
  FROM json_each($1) j
  LEFT JOIN claim_spans a ON a.claim = j.value
   AND a.since = (SELECT max(p.since) FROM claim_spans p WHERE p.claim = j.value AND p.since <= $2)
  LEFT JOIN claim_spans b ON b.claim = j.value
   AND b.since = (SELECT max(p.since) FROM claim_spans p WHERE p.claim = j.value AND p.since <= $3);
