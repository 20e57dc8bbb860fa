/** Where a tenant's files are. Nothing that comes from outside becomes a path without passing here. */
import { join } from "node:path";
import { SwitchboardError } from "@switchboard/domain/errors";

const BLOB = /^[0-9a-f]{64}$/;

/** A folder name that is safe everywhere and differs for every two tenants, also where file names ignore case. */
function tenantFolder(tenant: string): string {
  return tenant.replace(/[^a-z0-9_-]/gu, (character) => `~${character.codePointAt(0)?.toString(16)}~`);
}

/** Whether a text can be the name of a file at all. */
export function isBlob(text: string): boolean {
  return BLOB.test(text);
}

/** @throws REQ_002 for what cannot be the name of a file. */
export function blobPath(directory: string, tenant: string, blob: string): string {
  if (!isBlob(blob)) throw new SwitchboardError("REQ_002", "There is no such file.");
  return join(directory, tenantFolder(tenant), blob.slice(0, 2), blob.slice(2));
}
