-- A worker is well. $1: its leases, a JSONB array of rows: task, token (hex). $2: now. $3: its run. $4: until when they last.
BEGIN IMMEDIATE;
UPDATE workers SET seen_at = $2 WHERE boot = $3;
SELECT j.value->>0 FROM jsonb_each($1) j
 WHERE NOT EXISTS (SELECT 1 FROM tasks t
                    WHERE t.id = j.value->>0 AND t.token = unhex(j.value->>1) AND t.lease_until > $2);
UPDATE tasks SET lease_until = $4 FROM jsonb_each($1) j
 WHERE tasks.id = j.value->>0 AND tasks.token = unhex(j.value->>1) AND tasks.lease_until > $2;
COMMIT;
