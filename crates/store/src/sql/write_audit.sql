-- What audit queries are answered from. $22 mentions, $23 transitions, $24 spans, $25 counts, $26 counts by party,
-- $27 net changes of states: JSONB arrays of rows. The texts of the batch are written before.
INSERT OR ROLLBACK INTO mentions (source, registry, event)
SELECT unhex(j.value->>0), j.value->>1, j.value->>2 FROM jsonb_each($22) j;
INSERT OR ROLLBACK INTO transitions (event, claim, from_state, to_state)
SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3 FROM jsonb_each($23) j;
INSERT OR ROLLBACK INTO claim_spans (claim, since, state, standing)
SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3 FROM jsonb_each($24) j;
INSERT INTO counts (axis, hour, measure, kind, actor, number)
SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3,
       coalesce((SELECT min(t.event) FROM texts t INDEXED BY texts_by_actor
                  WHERE t.field = 'actor.name'
                    AND t.body = (SELECT n.body FROM texts n WHERE n.event = j.value->>4 AND n.field = 'actor.name')), 0),
       j.value->>5
  FROM jsonb_each($25) j WHERE true
    ON CONFLICT (hour, axis, measure, kind, actor) DO UPDATE SET number = counts.number + excluded.number;
INSERT INTO party_counts (axis, hour, measure, kind, party, number)
SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, unhex(j.value->>4), j.value->>5 FROM jsonb_each($26) j WHERE true
    ON CONFLICT (hour, axis, measure, kind, party) DO UPDATE SET number = party_counts.number + excluded.number;
INSERT INTO state_changes (hour, state, net)
SELECT j.value->>0, j.value->>1, j.value->>2 FROM jsonb_each($27) j WHERE true
    ON CONFLICT (hour, state) DO UPDATE SET net = state_changes.net + excluded.net;
