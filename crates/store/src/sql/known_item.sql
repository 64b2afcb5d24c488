-- The item that something submitted is known as. $1 the feed, $2 the feed's own id, $3 the address, $4 the text.
SELECT number FROM items
 WHERE feed IS $1 AND guid = $2 OR address = $3 OR coalesce(feed, 0) = coalesce($1, 0) AND words = $4
 ORDER BY number LIMIT 1
