-- What only some batches write. $13 settled commands, $14 handles, $15 claim heads, $16 claims whose lists are told anew, $17 parties, $18 tags, $19 links,
-- $20 new search rows, $21 words that are added to search rows, $22 sources, $23 names, $24 sources whose relations are
-- told anew, $25 relations, $26 policies, $27 restands: JSONB arrays of rows.
INSERT INTO settled_commands (command, outcome, field, reason, subject, claim)
SELECT unhex(j.value->>0), j.value->>1, j.value->>2, j.value->>3, j.value->>4, j.value->>5 FROM jsonb_each($13) j WHERE true
    ON CONFLICT (command) DO UPDATE SET
       outcome = excluded.outcome, field = excluded.field, reason = excluded.reason, subject = excluded.subject,
       claim = excluded.claim;
INSERT OR ROLLBACK INTO handles (handle, kind, id)
SELECT j.value->>0, j.value->>1, unhex(j.value->>2) FROM jsonb_each($14) j;
INSERT INTO claim_heads (number, id, handle, text, kind, topic, language, policy, opened_at)
SELECT j.value->>0, unhex(j.value->>1), j.value->>2, j.value->>3, j.value->>4, j.value->>5, j.value->>6, j.value->>7, j.value->>8
  FROM jsonb_each($15) j;
DELETE FROM claim_parties WHERE claim IN (SELECT value->>0 FROM jsonb_each($16));
DELETE FROM claim_tags WHERE claim IN (SELECT value->>0 FROM jsonb_each($16));
DELETE FROM claim_links WHERE claim IN (SELECT value->>0 FROM jsonb_each($16));
INSERT INTO claim_parties (claim, position, source, interest)
SELECT j.value->>0, j.value->>1, unhex(j.value->>2), j.value->>3 FROM jsonb_each($17) j;
INSERT INTO claim_tags (claim, tag) SELECT j.value->>0, j.value->>1 FROM jsonb_each($18) j;
INSERT INTO claim_links (claim, relation, other)
SELECT j.value->>0, j.value->>1, unhex(j.value->>2) FROM jsonb_each($19) j;
INSERT INTO claim_search (rowid, text, topic, parties, notes)
SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4 FROM jsonb_each($20) j;
UPDATE claim_search SET parties = claim_search.parties || (j.value->>1), notes = claim_search.notes || (j.value->>2)
  FROM jsonb_each($21) j WHERE claim_search.rowid = j.value->>0;
INSERT INTO sources (id, handle, name, kind, reliability, merged_into)
SELECT unhex(j.value->>0), j.value->>1, j.value->>2, j.value->>3, j.value->>4, unhex(j.value->>5)
  FROM jsonb_each($22) j WHERE true
    ON CONFLICT (id) DO UPDATE SET reliability = excluded.reliability, merged_into = excluded.merged_into;
INSERT INTO source_names (folded, source, name, event, position)
SELECT j.value->>0, unhex(j.value->>1), j.value->>2, j.value->>3, j.value->>4 FROM jsonb_each($23) j;
DELETE FROM relations WHERE source IN (SELECT unhex(value->>0) FROM jsonb_each($24));
INSERT INTO relations (source, relation, position, target, since, until)
SELECT unhex(j.value->>0), j.value->>1, j.value->>2, unhex(j.value->>3), j.value->>4, j.value->>5 FROM jsonb_each($25) j;
INSERT INTO policies (name, version, body, recorded_at)
SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3 FROM jsonb_each($26) j;
INSERT INTO restands (source, policy) SELECT unhex(j.value->>0), j.value->>1 FROM jsonb_each($27) j;
