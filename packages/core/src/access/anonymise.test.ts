import { DEFAULT_ACCOUNT, DEFAULT_TENANT } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { createVault, newVaultKey, vaultKey } from "../vault.ts";
import { anonymousPeer } from "./anonymise.ts";

describe("OPS-4 peers in the audit log", () => {
  const ref = { tenant: DEFAULT_TENANT, channel: "fake" as never, account: DEFAULT_ACCOUNT };
  const [one, two] = [newVaultKey(), newVaultKey()].map((key) => ({
    auditKey: createVault([vaultKey(key)]).derive(ref, "audit"),
  }));
  if (!one || !two) throw new Error("no keys");

  it("OPS-4 are recognised again by who has the key, and cannot be guessed by who has not", () => {
    expect(anonymousPeer(one, "12345")).toMatch(/^peer:[0-9a-f]{16}$/);
    expect(anonymousPeer(one, "12345")).toBe(anonymousPeer({ ...one }, "12345"));
    expect(anonymousPeer(one, "12346")).not.toBe(anonymousPeer(one, "12345"));
    expect(anonymousPeer(two, "12345")).not.toBe(anonymousPeer(one, "12345"));
  });
});
