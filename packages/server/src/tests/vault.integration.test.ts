/** Keys that are changed while people write, and keys that are not there (CRED-1). */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { masterKeys, masterKeysText, newMasterKey } from "@switchboard/core";
import { DEFAULT_TENANT } from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { TestClock } from "../test-support/test-clock.ts";

const PEOPLE = ["Ada", "Bob", "Cem", "Dan"];

async function rotate(gateway: TestGateway, options: Params<"vault.rotate">): Promise<Result<"vault.rotate">[]> {
  const answers: Result<"vault.rotate">[] = [];
  for (let after: string | undefined; ; ) {
    const answer = await gateway.request("vault.rotate", { ...options, ...(after !== undefined && { after }) });
    answers.push(answer);
    after = answer.next;
    if (after === undefined) return answers;
  }
}

const keyFile = (gateway: TestGateway) => join(gateway.directory, "vault-key");
const keysIn = (gateway: TestGateway) => masterKeys(readFileSync(keyFile(gateway), "utf8")).map(({ id }) => id);

async function account(gateway: TestGateway) {
  const { channelAccounts } = await gateway.request("channels.status", {});
  return channelAccounts[gateway.platform.id]?.find(({ accountId }) => accountId === "default");
}

const missing = missingServer();
let server: TestServer | undefined;
const stores = [
  { store: "SQLite", skipped: undefined, env: async () => ({}) },
  {
    store: missing === undefined ? "PostgreSQL" : `PostgreSQL (skipped: ${missing})`,
    skipped: missing,
    env: async () => {
      server ??= await startServer();
      return { DATABASE_URL: server.url(await server.createDatabase()) };
    },
  },
];
afterAll(() => server?.stop());

describe.each(stores)("keys on $store", ({ env, skipped }) => {
  it.skipIf(skipped !== undefined)(
    "CRED-1 rotation under load loses nothing: every message is answered, the account stays connected, all can be opened",
    async () => {
      await using gateway = await startTestGateway({ env: await env() });
      const { simulator } = gateway;
      const before = keysIn(gateway);
      const connectedAt = (await account(gateway))?.lastConnectedAt;
      let rotating = true;
      const said: { conversation: string; text: string }[] = [];
      const traffic = PEOPLE.map(async (from) => {
        while (rotating) {
          const text = `${from} writes ${randomUUID()}`;
          const { conversation } = await simulator.say({ from, text });
          said.push({ conversation, text });
          await simulator.waitFor((sent) => sent.text === text, { conversation });
        }
      });
      await eventually(() => said.length > PEOPLE.length);
      const first = await rotate(gateway, { dataKeys: true });
      const between = said.length;
      await eventually(() => said.length > between + PEOPLE.length);
      const second = await rotate(gateway, { dataKeys: true, forgetOld: true });
      const after = said.length;
      await eventually(() => said.length > after + PEOPLE.length);
      rotating = false;
      await Promise.all(traffic);

      expect(first.at(-1)).toMatchObject({ resumed: false, resealed: 1, forgotten: [] });
      expect(second.at(-1)?.forgotten).toEqual([first[0]?.master, ...before]);
      expect(keysIn(gateway)).toEqual([second[0]?.master]);
      expect(await account(gateway)).toMatchObject({
        state: "CONNECTED",
        reconnectAttempts: 0,
        lastConnectedAt: connectedAt,
      });
      expect(await gateway.request("vault.verify", {})).toMatchObject({ values: 1, unopened: [] });
      const { tenants } = await gateway.request("vault.status", {});
      const keys = tenants.find(({ tenant }) => tenant === DEFAULT_TENANT)?.keys ?? [];
      expect(keys.map(({ generation, purpose, values }) => [purpose, generation, values])).toEqual([
        ["derive", 1, 0],
        ["seal", 1, 0],
        ["seal", 2, 0],
        ["seal", 3, 1],
      ]);
      expect(new Set(keys.map(({ master }) => master))).toEqual(new Set([second[0]?.master]));
      await gateway.restart();
      const { conversation } = await simulator.say({ from: "Ada", text: "still there" });
      await simulator.waitFor(({ text }) => text === "still there", { conversation });
      expect(gateway.log.text()).not.toContain("SEC_008");
    },
  );
});

