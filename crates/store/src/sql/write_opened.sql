-- Claims that a batch opens are not there to be updated. $5 claims: a JSONB array of rows.
INSERT INTO claims (number, version, state, standing, due, overdue, priority, affirming, denying, documents, outlets,
                    updated_at, review_by, answer_by, assignee, merged_into)
SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4, j.value->>5, j.value->>6, j.value->>7,
       j.value->>8, j.value->>9, j.value->>10, j.value->>11, j.value->>12, j.value->>13, j.value->>14, j.value->>15
  FROM jsonb_each($5) j WHERE true
    ON CONFLICT (number) DO UPDATE SET
       version = excluded.version, state = excluded.state, standing = excluded.standing, due = excluded.due,
       overdue = excluded.overdue, priority = excluded.priority, affirming = excluded.affirming,
       denying = excluded.denying, documents = excluded.documents, outlets = excluded.outlets,
       updated_at = excluded.updated_at, review_by = excluded.review_by, answer_by = excluded.answer_by,
       assignee = excluded.assignee, merged_into = excluded.merged_into;
