import type { WebhookRequest } from "@switchboard/domain";
import type { WebhookInfo } from "grammy/types";
import { describe, expect, it } from "vitest";
import { testAccount } from "./account.test.helper.ts";
import channel from "./index.ts";
import { type Answer, refusal, scriptedServer, TOKEN } from "./scripted-server.test.helper.ts";

const address = { url: "https://gateway.example/webhooks/1", secret: "s3cret-of_the-webhook" };
const quick = { token: TOKEN, webhookCheckMs: 15, webhookReturnMs: 40, pollPauseMs: 5 };

/** Telegram's side of a webhook: what is set, and what Telegram says of it. */
function webhookState(state: Partial<WebhookInfo> = {}) {
  const info: WebhookInfo = { url: "", has_custom_certificate: false, pending_update_count: 0, ...state };
  const answers: Record<string, Answer> = {
    getWebhookInfo: () => info,
    setWebhook: ({ params }) => {
      info.url = String(params.url);
      return true;
    },
    deleteWebhook: () => {
      info.url = "";
      return true;
    },
  };
  return { info, answers };
}

describe("SEC_002 calls of the webhook", () => {
  const { webhook } = channel;
  const account = { config: {} as never, secret: address.secret };
  const request = (headers: WebhookRequest["headers"], body = "{}"): WebhookRequest => ({
    method: "POST",
    headers,
    url: address.url,
    body: new TextEncoder().encode(body),
  });
  const header = "x-telegram-bot-api-secret-token";

  it("accepts the right secret", () => {
    expect(() => webhook?.verify(request({ [header]: address.secret }), account)).not.toThrow();
  });

  it.each([
    ["no secret", {}],
    ["an empty one", { [header]: "" }],
    ["a part of it", { [header]: "s3cret" }],
    ["a longer one", { [header]: `${address.secret}x` }],
    ["another of the same length", { [header]: "S3cret-of_the-webhook" }],
  ])("A17 A18 SEC_002 refuses %s", (_name, headers) => {
    expect(() => webhook?.verify(request(headers), account)).toThrow(expect.objectContaining({ code: "SEC_002" }));
  });

  it("hands out the update of a body, and REQ_001 for what is none", () => {
    expect(webhook?.parse(request({}, '{"update_id":1}'))).toEqual([{ update_id: 1 }]);
    for (const body of ["", "[]", "1", "null", "{", "\u0000", "{'update_id':1}"]) {
      expect(() => webhook?.parse(request({}, body))).toThrow(expect.objectContaining({ code: "REQ_001" }));
    }
  });
});

describe("CH-1 setting the webhook", () => {
  it("registers address, secret, connections and kinds of update, and never drops what waits (hermes#87040)", async () => {
    const { answers } = webhookState({ pending_update_count: 6 });
    await using server = await scriptedServer(answers);
    await using account = testAccount({
      config: { token: TOKEN, baseUrl: server.url, maxConnections: 9, allowedUpdates: ["message"] },
      webhook: address,
    });
    const { transport } = await (await account.open()).connect();
    expect(transport).toBe("webhook");
    expect(server.of("setWebhook").map(({ params }) => params)).toEqual([
      { url: address.url, secret_token: address.secret, max_connections: 9, allowed_updates: ["message"] },
    ]);
    expect(server.of("getUpdates")).toEqual([]);
  });

  it("brings a secret into Telegram's alphabet, and checks calls with the same", async () => {
    const secret = "with spaces & ünïcode";
    const { answers } = webhookState();
    await using server = await scriptedServer(answers);
    await using account = testAccount({
      config: { token: TOKEN, baseUrl: server.url },
      webhook: { ...address, secret },
    });
    await (await account.open()).connect();
    const sent = String(server.of("setWebhook")[0]?.params.secret_token);
    expect(sent).toMatch(/^[\w-]{1,256}$/);
    const headers = { "x-telegram-bot-api-secret-token": sent };
    const call = { method: "POST", headers, url: address.url, body: new Uint8Array() };
    expect(() => channel.webhook?.verify(call, { config: {} as never, secret })).not.toThrow();
  });

  it("leaves alone what is set already, and sets it anew when anything differs", async () => {
    const { answers, info } = webhookState();
    const memory = new Map<string, string>();
    await using server = await scriptedServer(answers);
    const connect = async (config: object = {}, webhook = address) => {
      await using account = testAccount({ config: { token: TOKEN, baseUrl: server.url, ...config }, webhook, memory });
      await (await account.open()).connect();
      return server.of("setWebhook").length;
    };
    expect(await connect()).toBe(1);
    expect(await connect()).toBe(1);
    expect(await connect({}, { ...address, secret: "another" })).toBe(2);
    expect(await connect({}, { ...address, secret: "another" })).toBe(2);
    expect(await connect({ allowedUpdates: ["message"] }, { ...address, secret: "another" })).toBe(3);
    info.url = "https://elsewhere.example";
    expect(await connect({ allowedUpdates: ["message"] }, { ...address, secret: "another" })).toBe(4);
  });

  it("keeps the webhook when it disconnects, so that Telegram keeps what comes meanwhile", async () => {
    const { answers, info } = webhookState();
    await using server = await scriptedServer(answers);
    await using account = testAccount({ config: { token: TOKEN, baseUrl: server.url }, webhook: address });
    const connection = await account.open();
    await connection.connect();
    await connection.disconnect();
    expect(info.url).toBe(address.url);
    expect(server.of("deleteWebhook")).toEqual([]);
  });

  it("CFG_001 says what is missing when a webhook is demanded without a public address", async () => {
    await using server = await scriptedServer();
    await using account = testAccount({ config: { token: TOKEN, baseUrl: server.url, transport: "webhook" } });
    const connection = await account.open();
    await expect(connection.connect()).rejects.toMatchObject({ code: "CFG_001", retryable: false });
  });

  it("polls when it is told to, whatever the gateway's address", async () => {
    await using server = await scriptedServer();
    await using account = testAccount({
      config: { token: TOKEN, baseUrl: server.url, transport: "polling" },
      webhook: address,
    });
    expect(await (await account.open()).connect()).toMatchObject({ transport: "polling" });
    expect(server.of("setWebhook")).toEqual([]);
  });
});

