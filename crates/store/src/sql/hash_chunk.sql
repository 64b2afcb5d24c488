-- Envelopes, one a line, and leaves in hexadecimal, of the events after $1, to $2; and the kept hashes of the tree's
-- nodes from number $3 to below $4, in hexadecimal.
SELECT e.count, e.envelopes, e.leaves, t.hashes
  FROM (SELECT count(*) AS count, group_concat(envelope, char(10)) AS envelopes, group_concat(hex(leaf), '') AS leaves
          FROM (SELECT envelope, leaf FROM events WHERE seq > $1 AND seq <= $2 ORDER BY seq)) e,
       (SELECT group_concat(hex(hash), '') AS hashes
          FROM (SELECT hash FROM tree_hashes WHERE number >= $3 AND number < $4 ORDER BY number)) t;
