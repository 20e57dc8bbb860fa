/** Sending: replies, edits, typing, and an honest word about every failure (CONN-3, Q-6). */
import { setTimeout as sleep } from "node:timers/promises";
import { type Fault, markdownContent, type SwitchboardError, textContent } from "@switchboard/domain";
import { expect } from "vitest";
import { attempt, failureOf, messageOf, present, type Scene } from "./scene.ts";
import type { Suite } from "./suite.ts";

export function sends(suite: Suite): void {
  const { channel, scene, test } = suite;
  const { capabilities } = channel;

  test("CH-0 a text arrives, formatted, where it was sent, and its receipt names it", async () => {
    await using it = await scene();
    const target = await it.greeted();
    const id = messageOf(await it.send(target, markdownContent("Hi **Ann**")));
    const [sent, ...others] = it.simulator.sent();
    expect(others).toEqual([]);
    expect(sent).toMatchObject({
      id,
      conversation: target.conversation,
      text: expect.stringContaining("Hi"),
      edits: 0,
    });
    expect(sent?.text).toContain("Ann");
  });

  test("CH-0 a reply is shown as one", async (needs) => {
    needs(capabilities.replies, "has no replies");
    await using it = await scene();
    const said = await it.simulator.say({ from: "Ann", text: "a question" });
    await it.event("message");
    const target = { conversation: said.conversation, kind: "direct", replyTo: said.messageId } as const;
    await it.send(target, textContent("an answer"));
    expect(it.simulator.sent()[0]).toMatchObject({ replyTo: said.messageId });
  });

  test("AGT-4 shows typing", async (needs) => {
    needs(capabilities.typingMs, "shows no typing");
    await using it = await scene();
    const target = await it.greeted();
    const typing = present(it.connection.typing);
    await typing.call(it.connection, target, AbortSignal.timeout(5_000));
    await it.until(() => it.simulator.typing().includes(target.conversation), "typing is shown");
  });

  test("AGT-4 edits a message, and minds no repeat", async (needs) => {
    needs(capabilities.edits, "cannot change what was sent");
    await using it = await scene();
    const target = await it.greeted();
    const edit = present(it.connection.edit);
    const id = messageOf(await it.send(target, textContent("Once")));
    for (const text of ["Once upon", "Once upon", "Once upon a **time**"]) {
      const [part] = it.render(markdownContent(text), target);
      if (!part) throw new Error("nothing rendered");
      expect(part.editable, "a text can take the place of a draft").toBe(true);
      await edit.call(it.connection, target, id, part, AbortSignal.timeout(5_000));
    }
    const sent = it.simulator.sent();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ id, deleted: false, text: expect.stringContaining("time") });
    expect(sent[0]?.edits).toBeGreaterThanOrEqual(2);
  });

  test("CH-0 removes a message, and minds one that is gone", async (needs) => {
    needs(capabilities.deletes, "cannot take back what was sent");
    await using it = await scene();
    const target = await it.greeted();
    const remove = present(it.connection.remove);
    const id = messageOf(await it.send(target, textContent("Oops")));
    await remove.call(it.connection, target, id, AbortSignal.timeout(5_000));
    expect(it.simulator.sent().every(({ deleted }) => deleted)).toBe(true);
    await remove.call(it.connection, target, id, AbortSignal.timeout(5_000));
  });

  test("CH-0 reacts to what somebody wrote, changes its mind, and takes it back, however often", async (needs) => {
    needs(capabilities.reactions.out, "sets no reactions");
    await using it = await scene();
    const react = present(it.connection.react);
    const { conversation, messageId } = await it.simulator.say({ from: "Ann", text: "good news" });
    const { kind } = (await it.event("message")).conversation;
    const reactions = () => present(it.simulator.ownReactions)({ conversation, messageId });
    const set = (emoji: string | undefined) =>
      react.call(it.connection, { conversation, kind }, messageId, emoji, AbortSignal.timeout(5_000));
    for (const emoji of ["👍", "👍", "🎉", undefined, undefined] as const) {
      await set(emoji);
      expect(reactions()).toEqual(emoji === undefined ? [] : [emoji]);
    }
    it.simulator.inject({ on: "any", kind: "server-error", times: 1 });
    expect(await failureOf(set("👍"))).toMatchObject({ retryable: true });
    await set("👍");
    expect(reactions()).toEqual(["👍"]);
  });

  interface Expectation {
    readonly code: RegExp;
    readonly delivered?: "no" | "unknown";
    readonly retryable?: boolean;
    readonly scope?: readonly string[];
  }
  const troubles: readonly (readonly [Fault["kind"], Expectation])[] = [
    ["rate-limit", { code: /^CONN_003$/, delivered: "no", retryable: true }],
    ["server-error", { code: /^(MSG_002|CONN_001)$/, retryable: true }],
    ["forbidden", { code: /^MSG_004$/, delivered: "no", retryable: false, scope: ["conversation", "message"] }],
    ["unauthorised", { code: /^CONN_002$/, delivered: "no", retryable: false, scope: ["account"] }],
    ["cut-before", { code: /^(CONN_001|MSG_002)$/, retryable: true }],
    ["cut-after", { code: /^(CONN_001|MSG_002)$/, delivered: "unknown", retryable: true }],
  ];
  for (const [kind, { code, delivered, retryable, scope }] of troubles) {
    test(`CONN-3 Q-6 ${kind} on a send is told as what it is, without a second try`, async () => {
      await using it = await scene();
      const target = await it.greeted();
      it.simulator.inject({ on: "send", kind, times: 1, retryAfterMs: 2_000 });
      const error = await failureOf(it.send(target, textContent("the answer")));
      expect(error.code).toMatch(code);
      if (delivered) expect(error.delivered).toBe(delivered);
      if (retryable !== undefined) expect(error.retryable).toBe(retryable);
      if (scope) expect(scope).toContain(error.scope);
      if (kind === "rate-limit") expect(error.retryAfterMs).toBeGreaterThanOrEqual(2_000);
      expectHonest(error, it);
      expect(it.simulator.sent().length).toBe(kind === "cut-after" ? 1 : 0);
      if (kind !== "unauthorised") await it.send(target, textContent("afterwards"));
    });
  }

  for (const kind of ["rate-limit", "server-error", "cut-before", "cut-after"] as const) {
    test(`CONN-3 ${kind} on an edit is passing trouble, and the next edit works`, async (needs) => {
      needs(capabilities.edits, "cannot change what was sent");
      await using it = await scene();
      const target = await it.greeted();
      const edit = present(it.connection.edit);
      const id = messageOf(await it.send(target, textContent("draft")));
      const [part] = it.render(textContent("final"), target);
      if (!part) throw new Error("nothing rendered");
      it.simulator.inject({ on: "edit", kind, times: 1, retryAfterMs: 1_000 });
      const error = await failureOf(edit.call(it.connection, target, id, part, AbortSignal.timeout(5_000)));
      expect(error.retryable, `${error.code} ${error.message}`).toBe(true);
      if (kind === "rate-limit") expect(error).toMatchObject({ code: "CONN_003" });
      await edit.call(it.connection, target, id, part, AbortSignal.timeout(5_000));
      expect(it.simulator.sent()[0]?.text).toBe("final");
    });
  }

  test("Q-6 a send that is given up half-way stops soon and says that nobody knows", async () => {
    await using it = await scene();
    const target = await it.greeted();
    it.simulator.inject({ on: "send", kind: "slow", times: 1, delayMs: 30_000 });
    const [part] = it.render(textContent("slow"), target);
    if (!part) throw new Error("nothing rendered");
    const stop = new AbortController();
    const sending = failureOf(it.sendPart(target, part, stop.signal));
    await it.until(() => it.simulator.sent().length === 1, "the platform has it");
    stop.abort();
    const error = await Promise.race([sending, sleep(5_000, undefined)]);
    expect(error).toMatchObject({ delivered: "unknown" });
  });

  test("Q-6 a send that was never begun is certainly not delivered", async () => {
    await using it = await scene();
    const target = await it.greeted();
    const [part] = it.render(textContent("too late"), target);
    if (!part) throw new Error("nothing rendered");
    expect(await failureOf(it.connection.send(target, part, attempt(AbortSignal.abort())))).toMatchObject({
      delivered: "no",
    });
    await sleep(50);
    expect(it.simulator.sent()).toEqual([]);
  });

  test("MSG-6 a file that is gone is told before anything is sent", async (needs) => {
    const [first] = Object.keys(capabilities.attachments) as (keyof typeof capabilities.attachments)[];
    const kind = needs(first, "takes no files");
    await using it = await scene();
    const target = await it.greeted();
    const content = textContent("", { attachments: [{ kind, source: { blob: "gone" } }] });
    expect(await failureOf(it.send(target, content))).toMatchObject({ code: "REQ_002", delivered: "no" });
    expect(it.simulator.sent()).toEqual([]);
  });

  test("CH-0 many sends at the same time stay apart (oc#136837)", async () => {
    await using it = await scene();
    const people = Array.from({ length: 12 }, (_, index) => `Person ${index}`);
    const targets = await Promise.all(people.map((person) => it.greeted(person)));
    const ids = await Promise.all(
      targets.map(async (target, index) => messageOf(await it.send(target, textContent(`to ${index}`)))),
    );
    for (const [index, { conversation }] of targets.entries()) {
      expect(it.simulator.sent({ conversation }).map(({ id, text }) => [id, text])).toEqual([
        [ids[index], `to ${index}`],
      ]);
    }
  });

  test("Q-6 finds out what became of a send whose answer never came", async (needs) => {
    needs(capabilities.reconciles, "cannot tell whether a send arrived");
    await using it = await scene();
    const target = await it.greeted();
    const reconcile = present(it.connection.reconcile);
    const [part] = it.render(textContent("did it arrive"), target);
    if (!part) throw new Error("nothing rendered");
    const unknown = async (kind: Fault["kind"]) => {
      it.simulator.inject({ on: "send", kind, times: 1 });
      const tried = attempt(AbortSignal.timeout(5_000));
      const startedAt = Date.now();
      await failureOf(it.connection.send(target, part, tried));
      const asked = { deliveryId: tried.deliveryId, startedAt };
      return () => reconcile.call(it.connection, target, part, asked, AbortSignal.timeout(5_000));
    };
    const lost = await unknown("cut-before");
    // That something did not arrive is not always certain.
    expect((await lost())?.arrived ?? false, "what never arrived").toBe(false);
    const arrived = await unknown("cut-after");
    let found: Awaited<ReturnType<typeof arrived>>;
    for (const end = performance.now() + PATIENCE_MS; found === undefined && performance.now() < end; ) {
      found = await arrived();
    }
    expect(found, "what did arrive").toEqual({ arrived: { messageIds: it.simulator.sent().map(({ id }) => id) } });
  });
}

/** How long word of a send that did arrive may take. */
const PATIENCE_MS = 8_000;

/** Who says "certainly not delivered" must be right: a repeat follows without a note. */
function expectHonest(error: SwitchboardError, it: Scene): void {
  if (error.delivered === "no") expect(it.simulator.sent()).toEqual([]);
}
