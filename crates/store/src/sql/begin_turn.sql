-- Begins a worker's turn, and tells which run of the worker is the latest.
BEGIN IMMEDIATE;
SELECT boot, pid, name, started_at FROM workers ORDER BY boot DESC LIMIT 1;
