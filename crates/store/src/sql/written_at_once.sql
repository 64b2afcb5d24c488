-- Made on a connection that writes, for as long as it is open: what is put into a view is one batch's rows, written by one
-- statement, which is a transaction by itself where none has begun. Rows come as JSONB arrays, null where there are none,
-- and bytes as hexadecimal text. Where a data version is given, it fails if another process has written since.

-- What is derived of events of claims that are there already. The texts of the batch are written before.
CREATE TEMP VIEW IF NOT EXISTS derived_rows (
    evidence, claims, mentions, transitions, spans, counts, party_counts, state_changes, tree
) AS SELECT 0, 0, 0, 0, 0, 0, 0, 0, 0;

CREATE TEMP TRIGGER IF NOT EXISTS derived_rows_are_written INSTEAD OF INSERT ON derived_rows
BEGIN
    INSERT INTO evidence (event, id, claim, source, via, relays)
    SELECT j.value->>0, unhex(j.value->>1), j.value->>2, unhex(j.value->>3), unhex(j.value->>4), unhex(j.value->>5)
      FROM jsonb_each(NEW.evidence) j;
    UPDATE claims SET
           version = j.value->>1, state = j.value->>2, standing = j.value->>3, due = j.value->>4, overdue = j.value->>5,
           priority = j.value->>6, affirming = j.value->>7, denying = j.value->>8, documents = j.value->>9,
           outlets = j.value->>10, updated_at = j.value->>11, review_by = j.value->>12, answer_by = j.value->>13,
           assignee = j.value->>14, merged_into = j.value->>15
      FROM jsonb_each(NEW.claims) j WHERE claims.number = j.value->>0;
    INSERT INTO mentions (source, registry, event)
    SELECT unhex(j.value->>0), j.value->>1, j.value->>2 FROM jsonb_each(NEW.mentions) j;
    INSERT INTO transitions (event, claim, from_state, to_state)
    SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3 FROM jsonb_each(NEW.transitions) j;
    INSERT INTO claim_spans (claim, since, state, standing)
    SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3 FROM jsonb_each(NEW.spans) j;
    INSERT INTO counts (axis, hour, measure, kind, actor, number)
    SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3,
           coalesce((SELECT min(t.event) FROM texts t INDEXED BY texts_by_actor
                      WHERE t.field = 'actor.name'
                        AND t.body = (SELECT n.body FROM texts n WHERE n.event = j.value->>4 AND n.field = 'actor.name')), 0),
           j.value->>5
      FROM jsonb_each(NEW.counts) j WHERE true
        ON CONFLICT (hour, axis, measure, kind, actor) DO UPDATE SET number = counts.number + excluded.number;
    INSERT INTO party_counts (axis, hour, measure, kind, party, number)
    SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, unhex(j.value->>4), j.value->>5 FROM jsonb_each(NEW.party_counts) j WHERE true
        ON CONFLICT (hour, axis, measure, kind, party) DO UPDATE SET number = party_counts.number + excluded.number;
    INSERT INTO state_changes (hour, state, net)
    SELECT j.value->>0, j.value->>1, j.value->>2 FROM jsonb_each(NEW.state_changes) j WHERE true
        ON CONFLICT (hour, state) DO UPDATE SET net = state_changes.net + excluded.net;
    INSERT INTO tree_hashes (number, hash)
    SELECT j.value->>0, unhex(j.value->>1) FROM jsonb_each(NEW.tree) j;
END;

-- Such events, and what is derived of them.
CREATE TEMP VIEW IF NOT EXISTS claim_rows (
    data_version, events, texts, evidence, claims, mentions, transitions, spans, counts, party_counts, state_changes, tree
) AS SELECT 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0;

CREATE TEMP TRIGGER IF NOT EXISTS claim_rows_are_written INSTEAD OF INSERT ON claim_rows
BEGIN
    SELECT RAISE(ROLLBACK, 'another process has written') FROM pragma_data_version WHERE data_version <> NEW.data_version;
    INSERT INTO events (seq, command, part, kind, claim, recorded_at, occurred_at, envelope, leaf)
    SELECT j.value->>0, unhex(j.value->>1), j.value->>2, j.value->>3, j.value->>4, j.value->>5, j.value->>6, j.value->>7, unhex(j.value->>8)
      FROM jsonb_each(NEW.events) j;
    INSERT INTO texts (event, field, salt, body)
    SELECT j.value->>0, j.value->>1, unhex(j.value->>2), j.value->>3 FROM jsonb_each(NEW.texts) j;
    INSERT INTO derived_rows
    VALUES (NEW.evidence, NEW.claims, NEW.mentions, NEW.transitions, NEW.spans, NEW.counts,
            NEW.party_counts, NEW.state_changes, NEW.tree);