describe("CONN-4 webhook and polling stand in for each other", () => {
  it("CONN-4 polls when Telegram refuses the address, and says why", async () => {
    const { answers } = webhookState();
    const reason = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook";
    await using server = await scriptedServer({ ...answers, setWebhook: () => refusal(400, reason) });
    await using account = testAccount({ config: { ...quick, baseUrl: server.url }, webhook: address });
    const connected = await (await account.open()).connect();
    expect(connected.transport).toBe("polling");
    expect(connected.note).toContain("HTTPS URL must be provided");
    await account.until(() => server.of("setWebhook").length > 1, "the webhook was tried again");
    await account.until(() => server.of("getUpdates").length > 1, "polling went on");
  });

  it("CONN-4 falls back to polling when deliveries fail, and returns by itself", async () => {
    const { answers, info } = webhookState();
    await using server = await scriptedServer(answers);
    await using account = testAccount({ config: { ...quick, baseUrl: server.url }, webhook: address });
    expect(await (await account.open()).connect()).toMatchObject({ transport: "webhook" });

    info.pending_update_count = 3;
    info.last_error_message = "Connection refused";
    const failing = setInterval(() => {
      info.last_error_date = (info.last_error_date ?? 0) + 1;
    }, 5);
    await account.until(() => account.transports.length > 0, "the fall-back");
    clearInterval(failing);
    expect(account.transports[0]).toMatchObject({
      transport: "polling",
      note: expect.stringMatching(/Connection refused/),
    });
    expect(server.of("deleteWebhook").map(({ params }) => params)).toEqual([{}]);
    await account.until(() => server.of("getUpdates").length > 0, "a poll");

    info.pending_update_count = 0;
    await account.until(() => account.transports.length > 1, "the return");
    expect(account.transports[1]).toMatchObject({ transport: "webhook" });
    expect(info.url).toBe(address.url);
    const [poll] = server.of("getUpdates").slice(-1);
    expect(poll?.response.destroyed).toBe(true);
  });

  it("CONN-4 falls back when updates wait and none is delivered, error or not", async () => {
    const { answers, info } = webhookState();
    await using server = await scriptedServer(answers);
    await using account = testAccount({ config: { ...quick, baseUrl: server.url }, webhook: address });
    await (await account.open()).connect();
    info.pending_update_count = 2;
    await account.until(() => account.transports.length > 0, "the fall-back");
    expect(account.transports[0]?.note).toMatch(/2 updates wait/);
  });

  it("stays with a webhook that is merely busy, or whose errors are old", async () => {
    const { answers, info } = webhookState({ last_error_date: 5, last_error_message: "long ago" });
    let looks = 0;
    const getWebhookInfo = () => {
      looks += 1;
      info.pending_update_count = [4, 3, 5, 2][looks % 4] ?? 0;
      return info;
    };
    await using server = await scriptedServer({ ...answers, getWebhookInfo });
    await using account = testAccount({ config: { ...quick, baseUrl: server.url }, webhook: address });
    await (await account.open()).connect();
    await account.until(() => looks > 14, "many looks");
    expect(account.transports).toEqual([]);
  });

  it("sets the webhook again when somebody removed it, and calls it a conflict when that goes on", async () => {
    const { answers, info } = webhookState();
    await using server = await scriptedServer(answers);
    await using account = testAccount({ config: { ...quick, baseUrl: server.url }, webhook: address });
    await (await account.open()).connect();
    info.url = "";
    await account.until(() => server.of("setWebhook").length === 2, "it was set again");
    const fight = setInterval(() => {
      info.url = "https://rival.example";
    }, 3);
    const lost = await account.lost;
    clearInterval(fight);
    expect(lost).toMatchObject({ code: "CONN_005", message: expect.stringMatching(/changing this bot's webhook/) });
  });
});
