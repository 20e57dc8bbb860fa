import { describe, expect, it } from "vitest";
import { testAccount } from "./account.test.helper.ts";
import { refusal, scriptedServer, TOKEN } from "./scripted-server.test.helper.ts";

const quick = { token: TOKEN, pollPauseMs: 5 };

describe("CH-1 the command menu", () => {
  it("CH-1 offers the gateway's commands, and says so to Telegram only when they changed", async () => {
    await using server = await scriptedServer();
    const memory = new Map<string, string>();
    for (const start of ["first", "again"]) {
      await using account = testAccount({ config: { ...quick, baseUrl: server.url }, memory });
      await (await account.open()).connect();
      await account.until(() => memory.has("command-menu"), start);
    }
    expect(server.of("setMyCommands").map(({ params }) => params)).toEqual([
      { commands: [{ command: "status", description: "How it goes" }] },
    ]);
    const other = { ...quick, token: TOKEN.replace("5550001", "5550002"), baseUrl: server.url };
    await using account = testAccount({ config: other, memory });
    await (await account.open()).connect();
    await account.until(() => server.of("setMyCommands").length === 2, "another bot has no menu yet");
    expect([...memory.values()].join()).not.toContain("secret_part");
  });

  it("CH-1 connects as well when Telegram refuses the menu", async () => {
    await using server = await scriptedServer({
      setMyCommands: () => refusal(400, "Bad Request: BOT_COMMAND_INVALID"),
    });
    await using account = testAccount({ config: { ...quick, baseUrl: server.url } });
    const connection = await account.open();
    await connection.connect();
    await account.until(() => account.log.some((line) => line.includes("command menu")), "a warning");
    expect(connection.isConnected()).toBe(true);
  });

  it("CH-1 leaves the menu of @BotFather alone where that is wanted", async () => {
    await using server = await scriptedServer();
    await using account = testAccount({ config: { ...quick, baseUrl: server.url, commandMenu: false } });
    await (await account.open()).connect();
    await account.until(() => server.of("getUpdates").length > 0, "polling");
    expect(server.of("setMyCommands")).toEqual([]);
  });
});
