/** The shared driver: a PostgreSQL database that any number of nodes work on together. */
export { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./open.ts";
