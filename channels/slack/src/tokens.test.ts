/** CRED-2: tokens that are renewed; when and how often is the kit's. */
import { textContent } from "@switchboard/domain";
import { contractAccount } from "@switchboard/testkit/channel";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import { SlackApi } from "./api.ts";
import channel from "./index.ts";
import { scene, targetOf } from "./scene.test.helper.ts";
import { renewalOf } from "./tokens.ts";

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

  it("is renewed five minutes before the token ends, and announced when it cannot be", async () => {
    const simulator = await startSimulator();
    const lines: string[] = [];
    const config = { ...simulator.accountConfig({ transport: "websocket" }), ...simulator.rotateTokens() };
    const log = (line: string) => void lines.push(line);
    const account = contractAccount({ channel, config, memory: new Map(), generation: 1, log });
    // The clock stands; every pause waits for the test.
    const pauses: { readonly ms: number; readonly end: () => void }[] = [];
    const context = {
      ...account.context,
      sleep: (ms: number) => new Promise<void>((end) => void pauses.push({ ms, end })),
    } as Parameters<typeof renewalOf>[1];
    const api = new SlackApi(context.config);
    const renewal = renewalOf(api, context);
    await renewal?.ready();
    const kept = renewal?.keep(context.signal);
    const paused = async (count: number) => {
      await expect.poll(() => pauses.length).toBe(count);
      return pauses.at(-1) ?? { ms: 0, end: () => {} };
    };
    const used = [api.botToken];
    const beforeEnd = await paused(1);
    const hours12 = 43_200_000;
    expect(beforeEnd.ms).toBeLessThanOrEqual(hours12 - 300_000);
    expect(beforeEnd.ms).toBeGreaterThan(hours12 - 300_000 - 120_000);
    beforeEnd.end();
    const next = await paused(2);
    used.push(api.botToken);
    expect(new Set(used).size).toBe(2);
    // Somebody else uses the refresh token up.
    simulator.rotateTokens();
    next.end();
    expect(await account.lost).toMatchObject({ code: "CONN_002", scope: "account" });
    await kept;
    expect(account.renewals.map((error) => error?.code)).toEqual([undefined, undefined, "CONN_002"]);
    for (const token of [...used, String(config.refreshToken)]) expect(lines.join()).not.toContain(token);
    account.stop();
    await simulator.close();
  });
});
