/** CRED-2: tokens that are renewed. */
import { textContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import { scene, targetOf } from "./scene.test.helper.ts";

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
});
