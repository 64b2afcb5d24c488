-- Whether some erased name ($1: the texts, as JSONB rows of event and field) is one under which something is counted.
SELECT EXISTS (
    SELECT 1 FROM jsonb_each($1) j JOIN events e ON e.seq = j.value->>0
     WHERE j.value->>1 = 'actor.name'
       AND (e.kind IN ('follow_up_recorded', 'silence_recorded', 'evidence_withdrawn', 'evidence_struck', 'claim_advanced',
                       'claim_overridden', 'claim_closed', 'claim_reopened', 'claim_merged')
            OR EXISTS (SELECT 1 FROM counts c WHERE c.actor = e.seq)));
