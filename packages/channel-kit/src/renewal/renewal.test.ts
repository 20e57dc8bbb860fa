/** CRED-2: credentials that expire, against a token endpoint on loopback. */
import { type AccountMemory, SwitchboardError } from "@switchboard/domain";
import { contractMemory } from "@switchboard/testkit/channel";
import { startTokenServer, type TokenServer } from "@switchboard/testkit/token-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Renewal, type RenewalOptions } from "./index.ts";

const MINUTE = 60_000;

interface Part extends RenewalOptions {
  readonly renewal: Renewal;
  /** Every pause that it asked for, in order; each lasts until `end`. */
  readonly pauses: { readonly ms: number; readonly end: () => void }[];
  /** Resolves with the pause that comes as number `count`. */
  paused(count: number): Promise<{ readonly ms: number; readonly end: () => void }>;
  /** What it used, in order. */
  readonly used: string[];
  /** What `renewed` was told: nothing, or the code. */
  readonly told: (string | undefined)[];
  readonly lost: Promise<unknown>;
  /** The account stops: pauses end. */
  stop(): void;
}

describe("CRED-2 a credential that expires", () => {
  let server: TokenServer;
  let memory: Map<string, string>;
  let log: string[];
  beforeEach(async () => {
    server = await startTokenServer();
    memory = new Map();
    log = [];
  });
  afterEach(async () => {
    // CRED-3: whatever happened, nobody wrote a token down.
    for (const token of server.tokens) expect(log.join("\n")).not.toContain(token);
    await server[Symbol.asyncDispose]();
  });

  const part = (changes: Partial<RenewalOptions> & { readonly secrets?: AccountMemory } = {}): Part => {
    const pauses: { ms: number; end: () => void }[] = [];
    const [used, told]: [string[], (string | undefined)[]] = [[], []];
    const lost = Promise.withResolvers<unknown>();
    const stopped = new AbortController();
    const write = (fields: Record<string, unknown>, message: string) =>
      void log.push(`${message} ${JSON.stringify(fields)}`);
    const options: RenewalOptions = {
      context: {
        secrets: changes.secrets ?? contractMemory(memory, "sealed/"),
        log: { debug: write, info: write, warn: write, error: write },
        lost: (error) => {
          log.push(String(error));
          lost.resolve(error);
        },
        renewed: (error) => {
          log.push(JSON.stringify(error ?? "renewed"));
          told.push(error?.code);
        },
        sleep: (ms) =>
          new Promise((end, reject) => {
            if (stopped.signal.aborted) return reject(stopped.signal.reason);
            stopped.signal.addEventListener("abort", () => reject(stopped.signal.reason), { once: true });
            pauses.push({ ms, end });
          }),
      },
      refreshToken: server.refreshToken,
      call: server.call,
      use: (access) => used.push(access),
      ...changes,
    };
    return {
      ...options,
      renewal: new Renewal(options),
      pauses,
      async paused(count) {
        await expect.poll(() => pauses.length, { timeout: 20_000 }).toBe(count);
        return pauses[count - 1] ?? { ms: 0, end: () => {} };
      },
      used,
      told,
      lost: lost.promise,
      stop: () => stopped.abort(new SwitchboardError("SYS_001", "The account was stopped.")),
    };
  };

  it("is renewed before the first use, kept among what is sealed, and good after a restart without another call", async () => {
    const first = part();
    await first.renewal.ready();
    expect([...memory.keys()]).toEqual(["sealed/token"]);
    const next = part();
    await next.renewal.ready();
    expect([first.used, next.used, server.calls.length]).toEqual([[server.tokens[1]], [server.tokens[1]], 1]);
    expect([first.told, next.told]).toEqual([[undefined], []]);
  });

  it("is renewed five minutes before it ends with jitter, tried again ever later when that fails, and lost when it is refused", async () => {
    const it = part();
    await it.renewal.ready();
    const stop = new AbortController();
    const kept = it.renewal.keep(stop.signal);
    const beforeEnd = await it.paused(1);
    expect(beforeEnd.ms).toBeLessThanOrEqual(55 * MINUTE);
    expect(beforeEnd.ms).toBeGreaterThan(53 * MINUTE);
    server.failNext(4);
    beforeEnd.end();
    for (const [index, ms] of [15_000, 30_000, 60_000, 60_000].entries()) {
      const again = await it.paused(index + 2);
      expect(again.ms).toBe(ms);
      again.end();
    }
    // The pause until the next one.
    const later = await it.paused(6);
    expect(it.told).toEqual([undefined, "CONN_001", "CONN_001", "CONN_001", "CONN_001", undefined]);
    expect(it.used).toHaveLength(2);
    expect(log.join()).toContain("could not be renewed yet");
    server.revoke();
    later.end();
    expect(await it.lost).toMatchObject({ code: "CONN_002", scope: "account", retryable: false });
    await kept;
    expect(it.told.at(-1)).toBe("CONN_002");
    expect([...memory.keys()]).toEqual(["sealed/token"]);
  });

  it("waits as long as the platform says", async () => {
    let isBusy = false;
    const it = part({
      async call(refreshToken, signal) {
        if (isBusy) throw new SwitchboardError("CONN_003", "Later.", { retryAfterMs: 7 * MINUTE });
        return server.call(refreshToken, signal);
      },
    });
    await it.renewal.ready();
    isBusy = true;
    const stop = new AbortController();
    const kept = it.renewal.keep(stop.signal);
    (await it.paused(1)).end();
    expect((await it.paused(2)).ms).toBe(7 * MINUTE);
    stop.abort();
    await kept;
  });

  it("that is hardly good for minutes is not renewed without a pause", async () => {
    server.lasts = 60;
    const it = part();
    await it.renewal.ready();
    const stop = new AbortController();
    const kept = it.renewal.keep(stop.signal);
    for (const [index, ms] of [0, 15_000, 0, 15_000].entries()) {
      const pause = await it.paused(index + 1);
      expect(pause.ms).toBe(ms);
      pause.end();
    }
    await it.paused(5);
    stop.abort();
    await kept;
    expect(server.calls).toHaveLength(3);
  });

  it("and ends early is renewed once, however many calls meet it, also one that hears of it late", async () => {
    const it = part();
    await it.renewal.ready();
    const [expired = ""] = it.used;
    await Promise.all([1, 2, 3].map(() => it.renewal.renew(expired)));
    await it.renewal.renew(expired);
    expect([server.calls.length, it.used.length]).toEqual([2, 2]);
  });

  it("CONN_002 is refused where the refresh token was used up elsewhere", async () => {
    server.revoke();
    const it = part();
    await expect(it.renewal.ready()).rejects.toMatchObject({ code: "CONN_002", retryable: false });
    expect([it.used, it.told]).toEqual([[], ["CONN_002"]]);
  });

  it("begins anew with another refresh token in the configuration", async () => {
    await part().renewal.ready();
    await using other = await startTokenServer();
    const it = part({ refreshToken: other.refreshToken, call: other.call });
    await it.renewal.ready();
    expect([it.used, other.calls]).toEqual([[other.tokens[1]], [other.refreshToken]]);
  });

  it("CONN_001 of a configuration that was exchanged meanwhile leaves the new one's alone", async () => {
    const before = part();
    await before.renewal.ready();
    await using other = await startTokenServer();
    const it = part({ refreshToken: other.refreshToken, call: other.call });
    await it.renewal.ready();
    await expect(before.renewal.renew(before.used[0] ?? "")).rejects.toMatchObject({ code: "CONN_001" });
    expect([server.calls.length, other.calls.length]).toEqual([1, 1]);
    expect(await contractMemory(memory, "sealed/").get("token")).toContain(it.used[0]);
  });

  it("is used where another node renewed it after the mark of a slow one had run out, whom the platform refuses", async () => {
    const answer = Promise.withResolvers<never>();
    const slow = part({ call: () => answer.promise });
    const ready = slow.renewal.ready();
    const secrets = contractMemory(memory, "sealed/");
    await expect.poll(() => secrets.get("token/renewing")).toBeDefined();
    await secrets.remove("token/renewing");
    const next = part();
    await next.renewal.ready();
    answer.reject(new SwitchboardError("CONN_002"));
    await ready;
    expect([slow.used, slow.told]).toEqual([next.used, []]);
  });

  it("keeps its refresh token where the platform gives no other one", async () => {
    server.rotates = false;
    const it = part();
    await it.renewal.ready();
    await it.renewal.renew(it.used[0] ?? "");
    expect(server.calls).toEqual([server.refreshToken, server.refreshToken]);
    expect(it.used).toHaveLength(2);
  });

  it("is renewed by one node; the other one waits for it and uses the same", async () => {
    const [here, there] = [part(), part()];
    const held = server.hold();
    const renewed = here.renewal.ready();
    await expect.poll(() => server.calls.length).toBe(1);
    const waits = there.renewal.ready();
    expect((await there.paused(1)).ms).toBeLessThanOrEqual(1_000);
    held.release();
    await renewed;
    there.pauses[0]?.end();
    await waits;
    expect([server.calls.length, here.used, there.used]).toEqual([1, [server.tokens[1]], [server.tokens[1]]]);
  });

  it("that another node has renewed is used, not renewed again", async () => {
    const [here, there] = [part(), part()];
    await here.renewal.ready();
    await there.renewal.ready();
    const [expired = ""] = here.used;
    await here.renewal.renew(expired);
    await there.renewal.renew(expired);
    expect([server.calls.length, there.used]).toEqual([2, here.used]);
  });

  it("is not renewed for somebody who waits and is stopped", async () => {
    const [here, there] = [part(), part()];
    const held = server.hold();
    const renewed = here.renewal.ready();
    await expect.poll(() => server.calls.length).toBe(1);
    const waits = there.renewal.ready();
    await there.paused(1);
    there.stop();
    await expect(waits).rejects.toMatchObject({ code: "SYS_001" });
    held.release();
    await renewed;
    expect(server.calls).toHaveLength(1);
  });

  it("is kept when its account stops while the platform answers", async () => {
    const it = part();
    const held = server.hold();
    const renewed = it.renewal.ready();
    await expect.poll(() => server.calls.length).toBe(1);
    it.stop();
    held.release();
    await it.renewal.idle();
    await renewed;
    const next = part();
    await next.renewal.ready();
    expect([server.calls.length, next.used]).toEqual([1, [server.tokens[1]]]);
  });

  it("is not brought back where it was wiped meanwhile", async () => {
    const it = part();
    const held = server.hold();
    const renewed = it.renewal.ready();
    await expect.poll(() => server.calls.length).toBe(1);
    memory.clear();
    held.release();
    await expect(renewed).rejects.toMatchObject({ code: "CONN_001" });
    expect([[...memory], it.used]).toEqual([[], []]);
  });

  it("is written until the store takes it, with one call at the platform", async () => {
    const sound = contractMemory(memory, "sealed/");
    let failures = 0;
    const secrets: AccountMemory = {
      ...sound,
      async swap(changes) {
        if (server.calls.length > 0 && failures < 2) {
          failures += 1;
          throw new SwitchboardError("STORE_004");
        }
        return sound.swap(changes);
      },
    };
    const it = part({ secrets });
    const ready = it.renewal.ready();
    (await it.paused(1)).end();
    (await it.paused(2)).end();
    await ready;
    expect([server.calls.length, it.told]).toEqual([1, [undefined]]);
    expect(await sound.get("token")).toContain(server.tokens.at(-1));
  });

  it("CONN_007 whose platform does not answer is asked for again, and nobody has to wait for the mark", async () => {
    const held = server.hold();
    const it = part({ callMs: 50 });
    await expect(it.renewal.ready()).rejects.toMatchObject({ code: "CONN_007", retryable: true });
    expect([...memory.keys()]).toEqual(["sealed/token"]);
    held.release();
  });

  it("CRED-3 shows no token when a call fails in words of its own", async () => {
    const failing = (make: (token: string) => unknown) => part({ call: (token) => Promise.reject(make(token)) });
    const foreign = failing((token) => new Error(`no ${token}`));
    await expect(foreign.renewal.ready()).rejects.toMatchObject({ code: "CONN_001", retryable: true });
    const own = failing((token) => new SwitchboardError("CONN_002", `${token} is refused`));
    const error: unknown = await own.renewal.ready().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "CONN_002", retryable: false, message: "<token> is refused" });
    log.push(String(error), JSON.stringify(error), JSON.stringify(own.told));
  });

  it("CONN_001 is none where the platform answers without a token", async () => {
    const it = part({ call: async () => ({ access: "", until: Number.NaN }) });
    await expect(it.renewal.ready()).rejects.toMatchObject({ code: "CONN_001" });
    expect(it.used).toEqual([]);
  });
});
