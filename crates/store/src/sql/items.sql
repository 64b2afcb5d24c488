-- Items. $1: one of them, $2: in which state, $3: after which, $4: how many.
SELECT i.number, i.feed, i.url, i.title, i.language, i.published_at, i.arrived_at, i.state, i.error, i.document, i.edited_at,
       i.gone_at, (SELECT hex(s.snapshot) FROM item_snapshots s WHERE s.item = i.number ORDER BY s.position DESC LIMIT 1)
  FROM items i
 WHERE ($1 IS NULL OR i.number = $1) AND ($2 IS NULL OR i.state = $2) AND i.number > $3
 ORDER BY i.number LIMIT $4
