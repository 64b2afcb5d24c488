-- What batches write that have to do with leads or snapshots. $29 leads that were laid, $30 what became of leads, $31 items
-- that folded into leads, $32 events that rest on snapshots: JSONB arrays of rows.
INSERT INTO leads (event, number, claim, state, automatic, confidence, stance, item, feed, source, via, relays)
SELECT j.value->>0, j.value->>1, j.value->>2, 'waiting', 0, j.value->>3, j.value->>4, j.value->>5, j.value->>6,
       unhex(j.value->>7), unhex(j.value->>8), unhex(j.value->>9)
  FROM jsonb_each($29) j;
UPDATE leads SET state = j.value->>1, automatic = coalesce(j.value->>2, leads.automatic),
       evidence = coalesce(unhex(j.value->>3), leads.evidence), settled_by = j.value->>4
  FROM jsonb_each($30) j WHERE leads.number = j.value->>0;
INSERT INTO folded_leads (event, lead, item) SELECT j.value->>0, j.value->>1, j.value->>2 FROM jsonb_each($31) j;
INSERT INTO snapshot_uses (event, snapshot) SELECT j.value->>0, unhex(j.value->>1) FROM jsonb_each($32) j;
