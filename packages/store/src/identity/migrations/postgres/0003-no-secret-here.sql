-- What signs cookies comes from the vault now: whoever has a copy of this database can make no session of it.
DROP TABLE facts;
