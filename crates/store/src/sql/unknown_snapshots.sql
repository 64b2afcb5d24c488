-- Events that rest on a snapshot that is not there.
SELECT u.event FROM snapshot_uses u WHERE NOT EXISTS (SELECT 1 FROM snapshots s WHERE s.sha256 = u.snapshot)
 ORDER BY u.event LIMIT 100
