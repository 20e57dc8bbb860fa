/** Tokens with which turns are answered later, from a real vault. */
import { createHmac } from "node:crypto";
import { VaultKeeper } from "@switchboard/core";
import type { TenantId, TurnId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { anAccount, vaultWorld } from "../test-support/vault-world.ts";
import { replyTokens } from "./reply-tokens.ts";

const OURS = "ours" as TenantId;
const TURN = "turn_1" as TurnId;
const tokensOf = ({ vault }: Pick<Awaited<ReturnType<typeof vaultWorld>>, "vault">) =>
  replyTokens(() => vault.derive(anAccount, "replies"));

describe("TEN-6 tokens of later answers", () => {
  it("TEN-6 CRED-1 every node reads what another one made, also after the master key was changed", async () => {
    await using world = await vaultWorld();
    const [one, other] = [tokensOf(world), tokensOf(await world.again())];
    const made = await one.of(OURS, TURN);
    expect(await other.of(OURS, TURN)).toEqual(made);
    expect(await other.read(made.token)).toEqual({ tenant: OURS, turn: TURN, hash: made.hash });
    const accounts = { logOut: async () => {}, resealed: async () => {} };
    const { ring, store, vault } = world;
    const keeper = new VaultKeeper({ ring, vault, store, accounts });
    await keeper.rotate({});
    expect(await tokensOf(world).read(made.token)).toEqual({ tenant: OURS, turn: TURN, hash: made.hash });
    expect(await tokensOf(await world.again()).read(made.token)).toBeDefined();
  });

  it("TEN-6 what the gateway did not make is none, whatever it names", async () => {
    await using world = await vaultWorld();
    const tokens = tokensOf(world);
    const { token } = await tokens.of(OURS, TURN);
    const [place = "", signature = ""] = token.split(".");
    const elsewhere = Buffer.from(JSON.stringify(["theirs", TURN])).toString("base64url");
    const signed = (text: string, key: string) =>
      `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
    const last = signature.endsWith("A") ? "B" : "A";
    for (const made of [
      "",
      "made.up",
      place,
      `${place}.${signature.slice(0, -1)}${last}`,
      `${place}.${signature}A`,
      `${elsewhere}.${signature}`,
      signed(place, "another key"),
      `${"A".repeat(2_000)}.${signature}`,
    ]) {
      expect([made, await tokens.read(made)]).toEqual([made, undefined]);
    }
    expect(await tokens.read(token)).toBeDefined();
  });

  it("OPS-1 asks for no key before a token is made or may be one", async () => {
    let asked = 0;
    const tokens = replyTokens(async () => {
      asked += 1;
      return "key";
    });
    await tokens.read("made.up");
    expect(asked).toBe(0);
    await tokens.of(OURS, TURN);
    expect(asked).toBe(1);
  });
});
