import fastify from "fastify";
import { describe, expect, it } from "vitest";
import { bearerSecret } from "../auth/bearer-secret.ts";
import { HandClock } from "../ws/harness.test.util.ts";
import { sharedSecret } from "../ws/index.ts";
import { browserSessionRoutes, createBrowserSessions } from "./browser-session.ts";

const TOKEN = "the-right-token";

async function startRoutes(trustedProxies: readonly string[] = []) {
  const clock = new HandClock();
  const now = () => clock.now();
  const app = fastify();
  await app.register(
    browserSessionRoutes({
      sessions: createBrowserSessions(TOKEN, () => 1),
      secret: bearerSecret({
        secret: sharedSecret(TOKEN),
        trust: { proxies: trustedProxies, tailscale: false },
        now,
        clock,
      }),
      now,
    }),
  );
  const login = (token: string, headers: Record<string, string> = {}) =>
    app.inject({ method: "POST", url: "/session", headers: { authorization: `Bearer ${token}`, ...headers } });
  return { app, clock, login, [Symbol.asyncDispose]: () => app.close() };
}

describe("logging a browser in", () => {
  it("DEV-5 wrong tokens of a program of this machine cost time, and never lock its owner out", async () => {
    await using routes = await startRoutes();
    const { clock, login } = routes;
    for (let n = 0; n < 12; n += 1) {
      const delay = Math.min(250 * 2 ** n, 5_000);
      const wrong = login("wrong");
      await expect.poll(() => clock.expects(delay), { interval: 1 }).toBe(true);
      expect(clock.expects(delay - 1)).toBe(false);
      clock.advance(delay);
      expect((await wrong).json()).toMatchObject({ code: "REQ_005" });
    }
    expect((await login(TOKEN)).statusCode).toBe(204);
  });

  it("DEV-5 SEC_011 ten wrong tokens of one address elsewhere lock it out, and it alone, for a while", async () => {
    await using routes = await startRoutes(["127.0.0.1"]);
    const { clock, login } = routes;
    const from = (ip: string) => ({ "x-forwarded-for": ip });
    for (let n = 0; n < 10; n += 1) await login("wrong", from("203.0.113.7"));
    const locked = await login(TOKEN, from("203.0.113.7"));
    expect(locked.json()).toMatchObject({ code: "SEC_011" });
    expect((await login(TOKEN, from("203.0.113.8"))).statusCode).toBe(204);
    clock.advance(300_001);
    expect((await login(TOKEN, from("203.0.113.7"))).statusCode).toBe(204);
  });
});
