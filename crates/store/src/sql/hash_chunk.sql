-- Envelopes, one a line, and leaves in hexadecimal, of the events after $1, to $2; and the kept hashes of the tree's
-- nodes from number $3 to below $4, in hexadecimal. One row for a chunk: a row for each event would cost more than its hash.
SELECT count(*), group_concat(envelope, char(10)), group_concat(hex(leaf), ''),
       (SELECT group_concat(hex(hash), '')
          FROM (SELECT hash FROM tree_hashes WHERE number >= $3 AND number < $4 ORDER BY number))
  FROM (SELECT envelope, leaf FROM events WHERE seq > $1 AND seq <= $2 ORDER BY seq);
