/** The two roles that the store works as. */

/** One tenant at a time, and what goes over all of them; named after the database, since roles belong to the server. */
export interface Roles {
  readonly app: string;
  readonly engine: string;
}

/** PostgreSQL cuts longer names. */
const LONGEST = 63;

export function rolesOf(database: string): Roles {
  return { app: named(database, "_app"), engine: named(database, "_engine") };
}

/** The role that signs people in; it sees nothing of what tenants write and read. */
export function identityRoleOf(database: string): string {
  return named(database, "_identity");
}

function named(database: string, suffix: string): string {
  return `${database.slice(0, LONGEST - suffix.length)}${suffix}`;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  // Backslashes are plain letters to a server that keeps to the standard, which the E form does not depend on.
  return `E'${text.replace(/\0/g, "\ufffd").replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
