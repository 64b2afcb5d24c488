-- Declares all schedules. $1: a JSONB array of rows: name, kind, cron, zone, missed, next at.
BEGIN IMMEDIATE;
DELETE FROM schedules WHERE name NOT IN (SELECT j.value->>0 FROM jsonb_each($1) j);
INSERT INTO schedules (name, kind, cron, zone, missed, next_at)
SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4, j.value->>5 FROM jsonb_each($1) j WHERE true
    ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, cron = excluded.cron, zone = excluded.zone,
       missed = excluded.missed, next_at = excluded.next_at
 WHERE (schedules.kind, schedules.cron, schedules.zone, schedules.missed)
       IS NOT (excluded.kind, excluded.cron, excluded.zone, excluded.missed);
COMMIT;
