-- The log's last event, and the first and last row of its tree, as of one instant.
SELECT coalesce((SELECT max(seq) FROM events), 0),
       coalesce((SELECT min(number) FROM tree_hashes), 0),
       coalesce((SELECT max(number) FROM tree_hashes), -1);