END;

-- A batch of one event of a claim, in columns: written in less time than as arrays of one row. A text without a field is
-- none.
CREATE TEMP VIEW IF NOT EXISTS lone (
    data_version,
    mentions, transitions, spans, counts, party_counts, state_changes, tree,
    seq, command, part, kind, claim, recorded_at, occurred_at, envelope, leaf,
    number, version, state, standing, due, overdue, priority, affirming, denying, documents, outlets, updated_at, review_by,
    answer_by, assignee, merged_into,
    piece_event, piece, piece_claim, source, via, relays,
    event_1, field_1, salt_1, body_1, event_2, field_2, salt_2, body_2, event_3, field_3, salt_3, body_3,
    event_4, field_4, salt_4, body_4, event_5, field_5, salt_5, body_5, event_6, field_6, salt_6, body_6,
    event_7, field_7, salt_7, body_7, event_8, field_8, salt_8, body_8
) AS SELECT
    0,
    0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0,
    0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0;

CREATE TEMP TRIGGER IF NOT EXISTS lone_is_written INSTEAD OF INSERT ON lone
BEGIN
    SELECT RAISE(ROLLBACK, 'another process has written') FROM pragma_data_version WHERE data_version <> NEW.data_version;
    INSERT INTO events (seq, command, part, kind, claim, recorded_at, occurred_at, envelope, leaf)
    VALUES (NEW.seq, unhex(NEW.command), NEW.part, NEW.kind, NEW.claim, NEW.recorded_at, NEW.occurred_at, NEW.envelope,
            unhex(NEW.leaf));
    INSERT INTO texts (event, field, salt, body)
    SELECT NEW.event_1, NEW.field_1, unhex(NEW.salt_1), NEW.body_1 WHERE NEW.field_1 IS NOT NULL
    UNION ALL SELECT NEW.event_2, NEW.field_2, unhex(NEW.salt_2), NEW.body_2 WHERE NEW.field_2 IS NOT NULL
    UNION ALL SELECT NEW.event_3, NEW.field_3, unhex(NEW.salt_3), NEW.body_3 WHERE NEW.field_3 IS NOT NULL
    UNION ALL SELECT NEW.event_4, NEW.field_4, unhex(NEW.salt_4), NEW.body_4 WHERE NEW.field_4 IS NOT NULL
    UNION ALL SELECT NEW.event_5, NEW.field_5, unhex(NEW.salt_5), NEW.body_5 WHERE NEW.field_5 IS NOT NULL
    UNION ALL SELECT NEW.event_6, NEW.field_6, unhex(NEW.salt_6), NEW.body_6 WHERE NEW.field_6 IS NOT NULL
    UNION ALL SELECT NEW.event_7, NEW.field_7, unhex(NEW.salt_7), NEW.body_7 WHERE NEW.field_7 IS NOT NULL
    UNION ALL SELECT NEW.event_8, NEW.field_8, unhex(NEW.salt_8), NEW.body_8 WHERE NEW.field_8 IS NOT NULL;
    INSERT INTO evidence (event, id, claim, source, via, relays)
    SELECT NEW.piece_event, unhex(NEW.piece), NEW.piece_claim, unhex(NEW.source), unhex(NEW.via), unhex(NEW.relays)
     WHERE NEW.piece IS NOT NULL;
    UPDATE claims SET
           version = NEW.version, state = NEW.state, standing = NEW.standing, due = NEW.due, overdue = NEW.overdue,
           priority = NEW.priority, affirming = NEW.affirming, denying = NEW.denying, documents = NEW.documents,
           outlets = NEW.outlets, updated_at = NEW.updated_at, review_by = NEW.review_by, answer_by = NEW.answer_by,
           assignee = NEW.assignee, merged_into = NEW.merged_into
     WHERE number = NEW.number;
    INSERT INTO derived_rows
    VALUES (NULL, NULL, NEW.mentions, NEW.transitions, NEW.spans, NEW.counts, NEW.party_counts, NEW.state_changes,
            NEW.tree);
END;
