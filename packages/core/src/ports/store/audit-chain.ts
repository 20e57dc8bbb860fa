/**
 * How the rows of a tenant's audit log are chained: each has its position, the hash of the row before and its own, which
 * is the SHA-256 of these fields, one after the other, each as `<bytes>:<text>` and a line feed, in UTF-8:
 * `switchboard.audit.v1`, tenant, position, at, actor, action, subject, outcome, detail (its JSON as stored, empty when
 * there is none), previous. Hashes are 64 hex digits; the first row's previous hash is 64 zeros.
 */
import { createHash, createHmac } from "node:crypto";

export const FIRST_PREVIOUS = "0".repeat(64);

/** A row as it is hashed. `detail`: the text of its JSON. */
export interface ChainedText {
  readonly tenant: string;
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly outcome: string;
  readonly detail: string | null;
  readonly previous: string;
}

/** A row as it stands in the log. `seq`: its number among the rows of all tenants. */
export interface ChainedRow extends ChainedText {
  readonly seq: number;
  readonly hash: string;
}

/** Where a chain stands: a later row proves that everything up to here was not changed. */
export interface AuditAnchor {
  readonly position: number;
  readonly hash: string;
}

export function auditHash(row: ChainedText): string {
  const { action, actor, at, detail, outcome, position, previous, subject, tenant } = row;
  const fields = ["switchboard.audit.v1", tenant, position, at, actor, action, subject, outcome, detail, previous];
  return createHash("sha256").update(encoded(fields)).digest("hex");
}

/** What a seal's maker signs: HMAC-SHA-256 with a key of the vault, over fields in the same encoding. */
export function auditMac(key: string, tenant: string, { at, hash, position }: AuditAnchor & { at: number }): string {
  return createHmac("sha256", key)
    .update(encoded(["switchboard.audit.seal.v1", tenant, position, hash, at]))
    .digest("hex");
}

/** A text as every database keeps it: neither NUL nor half a character. */
export function auditText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

function encoded(fields: readonly (string | number | null)[]): string {
  return fields
    .map((field) => String(field ?? ""))
    .map((text) => `${Buffer.byteLength(text)}:${text}\n`)
    .join("");
}
