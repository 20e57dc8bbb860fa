/** The two roles that the store works as. */

/** One tenant at a time, and what goes over all of them; named after the database, since roles belong to the server. */
export interface Roles {
  readonly app: string;
  readonly engine: string;
}

/** PostgreSQL cuts longer names. */
const LONGEST = 63;

export function rolesOf(database: string): Roles {
  const name = (suffix: string) => `${database.slice(0, LONGEST - suffix.length)}${suffix}`;
  return { app: name("_app"), engine: name("_engine") };
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  // Backslashes are plain letters to a server that keeps to the standard, which the E form does not depend on.
  return `E'${text.replace(/\0/g, "\ufffd").replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
