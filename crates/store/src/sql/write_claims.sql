-- The derived rows of a batch that touches claims only. $5 evidence, $6 claims: JSONB arrays of rows.
INSERT OR ROLLBACK INTO evidence (event, id, claim, source, via, relays)
SELECT j.value->>0, unhex(j.value->>1), j.value->>2, unhex(j.value->>3), unhex(j.value->>4), unhex(j.value->>5)
  FROM jsonb_each($5) j;
UPDATE OR ROLLBACK claims SET
       version = j.value->>1, state = j.value->>2, standing = j.value->>3, due = j.value->>4, overdue = j.value->>5,
       priority = j.value->>6, affirming = j.value->>7, denying = j.value->>8, documents = j.value->>9,
       outlets = j.value->>10, updated_at = j.value->>11, review_by = j.value->>12, answer_by = j.value->>13,
       assignee = j.value->>14, merged_into = j.value->>15
  FROM jsonb_each($6) j WHERE claims.number = j.value->>0;
