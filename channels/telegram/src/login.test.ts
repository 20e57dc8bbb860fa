import { SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { testAccount } from "./account.test.helper.ts";
import { type Answer, BOT, refusal, scriptedServer, TOKEN } from "./scripted-server.test.helper.ts";

async function connectError(config: Record<string, unknown>, getMe?: Answer): Promise<SwitchboardError> {
  await using server = await scriptedServer(getMe ? { getMe } : {});
  await using account = testAccount({ config: { baseUrl: server.url, requestTimeoutMs: 200, ...config } });
  const connection = await account.open();
  const thrown = await connection.connect().catch((error: unknown) => error);
  expect(connection.isConnected()).toBe(false);
  if (thrown instanceof SwitchboardError) return thrown;
  throw new Error(`expected an error, not ${JSON.stringify(thrown)}`);
}

describe("CONN_002 a bot token that does not work", () => {
  it.each([
    [" 123:abc", /white space around/],
    ["123:abc\n", /white space around/],
    ["123:ab c", /white space inside/],
    ["bot123:abc", /starts with "bot"/],
    ["123456789", /no colon/],
    ["AbC:123", /must start with the bot's number/],
    ["123:a/b", /characters that no token has/],
  ])("says what is wrong with %j, and does not repeat it", async (token, words) => {
    const error = await connectError({ token });
    expect(error).toMatchObject({ code: "CONN_002", retryable: false, scope: "account" });
    expect(error.message).toMatch(words);
  });

  it("says that Telegram refused it", async () => {
    const error = await connectError({ token: TOKEN }, () => refusal(401, "Unauthorized"));
    expect(error).toMatchObject({ code: "CONN_002", retryable: false });
    expect(error.message).toMatch(/refuses the bot token/);
  });

  it("says that the token or the base URL is wrong", async () => {
    const error = await connectError({ token: TOKEN }, () => refusal(404, "Not Found"));
    expect(error).toMatchObject({ code: "CONN_002" });
    expect(error.message).toMatch(/token is mistyped, or the base URL is wrong/);
  });
});

describe("CONN_001 a Bot API that does not answer", () => {
  it.each<[string, Answer, RegExp]>([
    ["nothing", () => undefined, /No answer within/],
    ["a web page", ({ response }) => void response.end("<html>hello</html>"), /No Bot API answer/],
    ["other JSON", ({ response }) => void response.end('{"hello":1}'), /No Bot API answer/],
    ["an answer without a bot", () => ({ hello: 1 }), /no Bot API/],
  ])("retries when %s comes back", async (_name, answer, words) => {
    const error = await connectError({ token: TOKEN }, answer);
    expect(error).toMatchObject({ code: "CONN_001", retryable: true });
    expect(error.message).toMatch(words);
  });
});

describe("what an operator is told of the bot", () => {
  it.each([
    ["privacy mode", { can_read_all_group_messages: false }, /Privacy mode is on/],
    ["groups switched off", { can_join_groups: false }, /Groups are switched off/],
  ])("hints at %s", async (_name, extra, words) => {
    await using server = await scriptedServer({ getMe: () => ({ ...BOT, ...extra }) });
    await using account = testAccount({ config: { token: TOKEN, baseUrl: server.url } });
    const { note } = await (await account.open()).connect();
    expect(note).toMatch(words);
  });

  it("CONN-2 probes with a call of its own, and rejects when there is no answer", async () => {
    let alive = true;
    await using server = await scriptedServer({
      getMe: ({ response }) => (alive ? BOT : void response.destroy()),
    });
    await using account = testAccount({ config: { token: TOKEN, baseUrl: `${server.url}/` } });
    const connection = await account.open();
    await connection.connect();
    const { signal } = new AbortController();
    expect(await connection.probe?.(signal)).toMatchObject({ kind: "probe" });
    alive = false;
    await expect(connection.probe?.(signal)).rejects.toMatchObject({ code: "CONN_001", scope: "account" });
  });
});
