-- Items that share a band with a text, the earliest first: each with its document and its sketch. $1: bands as a JSON array,
-- $2: the item itself.
SELECT DISTINCT i.number, coalesce(i.document, i.number), i.sketch
  FROM json_each($1) j JOIN item_bands b ON b.band = j.value JOIN items i ON i.number = b.item
 WHERE i.number <> $2 AND i.sketch IS NOT NULL
 ORDER BY i.number LIMIT 1000
