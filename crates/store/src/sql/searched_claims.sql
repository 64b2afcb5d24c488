-- Claims whose words for search change with an erasure. $1: the texts, as JSONB rows of event and field. $2: ids of
-- sources whose names were erased.
SELECT e.claim FROM jsonb_each($1) j JOIN events e ON e.seq = j.value->>0
 WHERE e.kind IN ('claim_reported', 'note_added') AND j.value->>1 = 'text'
UNION
SELECT p.claim FROM jsonb_each($2) j JOIN claim_parties p ON p.source = unhex(j.value->>0);
