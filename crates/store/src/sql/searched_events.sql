-- The events of a claim that bring words for search, with their texts. $1: its number.
SELECT e.envelope, (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = e.seq)
  FROM events e WHERE e.claim = $1 AND e.kind IN ('claim_reported', 'party_set', 'note_added') ORDER BY e.seq;
