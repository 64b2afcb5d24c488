-- What became of the documents that a claim's evidence rests on. $1: the claim's number.
SELECT v.id, (SELECT min(n.fetched_at) FROM item_snapshots n WHERE n.item = s.item AND n.position > s.position), i.gone_at
  FROM evidence v JOIN snapshot_uses u ON u.event = v.event JOIN item_snapshots s ON s.snapshot = u.snapshot
  JOIN items i ON i.number = s.item
 WHERE v.claim = $1
 ORDER BY v.event, s.item, s.position
