-- How the docket fares, in numbers. $1 now.
SELECT (SELECT max(version) FROM _sqlx_migrations),
       (SELECT coalesce(max(seq), 0) FROM events),
       (SELECT recorded_at FROM events ORDER BY seq DESC LIMIT 1),
       (SELECT count(*) FROM restands),
       count(*) FILTER (WHERE due = 'advance'),
       count(*) FILTER (WHERE due = 'reopen'),
       count(*) FILTER (WHERE state IN ('reported', 'corroborated', 'denied', 'disputed')
                          AND (overdue = 1 OR coalesce(review_by < $1, 0) OR coalesce(answer_by < $1, 0))),
       (SELECT count(*) FROM purges WHERE done_at IS NULL),
       (SELECT min(e.recorded_at) FROM purges p JOIN events e ON e.seq = p.event WHERE p.done_at IS NULL)
  FROM claims;
