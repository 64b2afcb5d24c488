-- Envelopes and leaf hashes of events, packed into one row each column; what follows says of which: a subquery of events
-- in the order of the lines. An envelope is JSON without line breaks.
SELECT group_concat(seq, ' '), group_concat(envelope, char(10)), lower(group_concat(hex(leaf), '')) FROM (
