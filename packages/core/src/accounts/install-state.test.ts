import type { AccountRef } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { createVault, newVaultKey, vaultKey } from "../vault.ts";
import { newNonce, readState, writeState } from "./install-state.ts";

const vault = createVault([vaultKey(newVaultKey())]);
const from = { tenant: "one", channel: "chat", account: "default" } as AccountRef;
const NOW = 1_700_000_000_000;
const refused = expect.objectContaining({ code: "SEC_002" });

describe("CH-2 the state of an installation", () => {
  const given = { from, nonce: newNonce(), until: NOW + 1_000 };
  const state = writeState(vault, given);

  it("says who asked, until its time is over", () => {
    expect(readState(vault, "chat", state, NOW)).toEqual(given);
    expect(() => readState(vault, "chat", state, NOW + 1_000)).toThrow(refused);
    expect(newNonce()).not.toBe(newNonce());
  });

  it("is good with no character changed, for no other channel, with no other key", () => {
    for (let at = 0; at < state.length; at++) {
      const forged = state.slice(0, at) + (state[at] === "A" ? "B" : "A") + state.slice(at + 1);
      expect(() => readState(vault, "chat", forged, NOW), `${at}`).toThrow(refused);
    }
    for (const forged of ["", ".", "null.null", state.slice(0, -1), `${state}A`, `.${state}`, "x".repeat(5_000)]) {
      expect(() => readState(vault, "chat", forged, NOW)).toThrow(refused);
    }
    expect(() => readState(vault, "other", state, NOW)).toThrow(refused);
    const other = createVault([vaultKey(newVaultKey())]);
    expect(() => readState(other, "chat", state, NOW)).toThrow(refused);
  });

  it("TEN-2 signed for one tenant or account it says nothing of another", () => {
    const signature = state.split(".")[1] ?? "";
    for (const change of [{ tenant: "two" }, { account: "work" }, { until: NOW + 9_000 }, { nonce: "mine" }]) {
      const said = { ...from, nonce: given.nonce, until: given.until, ...change };
      const body = Buffer.from(JSON.stringify(said)).toString("base64url");
      expect(() => readState(vault, "chat", `${body}.${signature}`, NOW)).toThrow(refused);
    }
  });
});
