-- What a feed's answer changes of it. $1 the feed, $2 and $3 validators, $4 its title, $5 where it has moved, $6 the next poll,
-- $7 now. A move to an address that another feed has is not followed.
UPDATE feeds SET
       etag = $2, last_modified = $3, title = coalesce(title, $4), next_poll = $6, polled_at = $7, failures = 0, error = NULL,
       url = CASE WHEN $5 IS NULL OR EXISTS (SELECT 1 FROM feeds f WHERE f.url = $5 AND f.removed_at IS NULL)
                  THEN url ELSE $5 END
 WHERE number = $1
