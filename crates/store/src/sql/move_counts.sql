-- Takes names out of the sums by actor. $1: rows of a sum and by how much it shrinks, which is counted under no name from
-- then on. $2: rows of a first event whose name is gone, and the first one that keeps that name.
UPDATE counts SET number = counts.number - (j.value->>5) FROM jsonb_each($1) j
 WHERE counts.axis = j.value->>0 AND counts.hour = j.value->>1 AND counts.measure = j.value->>2
   AND counts.kind = j.value->>3 AND counts.actor = j.value->>4;
DELETE FROM counts WHERE number = 0;
INSERT INTO counts (axis, hour, measure, kind, actor, number)
SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, 0, sum(j.value->>5) FROM jsonb_each($1) j WHERE true
 GROUP BY 1, 2, 3, 4
    ON CONFLICT (hour, axis, measure, kind, actor) DO UPDATE SET number = counts.number + excluded.number;
UPDATE counts SET actor = j.value->>1 FROM jsonb_each($2) j WHERE counts.actor = j.value->>0;
