/** Logging in by steps over REST: polling, server-sent events, codes, cancelling; and whose it is. */
import { type StepsPlatform, startStepsPlatform } from "@switchboard/testkit/steps";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { readQrPng } from "../test-support/read-qr.ts";
import { type RestWorld, startRestWorld } from "../test-support/rest-world.ts";

const ONE = { tenant: "one" };
const TWO = { tenant: "two" };

describe("TEN-1 logging in by steps over REST", () => {
  let world: RestWorld;
  let phone: StepsPlatform;
  const begin = (caller = ONE, body: object = { restart: true }) =>
    world.call(caller, "POST", "/channels/steps/login", { body });
  const status = async (caller = ONE) => (await world.call(caller, "GET", "/channels/status")).body.items;

  beforeAll(async () => {
    phone = await startStepsPlatform();
    const config = { thirdPartyChannels: ["@switchboard/testkit"] };
    world = await startRestWorld({ agent: "echo", config, env: { STEPS_BASE_URL: phone.url } });
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await phone?.[Symbol.asyncDispose]();
  });

  /** Events as they come; `close` leaves in the middle. */
  async function events(caller: typeof ONE, id: unknown, after?: string) {
    const gone = new AbortController();
    const answer = await fetch(`${world.gateway.url}/api/v1/channels/steps/login/${id}/events`, {
      headers: { "x-test-tenant": caller.tenant, ...(after !== undefined && { "last-event-id": after }) },
      signal: gone.signal,
    });
    const seen: { id: string; data: Record<string, unknown> }[] = [];
    let isOver = false;
    const reading = (async () => {
      let text = "";
      for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
        text += new TextDecoder().decode(chunk);
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
          const [, eventId = "", data = "{}"] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [];
          if (eventId !== "") seen.push({ id: eventId, data: JSON.parse(data) });
        }
      }
      isOver = true;
    })().catch(() => {});
    return { answer, seen, reading, isOver: () => isOver, close: () => gone.abort() };
  }

  it("says which channels have steps, and what they bring", async () => {
    const { body } = await world.call(ONE, "GET", "/channels");
    const steps = body.items.find(({ channel }) => channel === "steps");
    expect(steps).toMatchObject({ login: { kind: "qr", brings: ["token"] } });
    expect(body.items.filter(({ login }) => login === undefined).length).toBeGreaterThan(0);
  });

  it("TEN-4 shows a picture of the QR code, tells of the next one at once, and connects the account that is scanned", async () => {
    const begun = await begin();
    expect([begun.status, begun.body.state, begun.body.accountId]).toEqual([201, "qr", "tenant-one"]);
    const { image, payload } = begun.body.qr as { image: string; payload: string };
    expect(readQrPng(Buffer.from(image.split(",")[1] ?? "", "base64"))).toBe(payload);
    const { id, revision } = begun.body;
    const next = world.call(ONE, "GET", `/channels/steps/login/${id}?revision=${revision}`);
    phone.refresh();
    const refreshed = await next;
    expect((refreshed.body.qr as { payload: string }).payload).not.toBe(payload);
    expect(await status()).toEqual([]);
    phone.scan();
    const end = await eventually(async () => {
      const { body } = await world.call(ONE, "GET", `/channels/steps/login/${id}`);
      return body.state === "done" && body;
    });
    expect(end.qr).toBeUndefined();
    expect(await status()).toMatchObject([{ accountId: "tenant-one", state: "CONNECTED" }]);
    expect(await status(TWO)).toEqual([]);
    const audit = (await world.call(ONE, "GET", "/audit")).body.items.map(({ action }) => action);
    expect(audit).toEqual(expect.arrayContaining(["channel.login-begun", "channel.connected"]));
  });

  it("streams every change, goes on after Last-Event-ID, and ends with the login", async () => {
    const { body } = await begin(ONE, { name: "second" });
    expect(body.accountId).toBe("tenant-one.second");
    const first = await events(ONE, body.id);
    expect(first.answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(first.answer.headers.get("cache-control")).toBe("no-store");
    await eventually(() => first.seen.length === 1);
    first.close();
    phone.scan({ code: "77-88" });
    const second = await events(ONE, body.id, first.seen[0]?.id);
    await eventually(() => second.seen.some(({ data }) => data.state === "code"));
    const wrong = await world.call(ONE, "POST", `/channels/steps/login/${body.id}/code`, { body: { code: "00" } });
    expect([wrong.status, wrong.body.state]).toEqual([200, "wait"]);
    await eventually(() => second.seen.some(({ data }) => String(data.text).includes("again")));
    await world.call(ONE, "POST", `/channels/steps/login/${body.id}/code`, { body: { code: "77-88" } });
    await eventually(() => second.isOver());
    expect(second.seen.at(-1)?.data).toMatchObject({ id: body.id, state: "done" });
    const ids = [...first.seen, ...second.seen].map(({ id }) => Number(id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    const late = await events(ONE, body.id, second.seen.at(-1)?.id);
    await eventually(() => late.isOver());
    expect(late.seen.map(({ data }) => data.state)).toEqual(["done"]);
  });

  it("is cancelled once, refuses a second one beside it, and a code that nobody asked for", async () => {
    const { body } = await begin(TWO);
    const beside = await begin(TWO, {});
    expect([beside.status, beside.body.code]).toEqual([409, "REQ_004"]);
    const early = await world.call(TWO, "POST", `/channels/steps/login/${body.id}/code`, { body: { code: "1" } });
    expect([early.status, early.body.code]).toEqual([409, "REQ_004"]);
    const open = await events(TWO, body.id);
    const cancelled = await world.call(TWO, "DELETE", `/channels/steps/login/${body.id}`);
    expect([cancelled.status, cancelled.body.state]).toEqual([200, "cancelled"]);
    await eventually(() => open.isOver());
    expect((await world.call(TWO, "DELETE", `/channels/steps/login/${body.id}`)).body.state).toBe("cancelled");
    expect(await status(TWO)).toEqual([]);
  });

  it("another tenant's login is not found, by whatever route", async () => {
    const { body } = await begin(ONE, { restart: true });
    const at = `/channels/steps/login/${body.id}`;
    const attempts = [
      world.call(TWO, "GET", at),
      world.call(TWO, "GET", `${at}?revision=0&waitMs=1`),
      world.call(TWO, "GET", `${at}/events`),
      world.call(TWO, "POST", `${at}/code`, { body: { code: "1" } }),
      world.call(TWO, "DELETE", at),
    ];
    for (const { body: problem, status: code } of await Promise.all(attempts)) {
      expect([code, problem.code]).toEqual([404, "REQ_002"]);
    }
    expect((await world.call(ONE, "GET", at)).body.state).toBe("qr");
  });

  it("a login that comes to nothing leaves the account that was connected as it was", async () => {
    const before = await status();
    const { body } = await begin(ONE, { restart: true });
    phone.scan();
    phone.revoke();
    const end = await eventually(async () => {
      const answer = await world.call(ONE, "GET", `/channels/steps/login/${body.id}`);
      return answer.body.state === "failed" && answer.body;
    });
    expect(end.error).toMatchObject({ code: "CONN_002" });
    const ids = (items: typeof before) => items.map(({ accountId }) => accountId);
    expect(ids(await status())).toEqual(ids(before));
  });

  it("REQ_004 a phone that is connected already is not connected a second time", async () => {
    await begin(TWO);
    phone.scan({ phone: "theirs" });
    await eventually(async () => (await status(TWO)).some(({ state }) => state === "CONNECTED"));
    const { body } = await begin(TWO, { name: "again" });
    phone.scan({ phone: "theirs" });
    const end = await eventually(async () => {
      const answer = await world.call(TWO, "GET", `/channels/steps/login/${body.id}`);
      return answer.body.state === "failed" && answer.body;
    });
    expect(end.error).toMatchObject({ code: "REQ_004", message: expect.stringContaining("tenant-two") });
    expect(await status(TWO)).toHaveLength(1);
  });

  it("SEC_003 TEN-4 the operator's cookie is for pages of the gateway alone; a bearer beside it counts instead", async () => {
    const { token, url } = world.gateway;
    const session = await fetch(`${url}/session`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    const cookie = session.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const me = await world.call(undefined, "GET", "/me", { headers: { cookie } });
    expect([me.status, me.body.kind, me.body.tenant]).toEqual([200, "operator", "default"]);
    const attempt = (headers: Record<string, string>) =>
      world.call(undefined, "POST", "/channels/disconnect", {
        body: { channel: "steps" },
        headers: { cookie, ...headers },
      });
    for (const headers of [{}, { origin: "https://evil.example" }, { origin: "null" }]) {
      const { body, status: code } = await attempt(headers as Record<string, string>);
      expect([code, body.code]).toEqual([403, "SEC_003"]);
    }
    expect((await attempt({ origin: new URL(url).origin })).body.code).toBe("CFG_003");
    expect((await attempt({ origin: new URL(url).origin, authorization: "Bearer wrong" })).status).toBe(401);
    const forged = await world.call(undefined, "GET", "/me", { headers: { cookie: `${cookie}x` } });
    expect(forged.status).toBe(401);
  });

  it("REQ_001 a channel without steps, and what the login itself brings", async () => {
    const { id } = world.gateway.platform;
    const pasted = await world.call(ONE, "POST", `/channels/${id}/login`, { body: {} });
    expect([pasted.status, pasted.body.code]).toEqual([400, "REQ_001"]);
    const address = await begin(ONE, { restart: true, credential: { baseUrl: "http://127.0.0.1:1" } });
    expect([address.status, address.body.code]).toEqual([400, "REQ_001"]);
    const nowhere = await world.call(ONE, "POST", "/channels/nowhere/login", { body: {} });
    expect(nowhere.status).toBe(404);
  });
});
