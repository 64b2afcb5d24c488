-- Number, id and policy of what a claim's reference leads to. $1: its number.
WITH RECURSIVE onward (number, into_number) AS (
    SELECT number, merged_into FROM claims WHERE number = $1
    UNION SELECT c.number, c.merged_into FROM onward o JOIN claims c ON c.number = o.into_number
)
SELECT h.number, h.id, h.policy FROM onward o JOIN claim_heads h ON h.number = o.number WHERE o.into_number IS NULL;