describe("a key that is not there", () => {
  let gateway: TestGateway;
  let kept = "";
  const away = () => `${keyFile(gateway)}.away`;
  beforeAll(async () => {
    gateway = await startTestGateway({ account: false, clock: new TestClock(20), connects: [] });
    const { simulator, platform } = gateway;
    const config = simulator.accountConfig({ transport: "polling" });
    const settings = { dmPolicy: "open" as const };
    await gateway.request("channels.add", { channel: platform.id, accountId: "default", config, settings });
    await gateway.connected();
    [kept = ""] = keysIn(gateway);
    await gateway.stop();
    renameSync(keyFile(gateway), away());
    await gateway.start();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it("CRED-1 is named by the log, readyz, status, the account and the vault; no other is made", async () => {
    expect(existsSync(keyFile(gateway))).toBe(false);
    expect(gateway.log.text()).toContain(`The encryption key ${kept} is not at hand; there is none`);
    const ready = await fetch(`${gateway.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { ready: true, degraded: [expect.stringContaining(`vault: The encryption key ${kept}`)] },
    ]);
    const { problems } = await gateway.request("status", {});
    expect(problems).toContainEqual(expect.stringContaining(kept));
    expect(await account(gateway)).toMatchObject({ state: "ERROR", lastError: expect.stringContaining(kept) });
    const status = await gateway.request("vault.status", {});
    expect(status.masters).toEqual([{ id: kept, atHand: false, seals: false, wraps: 2 }]);
    const { trouble, unopened } = await gateway.request("vault.verify", {});
    expect(trouble).toContain(kept);
    expect(unopened.map(({ kind }) => kind).sort()).toEqual(["credential", "key", "key"]);
  });

  it("CRED-1 is no reason not to serve what needs no secret", async () => {
    const message = "hello to the agent";
    const params = { message, idempotencyKey: randomUUID(), sessionKey: "agent:main:main" };
    const answer = await gateway.request("agent", params);
    expect(JSON.stringify(answer)).toContain("ok");
    const { messages } = await gateway.request("chat.history", { sessionKey: "agent:main:main" });
    expect(JSON.stringify(messages)).toContain(message);
  });

  it("CRED-1 lets nothing be overwritten, neither by a change nor by a rotation, nor with a wrong key", async () => {
    const { platform, simulator } = gateway;
    const config = simulator.accountConfig({ transport: "polling" });
    const missingKey = { code: "SEC_008", message: expect.stringContaining(kept) };
    const add = () =>
      gateway.request("channels.add", { channel: platform.id, accountId: "default", config, settings: {} });
    await expect(add()).rejects.toMatchObject(missingKey);
    await expect(gateway.request("vault.rotate", {})).rejects.toMatchObject(missingKey);
    const wrong = newMasterKey();
    writeFileSync(keyFile(gateway), masterKeysText([wrong]), { mode: 0o600 });
    await expect(add()).rejects.toMatchObject({ code: "SEC_008", message: expect.stringContaining(wrong.id) });
    await expect(gateway.request("vault.rotate", {})).rejects.toMatchObject(missingKey);
    expect(keysIn(gateway)).toEqual([wrong.id]);
  });

  it("CRED-1 connects the accounts when it comes back, without a restart", async () => {
    renameSync(away(), keyFile(gateway));
    await gateway.connected();
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "back again" });
    await simulator.waitFor(({ text }) => text === "back again", { conversation });
    expect(await (await fetch(`${gateway.url}/readyz`)).json()).toEqual({ ready: true });
    expect(await gateway.request("vault.verify", {})).toMatchObject({ values: 1, unopened: [] });
  });

  it("TEN-8 CRED-1 a tenant's keys are removed after its name was given twice; its accounts are off then", async () => {
    const tenant = DEFAULT_TENANT;
    await expect(gateway.request("vault.shred", { tenant, confirm: "another" })).rejects.toMatchObject({
      code: "REQ_001",
    });
    expect(await gateway.request("vault.shred", { tenant, confirm: tenant })).toEqual({ keys: 2, accounts: 1 });
    expect(await account(gateway)).toMatchObject({ state: "DISCONNECTED" });
    expect(await gateway.request("vault.verify", {})).toMatchObject({ values: 0 });
    const { entries } = await gateway.request("auditLog.list", { action: "vault.shredded" });
    expect(entries).toHaveLength(1);
  });
});
