WITH RECURSIVE halving (low, high) AS (
    SELECT 1, coalesce(max(seq), 0) + 1 FROM events
    UNION ALL
    SELECT CASE WHEN e.recorded_at < $1 THEN e.seq + 1 ELSE h.low END,
           CASE WHEN e.recorded_at < $1 THEN h.high ELSE e.seq END
      FROM halving h CROSS JOIN events e ON e.seq = (h.low + h.high) / 2
     WHERE h.low < h.high
)
SELECT low FROM halving WHERE low >= high;
