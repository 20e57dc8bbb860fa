export type { IdentityDatabase, IdentityTables, PasskeyRow } from "./database.ts";
export { openIdentityDatabase } from "./postgres.ts";
export { identityBackupOf } from "./restore.ts";
export { openIdentityFile } from "./sqlite.ts";
