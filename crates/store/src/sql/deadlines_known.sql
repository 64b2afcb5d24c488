-- Which of these keys a task for a deadline bears, dead or not, or one of intake that is not dead: what feeds and items say
-- is what is to be done. $1: keys (JSON). One pass over each table.
SELECT key FROM tasks WHERE kind IN ('answer_due', 'review_due', 'poll_feed', 'fetch_item', 'recheck') AND key IN (SELECT value FROM json_each($1))
UNION ALL
SELECT key FROM dead_tasks WHERE kind IN ('answer_due', 'review_due') AND key IN (SELECT value FROM json_each($1));
