/** CRED-2: credentials that expire, kept by the gateway for connections of several nodes on one store. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Renewal } from "@switchboard/channel-kit/renewal";
import { accountMemory, sealedMemory, type Telemetry } from "@switchboard/core";
import { DEFAULT_TENANT, type MemorySwap } from "@switchboard/domain";
import { startTokenServer, type TokenServer } from "@switchboard/testkit/token-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { memoryLog } from "../test-support/memory-log.ts";
import { renewing } from "../test-support/renewing.ts";
import { scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { anAccount as ref, type VaultWorld, vaultWorld } from "../test-support/vault-world.ts";

interface Node {
  readonly renewal: Renewal;
  readonly used: string[];
  /** Codes, or nothing. */
  readonly told: (string | undefined)[];
}

describe("CRED-2 a credential that expires, on several nodes", () => {
  let world: VaultWorld;
  let server: TokenServer;
  let log = memoryLog();
  beforeAll(async () => {
    world = await vaultWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    server = await startTokenServer();
    log = memoryLog();
    await world.store.accounts.remove(ref);
  });
  afterEach(async () => {
    for (const token of server.tokens) expect(log.text()).not.toContain(token);
    await server[Symbol.asyncDispose]();
  });

  /** What a connection of the account works with at a node of its own. `written`: before what the platform gave is. */
  const nodeOf = async (written?: () => Promise<void>): Promise<Node> => {
    const { vault } = await world.again();
    const [used, told]: [string[], (string | undefined)[]] = [[], []];
    const sealed = sealedMemory(ref, accountMemory(ref, world), vault);
    const context = {
      secrets: {
        ...sealed,
        async swap(changes: readonly MemorySwap[]) {
          if (changes.some(({ from, to }) => from !== undefined && to !== undefined && to !== from)) await written?.();
          return sealed.swap(changes);
        },
      },
      log,
      lost: () => {},
      renewed: (error?: { readonly code: string }) => void told.push(error?.code),
      sleep: (ms: number) => new Promise<void>((end) => void world.clock.after(ms, end)),
    };
    const { call, refreshToken } = server;
    return { renewal: new Renewal({ context, refreshToken, call, use: (token) => used.push(token) }), used, told };
  };
  const marked = async () =>
    (await world.store.accounts.memoryGet(ref, "sealed/token/renewing", world.clock.now())) !== undefined;

  it("is renewed with one call at the platform, and nothing of it is readable in the store's files", async () => {
    const nodes = await Promise.all([nodeOf(), nodeOf(), nodeOf()]);
    await Promise.all(nodes.map(({ renewal }) => renewal.ready()));
    expect(server.calls).toEqual([server.refreshToken]);
    const [, access = ""] = server.tokens;
    expect(nodes.map(({ used }) => used)).toEqual([[access], [access], [access]]);
    expect(await marked()).toBe(false);
    // All of them meet the end of the token at once.
    await Promise.all(nodes.map(({ renewal }) => renewal.renew(access)));
    expect([server.calls.length, new Set(nodes.map(({ used }) => used.at(-1))).size]).toEqual([2, 1]);
    const place = dirname(world.keyFile);
    const files = (await readdir(place)).filter((name) => name.startsWith("switchboard"));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const bytes = await readFile(join(place, name));
      for (const token of server.tokens) expect(bytes.includes(token)).toBe(false);
    }
  });

  /** A node that has the platform's answer and stops there, for as long as `written` takes; another one that waits for it. */
  const interrupted = async (written: Promise<void>) => {
    const answered = Promise.withResolvers<void>();
    const first = await nodeOf(() => {
      answered.resolve();
      return written;
    });
    const renewed = first.renewal.ready();
    renewed.catch(() => {});
    await answered.promise;
    expect(await marked()).toBe(true);
    const next = await nodeOf();
    const ready = next.renewal.ready();
    ready.catch(() => {});
    await eventually(() => log.text().includes("renewed elsewhere"));
    expect(server.calls).toHaveLength(1);
    // The mark runs out.
    world.clock.jump(31_000);
    return { first, renewed, next, ready };
  };
  const never = new Promise<void>(() => {});

  it("whose node was killed before it wrote the platform's answer is renewed once more, where the platform forgives that", async () => {
    server.forgives = true;
    const { first, next, ready } = await interrupted(never);
    await ready;
    expect(server.calls).toEqual([server.refreshToken, server.refreshToken]);
    expect([first.used, next.used, next.told]).toEqual([[], [server.tokens.at(-2)], [undefined]]);
  });

  it("CONN_002 whose node was killed there is gone, where the platform takes a refresh token once", async () => {
    const { next, ready } = await interrupted(never);
    await expect(ready).rejects.toMatchObject({ code: "CONN_002", retryable: false, scope: "account" });
    expect([server.calls.length, next.used, next.told]).toEqual([2, [], ["CONN_002"]]);
    expect(await marked()).toBe(false);
  });

  it("whose node was only slow is kept all the same, and found by whoever is started next", async () => {
    const woken = Promise.withResolvers<void>();
    const { first, ready, renewed } = await interrupted(woken.promise);
    await expect(ready).rejects.toMatchObject({ code: "CONN_002" });
    woken.resolve();
    await renewed;
    const next = await nodeOf();
    await next.renewal.ready();
    expect([server.calls.length, next.used]).toEqual([2, first.used]);
  });

  it("that was renewed by the next node before a slow one could write is that one's, for both", async () => {
    server.forgives = true;
    const woken = Promise.withResolvers<void>();
    const { first, next, ready, renewed } = await interrupted(woken.promise);
    await ready;
    woken.resolve();
    await renewed;
    expect([first.used, first.told]).toEqual([next.used, []]);
    expect(await marked()).toBe(false);
  });

  it("TEN-8 that was wiped while it was renewed stays wiped", async () => {
    const woken = Promise.withResolvers<void>();
    const node = await nodeOf(() => woken.promise);
    const ready = node.renewal.ready();
    ready.catch(() => {});
    await eventually(() => server.calls.length === 1);
    await world.store.accounts.remove(ref);
    woken.resolve();
    await expect(ready).rejects.toMatchObject({ code: "CONN_001" });
    expect([await world.store.vault.sealed(ref.tenant), node.used]).toEqual([[], []]);
  });

  it("CONN_002 CRED-3 OPS-4 that cannot be renewed any more gives the account up, once in the audit log, without a token anywhere", async () => {
    const [platform, clock] = [scriptedPlatform(), new TestClock()];
    const outcomes: string[] = [];
    const telemetry: Partial<Telemetry> = { renewal: (_ref, outcome) => outcomes.push(outcome) };
    const used = renewing(platform, server);
    await using it = await startTestEngine({ platform, clock, telemetry });
    // Due at once, and again after every renewal.
    server.lasts = 240;
    await it.put("expiring");
    const state = () => it.engine.accounts.get(it.ref("expiring"))?.supervisor.status();
    await eventually(() => used.length >= 2 && state()?.state === "CONNECTED");
    server.failNext(1);
    clock.jump(16_000);
    await eventually(() => outcomes.includes("later"));
    expect(state()?.state).toBe("CONNECTED");
    server.revoke();
    await eventually(() => {
      clock.jump(61_000);
      return state()?.state === "PERMANENTLY_FAILED";
    });
    expect(state()?.lastError).toMatchObject({ code: "CONN_002" });
    expect(outcomes.at(-1)).toBe("failed");
    const failed = await eventually(async () => {
      const { rows: items } = await it.store.audit.list(DEFAULT_TENANT, {
        limit: 50,
        action: "account.renewal-failed",
      });
      return items.length > 0 && items;
    });
    expect(failed).toMatchObject([
      { actor: "system", subject: "scripted:expiring", outcome: "failed", detail: { code: "CONN_002" } },
    ]);
    const { rows: items } = await it.store.audit.list(DEFAULT_TENANT, { limit: 500 });
    const written = [it.log.text(), JSON.stringify(items), JSON.stringify(state())].join("\n");
    for (const token of server.tokens) expect(written).not.toContain(token);
  });
});
