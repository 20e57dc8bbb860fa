-- Small values of an account may have an end, e.g. who wrote when, or a thread that was answered.

ALTER TABLE account_memory ADD COLUMN expires_at INTEGER;
CREATE INDEX account_memory_expiry ON account_memory (expires_at) WHERE expires_at IS NOT NULL;
