/** Accounts that are made by letting an app in, and what arrives at one of them and is another's. */
import {
  type AccountId,
  type AccountRef,
  DEFAULT_TENANT,
  type Install,
  type JsonObject,
  type PeerId,
  type RawEvent,
  type SharedApp,
  SwitchboardError,
  type TenantId,
  type Webhook,
} from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { scriptedAgent } from "../test-support/scripted-agent.ts";
import { SCRIPTED, said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

interface Config {
  /** `<app>:<space>`. */
  readonly token: string;
}

const appIn = (token: string) => token.split(":")[0] ?? "";
const spaceIn = (token: string) => token.split(":")[1] ?? "";
/** Said in a space: the lane begins with its name. */
const spaceOf = ({ lane }: RawEvent) => (lane.includes("/") ? lane.split("/")[0] : undefined);

const app: SharedApp<unknown> = {
  credentials: (config) => [appIn((config as Config).token)],
  isOf(event, self) {
    const space = spaceOf(event);
    return space === undefined ? undefined : space === self.space;
  },
};

const webhook: Webhook<unknown> = {
  verify() {},
  parse: ({ body }) => JSON.parse(new TextDecoder().decode(body)) as unknown[],
};

/** What the platform gave out: code to space. Each is good once. */
function installing(codes: Map<string, string>): Install<unknown> {
  return {
    own: ["token"],
    authorizeUrl: ({ redirectUrl, state }) =>
      `https://platform.example/?${new URLSearchParams({ redirect: redirectUrl, state })}`,
    async complete({ code, config }) {
      const space = codes.get(code);
      codes.delete(code);
      if (space === undefined) throw new SwitchboardError("REQ_001", "The code is not good.");
      return {
        account: space as AccountId,
        self: { id: "bot" as PeerId, space },
        title: `Space ${space}`,
        config: { token: `${appIn((config as Config).token)}:${space}` },
      };
    },
  };
}

async function world(options: { readonly publicUrl?: string } = { publicUrl: "https://gateway.example" }) {
  const codes = new Map<string, string>();
  const platform = scriptedPlatform({ app, unbundle, webhook, install: installing(codes) });
  platform.script.self = ({ config }) => ({ id: "bot" as PeerId, space: spaceIn(config.token) });
  const clock = new TestClock(20);
  const test = await startTestEngine({ platform, clock, agents: scriptedAgent(), ...options });
  const { accounts, installs } = test.engine;
  const connected = (ref: AccountRef) => eventually(() => accounts.get(ref)?.supervisor.connection !== undefined);
  return {
    ...test,
    codes,
    platform,
    clock,
    connected,
    async add(account: string, token: string, tenant = DEFAULT_TENANT) {
      const ref = { tenant, channel: SCRIPTED, account: account as AccountId };
      const settings = { dmPolicy: "open" };
      await accounts.put({ ...ref, source: "store", enabled: true, config: { token }, settings });
      await connected(ref);
      return ref;
    },
    async state(from: AccountRef, actor = "operator") {
      const { url } = await installs.begin(from, actor);
      return new URL(url).searchParams.get("state") ?? "";
    },
    complete: (state: string, code: string | undefined, error?: string) =>
      installs.complete(SCRIPTED, { state, code, error }),
    call: (ref: AccountRef, ...events: readonly RawEvent[]) =>
      accounts.webhook(ref, {
        method: "POST",
        url: "https://gateway.example/",
        headers: {},
        body: new TextEncoder().encode(JSON.stringify(events)),
      }),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

const inSpace = (space: string, key: string, at: number): RawEvent => {
  const event = said(key, `${space}-Ada`, `hello ${key}`, at);
  const lane = `${space}/${event.lane}`;
  return { ...event, lane, payload: { ...(event.payload as JsonObject), key, lane } };
};

/** An event, or the payload of one that came by another account. */
function unbundle(update: unknown): RawEvent[] {
  const event = update as RawEvent;
  if (event.payload !== undefined) return [event];
  return [{ key: event.key, lane: event.lane, payload: update as JsonObject }];
}

async function stored({ store }: Pick<TestEngine, "store">, tenant: TenantId = DEFAULT_TENANT) {
  const { rows } = await store.inbox.list(tenant, {});
  return rows.map(({ account, key }) => `${account} ${key}`).sort();
}

describe.concurrent("CH-2 installing an app once more", () => {
  it("makes an account that has the app's config and its own, connects it and says who asked", async () => {
    await using it = await world();
    const from = await it.add("default", "app:first");
    it.codes.set("code", "second");
    const { url, expiresAt } = await it.engine.installs.begin(from, "Ann");
    expect(new URL(url).searchParams.get("redirect")).toBe(`https://gateway.example/install/${SCRIPTED}`);
    expect(expiresAt).toBeGreaterThan(it.clock.now());
    const done = await it.complete(new URL(url).searchParams.get("state") ?? "", "code");
    expect(done).toEqual({ ref: { ...from, account: "second" }, title: "Space second", replaced: false });
    await it.connected(done.ref);
    expect(it.platform.opened.at(-1)?.config).toEqual({ token: "app:second" });
    const row = await it.store.accounts.get(done.ref);
    // CRED-1: sealed; and who may write is not taken over from another place.
    expect(row).toMatchObject({ source: "store", config: {}, settings: {} });
    const { rows } = await it.store.audit.list(DEFAULT_TENANT, {});
    expect(rows).toContainEqual(
      expect.objectContaining({ actor: "Ann", action: "account.added", subject: `${SCRIPTED}:second` }),
    );
  });

  it("SEC_002 a state is good once, also when it comes back twice at once", async () => {
    await using it = await world();
    const from = await it.add("default", "app:first");
    it.codes.set("one", "second").set("two", "third");
    const state = await it.state(from);
    const both = await Promise.allSettled([it.complete(state, "one"), it.complete(state, "two")]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(it.complete(state, "two")).rejects.toMatchObject({ code: "SEC_002" });
    expect(it.engine.accounts.list(DEFAULT_TENANT)).toHaveLength(2);
  });

  it("SEC_002 a state is too old after ten minutes", async () => {
    await using it = await world();
    const from = await it.add("default", "app:first");
    it.codes.set("code", "second");
    const state = await it.state(from);
    it.clock.jump(600_000);
    await expect(it.complete(state, "code")).rejects.toMatchObject({ code: "SEC_002" });
    expect([...it.codes.keys()]).toEqual(["code"]);
  });

  it("SEC_002 TEN-2 nobody's forged state, nor one of another tenant's account, makes an account", async () => {
    await using it = await world();
    const from = await it.add("default", "app:first");
    const other = await it.add("default", "other:first", "two" as TenantId);
    it.codes.set("code", "second");
    const [mine = "", signature = ""] = (await it.state(from)).split(".");
    const forged = Buffer.from(Buffer.from(mine, "base64url").toString().replace(DEFAULT_TENANT, "two"));
    for (const state of [`${forged.toString("base64url")}.${signature}`, `${mine}.`, "", "a.b"]) {
      await expect(it.complete(state, "code")).rejects.toMatchObject({ code: "SEC_002" });
    }
    const done = await it.complete(await it.state(other), "code");
    expect(done.ref.tenant).toBe("two");
    expect(it.engine.accounts.list(DEFAULT_TENANT)).toHaveLength(1);
  });

  it("REQ_001 a code that was used already makes nothing, nor does a person who says no", async () => {
    await using it = await world();
    const from = await it.add("default", "app:first");
    it.codes.set("code", "second");
    await it.complete(await it.state(from), "code");
    await expect(it.complete(await it.state(from), "code")).rejects.toMatchObject({ code: "REQ_001" });
    const refused = it.complete(await it.state(from), undefined, "access_denied");
    await expect(refused).rejects.toMatchObject({ code: "REQ_001", message: expect.stringContaining("access_denied") });
    const odd = it.complete(await it.state(from), "code", "<b>no</b>");
    await expect(odd).rejects.toMatchObject({ message: expect.not.stringContaining("<b>") });
    expect(it.engine.accounts.list(DEFAULT_TENANT)).toHaveLength(2);
  });

  it("REQ_001 REQ_004 says where it cannot be", async () => {
    await using hidden = await world({});
    const from = await hidden.add("default", "app:first");
    await expect(hidden.engine.installs.begin(from, "Ann")).rejects.toMatchObject({ code: "REQ_001" });
    await using it = await world();
    const config = { token: "app:first" };
    const ref = it.ref("default");
    await it.engine.accounts.put({ ...ref, source: "config", enabled: true, config, settings: {} });
    await it.connected(ref);
    it.codes.set("code", "first");
    await expect(it.complete(await it.state(ref), "code")).rejects.toMatchObject({ code: "REQ_004" });
  });

  it("REQ_004 an account of another app that has the name by chance is left alone", async () => {
    await using it = await world();
    const from = await it.add("default", "app:first");
    const theirs = await it.add("second", "other:elsewhere");
    it.platform.script.connect = () => new Promise<void>(() => {});
    const config = { token: "other:third" };
    const silent = it.ref("third");
    await it.engine.accounts.put({ ...silent, source: "store", enabled: true, config, settings: {} });
    await it.engine.accounts.put({
      ...it.ref("fourth"),
      source: "store",
      enabled: true,
      config: { token: "app:fourth" },
      settings: {},
    });
    const before = await Promise.all([theirs, silent].map((ref) => it.store.accounts.get(ref)));
    for (const space of ["second", "third"]) {
      it.codes.set(space, space);
      await expect(it.complete(await it.state(from), space)).rejects.toMatchObject({
        code: "REQ_004",
        action: expect.stringContaining(`--account ${space}`),
      });
    }
    expect(await Promise.all([theirs, silent].map((ref) => it.store.accounts.get(ref)))).toEqual(before);
    // One of the same app, and one that was logged out, are what the person means.
    it.codes.set("fourth", "fourth").set("second", "second");
    expect(await it.complete(await it.state(from), "fourth")).toMatchObject({ replaced: true });
    await it.engine.accounts.logOut(theirs);
    expect(await it.complete(await it.state(from), "second")).toMatchObject({ replaced: true });
  });

  it("Q-1 what is said there before the account has connected is its own already, also after a restart", async () => {
    await using it = await world();
    const from = await it.add("default", "app:first");
    it.platform.script.connect = () => new Promise<void>(() => {});
    it.codes.set("code", "second");
    const { ref } = await it.complete(await it.state(from), "code");
    await it.call(from, inSpace("second", "1", it.clock.now()));
    expect(await stored(it)).toEqual(["second 1"]);
    expect((await it.store.accounts.get(ref))?.self).toEqual({ id: "bot", space: "second" });
  });

  it("a place that is connected already gets a new credential and keeps its name and settings", async () => {
    await using it = await world();
    const from = await it.add("default", "app:first");
    it.codes.set("code", "first");
    const done = await it.complete(await it.state(from), "code");
    expect(done).toMatchObject({ ref: from, replaced: true });
    expect((await it.store.accounts.get(from))?.settings).toEqual({ dmPolicy: "open" });
  });

  it("CONN-1 an account that a person switched off stays off with its new credential", async () => {
    await using it = await world();
    const from = await it.add("default", "app:first");
    it.codes.set("code", "second").set("again", "second");
    const { ref } = await it.complete(await it.state(from), "code");
    await it.engine.accounts.enable(ref, false);
    expect(await it.complete(await it.state(from), "again")).toMatchObject({ ref, replaced: true });
    expect((await it.store.accounts.get(ref))?.enabled).toBe(false);
  });
});

describe.concurrent("CH-2 accounts of one app", () => {
  it("Q-1 what arrives at one and is another's is stored for that one, by the connection and by the webhook", async () => {
    await using it = await world();
    const noted: string[] = [];
    const heard: string[] = [];
    it.platform.script.annotate = async (events) => {
      noted.push(...events.map(({ key }) => key));
      return events;
    };
    it.platform.script.stored = async (events) => {
      heard.push(...events.map(({ key }) => key));
    };
    const first = await it.add("first", "app:first");
    await it.add("second", "app:second");
    const at = it.clock.now();
    await it.platform.opened[0]?.receive(inSpace("second", "1", at), inSpace("first", "2", at));
    await it.call(first, inSpace("second", "3", at), inSpace("first", "4", at), said("5", "Bob", "hi", at));
    expect(await stored(it)).toEqual(["first 2", "first 4", "first 5", "second 1", "second 3"]);
    expect([noted.sort(), heard.sort()]).toEqual([
      ["1", "3", "4", "5"],
      ["1", "3", "4", "5"],
    ]);
    await eventually(() => it.platform.sent.length === 5);
    const answers = it.platform.sent.map(({ account, conversation }) => `${account} ${conversation}`).sort();
    expect(answers).toEqual([
      "first Bob",
      "first first-Ada",
      "first first-Ada",
      "second second-Ada",
      "second second-Ada",
    ]);
  });

  it("Q-4 what arrives at both is one event", async () => {
    await using it = await world();
    const first = await it.add("first", "app:first");
    const second = await it.add("second", "app:second");
    const event = inSpace("second", "1", it.clock.now());
    await it.call(first, event);
    await it.call(second, event);
    expect(await stored(it)).toEqual(["second 1"]);
  });

  it("TEN-2 nothing goes to another app's account, to another tenant's, or to one that is off", async () => {
    await using it = await world();
    const two = "two" as TenantId;
    const first = await it.add("first", "app:first");
    await it.add("other", "another app:second");
    await it.add("theirs", "app:second", two);
    const off = await it.add("off", "app:third");
    await it.engine.accounts.enable(off, false);
    const at = it.clock.now();
    await it.call(first, inSpace("second", "1", at), inSpace("third", "2", at), inSpace("nowhere", "3", at));
    expect(await stored(it)).toEqual(["first 1", "first 2", "first 3"]);
    expect(await stored(it, two)).toEqual([]);
  });

  it("a sibling that has ended takes nothing down, and one that is not connected misses nothing", async () => {
    await using it = await world();
    const first = await it.add("first", "app:first");
    const second = await it.add("second", "app:second");
    it.platform.opened[0]?.lose(new SwitchboardError("CONN_002", "The app was uninstalled.", { scope: "account" }));
    await eventually(() => it.engine.accounts.get(first)?.supervisor.status().state === "PERMANENTLY_FAILED");
    const at = it.clock.now();
    await it.call(first, inSpace("second", "1", at));
    await eventually(() => it.platform.sent.some(({ account }) => account === "second"));
    expect(it.engine.accounts.get(second)?.supervisor.status().state).toBe("CONNECTED");
    it.platform.script.connect = () => new Promise<void>(() => {});
    it.platform.opened[1]?.lose(new SwitchboardError("CONN_001", "The line is cut."));
    await eventually(() => it.engine.accounts.get(second)?.supervisor.connection === undefined);
    await it.call(first, inSpace("second", "2", at));
    expect(await stored(it)).toEqual(["second 1", "second 2"]);
  });

  it("Q-1 a sibling's event that cannot be stored is not confirmed", async () => {
    const platform = scriptedPlatform({ app, unbundle, webhook });
    platform.script.self = ({ config }) => ({ id: "bot" as PeerId, space: spaceIn(config.token) });
    const clock = new TestClock(20);
    await using test = await startTestEngine({
      platform,
      clock,
      agents: scriptedAgent(),
      store: (store) => ({
        ...store,
        inbox: { ...store.inbox, ingest: () => Promise.reject(new SwitchboardError("STORE_001", "The disk is full.")) },
      }),
    });
    for (const name of ["first", "second"]) await test.put(name, `app:${name}`);
    await eventually(() => platform.opened.length === 2 && platform.opened.every(({ live }) => live));
    const event = inSpace("second", "1", clock.now());
    await expect(platform.opened[0]?.receive(event)).rejects.toMatchObject({ code: "STORE_001" });
  });
});
