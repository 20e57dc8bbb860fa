import { inspect } from "node:util";
import type { SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { testAccount } from "./account.test.helper.ts";
import { type Answer, BOT, refusal, scriptedServer, TOKEN } from "./scripted-server.test.helper.ts";

const config = { token: TOKEN, transport: "polling", pollPauseMs: 5 };

function update(update_id: number): object {
  const chat = { id: 7001, type: "private", first_name: "Ann" };
  return { update_id, message: { message_id: update_id, date: 1, chat, from: { ...chat, is_bot: false }, text: "hi" } };
}

/** A queue as Telegram keeps it: what is below the offset is forgotten, an empty answer is held back. */
function queue(ids: number[]): Answer {
  return ({ params, response }) => {
    const offset = Number(params.offset ?? 0);
    for (const id of [...ids]) if (id < offset) ids.splice(ids.indexOf(id), 1);
    if (ids.length > 0) return ids.slice(0, Number(params.limit)).map(update);
    const timer = setTimeout(() => response.end(JSON.stringify({ ok: true, result: [] })), 20);
    response.on("close", () => clearTimeout(timer));
    return undefined;
  };
}

describe("CH-1 long polling", () => {
  it("CONN-2 asks as the settings say and reports what it saw as evidence", async () => {
    await using server = await scriptedServer({ getUpdates: queue([11, 12]) });
    await using account = testAccount({
      config: { ...config, baseUrl: server.url, pollTimeoutSeconds: 7, allowedUpdates: ["message", "poll_answer"] },
    });
    const connection = await account.open();
    const connected = await connection.connect();
    expect(connected).toEqual({
      self: { id: "5550001", username: "desk_bot", displayName: "Desk" },
      transport: "polling",
    });
    await account.until(() => account.evidence.some(({ kind }) => kind === "pong"), "an empty poll");
    expect(account.received.map(({ key }) => key)).toEqual(["5550001:11", "5550001:12"]);
    expect(account.evidence[0]?.kind).toBe("event");
    const [first, second] = server.of("getUpdates");
    expect(first?.params).toEqual({ limit: 100, timeout: 7, allowed_updates: ["message", "poll_answer"] });
    expect(second?.params).toMatchObject({ offset: 13 });
  });

  it("Q-1 oc#124193 asks again for what could not be stored, and skips nothing", async () => {
    await using server = await scriptedServer({ getUpdates: queue([11, 12, 13]) });
    await using account = testAccount({ config: { ...config, baseUrl: server.url } });
    account.failReceive(3);
    await (await account.open()).connect();
    await account.until(() => account.received.length > 0, "updates were stored");
    expect(account.received.map(({ key }) => key)).toEqual(["5550001:11", "5550001:12", "5550001:13"]);
    const offsets = server.of("getUpdates").map(({ params }) => params.offset);
    expect(offsets.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("Q-1 keeps asking however long the store is in trouble", async () => {
    await using server = await scriptedServer({ getUpdates: queue([11]) });
    await using account = testAccount({ config: { ...config, pollPauseMs: 1, baseUrl: server.url } });
    account.failReceive(8);
    await (await account.open()).connect();
    await account.until(() => account.received.length === 1, "the update was stored in the end");
  });

  it("oc#111059 goes on where it was after a restart, per bot", async () => {
    const ids = [11, 12];
    const memory = new Map<string, string>();
    {
      await using server = await scriptedServer({ getUpdates: queue(ids) });
      await using account = testAccount({ config: { ...config, baseUrl: server.url }, memory });
      await (await account.open()).connect();
      await account.until(() => account.evidence.length > 1, "a poll after the updates");
    }
    await using server = await scriptedServer({ getUpdates: queue([12, 13]) });
    await using account = testAccount({ config: { ...config, baseUrl: server.url }, memory });
    await (await account.open()).connect();
    await account.until(() => account.received.length > 0, "the next update");
    expect(account.received.map(({ key }) => key)).toEqual(["5550001:13"]);

    await using another = await scriptedServer({
      getMe: () => ({ ...BOT, id: 5550009 }),
      getUpdates: queue([3]),
    });
    await using replaced = testAccount({ config: { ...config, baseUrl: another.url }, memory });
    await (await replaced.open()).connect();
    await replaced.until(() => replaced.received.length > 0, "the other bot's update");
    expect(replaced.received.map(({ key }) => key)).toEqual(["5550009:3"]);
  });

  it("follows Telegram when it starts from a lower number after a week of silence", async () => {
    const answers = [[update(900)], [update(20)], [update(21)]];
    await using server = await scriptedServer({ getUpdates: () => answers.shift() });
    await using account = testAccount({ config: { ...config, baseUrl: server.url } });
    await (await account.open()).connect();
    await account.until(() => server.of("getUpdates").length === 4, "four polls");
    expect(server.of("getUpdates").map(({ params }) => params.offset)).toEqual([undefined, 901, 21, 22]);
  });

  it("hermes#87040 removes a webhook that stands in the way, and never its pending updates", async () => {
    const info = { url: "https://old.example", has_custom_certificate: false, pending_update_count: 6 };
    await using server = await scriptedServer({ getWebhookInfo: () => info, getUpdates: queue([11]) });
    await using account = testAccount({ config: { ...config, baseUrl: server.url } });
    await (await account.open()).connect();
    await account.until(() => account.received.length === 1, "the update");
    expect(server.of("deleteWebhook").map(({ params }) => params)).toEqual([{}]);
  });

  it("removes a webhook that somebody sets while it polls", async () => {
    let set = true;
    await using server = await scriptedServer({
      getUpdates: (call) =>
        set
          ? refusal(
              409,
              "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
          : queue([11])(call),
      deleteWebhook: () => {
        set = false;
        return true;
      },
    });
    await using account = testAccount({ config: { ...config, baseUrl: server.url } });
    await (await account.open()).connect();
    await account.until(() => account.received.length === 1, "the update");
    expect(server.of("deleteWebhook").map(({ params }) => params)).toEqual([{}]);
  });

  it("hermes#34415 CONN_005 says clearly that another program polls with the same token", async () => {
    const conflict =
      "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    await using server = await scriptedServer({ getUpdates: () => refusal(409, conflict) });
    await using account = testAccount({ config: { ...config, baseUrl: server.url } });
    await (await account.open()).connect();
    const lost = await account.lost;
    expect(lost).toMatchObject({ code: "CONN_005", retryable: true });
    expect((lost as SwitchboardError).message).toMatch(/another program/i);
    expect(server.of("getUpdates")).toHaveLength(2);
  });

  it("CONN_002 CRED-3 gives up at once when the token is revoked, without telling it", async () => {
    await using server = await scriptedServer({ getUpdates: () => refusal(401, "Unauthorized") });
    await using account = testAccount({ config: { ...config, baseUrl: server.url } });
    await (await account.open()).connect();
    expect(await account.lost).toMatchObject({ code: "CONN_002", retryable: false });
    expect(server.of("getUpdates")).toHaveLength(1);
    expect(inspect(await account.lost, { depth: 10 })).not.toContain("secret_part");
  });

  it("hermes#64839 rides out a few failed polls and reports more of them as lost", async () => {
    let failures = 3;
    await using server = await scriptedServer({
      getUpdates: (call) => (failures-- > 0 ? refusal(502, "Bad Gateway") : queue([11])(call)),
    });
    await using account = testAccount({ config: { ...config, baseUrl: server.url } });
    await (await account.open()).connect();
    await account.until(() => account.received.length === 1, "the update");
    failures = 99;
    expect(await account.lost).toMatchObject({ code: "CONN_001", retryable: true });
  });

  it.each([
    ["no list", { some: "thing" }],
    ["updates without numbers", [{ message: {} }]],
  ])("does not spin when it gets %s", async (_name, result) => {
    await using server = await scriptedServer({ getUpdates: () => result });
    await using account = testAccount({ config: { ...config, baseUrl: server.url } });
    await (await account.open()).connect();
    expect(await account.lost).toMatchObject({ code: "CONN_001", message: expect.stringMatching(/no Bot API/) });
    expect(account.received).toEqual([]);
  });

  it("CONN_003 waits as long as Telegram asks", async () => {
    let busy = true;
    await using server = await scriptedServer({
      getUpdates: (call) => {
        if (!busy) return queue([11])(call);
        busy = false;
        return refusal(429, "Too Many Requests: retry after 1", { retry_after: 0.1 });
      },
    });
    await using account = testAccount({ config: { ...config, baseUrl: server.url } });
    await (await account.open()).connect();
    await account.until(() => account.received.length === 1, "the update");
    expect(account.sleeps).toEqual([100]);
    expect(account.log.join()).not.toContain("secret_part");
  });

  it("lets go of a poll that waits when it disconnects, and asks no more", async () => {
    await using server = await scriptedServer({ getUpdates: () => undefined });
    await using account = testAccount({ config: { ...config, baseUrl: server.url } });
    const connection = await account.open();
    await connection.connect();
    expect(connection.isConnected()).toBe(true);
    await account.until(() => server.of("getUpdates").length === 1, "a poll");
    const [poll] = server.of("getUpdates");
    const closed = new Promise((resolve) => poll?.response.on("close", resolve));
    await connection.disconnect();
    await closed;
    expect(connection.isConnected()).toBe(false);
    expect(server.of("getUpdates")).toHaveLength(1);
    await connection.disconnect();
  });

  it("can be disconnected before it was connected", async () => {
    await using account = testAccount({ config });
    const connection = await account.open();
    await connection.disconnect();
    expect(connection.isConnected()).toBe(false);
  });
});
