/** Requests that are repeated under an Idempotency-Key, as callers see them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROUTES, type RouteSpec } from "@switchboard/protocol/rest";
import { given } from "@switchboard/testkit/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idOf, newMember, newTenant } from "../test-support/people.ts";
import { type Caller, type RestAnswer, type RestWorld, startRestWorld } from "../test-support/rest-world.ts";

const REPLAYED = "idempotent-replayed";

describe("TEN-1 a request under an Idempotency-Key", () => {
  let world: RestWorld;
  /** Owners of two tenants, and an admin of the first. */
  let [one, two, colleague]: Caller[] = [];
  const ask = (caller: Caller | undefined, method: string, path: string, key: string, body?: unknown) =>
    world.call(caller, method, path, { body, headers: { "idempotency-key": key } });
  const makeKey = (key: string, name: string, caller = one) =>
    ask(caller, "POST", "/keys", key, { name, scopes: ["usage:read"] });
  /** How many keys of that name there are. */
  const keysNamed = async (name: string, caller = one) => {
    const { body } = await world.call(caller, "GET", "/keys");
    return (body.keys as readonly { name: string }[]).filter((each) => each.name === name).length;
  };
  const how = ({ body, headers, status }: RestAnswer) => [status, body.code ?? "", headers.get(REPLAYED)];

  beforeAll(async () => {
    world = await startRestWorld({ agent: "echo", config: { identity: { enabled: true } } });
    const { gateway } = world;
    const mine = await newTenant(gateway, "One", "one@example.com");
    const other = await newTenant(gateway, "Two", "two@example.com");
    await newMember(gateway, mine.owner, "colleague@example.com", "admin");
    one = { tenant: mine.id, person: await idOf(mine.owner, "one@example.com") };
    two = { tenant: other.id, person: await idOf(other.owner, "two@example.com") };
    colleague = { tenant: mine.id, role: "admin", person: await idOf(mine.owner, "colleague@example.com") };
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it("has one effect, and the same answer again, which says that it is", async () => {
    const first = await makeKey("a", "repeated");
    expect(how(first)).toEqual([201, "", null]);
    const again = await ask(one, "POST", "/keys", '"a"', { scopes: ["usage:read"], name: "repeated" });
    expect(how(again)).toEqual([201, "", "true"]);
    expect([again.body, again.headers.get("content-type")]).toEqual([first.body, first.headers.get("content-type")]);
    expect(await keysNamed("repeated")).toBe(1);
  });

  it("REQ_006 is refused when the key stands for another body, path or method", async () => {
    await makeKey("b", "as it was");
    const other = [422, "REQ_006", null];
    expect(how(await makeKey("b", "something else"))).toEqual(other);
    expect(how(await ask(one, "POST", "/tenants", "b", { name: "as it was" }))).toEqual(other);
    expect(how(await ask(one, "DELETE", "/keys/as%20it%20was", "b"))).toEqual(other);
    expect(how(await makeKey("b", "as it was"))).toEqual([201, "", "true"]);
    expect(await keysNamed("something else")).toBe(0);
  });

  it.each([
    ["a key", "key.created", "POST", "/keys", () => ({ name: "at once" })],
    [
      "an account",
      "channel.connected",
      "POST",
      "/channels/connect",
      () => ({ channel: world.gateway.platform.id, credential: world.credential("one") }),
    ],
  ])("makes %s once when it comes many times at once", async (what, action, method, path, body) => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => ask(one, method, path, what.replace(" ", "-"), body())),
    );
    const done = answers.filter(({ headers, status }) => status < 300 && headers.get(REPLAYED) === null);
    expect(done).toHaveLength(1);
    for (const answer of answers) {
      const { body: told, headers, status } = answer;
      if (status < 300) expect(told).toEqual(done[0]?.body);
      else expect([how(answer), told.retryable]).toEqual([[409, "REQ_004", null], true]);
      expect(Number(headers.get("retry-after")) > 0).toBe(status === 409);
    }
    const { items } = (await world.call(one, "GET", `/audit?action=${action}&limit=100`)).body;
    const said = JSON.stringify(done[0]?.body);
    expect(items.filter(({ subject }) => said.includes(String(subject).split(":").at(-1) ?? ""))).toHaveLength(1);
    expect(how(await ask(one, method, path, what.replace(" ", "-"), body()))).toEqual([done[0]?.status, "", "true"]);
  });

  it("TEN-2 is another one's when another tenant, or somebody else of this one, uses the same key", async () => {
    const callers = [one, two, colleague];
    const answers = [];
    for (const caller of callers) answers.push(await makeKey("shared", "of each", caller));
    expect(answers.map(how)).toEqual(callers.map(() => [201, "", null]));
    expect(new Set(answers.map(({ body }) => body.secret)).size).toBe(callers.length);
    expect(how(await makeKey("shared", "of nobody", two))).toEqual([422, "REQ_006", null]);
  });

  it("gets a refusal again that was decided, and not one of who asks or of what is malformed", async () => {
    const nothing = { channel: world.gateway.platform.id };
    const disconnect = (key: string, caller = two) => ask(caller, "POST", "/channels/disconnect", key, nothing);
    expect(how(await disconnect("d", { ...given(two), role: "viewer" }))).toEqual([403, "SEC_003", null]);
    expect(how(await ask(two, "POST", "/channels/disconnect", "d", { chanel: "x" }))).toEqual([400, "REQ_001", null]);
    const first = await disconnect("d");
    expect(how(first)).toEqual([404, "CFG_003", null]);
    const credential = world.credential("two");
    const connected = await world.call(two, "POST", "/channels/connect", {
      body: { ...nothing, credential },
    });
    expect(connected.status).toBe(200);
    const again = await disconnect("d");
    expect([how(again), again.body]).toEqual([[404, "CFG_003", "true"], first.body]);
    expect(how(await disconnect("e"))).toEqual([200, "", null]);
  });

  it("REQ_001 takes 1 to 255 printable characters, on every route that changes something and on no other", async () => {
    for (const key of ["", "with space", "x".repeat(256)])
      expect([key, ...how(await makeKey(key, "never"))]).toEqual([key, 400, "REQ_001", null]);
    expect(how(await makeKey("x".repeat(255), "long"))).toEqual([201, "", null]);
    expect((await ask(one, "GET", "/me", "with space")).status).toBe(200);
    const { paths } = (await world.call(undefined, "GET", "/openapi.json")).body as unknown as Document;
    for (const { method, path } of Object.values(ROUTES) as RouteSpec[]) {
      const { parameters = [], responses } = paths[path]?.[method.toLowerCase()] ?? { responses: {} };
      const takes = parameters.some(({ name }) => name === "Idempotency-Key");
      expect([method, path, takes, "422" in responses]).toEqual([method, path, method !== "GET", method !== "GET"]);
    }
  });

  it("Q-2 of a message says the same, and is one message of all accounts for longer than a day", async () => {
    const { id: channel } = world.gateway.platform;
    const bot = world.bot("one");
    const { conversation: to } = await bot.say({ from: "Ada", text: "hello" });
    const send = (text: string, more = {}) => ask(one, "POST", "/messages", "order", { channel, to, text, ...more });
    const first = await send("ready");
    expect(how(first)).toEqual([202, "", null]);
    const again = await send("ready");
    expect([how(again), again.body.deliveryIds]).toEqual([[202, "", "true"], first.body.deliveryIds]);
    const credential = world.credential("second");
    const { status } = await world.call(one, "POST", "/connections", { body: { channel, name: "second", credential } });
    expect(status).toBe(201);
    for (const other of [await send("not ready"), await send("ready", { accountId: `tenant-${one?.tenant}.second` })]) {
      expect(how(other)).toEqual([422, "REQ_006", null]);
    }
    expect(bot.sent().filter(({ text }) => text === "ready")).toHaveLength(1);
  });

  it("CRED-3 is answered alike after a restart, and what it told once stands in no file", async () => {
    const first = await makeKey("kept", "kept");
    await world.gateway.restart();
    const again = await makeKey("kept", "kept");
    expect([how(again), again.body]).toEqual([[201, "", "true"], first.body]);
    expect(await keysNamed("kept")).toBe(1);
    const { directory } = world.gateway;
    const secret = String(again.body.secret).slice(-24);
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    expect(files.map(({ name }) => name)).toContain("switchboard.db");
    const texts = files.map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name)).toString("latin1")]);
    expect(texts.filter(([, text]) => text?.includes(secret)).map(([name]) => name)).toEqual([]);
  });
});

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<string, { readonly parameters?: readonly { readonly name: string }[]; readonly responses: object }>
      >
    >
  >;
}
