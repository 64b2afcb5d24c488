-- Drops the record of an empty database, so that its names lead to the database that is attached to it.
DROP TABLE checkpoints;
DROP TABLE texts;
DROP TABLE events;
