/** Calls of a platform's webhook: what is answered when, and what the connection hears of them. */
import {
  DEFAULT_TENANT,
  type RawEvent,
  SwitchboardError,
  type Webhook,
  type WebhookRequest,
} from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { scriptedAgent } from "../test-support/scripted-agent.ts";
import { said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const SIGNATURE = "x-signature";

/** A platform that asks for a word back with GET, and brings a list of events with POST. */
const webhook: Webhook<unknown> = {
  verify({ headers }) {
    if (headers[SIGNATURE] !== "right") throw new SwitchboardError("SEC_002", "The signature is wrong.");
  },
  parse: ({ body, method }) => (method === "GET" ? [] : (JSON.parse(new TextDecoder().decode(body)) as unknown[])),
  reply: ({ method, url }) =>
    method === "GET" ? { type: "text/plain", body: new URL(url).searchParams.get("word") ?? "" } : undefined,
};

function call(events: readonly RawEvent[], signature = "right"): WebhookRequest {
  const body = new TextEncoder().encode(JSON.stringify(events));
  return { method: "POST", url: "https://gateway.example/", headers: { [SIGNATURE]: signature }, body };
}

function question(word: string, signature = "right"): WebhookRequest {
  const url = `https://gateway.example/?word=${word}`;
  return { method: "GET", url, headers: { [SIGNATURE]: signature }, body: new Uint8Array() };
}

describe.concurrent("calls of a webhook", () => {
  it("CONN-4 one that only asks is answered while the account connects, and because of that it can connect", async () => {
    const platform = scriptedPlatform({ webhook });
    await using test = await startTestEngine({ platform, clock: new TestClock(20), agents: scriptedAgent() });
    const { accounts } = test.engine;
    const answers: unknown[] = [];
    platform.script.connect = async () => {
      answers.push(await accounts.webhook(test.ref("a"), question("42")));
    };
    await test.put("a");
    await eventually(() => accounts.get(test.ref("a"))?.supervisor.connection !== undefined);
    expect(answers).toEqual([{ type: "text/plain", body: "42" }]);
  });

  it("CONN-4 SEC_002 one that only asks is answered by no word when it is not signed", async () => {
    const platform = scriptedPlatform({ webhook });
    await using test = await startTestEngine({ platform, clock: new TestClock(20), agents: scriptedAgent() });
    const never = Promise.withResolvers<void>();
    platform.script.connect = () => never.promise;
    await test.put("a");
    const asked = test.engine.accounts.webhook(test.ref("a"), question("42", "wrong"));
    await expect(asked).rejects.toMatchObject({ code: "SEC_002" });
    never.resolve();
  });

  it("CONN-4 one with events is told to the connection once, after they are stored", async () => {
    const platform = scriptedPlatform({ webhook });
    const clock = new TestClock(20);
    await using test = await startTestEngine({ platform, clock, agents: scriptedAgent() });
    const heard: { readonly events: readonly RawEvent[]; readonly stored: number }[] = [];
    platform.script.stored = async (events) => {
      const { rows } = await test.store.inbox.list(DEFAULT_TENANT, {});
      heard.push({ events, stored: rows.length });
    };
    await test.put("a");
    const events = [said("1", "Ada", "hello", clock.now()), said("2", "Bob", "hi", clock.now())];
    await test.engine.accounts.webhook(test.ref("a"), call(events));
    expect(heard).toEqual([{ events, stored: 2 }]);
    await eventually(() => platform.sent.length === 2);
  });

  it("CONN-4 what comes between two connections is told to the next one before it connects", async () => {
    const platform = scriptedPlatform({ webhook });
    const clock = new TestClock(20);
    await using test = await startTestEngine({ platform, clock, agents: scriptedAgent() });
    const seen: string[] = [];
    platform.script.stored = async (events) => {
      seen.push(...events.map(({ key }) => key));
    };
    await test.put("a");
    const { accounts } = test.engine;
    await eventually(() => accounts.get(test.ref("a"))?.supervisor.connection !== undefined);
    const gone = Promise.withResolvers<void>();
    platform.script.connect = async () => {
      seen.push("connect");
      gone.resolve();
    };
    const broken = new SwitchboardError("CONN_001", "The line is cut.");
    platform.script.disconnect = async () => {
      await accounts.webhook(test.ref("a"), call([said("1", "Ada", "hello", clock.now())]));
    };
    platform.opened[0]?.lose(broken);
    await gone.promise;
    expect(seen).toEqual(["1", "connect"]);
  });

  it("CONN-4 a connection that fails to remember them costs nobody an answer", async () => {
    const platform = scriptedPlatform({ webhook });
    const clock = new TestClock(20);
    await using test = await startTestEngine({ platform, clock, agents: scriptedAgent() });
    platform.script.stored = () => Promise.reject(new Error("no room"));
    await test.put("a");
    await test.engine.accounts.webhook(test.ref("a"), call([said("1", "Ada", "hello", clock.now())]));
    await eventually(() => platform.sent.length === 1);
  });

  it("Q-1 what could not be stored is not told to the connection", async () => {
    const platform = scriptedPlatform({ webhook });
    const clock = new TestClock(20);
    let heard = 0;
    platform.script.stored = async () => {
      heard += 1;
    };
    await using test = await startTestEngine({
      platform,
      clock,
      agents: scriptedAgent(),
      store: (store) => ({
        ...store,
        inbox: { ...store.inbox, ingest: () => Promise.reject(new SwitchboardError("STORE_001", "The disk is full.")) },
      }),
    });
    await test.put("a");
    const calling = test.engine.accounts.webhook(test.ref("a"), call([said("1", "Ada", "hello", clock.now())]));
    await expect(calling).rejects.toMatchObject({ code: "STORE_001" });
    expect(heard).toBe(0);
  });

  it("CONN-4 one that brings interactions alone goes to the connection, and is refused while there is none", async () => {
    const platform = scriptedPlatform({ webhook: { ...webhook, brings: "interactions" } });
    const clock = new TestClock(20);
    await using test = await startTestEngine({ platform, clock, agents: scriptedAgent() });
    const { accounts } = test.engine;
    const taken: unknown[] = [];
    platform.script.interact = async (update) => {
      taken.push(update);
    };
    const opening = Promise.withResolvers<void>();
    platform.script.connect = () => opening.promise;
    await test.put("a");
    const pressed = said("1", "Ada", "yes", clock.now());
    await expect(accounts.webhook(test.ref("a"), call([pressed]))).rejects.toMatchObject({ code: "CONN_001" });
    await expect(accounts.webhook(test.ref("a"), call([pressed], "wrong"))).rejects.toMatchObject({ code: "SEC_002" });
    opening.resolve();
    await eventually(() => accounts.get(test.ref("a"))?.supervisor.connection !== undefined);
    await accounts.webhook(test.ref("a"), call([pressed]));
    expect(taken).toEqual([pressed]);
    // What is an event the connection hands over itself.
    expect((await test.store.inbox.list(DEFAULT_TENANT, {})).rows).toEqual([]);
    platform.script.interact = () => Promise.reject(new SwitchboardError("STORE_004"));
    await expect(accounts.webhook(test.ref("a"), call([pressed]))).rejects.toMatchObject({ code: "STORE_004" });
  });
});
