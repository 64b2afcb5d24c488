-- Begins a batch that was decided ahead. $7: the data version under which it was. Fails where another process has
-- written since: json() takes no such text.
BEGIN IMMEDIATE;
SELECT CASE WHEN data_version = $7 THEN 1 ELSE json('another process has written') END FROM pragma_data_version;
