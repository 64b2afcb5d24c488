-- Settles tasks that are done, all leased by one turn. $1: their numbers (JSON). $11: their token. $12: how many they are of
-- each kind, a JSONB array of rows. $13: how many in all. It fails where one of them is no longer held, or of another kind:
-- json() takes no such text.
DELETE FROM tasks WHERE id IN (SELECT value FROM json_each($1)) AND token = $11 AND lease_until > $2
   AND kind IN (SELECT value->>0 FROM jsonb_each($12));
SELECT CASE WHEN changes() = $13 THEN 1 ELSE json('a task is no longer held') END;
INSERT INTO task_counts (kind, day, done, retried, dead)
SELECT j.value->>0, $8, j.value->>1, 0, 0 FROM jsonb_each($12) j WHERE true
    ON CONFLICT (kind, day) DO UPDATE SET done = done + excluded.done;
