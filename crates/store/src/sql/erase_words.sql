-- Takes erased words out of every table, at the end of the transaction that records it. $1: the texts, as JSONB rows of
-- event and field. $2: what is said in the place of a refusal's words. $3: the names that sources go by whose names were
-- erased, as JSONB rows of id and name.
DELETE FROM handles WHERE kind = 'claim' AND id IN (
    SELECT h.id FROM jsonb_each($1) j JOIN events e ON e.seq = j.value->>0 JOIN claim_heads h ON h.number = e.claim
     WHERE j.value->>1 = 'ref');
DELETE FROM handles WHERE kind = 'evidence' AND id IN (
    SELECT v.id FROM jsonb_each($1) j JOIN evidence v ON v.event = j.value->>0 WHERE j.value->>1 = 'evidence.ref');
DELETE FROM handles WHERE kind = 'source' AND id IN (
    SELECT unhex(replace(e.envelope->>'$.fact.data.source', '-', ''))
      FROM jsonb_each($1) j JOIN events e ON e.seq = j.value->>0 AND e.kind = 'source_added' WHERE j.value->>1 = 'ref');
UPDATE sources SET handle = NULL WHERE id IN (
    SELECT unhex(replace(e.envelope->>'$.fact.data.source', '-', ''))
      FROM jsonb_each($1) j JOIN events e ON e.seq = j.value->>0 AND e.kind = 'source_added' WHERE j.value->>1 = 'ref');
UPDATE items SET url = NULL, title = NULL, guid = NULL, address = NULL, words = NULL, sketch = NULL, error = NULL
 WHERE number IN (
    SELECT i.item FROM jsonb_each($1) j JOIN snapshot_uses u ON u.event = j.value->>0 JOIN item_snapshots i ON i.snapshot = u.snapshot
     WHERE j.value->>1 <> 'actor.name'
    UNION SELECT l.item FROM jsonb_each($1) j JOIN leads l ON l.event = j.value->>0 WHERE j.value->>1 <> 'actor.name'
    UNION SELECT f.item FROM jsonb_each($1) j JOIN folded_leads f ON f.event = j.value->>0 WHERE j.value->>1 <> 'actor.name');
UPDATE snapshots SET body = NULL, content_type = NULL, urls = '[]', headers = '{}' WHERE sha256 IN (
    SELECT u.snapshot FROM jsonb_each($1) j JOIN snapshot_uses u ON u.event = j.value->>0 WHERE j.value->>1 <> 'actor.name');
DELETE FROM snapshot_uses WHERE event IN (
    SELECT j.value->>0 FROM jsonb_each($1) j WHERE j.value->>1 IN ('words.snapshot', 'snapshot'));
UPDATE feeds SET paused_by = '[erased]' WHERE lower(trim(paused_by)) IN (
    SELECT lower(trim(t.body)) FROM jsonb_each($1) j JOIN texts t ON t.event = j.value->>0 AND t.field = j.value->>1);
UPDATE sources SET name = j.value->>1 FROM jsonb_each($3) j WHERE sources.id = unhex(j.value->>0);
UPDATE claim_heads SET text = NULL WHERE number IN (
    SELECT e.claim FROM jsonb_each($1) j JOIN events e ON e.seq = j.value->>0 AND e.kind = 'claim_reported'
     WHERE j.value->>1 = 'text');
UPDATE claim_heads SET handle = NULL WHERE number IN (
    SELECT e.claim FROM jsonb_each($1) j JOIN events e ON e.seq = j.value->>0 AND e.kind = 'claim_reported'
     WHERE j.value->>1 = 'ref');
UPDATE settled_commands SET reason = $2 WHERE outcome = 'refused' AND reason <> $2;
UPDATE task_kinds SET paused_by = '[erased]' WHERE lower(trim(paused_by)) IN (
    SELECT lower(trim(t.body)) FROM jsonb_each($1) j JOIN texts t ON t.event = j.value->>0 AND t.field = j.value->>1);
UPDATE tasks SET last_error = NULL WHERE last_error IS NOT NULL;
-- A submitted line is JSON within a payload's JSON: its values are looked at, too. Where it can't be read, and in errors,
-- only words of some length are looked for.
DELETE FROM dead_tasks WHERE id IN (
    SELECT d.id FROM jsonb_each($1) j JOIN texts t ON t.event = j.value->>0 AND t.field = j.value->>1, dead_tasks d
     WHERE t.field NOT IN ('actor.name', 'proposal.by', 'erasure.by', 'to')
       AND (length(t.body) >= 8 AND instr(d.error, t.body) > 0
            OR EXISTS (
                SELECT 1 FROM json_tree(CASE WHEN json_valid(d.payload) THEN d.payload END) p
                 WHERE trim(p.atom, char(9, 10, 13, 32)) = t.body
                    OR EXISTS (SELECT 1 FROM json_tree(CASE WHEN p.type = 'text' AND json_valid(p.atom) THEN p.atom END) v
                                WHERE trim(v.atom, char(9, 10, 13, 32)) = t.body)
                    OR length(t.body) >= 8 AND p.type = 'text' AND NOT json_valid(p.atom)
                       AND (instr(p.atom, t.body) > 0 OR instr(p.atom, trim(json_quote(t.body), '"')) > 0))));
