import type { AccountId, AccountRef, ChannelId, TenantId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { createVault, newVaultKey, vaultKey } from "./vault.ts";

const ref: AccountRef = { tenant: "t1" as TenantId, channel: "any" as ChannelId, account: "a1" as AccountId };

describe("vault", () => {
  it("CRED-1 opens what it sealed, and every sealing looks different", () => {
    const vault = createVault([vaultKey(newVaultKey())]);
    const sealed = vault.seal(ref, { token: "s3cret" });
    expect(sealed).not.toContain("s3cret");
    expect(vault.seal(ref, { token: "s3cret" })).not.toBe(sealed);
    expect(vault.open(ref, sealed)).toEqual({ token: "s3cret" });
  });

  it("CRED-1 is bound to tenant, channel and account", () => {
    const vault = createVault([vaultKey(newVaultKey())]);
    const sealed = vault.seal(ref, { token: "s3cret" });
    for (const other of [
      { ...ref, tenant: "t2" },
      { ...ref, channel: "other" },
      { ...ref, account: "a2" },
    ]) {
      expect(() => vault.open(other as AccountRef, sealed)).toThrow("sealed for another account");
    }
  });

  it("CRED-1 notices every change", () => {
    const vault = createVault([vaultKey(newVaultKey())]);
    const sealed = vault.seal(ref, { token: "s3cret" });
    const parts = sealed.split(".");
    for (const index of [2, 3, 4]) {
      const part = parts[index] ?? "";
      const changed = parts.with(index, (part.startsWith("A") ? "B" : "A") + part.slice(1)).join(".");
      expect(() => vault.open(ref, changed)).toThrow();
    }
    expect(() => vault.open(ref, "nonsense")).toThrow("no sealed credential");
  });

  it("CRED-1 opens with an older key and seals with the newest", () => {
    const [old, young] = [vaultKey(newVaultKey()), vaultKey(newVaultKey())];
    const sealed = createVault([old]).seal(ref, { token: "s3cret" });
    const rotated = createVault([young, old]);
    expect(rotated.open(ref, sealed)).toEqual({ token: "s3cret" });
    expect(() => createVault([young]).open(ref, sealed)).toThrow(`key ${old.id}, which is not there`);
    expect(() => createVault([old]).open(ref, rotated.seal(ref, {}))).toThrow(`key ${young.id}`);
  });

  it("derives stable secrets that differ by account and purpose", () => {
    const vault = createVault([vaultKey("ab".repeat(32))]);
    expect(vault.derive(ref, "webhook")).toBe(vault.derive(ref, "webhook"));
    expect(vault.derive(ref, "webhook")).not.toBe(vault.derive(ref, "other"));
    expect(vault.derive({ ...ref, account: "a2" as AccountId }, "webhook")).not.toBe(vault.derive(ref, "webhook"));
    expect(vault.derive(ref, "webhook")).toMatch(/^[\w-]{43}$/);
  });

  it("refuses a key of the wrong size", () => {
    expect(() => vaultKey("short")).toThrow("32 bytes");
  });
});
