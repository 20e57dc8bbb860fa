/** What an account's work rests on that only the vault has. */
import { randomBytes } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain";
import type { Account, Vault } from "../ports/index.ts";

/** Nothing is wrong but that a key is not at hand. */
export function isSealed(error: unknown): boolean {
  return error instanceof SwitchboardError && error.code === "SEC_008" && error.retryable;
}

/** Without the tenant's key peers are still not to be recognised, only differently after each start. */
export async function auditKey(vault: Vault, row: Account): Promise<string> {
  try {
    return await vault.derive(row, "audit");
  } catch (error) {
    if (!isSealed(error)) throw error;
    return randomBytes(32).toString("base64url");
  }
}

export async function sameSecrets(vault: Vault, row: Account, secrets: Record<string, string>): Promise<boolean> {
  try {
    const known = await vault.open(row, "credential", row.sealed ?? "");
    const names = new Set([...Object.keys(known), ...Object.keys(secrets)]);
    return [...names].every((name) => known[name] === secrets[name]);
  } catch {
    return false;
  }
}
