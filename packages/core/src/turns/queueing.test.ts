import type { AccountId, ChannelId, ConversationId, SessionId, ThreadId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import type { NewTurn, QueueSettings, ReplyAddress } from "../ports/index.ts";
import { firstDueAt, joinedTurn, joins, type LastTurn } from "./queueing.ts";

const queue: QueueSettings = { mode: "collect", debounceMs: 1_000, debounceMaxMs: 2_500 };
const session = "s1" as SessionId;
const reply: ReplyAddress = {
  channel: "c" as ChannelId,
  account: "a" as AccountId,
  target: { conversation: "1" as ConversationId, kind: "group" },
};
const waiting: LastTurn = {
  state: "queued",
  sessionId: session,
  createdAt: 100,
  dueAt: 1_100,
  expiresAt: 9_000,
  starts: 0,
  priority: 2,
  run: undefined,
  awaits: false,
  reply,
  overrides: undefined,
};
const turn = { reply, priority: "normal", expiresAt: 8_000 } as NewTurn;

describe("a new input and the turn that waits", () => {
  it("Q-5 join, also when another message is quoted", () => {
    expect(joins(waiting, turn, session, queue)).toBe(true);
    const quoting = { ...reply, target: { ...reply.target, replyTo: "7" as never } };
    expect(joins(waiting, { ...turn, reply: quoting }, session, queue)).toBe(true);
  });

  it.each<[string, Partial<LastTurn>, Partial<NewTurn>, Partial<QueueSettings>]>([
    ["the queue keeps them apart", {}, {}, { mode: "followup" }],
    ["the agent knows the old one and answers later", { awaits: true }, {}, {}],
    ["it runs already", { state: "running" }, {}, {}],
    ["a caller waits for the old one", { run: "r" }, {}, {}],
    ["a caller waits for the new one", {}, { run: "r" }, {}],
    ["the session began anew", { sessionId: "s0" as SessionId }, {}, {}],
    ["another model is asked", {}, { overrides: { model: "big" } }, {}],
    ["the thread is another", {}, { reply: { ...reply, target: { ...reply.target, thread: "t" as ThreadId } } }, {}],
    ["the account is another", {}, { reply: { ...reply, account: "b" as AccountId } }, {}],
    ["the old one is answered nowhere", { reply: undefined }, {}, {}],
  ])("Q-5 stay apart when %s", (_why, last, other, settings) => {
    expect(joins({ ...waiting, ...last }, { ...turn, ...other }, session, { ...queue, ...settings })).toBe(false);
  });

  it("oc#127860 are due after the newest, but not later than so long after the first", () => {
    expect(firstDueAt(queue, 100)).toBe(1_100);
    expect(joinedTurn(waiting, turn, queue, 600)).toEqual({ priority: 2, dueAt: 1_600, expiresAt: 9_000 });
    expect(joinedTurn(waiting, turn, queue, 2_000).dueAt).toBe(2_600);
  });

  it("Q-3 wait for the retry of what was tried already, at the more urgent priority and for the longer life", () => {
    const urgent: NewTurn = { ...turn, priority: "critical", expiresAt: 10_000 };
    const tried = { ...waiting, starts: 1, dueAt: 50_000 };
    expect(joinedTurn(tried, urgent, queue, 600)).toEqual({ priority: 0, dueAt: 50_000, expiresAt: 10_000 });
  });
});
