import { completed } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import { SlackApi } from "./api.ts";
import { SlackConfig } from "./config.ts";
import { login } from "./login.ts";
import { SCOPES } from "./scopes.ts";

async function tried(scopes?: readonly string[], change: Record<string, unknown> = {}) {
  const simulator = await startSimulator(scopes ? { scopes } : {});
  try {
    const config = completed(SlackConfig, { ...simulator.accountConfig(), ...change }, "config");
    return await login(new SlackApi(config), config);
  } finally {
    await simulator.close();
  }
}

describe("CONN-3 the login check", () => {
  it("says who the bot is, and nothing where nothing is missing", async () => {
    expect(await tried()).toMatchObject({
      self: { id: expect.stringMatching(/^U/), username: "switchboard" },
      hints: [],
    });
  });

  it("names every missing scope and what it is for", async () => {
    const { hints } = await tried(["chat:write", "im:history"]);
    for (const scope of Object.keys(SCOPES)) {
      const isNamed = new RegExp(`\\b${scope} \\(to`).test(hints.join(" "));
      expect(isNamed, scope).toBe(!["chat:write", "im:history"].includes(scope));
    }
  });

  it("CONN_002 a bot that may not write is no bot", async () => {
    await expect(tried(["im:history"])).rejects.toMatchObject({
      code: "CONN_002",
      message: expect.stringContaining("chat:write"),
    });
  });

  it("CONN_002 tokens that are in each other's place are told as that", async () => {
    for (const [change, words] of [
      [{ botToken: "xapp-1-A1-1-abc" }, "app-level"],
      [{ botToken: "xoxp-1-2-3" }, "person's"],
      [{ botToken: "something" }, "xoxb-"],
      [{ botToken: "xoxb-1 2" }, "white space"],
      [{ appToken: "xoxb-1-2" }, "xapp-"],
    ] as const) {
      await expect(tried(undefined, change)).rejects.toMatchObject({
        code: "CONN_002",
        scope: "account",
        message: expect.stringContaining(words),
      });
    }
  });
});
