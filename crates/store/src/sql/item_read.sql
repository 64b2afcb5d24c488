-- What reading an item found, before its leads are laid. $1 the item, $2 its canonical address, $3 title, $4 language, $5 time of publication, $6 its
-- document, $7 its sketch.
UPDATE items SET
       url = coalesce($2, url), title = coalesce($3, title), language = coalesce($4, language),
       published_at = coalesce($5, published_at), document = $6, sketch = $7
 WHERE number = $1
