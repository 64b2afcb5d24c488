-- Whose database it is: its application id, how many tables it has, and whether one of them tells its version.
SELECT (SELECT application_id FROM pragma_application_id),
       (SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('_sqlx_migrations', 'sqlite_sequence')),
       (SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations');
