import type { EventPayload, MethodName, Params } from "@switchboard/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byText } from "../test-support/by-text.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { fits } from "../test-support/oracle.ts";

type Change = EventPayload<"sessions.changed">;

const PREFIX = "agent:main:webchat:default:direct:";
const keyOf = (name: string) => `${PREFIX}${name}`;
const refused = (message: RegExp | string, code = "REQ_001") => ({
  code,
  message: typeof message === "string" ? message : expect.stringMatching(message),
  details: expect.objectContaining({ gatewayCode: "INVALID_REQUEST" }),
});

describe("working with sessions", () => {
  let gateway: TestGateway;
  const changes: Change[] = [];
  beforeAll(async () => {
    gateway = await startTestGateway({ agent: { models: ["big-model"] } });
    gateway.model.otherwise(byText);
    gateway.client.on("sessions.changed", (change) => changes.push(change));
    await gateway.request("sessions.subscribe", {});
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const request = <M extends MethodName>(method: M, params: Params<M>) => gateway.request(method, params);
  const describeSession = async (key: string) => (await request("sessions.describe", { key })).session;
  const said = async (key: string) => (await request("sessions.transcript", { key })).entries.map(({ text }) => text);

  async function say(key: string, message: string): Promise<void> {
    await request("agent", { sessionKey: key, message, idempotencyKey: `${key} ${message}` });
  }

  /** Starts a run that goes on until it is stopped. */
  async function startLongRun(key: string): Promise<string> {
    const { runId } = await request("chat.send", {
      sessionKey: key,
      message: `wait 60000 ${key}`,
      idempotencyKey: `long ${key}`,
    });
    await eventually(async () => (await describeSession(key))?.hasActiveRun);
    return runId;
  }

  /** The audit log's newest line about a session, and the event that told of it. */
  async function trace(key: string, action: string, reason: string) {
    const { entries } = await request("auditLog.list", { action });
    const line = entries.find(({ subject }) => subject === key);
    const event = await eventually(() => changes.findLast((each) => each.sessionKey === key && each.reason === reason));
    return { line, event };
  }

  describe("sessions.create", () => {
    it("DEV-10 makes an empty session with its label and choices, and says so", async () => {
      const made = await request("sessions.create", {
        label: "Trip",
        model: "openai/big-model",
        thinkingLevel: "high",
      });
      expect(fits("SessionsCreateResult", made)).toEqual([]);
      expect(made).toMatchObject({
        ok: true,
        key: expect.stringMatching(/^agent:main:webchat:default:direct:[0-9a-f-]{36}$/),
        runStarted: false,
        entry: { label: "Trip", model: "big-model", thinkingLevel: "high" },
      });
      expect(await describeSession(made.key)).toMatchObject({
        sessionId: made.sessionId,
        label: "Trip",
        model: "big-model",
        thinkingLevel: "high",
        entries: 0,
      });
      const { line, event } = await trace(made.key, "session.created", "create");
      expect(line).toMatchObject({ outcome: "ok", actor: expect.stringMatching(/^operator:/) });
      expect(event).toMatchObject({ agentId: "main", session: { key: made.key, label: "Trip" } });
      await say(made.key, "with the big one");
      expect(gateway.model.requests.at(-1)?.model).toBe("big-model");
    });

    it("DEV-10 says the first message there; the same key is the same session and the same run", async () => {
      const params = { idempotencyKey: "create-once", task: "first words" };
      const asked = () => gateway.model.requests.filter(({ lastUserText }) => lastUserText === "first words").length;
      const [one, two] = await Promise.all([request("sessions.create", params), request("sessions.create", params)]);
      expect(one).toEqual(two);
      expect(one).toMatchObject({ runStarted: true, runId: "create-once" });
      expect(fits("SessionsCreateResult", one)).toEqual([]);
      expect(await request("agent.wait", { runId: "create-once" })).toMatchObject({ status: "ok" });
      expect((await request("sessions.create", params)).key).toBe(one.key);
      expect(await said(one.key)).toEqual(["first words", "first words"]);
      expect(asked()).toBe(1);
      await expect(request("sessions.create", { ...params, task: "other words" })).rejects.toMatchObject(
        refused(/already bound/),
      );
    });

    it("DEV-10 tells when the session is there but the message was not taken", async () => {
      const message = `${"x".repeat(500_000)}`;
      const made = await request("sessions.create", { key: keyOf("too-long"), message });
      expect(made).toMatchObject({ ok: true, runStarted: false, runError: { details: { code: "MSG_003" } } });
      expect(fits("SessionsCreateResult", made)).toEqual([]);
      expect(await describeSession(made.key)).toMatchObject({ entries: 0 });
    });

    it("DEV-10 of what is there keeps what was said, and changes what was chosen", async () => {
      const key = keyOf("there");
      await say(key, "hello");
      const { sessionId } = (await describeSession(key)) ?? {};
      const again = await request("sessions.create", { key, label: "There", parentSessionKey: key });
      expect(again).toMatchObject({ key, sessionId, entry: { label: "There" } });
      expect(await said(key)).toHaveLength(2);
    });

    it("DEV-10 refuses what sessions cannot be or have here, and makes nothing", async () => {
      const key = keyOf("refused");
      const wrong: [object, object][] = [
        [{ key: `agent:main:${gateway.platform.id}:default:direct:1` }, refused(/Only WebChat sessions/)],
        [{ key: "agent:main:webchat:other:direct:1" }, refused(/Only WebChat sessions/)],
        [{ key: PREFIX }, refused(/Only WebChat sessions/)],
        [{ key: "nonsense" }, refused(/no session key/)],
        [
          { key, incognito: true },
          refused("invalid sessions.create params: incognito cannot be had here: sessions have no such setting"),
        ],
        [{ key, execNode: "n", cwd: "/tmp", worktree: true }, refused(/execNode, cwd, worktree cannot be had here/)],
        [{ key, permissionMode: "read-only" }, refused(/permissionMode/)],
        [{ key, toolOverrides: {} }, refused(/toolOverrides/)],
        [{ key, parentSessionKey: keyOf("nobody") }, refused(/There is no session/, "REQ_002")],
      ];
      for (const [params, error] of wrong) {
        await expect(request("sessions.create", params)).rejects.toMatchObject(error);
      }
      expect(await describeSession(key)).toBeNull();
    });
  });

  describe("sessions.patch", () => {
    it("AGT-5 DEV-10 changes what was chosen, null clears, and the agent hears of it", async () => {
      const key = keyOf("patched");
      const patch = (params: object) => request("sessions.patch", { key, ...params });
      const first = await patch({ label: "Mine", model: "big-model", thinkingLevel: "LOW", reasoningLevel: "on" });
      expect(first).toMatchObject({
        ok: true,
        key,
        path: gateway.directory,
        entry: { label: "Mine", model: "big-model", thinkingLevel: "low", reasoningLevel: "shown" },
        resolved: { modelProvider: "openai", model: "big-model" },
      });
      const { line, event } = await trace(key, "session.changed", "patch");
      expect(line?.detail).toEqual({ changed: ["label", "model", "reasoningLevel", "thinkingLevel"] });
      expect(JSON.stringify(line)).not.toContain("Mine");
      expect(event.session).toMatchObject({ label: "Mine" });
      await say(key, "big");
      expect(gateway.model.requests.at(-1)?.model).toBe("big-model");
      const cleared = await patch({ label: null, model: null, thinkingLevel: null, reasoningLevel: "off" });
      expect(Object.keys(cleared.entry).sort()).toEqual(["sessionId", "updatedAt"]);
      await say(key, "small");
      expect(gateway.model.requests.at(-1)?.model).toBe("test-model");
    });

    it("DEV-10 refuses what it does not know, what cannot be chosen and what changed meanwhile, and changes nothing", async () => {
      const key = keyOf("unpatched");
      const { sessionId } = await request("sessions.create", { key });
      await request("sessions.create", { key: keyOf("taken"), label: "Taken" });
      const wrong: [object, object][] = [
        [
          { label: "Mine", icon: "x", pinned: true },
          refused("invalid sessions.patch params: icon, pinned cannot be had here: no such setting"),
        ],
        [{ label: "Mine", execHost: null }, refused("Sessions here have no execHost.")],
        [{ label: "Mine", model: "no-such" }, refused(/model can be one of test-model, big-model/)],
        [{ label: "Mine", thinkingLevel: "very" }, refused(/thinkingLevel can be one of default, off/)],
        [{ label: "Taken" }, refused(/The label is taken by/, "REQ_004")],
        [{ label: "Mine", expectedSessionId: "ses_other" }, refused(/has begun anew/, "REQ_004")],
        [{ label: "" }, refused(/label/)],
      ];
      for (const [params, error] of wrong) {
        await expect(request("sessions.patch", { key, ...params })).rejects.toMatchObject(error);
      }
      expect(await describeSession(key)).toMatchObject({ sessionId });
      expect(await describeSession(key)).not.toHaveProperty("label");
      await request("sessions.patch", { key, label: "Mine", expectedSessionId: sessionId });
      const elsewhere = `agent:main:${gateway.platform.id}:default:direct:999`;
      await expect(request("sessions.patch", { key: elsewhere, label: "x" })).rejects.toMatchObject({
        code: "REQ_002",
      });
    });

    it("AGT-5 works on a platform's session as on WebChat's", async () => {
      const { simulator } = gateway;
      const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
      await simulator.waitFor(({ text }) => text === "hello", { conversation });
      const key = await gateway.sessionOf(conversation);
      await request("sessions.patch", { key, label: "Ada's", model: "big-model" });
      expect(await describeSession(key)).toMatchObject({ label: "Ada's", displayName: expect.any(String) });
      await simulator.say({ from: "Ada", text: "again" });
      await simulator.waitFor(({ text }) => text === "again", { conversation });
      expect(gateway.model.requests.at(-1)?.model).toBe("big-model");
    });
  });

  describe("sessions.send and sessions.abort", () => {
    it("DEV-10 speaks into a session that exists, once for each key", async () => {
      const key = keyOf("sent");
      await expect(request("sessions.send", { key, message: "hello" })).rejects.toMatchObject({ code: "REQ_002" });
      await request("sessions.create", { key });
      const params = { key, message: "wait 300 hello", idempotencyKey: "sent-1" };
      expect(await request("sessions.send", params)).toEqual({ runId: "sent-1", status: "started" });
      expect(await request("sessions.send", params)).toEqual({ runId: "sent-1", status: "in_flight" });
      await expect(request("sessions.send", { ...params, message: "other" })).rejects.toMatchObject(
        refused(/already bound/),
      );
      await request("agent.wait", { runId: "sent-1" });
      await eventually(async () => (await request("sessions.send", params)).status === "ok");
      // The same message by the other method is the same run, too.
      const { key: sessionKey, ...rest } = params;
      expect(await request("chat.send", { sessionKey, ...rest })).toEqual({
        runId: "sent-1",
        status: "ok",
        messageSeq: 1,
      });
      await expect(request("chat.send", { sessionKey, ...rest, message: "other" })).rejects.toMatchObject({
        code: "REQ_001",
      });
      const [one, two] = [
        await request("sessions.send", { key, message: "unnamed" }),
        await request("sessions.send", { key, message: "unnamed" }),
      ];
      expect(one.runId).not.toBe(two.runId);
      await request("agent.wait", { runId: two.runId });
      expect((await said(key)).filter((text) => text === "unnamed")).toHaveLength(4);
    });

    it("DEV-10 a message is never a command when the caller says so, and stops when its time is up", async () => {
      const sessionKey = keyOf("plain");
      const plain = { sessionKey, message: "/new", suppressCommandInterpretation: true, idempotencyKey: "plain" };
      await request("chat.send", plain);
      await request("agent.wait", { runId: "plain" });
      expect(await said(sessionKey)).toEqual(["/new", "/new"]);
      await request("sessions.send", {
        key: sessionKey,
        message: "wait 60000 x",
        timeoutMs: 50,
        idempotencyKey: "time",
      });
      expect(await request("agent.wait", { runId: "time" })).toMatchObject({ status: "error", stopReason: "aborted" });
    });

    it("CH-10 stops what runs, by session or by run, and says when there is nothing", async () => {
      const key = keyOf("stopped");
      const run = await startLongRun(key);
      await request("chat.send", { sessionKey: key, message: "waits behind", idempotencyKey: "behind" });
      await eventually(async () => (await request("chat.history", { sessionKey: key })).pendingInputs.total === 2);
      const stopped = { ok: true, abortedRunId: run, status: "aborted" };
      expect(await request("sessions.abort", { key, clearQueued: false })).toEqual(stopped);
      expect(await request("agent.wait", { runId: "behind" })).toMatchObject({ status: "ok" });
      const { line } = await trace(key, "session.stopped", "abort");
      expect(line).toMatchObject({ outcome: "ok" });
      const none = { ok: true, abortedRunId: null, status: "no-active-run" };
      expect(await request("sessions.abort", { key })).toEqual(none);
      expect(await request("sessions.abort", { runId: run })).toEqual(none);
      await request("chat.send", { sessionKey: key, message: "wait 60000 b", idempotencyKey: "by-run" });
      await eventually(async () => (await describeSession(key))?.hasActiveRun);
      expect(await request("sessions.abort", { runId: "by-run" })).toEqual({ ...stopped, abortedRunId: "by-run" });
      await expect(request("sessions.abort", { runId: "nobody" })).rejects.toMatchObject({ code: "REQ_002" });
      await expect(request("sessions.abort", {})).rejects.toMatchObject({ code: "REQ_001" });
    });
  });

  describe("sessions.reset, sessions.delete and sessions.compact", () => {
    it("AGT-2 DEV-10 reset stops what runs and begins anew; what was said can be read, choices stay", async () => {
      const key = keyOf("reset");
      await say(key, "before");
      await request("sessions.patch", { key, label: "Kept" });
      const before = await describeSession(key);
      await startLongRun(key);
      const wrong = request("sessions.reset", { key, expectedSessionId: "ses_other" });
      await expect(wrong).rejects.toMatchObject(refused(/begun anew/, "REQ_004"));
      const after = await request("sessions.reset", { key, reason: "new", expectedSessionId: before?.sessionId ?? "" });
      expect(after).toMatchObject({ ok: true, key, entry: { label: "Kept" } });
      expect(after.entry.sessionId).not.toBe(before?.sessionId);
      expect(await request("agent.wait", { runId: `long ${key}` })).toMatchObject({ stopReason: "aborted" });
      await say(key, "after");
      expect(await said(key)).toEqual(expect.arrayContaining(["before", "after"]));
      expect(JSON.stringify(gateway.model.requests.at(-1)?.messages)).not.toContain("before");
      const { line, event } = await trace(key, "session.reset", "new");
      expect(line).toBeDefined();
      expect(event.session).toMatchObject({ sessionId: after.entry.sessionId });
      const fresh = await request("sessions.reset", { key: keyOf("reset-unborn") });
      expect(fresh).toMatchObject({ ok: true, session: { entries: 0 } });
    });

    it("DEV-10 delete stops what runs and wipes the session; what comes next knows nothing of it", async () => {
      const key = keyOf("deleted");
      await say(key, "a secret");
      await request("sessions.patch", { key, label: "Gone", model: "big-model" });
      await startLongRun(key);
      await request("chat.send", { sessionKey: key, message: "also waits", idempotencyKey: "also waits" });
      const answer = await request("sessions.delete", { key });
      expect(answer).toEqual({ ok: true, key, deleted: true, archived: [] });
      expect(fits("SessionsDeleteResult", answer)).toEqual([]);
      expect(await describeSession(key)).toBeNull();
      expect((await request("chat.history", { sessionKey: key })).messages).toEqual([]);
      expect(await request("sessions.resolve", { label: "Gone", allowMissing: true })).toEqual({ ok: false });
      const { line, event } = await trace(key, "session.deleted", "delete");
      expect(line).toMatchObject({ outcome: "ok" });
      expect(event).not.toHaveProperty("session");
      expect(await request("sessions.delete", { key })).toMatchObject({ deleted: false });
      await say(key, "hello again");
      const { model, messages } = gateway.model.requests.at(-1) ?? {};
      expect(model).toBe("test-model");
      expect(JSON.stringify(messages)).not.toContain("secret");
      expect(await said(key)).toEqual(["hello again", "hello again"]);
    });

    it("DEV-10 delete refuses the main session, and halves of a deletion", async () => {
      await say("main", "hello");
      const key = keyOf("whole");
      await say(key, "hello");
      const wrong: [Params<"sessions.delete">, RegExp][] = [
        [{ key: "main" }, /main session cannot be deleted/],
        [{ key: "agent:main:main" }, /main session cannot be deleted/],
        [{ key, deleteTranscript: false }, /goes with its transcript/],
        [{ key, archivedOnly: true }, /Nothing is archived/],
      ];
      for (const [params, message] of wrong) {
        await expect(request("sessions.delete", params)).rejects.toMatchObject(refused(message));
      }
      const other = request("sessions.delete", { key, expectedSessionId: "ses_other" });
      await expect(other).rejects.toMatchObject({ code: "REQ_004" });
      expect(await said(key)).toHaveLength(2);
      expect(await said("main")).not.toEqual([]);
    });

    it("DEV-10 delete of a platform's session: the next message there begins a new one", async () => {
      const { simulator } = gateway;
      const { conversation } = await simulator.say({ from: "Bea", text: "first" });
      await simulator.waitFor(({ text }) => text === "first", { conversation });
      const key = await gateway.sessionOf(conversation);
      expect(await request("sessions.delete", { key })).toMatchObject({ deleted: true });
      await simulator.say({ from: "Bea", text: "second" });
      await simulator.waitFor(({ text }) => text === "second", { conversation });
      expect(await said(key)).toEqual(["second", "second"]);
    });

    it("AGT-2 DEV-10 compact keeps the newest entries and says honestly when it did nothing", async () => {
      const key = keyOf("compacted");
      for (const text of ["one", "two", "three"]) await say(key, text);
      const compact = (params: object) => request("sessions.compact", { key, ...params });
      expect(await compact({})).toMatchObject({
        compacted: false,
        kept: 6,
        reason: expect.stringContaining("summaries"),
      });
      expect(await compact({ maxLines: 6 })).toMatchObject({ compacted: false, removed: 0, kept: 6 });
      expect(await compact({ maxLines: 2 })).toEqual({ ok: true, key, compacted: true, removed: 4, kept: 2 });
      expect(await said(key)).toEqual(["three", "three"]);
      const { line, event } = await trace(key, "session.compacted", "compact");
      expect(line?.detail).toEqual({ removed: 4, kept: 2 });
      expect(event.session).toMatchObject({ entries: 2 });
      await say(key, "four");
      expect(JSON.stringify(gateway.model.requests.at(-1)?.messages)).not.toContain("one");
      await expect(request("sessions.compact", { key: keyOf("nobody"), maxLines: 1 })).rejects.toMatchObject({
        code: "REQ_002",
      });
      await expect(compact({ maxLines: 0 })).rejects.toMatchObject({ code: "REQ_001" });
    });

    it("OPS-4 chat.inject is audited, too, and tells of itself", async () => {
      const key = keyOf("injected");
      await say(key, "hello");
      const { messageId } = await request("chat.inject", { sessionKey: key, message: "a word", label: "Note" });
      const { line, event } = await trace(key, "session.injected", "inject");
      expect(JSON.stringify(line)).not.toContain("a word");
      expect(event.session).toMatchObject({ entries: 3 });
      expect(await request("chat.message.get", { sessionKey: key, messageId })).toMatchObject({ ok: true });
    });
  });
});
