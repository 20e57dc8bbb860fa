/** Connecting and letting go: in any state, without retries of its own, without anything left behind (CONN-1…3). */

import { expect } from "vitest";
import { freePort } from "../gateway-process/free-port.ts";
import { replaced } from "./fixtures.ts";
import { failureOf } from "./scene.ts";
import type { Suite } from "./suite.ts";

const CYCLES = 12;

export function connects(suite: Suite): void {
  const { channel, opened, scene, simulator, test } = suite;

  for (const transport of channel.transports) {
    test(`CONN-1 ${transport}: connects, says who it is, and lets go`, async () => {
      await using it = await opened({ transport });
      expect(it.connection.isConnected()).toBe(false);
      const { self, transport: used } = await it.connect();
      expect(self.id).not.toBe("");
      expect(channel.transports).toContain(used);
      expect(used).toBe(transport);
      expect(it.connection.isConnected()).toBe(true);
      await it.connection.disconnect();
      expect(it.connection.isConnected()).toBe(false);
      await it.connection.disconnect();
    });

    test(`CONN-1 oc#50913 ${transport}: disconnects in any state without a word`, async () => {
      await using platform = await simulator();
      await using never = await opened({ transport, simulator: platform });
      await never.connection.disconnect();
      await using halfway = await opened({ transport, simulator: platform });
      const connecting = halfway.connect().catch(() => undefined);
      halfway.account.stop();
      await halfway.connection.disconnect();
      await connecting;
      expect(halfway.connection.isConnected()).toBe(false);
      await using after = await scene({ transport, simulator: platform });
      platform.inject({ on: "any", kind: "server-error", times: 2 });
      after.account.stop();
      await after.connection.disconnect();
      expect(after.connection.isConnected()).toBe(false);
    });
  }

  test("CONN_002 a credential that the platform refuses is told as what it is", async () => {
    await using platform = await simulator();
    const config = platform.accountConfig({ transport: suite.usualTransport });
    for (const name of channel.config.secrets) {
      // What only proves the platform's own calls is put to the test with those.
      if (config[name] === undefined) continue;
      await using it = await opened({
        simulator: platform,
        config: (config) => ({ ...config, [name]: wrongSecret(String(config[name])) }),
      });
      const error = await failureOf(it.connect());
      expect(error).toMatchObject({ code: "CONN_002", retryable: false, scope: "account" });
      expect(it.connection.isConnected()).toBe(false);
    }
    platform.inject({ on: "any", kind: "unauthorised", times: 1 });
    await using revoked = await opened({ simulator: platform });
    expect(await failureOf(revoked.connect())).toMatchObject({ code: "CONN_002", retryable: false });
  });

  test("CONN_001 a platform that cannot be reached is told as passing trouble", async () => {
    const port = await freePort();
    await using it = await opened({
      config: (config, platform) => {
        const elsewhere = replaced(config, platform.url, `http://127.0.0.1:${port}`);
        expect(elsewhere, "the simulator's url is not in its accountConfig").not.toEqual(config);
        return elsewhere;
      },
    });
    const error = await failureOf(it.connect());
    expect(error).toMatchObject({ code: "CONN_001", retryable: true, delivered: "no" });
    expect(it.connection.isConnected()).toBe(false);
  });

  test("CONN-2 connect does not try again by itself: the supervisor does", async () => {
    for (const kind of ["server-error", "cut-before", "rate-limit"] as const) {
      await using it = await opened();
      it.simulator.inject({ on: "any", kind, times: 1, retryAfterMs: 1_000 });
      const error = await failureOf(it.connect());
      expect(error.retryable, `${kind}: ${error.code} ${error.message}`).toBe(true);
      expect(error.code).toMatch(/^CONN_/);
      if (kind === "rate-limit") expect(error.retryAfterMs).toBeGreaterThanOrEqual(1_000);
    }
  });

  test("CONN-2 gives proof of life when asked, and none when there is none", async (needs) => {
    await using it = await scene();
    const probe = needs(it.connection.probe, "gives no proof of life when asked");
    const before = Date.now();
    const evidence = await probe.call(it.connection, AbortSignal.timeout(5_000));
    expect(evidence.at).toBeGreaterThanOrEqual(before - 1_000);
    it.simulator.inject({ on: "any", kind: "server-error", times: 3 });
    const error = await failureOf(probe.call(it.connection, AbortSignal.timeout(5_000)));
    expect(error.code).toMatch(/^CONN_/);
    expect(error.retryable).toBe(true);
  });

  test("CONN-1 keeps nothing after it let go: no timer, no socket, however often", async () => {
    await using platform = await simulator();
    const cycle = async () => {
      for (const transport of channel.transports) {
        await using it = await scene({ transport, simulator: platform });
        await it.greeted();
      }
    };
    await cycle();
    const before = await resources();
    for (let count = 0; count < CYCLES; count++) await cycle();
    const after = await resources();
    for (const [name, count] of after) {
      // One more or less is the platform's own; a leak would show with every cycle.
      expect(count - (before.get(name) ?? 0), `${name} after ${CYCLES} connections`).toBeLessThan(CYCLES / 2);
    }
  }, 60_000);
}

/** The same form, another value: only the platform can tell. */
function wrongSecret(secret: string): string {
  const last = secret.at(-1) ?? "";
  return secret.slice(0, -1) + (/[a-y0-8]/i.test(last) ? String.fromCharCode(last.charCodeAt(0) + 1) : "a");
}

/** What keeps this process alive, by kind; once the last closings are through. */
async function resources(): Promise<Map<string, number>> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
