-- (Within a WHERE: what every event of a page is held against; a parameter that is null does not narrow.)
-- $2 after, $3 before that position. $5 kinds, $7 actors, $9 claims, $11 sources (hex), $13 parties (hex), $15 topics,
-- $17 moves (rows of from, to), $19 commands (hex), $21 words (a full-text query); each followed by those that are not
-- wanted. $23 happened since, $24 until. $25, $26 periods not wanted, recorded and happened. $27 the least lag.
   AND e.seq > $2 AND e.seq < $3
   AND ($5 IS NULL OR e.kind IN (SELECT value FROM json_each($5)))
   AND ($6 IS NULL OR e.kind NOT IN (SELECT value FROM json_each($6)))
   AND ($7 IS NULL OR EXISTS (SELECT 1 FROM texts t WHERE t.event = e.seq AND t.field = 'actor.name'
                                 AND t.body IN (SELECT value FROM json_each($7))))
   AND ($8 IS NULL OR NOT EXISTS (SELECT 1 FROM texts t WHERE t.event = e.seq AND t.field = 'actor.name'
                                     AND t.body IN (SELECT value FROM json_each($8))))
   AND ($9 IS NULL OR e.claim IN (SELECT value FROM json_each($9)))
   AND ($10 IS NULL OR e.claim IS NULL OR e.claim NOT IN (SELECT value FROM json_each($10)))
   AND ($11 IS NULL
        OR EXISTS (SELECT 1 FROM evidence v WHERE v.event = e.seq
                      AND (v.source IN (SELECT unhex(value) FROM json_each($11))
                           OR v.via IN (SELECT unhex(value) FROM json_each($11))
                           OR v.relays IN (SELECT unhex(value) FROM json_each($11))))
        OR EXISTS (SELECT 1 FROM json_each($11) j CROSS JOIN mentions m
                    WHERE m.source = unhex(j.value) AND m.registry IN (0, 1) AND m.event = e.seq))
   AND ($12 IS NULL
        OR NOT (EXISTS (SELECT 1 FROM evidence v WHERE v.event = e.seq
                           AND (v.source IN (SELECT unhex(value) FROM json_each($12))
                                OR v.via IN (SELECT unhex(value) FROM json_each($12))
                                OR v.relays IN (SELECT unhex(value) FROM json_each($12))))
                OR EXISTS (SELECT 1 FROM json_each($12) j CROSS JOIN mentions m
                            WHERE m.source = unhex(j.value) AND m.registry IN (0, 1) AND m.event = e.seq)))
   AND ($13 IS NULL OR EXISTS (SELECT 1 FROM claim_parties p WHERE p.claim = e.claim
                                  AND p.source IN (SELECT unhex(value) FROM json_each($13))))
   AND ($14 IS NULL OR NOT EXISTS (SELECT 1 FROM claim_parties p WHERE p.claim = e.claim
                                      AND p.source IN (SELECT unhex(value) FROM json_each($14))))
   AND ($15 IS NULL OR EXISTS (SELECT 1 FROM claim_heads h WHERE h.number = e.claim
                                  AND h.topic IN (SELECT value FROM json_each($15))))
   AND ($16 IS NULL OR NOT EXISTS (SELECT 1 FROM claim_heads h WHERE h.number = e.claim
                                      AND h.topic IN (SELECT value FROM json_each($16))))
   AND ($17 IS NULL OR EXISTS (SELECT 1 FROM transitions x CROSS JOIN json_each($17) j WHERE x.event = e.seq
                                  AND x.from_state = coalesce(j.value->>0, x.from_state)
                                  AND x.to_state = coalesce(j.value->>1, x.to_state)))
   AND ($18 IS NULL OR NOT EXISTS (SELECT 1 FROM transitions x CROSS JOIN json_each($18) j WHERE x.event = e.seq
                                      AND x.from_state = coalesce(j.value->>0, x.from_state)
                                      AND x.to_state = coalesce(j.value->>1, x.to_state)))
   AND ($19 IS NULL OR e.command IN (SELECT unhex(value) FROM json_each($19)))
   AND ($20 IS NULL OR e.command NOT IN (SELECT unhex(value) FROM json_each($20)))
   AND ($21 IS NULL OR e.claim IN (SELECT rowid FROM claim_search WHERE claim_search MATCH coalesce($21, '""')))
   AND ($22 IS NULL OR e.claim IS NULL
        OR e.claim NOT IN (SELECT rowid FROM claim_search WHERE claim_search MATCH coalesce($22, '""')))
   AND ($23 IS NULL OR e.occurred_at >= $23)
   AND ($24 IS NULL OR e.occurred_at < $24)
   AND ($25 IS NULL OR NOT EXISTS (SELECT 1 FROM json_each($25) j WHERE e.recorded_at >= coalesce(j.value->>0, e.recorded_at)
                                      AND e.recorded_at < coalesce(j.value->>1, e.recorded_at + 1)))
   AND ($26 IS NULL OR NOT EXISTS (SELECT 1 FROM json_each($26) j WHERE e.occurred_at >= coalesce(j.value->>0, e.occurred_at)
                                      AND e.occurred_at < coalesce(j.value->>1, e.occurred_at + 1)))
   AND ($27 IS NULL OR e.recorded_at - e.occurred_at >= $27)
