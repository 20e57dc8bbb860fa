/** Connecting says exactly what is missing. */
import { describe, expect, it } from "vitest";
import { discordScene } from "./scene.test.helper.ts";
import { BOT, type ScriptedOptions, scriptedDiscord, TOKEN } from "./scripted-discord.test.helper.ts";

async function loggingIn(answers: ScriptedOptions["answers"], config: object = {}) {
  const discord = await scriptedDiscord({ onArrival: () => {}, ...(answers && { answers }) });
  const scene = await discordScene({ config: { token: TOKEN, baseUrl: discord.url, publicKey: "", ...config } });
  return {
    connect: () => scene.connect(),
    logged: scene.logged,
    async [Symbol.asyncDispose]() {
      await scene[Symbol.asyncDispose]();
      await discord[Symbol.asyncDispose]();
    },
  };
}

const application = (more: object) => ({
  "GET /applications/@me": () => [200, { id: BOT, flags: 0, ...more }] as const,
});

describe("CH-3 the login", () => {
  it.each([
    ["white space", `${TOKEN} `, /white space/],
    ["the word before it", `Bot ${TOKEN.slice(3)}`, /white space|starts with/],
    ["another secret of the portal", "0123456789abcdef", /three parts/],
  ])("a token with %s is told by its looks, without a call", async (_what, token, words) => {
    await using it = await loggingIn(undefined, { token });
    await expect(it.connect()).rejects.toMatchObject({
      code: "CONN_002",
      retryable: false,
      message: expect.stringMatching(words),
    });
  });

  it("a token that was reset is told as such", async () => {
    await using it = await loggingIn({ "GET /users/@me": () => [401, { message: "401: Unauthorized", code: 0 }] });
    await expect(it.connect()).rejects.toMatchObject({ code: "CONN_002", message: expect.stringContaining("reset") });
    expect(it.logged.join()).not.toContain(TOKEN);
  });

  it.each([
    ["Message Content Intent", {}, 0],
    ["Server Members Intent", { members: true }, 1 << 19],
    ["Server Members Intent", { members: true }, 1 << 18],
  ])("%s is named when it is switched off and asked for", async (name, config, flags) => {
    await using it = await loggingIn(application({ flags }), config);
    await expect(it.connect()).rejects.toMatchObject({
      code: "CFG_001",
      retryable: false,
      message: expect.stringContaining(name),
      action: expect.stringContaining("Privileged Gateway Intents"),
    });
  });

  it("a bot that has connected too often today is told until when", async () => {
    const gateway = {
      url: "ws://127.0.0.1:9",
      shards: 1,
      session_start_limit: { remaining: 0, reset_after: 3_600_000 },
    };
    await using it = await loggingIn({
      ...application({ flags: 1 << 19 }),
      "GET /gateway/bot": () => [200, gateway],
    });
    await expect(it.connect()).rejects.toMatchObject({ code: "CONN_003", retryAfterMs: 3_600_000 });
  });

  it("something else at the address is told as what it is, and tried again", async () => {
    await using it = await loggingIn({ "GET /users/@me": () => [200, { hello: "world" }] });
    await expect(it.connect()).rejects.toMatchObject({ code: "CONN_001", retryable: true });
  });

  it("a public key of another application is refused; an endpoint elsewhere is a note", async () => {
    await using it = await loggingIn(application({ flags: 1 << 19, verify_key: "a".repeat(64) }), {
      publicKey: "b".repeat(64),
    });
    await expect(it.connect()).rejects.toMatchObject({
      code: "CFG_001",
      message: expect.stringContaining("publicKey"),
    });
    await using scene = await discordScene();
    scene.simulator.pretendEndpoint("https://elsewhere.example/");
    const { note } = await scene.connect();
    expect(note).toContain("https://elsewhere.example/");
  });
});
