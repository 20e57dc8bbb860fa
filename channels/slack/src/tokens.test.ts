/** CRED-2: tokens that are renewed. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type SwitchboardError, textContent } from "@switchboard/domain";
import { contractAccount } from "@switchboard/testkit/channel";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import { SlackApi } from "./api.ts";
import channel from "./index.ts";
import { scene, targetOf } from "./scene.test.helper.ts";
import { Tokens } from "./tokens.ts";

describe("CRED-2 token rotation", () => {
  it("renews at connect, keeps the renewed token sealed, and goes on with it after a restart", async () => {
    const simulator = await startSimulator({ acknowledgeMs: 100 });
    const config = simulator.rotateTokens();
    const memory = new Map<string, string>();
    for (const text of ["first", "second"]) {
      await using it = await scene({ simulator, memory, config });
      await simulator.say({ from: "Ann", text });
      await it.send(
        targetOf(await it.event("message", ({ content }) => content.text === text)),
        textContent(`re: ${text}`),
      );
      expect(it.log.join(" ")).not.toContain(String(config.refreshToken));
    }
    expect([...memory.keys()]).toContain("sealed/token");
    expect(simulator.sent().map(({ text }) => text)).toEqual(["re: first", "re: second"]);
    await simulator.close();
  });

  it("a token that ends early is renewed once, however many calls meet it", async () => {
    const simulator = await startSimulator({ acknowledgeMs: 100 });
    const config = simulator.rotateTokens();
    {
      await using it = await scene({ simulator, config });
      await simulator.say({ from: "Ann", text: "hello" });
      const target = targetOf(await it.event("message"));
      simulator.expireToken();
      await Promise.all(["a", "b", "c"].map((text) => it.send(target, textContent(text))));
      expect(
        simulator
          .sent()
          .map(({ text }) => text)
          .sort(),
      ).toEqual(["a", "b", "c"]);
    }
    await simulator.close();
  });

  it("CONN_002 a refresh token that was used up elsewhere is told as a credential that is gone", async () => {
    const simulator = await startSimulator();
    const config = simulator.rotateTokens();
    simulator.rotateTokens();
    await expect(scene({ simulator, config })).rejects.toMatchObject({ code: "CONN_002", retryable: false });
    await simulator.close();
  });

  it("CFG_001 a refresh token alone is not enough", async () => {
    const simulator = await startSimulator();
    const { refreshToken } = simulator.rotateTokens();
    await expect(scene({ simulator, config: { refreshToken } })).rejects.toMatchObject({ code: "CFG_001" });
    await simulator.close();
  });

  it("is renewed five minutes before the token ends, tried again when that fails, and announced when it cannot be", async () => {
    const simulator = await startSimulator();
    const lines: string[] = [];
    const config = { ...simulator.accountConfig({ transport: "websocket" }), ...simulator.rotateTokens() };
    const account = contractAccount({
      channel,
      config,
      memory: new Map(),
      generation: 1,
      log: (line) => lines.push(line),
    });
    // The clock stands; every pause waits for the test.
    const pauses: { readonly ms: number; readonly end: () => void }[] = [];
    const context = {
      ...account.context,
      sleep: (ms: number) => new Promise<void>((end) => void pauses.push({ ms, end })),
    } as ConstructorParameters<typeof Tokens>[1];
    const api = new SlackApi(context.config);
    const tokens = new Tokens(api, context);
    await tokens.ready();
    const first = api.botToken;
    const stop = new AbortController();
    const kept = tokens.keep(stop.signal);
    const paused = async (count: number) => {
      await expect.poll(() => pauses.length).toBe(count);
      return pauses.at(-1) ?? { ms: 0, end: () => {} };
    };
    const beforeEnd = await paused(1);
    const hours12 = 43_200_000;
    expect(beforeEnd.ms).toBeLessThanOrEqual(hours12 - 300_000);
    expect(beforeEnd.ms).toBeGreaterThan(hours12 - 300_000 - 60_000 - 10_000);
    simulator.inject({ on: "any", kind: "server-error", times: 1 });
    beforeEnd.end();
    const again = await paused(2);
    expect(again.ms).toBe(15_000);
    expect(lines.join()).toContain("could not be renewed yet");
    expect(api.botToken).toBe(first);
    again.end();
    // The clock stands, so it is too early again.
    (await paused(3)).end();
    const next = await paused(4);
    expect(api.botToken).not.toBe(first);
    // Somebody else uses the refresh token up.
    simulator.rotateTokens();
    next.end();
    expect((await account.lost) as SwitchboardError).toMatchObject({ code: "CONN_002", scope: "account" });
    await kept;
    stop.abort();
    account.stop();
    await simulator.close();
  });

  it("tokens that are hardly good for minutes are not renewed without a pause", async () => {
    let renewals = 0;
    const server = createServer((_request, response) => {
      renewals += 1;
      const answer = { ok: true, access_token: `xoxe.xoxb-${renewals}`, refresh_token: `xoxe-${renewals}` };
      response.end(JSON.stringify({ ...answer, expires_in: 60 }));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const rotation = { refreshToken: "xoxe-0", clientId: "1.2", clientSecret: "secret" };
    const config = { botToken: "xoxe.xoxb-0", signingSecret: "secret", baseUrl, ...rotation };
    const account = contractAccount({ channel, config, memory: new Map(), generation: 1, log: () => {} });
    const pauses: number[] = [];
    const stop = new AbortController();
    const context = {
      ...account.context,
      async sleep(ms: number) {
        pauses.push(ms);
        if (pauses.length === 4) stop.abort();
      },
    } as ConstructorParameters<typeof Tokens>[1];
    const tokens = new Tokens(new SlackApi(context.config), context);
    await tokens.ready();
    await tokens.keep(stop.signal);
    expect(pauses).toEqual([0, 15_000, 0, 15_000]);
    account.stop();
    server.close();
    server.closeAllConnections();
  });
});
