-- What a feed's answer changes of it that says that nothing has changed. $1 the feed, $2 where it has moved, $3 the next poll,
-- $4 now. A move to an address that another feed has is not followed.
UPDATE feeds SET
       next_poll = $3, polled_at = $4, failures = 0, error = NULL,
       url = CASE WHEN $2 IS NULL OR EXISTS (SELECT 1 FROM feeds f WHERE f.url = $2 AND f.removed_at IS NULL)
                  THEN url ELSE $2 END
 WHERE number = $1
