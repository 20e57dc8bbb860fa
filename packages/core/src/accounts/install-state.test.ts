import type { AccountRef } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { newNonce, readState, writeState } from "./install-state.ts";

const keyOf = async ({ account, channel, tenant }: AccountRef) =>
  account === "gone" ? undefined : `the key of ${tenant}/${channel}/${account}`;
const from = { tenant: "one", channel: "chat", account: "default" } as AccountRef;
const NOW = 1_700_000_000_000;
const refused = expect.objectContaining({ code: "SEC_002" });

describe("CH-2 the state of an installation", () => {
  const given = { from, nonce: newNonce(), until: NOW + 1_000 };
  const state = writeState("the key of one/chat/default", given);

  it("says who asked, until its time is over", async () => {
    expect(await readState(keyOf, "chat", state, NOW)).toEqual(given);
    await expect(readState(keyOf, "chat", state, NOW + 1_000)).rejects.toEqual(refused);
    expect(newNonce()).not.toBe(newNonce());
  });

  it("is good with no character changed, for no other channel, with no other key", async () => {
    for (let at = 0; at < state.length; at++) {
      const forged = state.slice(0, at) + (state[at] === "A" ? "B" : "A") + state.slice(at + 1);
      await expect(readState(keyOf, "chat", forged, NOW), `${at}`).rejects.toEqual(refused);
    }
    for (const forged of ["", ".", "null.null", state.slice(0, -1), `${state}A`, `.${state}`, "x".repeat(5_000)]) {
      await expect(readState(keyOf, "chat", forged, NOW)).rejects.toEqual(refused);
    }
    await expect(readState(keyOf, "other", state, NOW)).rejects.toEqual(refused);
    await expect(readState(async () => "another key", "chat", state, NOW)).rejects.toEqual(refused);
  });

  it("TEN-2 signed for one tenant or account it says nothing of another, nor of one that is not there", async () => {
    const signature = state.split(".")[1] ?? "";
    for (const change of [
      { tenant: "two" },
      { account: "work" },
      { account: "gone" },
      { until: NOW + 9_000 },
      { nonce: "mine" },
    ]) {
      const said = { ...from, nonce: given.nonce, until: given.until, ...change };
      const body = Buffer.from(JSON.stringify(said)).toString("base64url");
      await expect(readState(keyOf, "chat", `${body}.${signature}`, NOW)).rejects.toEqual(refused);
    }
  });
});
