-- What is read before commands are decided, within a transaction. $1: command ids (hex). $2: handles. $3: folded names of sources.
PRAGMA data_version;
SELECT (SELECT max(seq) FROM events) AS seq,
       (SELECT recorded_at FROM events ORDER BY seq DESC LIMIT 1) AS recorded_at,
       (SELECT max(number) FROM claim_heads) AS number,
       (SELECT max(number) FROM leads) AS lead;
SELECT e.command, e.seq, e.envelope, h.id, c.number, c.version, c.state, c.standing, c.due,
       c.affirming, c.denying, c.documents, c.outlets, c.answer_by
  FROM json_each($1) j
  JOIN events e ON e.command = unhex(j.value) AND e.part = 0
  LEFT JOIN claim_heads h ON h.number = e.claim
  LEFT JOIN claims c ON c.number = e.claim;
SELECT s.command, s.outcome, s.field, s.reason, s.subject, h.id, c.number, c.version, c.state, c.standing, c.due,
       c.affirming, c.denying, c.documents, c.outlets, c.answer_by
  FROM json_each($1) j
  JOIN settled_commands s ON s.command = unhex(j.value)
  LEFT JOIN claim_heads h ON h.number = s.claim
  LEFT JOIN claims c ON c.number = s.claim;
SELECT h.handle, h.kind, h.id FROM json_each($2) j JOIN handles h ON h.handle = j.value;
SELECT n.folded, n.source FROM json_each($3) j JOIN source_names n ON n.folded = j.value;
