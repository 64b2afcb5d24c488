-- Rows of the record that belong to no event of the log, and events that do not follow the event before of their command.
SELECT * FROM (
    SELECT 'texts', t.event FROM texts t WHERE t.event NOT IN (SELECT seq FROM events) LIMIT 10
)
UNION ALL
SELECT * FROM (SELECT 'events', seq FROM events WHERE seq < 1 LIMIT 10)
UNION ALL
SELECT * FROM (
    SELECT 'part', e.seq FROM events e INDEXED BY events_by_command
     WHERE e.part < 0
        OR e.part > 0 AND NOT EXISTS (
            SELECT 1 FROM events p INDEXED BY events_by_command
             WHERE p.command = e.command AND p.part = e.part - 1 AND p.seq = e.seq - 1)
     LIMIT 10
);
