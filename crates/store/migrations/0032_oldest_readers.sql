-- Of each migration from this one on: the newest migration that a program has to know, at least, which opens this database
-- without knowing that one.
ALTER TABLE flowhq_migrations ADD COLUMN oldest_reader {int};
