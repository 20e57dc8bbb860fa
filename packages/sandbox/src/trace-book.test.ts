/** How single steps become messages. */
import type { LiveStep, Result } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { TraceBook } from "./trace-book.ts";

const heard = (at: number, step: string, subject: string, more: Partial<LiveStep> = {}): LiveStep => ({
  at,
  step,
  subject,
  ...more,
});

const written = (more: Partial<Result<"trace.get">>): Result<"trace.get"> => ({
  id: "evt_1",
  events: [],
  deliveries: [],
  steps: [],
  summary: "",
  ...more,
});

describe("the book of traces", () => {
  it("CH-10 puts event, turn and delivery of one message together, whatever order they are heard in", () => {
    const book = new TraceBook();
    book.add(heard(1, "received", "evt_1", { event: "evt_1", channel: "webchat" }));
    book.add(heard(5, "sent", "dlv_1", { delivery: "dlv_1" }));
    expect(book.list()).toHaveLength(2);
    book.add(heard(2, "started", "trn_1", { turn: "trn_1", event: "evt_1" }));
    const message = book.add(heard(4, "answer-queued", "dlv_1", { turn: "trn_1", delivery: "dlv_1" }));
    expect(book.list()).toEqual([message]);
    expect(message).toMatchObject({ id: "evt_1", was: ["dlv_1"], channel: "webchat" });
    expect(message.steps.map(({ step }) => step)).toEqual(["received", "started", "answer-queued", "sent"]);
    for (const id of ["evt_1", "trn_1", "dlv_1"]) expect(book.find(id)).toBe(message);
  });

  it("CH-10 what the gateway wrote down outweighs what was heard, and steps are not doubled", () => {
    const book = new TraceBook();
    book.add(heard(1_000, "received", "evt_1"));
    book.add(heard(1_500, "sending", "dlv_1", { event: "evt_1" }));
    book.add(heard(1_600, "sending", "dlv_1"));
    const message = book.learn(
      written({
        events: ["evt_1"],
        deliveries: ["dlv_1"],
        preview: "hello",
        summary: "1 delivery: sent",
        steps: [
          { at: 1_001, step: "received", subject: "evt_1", detail: { reason: "first" } },
          { at: 1_499, step: "sending", subject: "dlv_1" },
          { at: 1_601, step: "sending", subject: "dlv_1" },
          { at: 1_700, step: "sent", subject: "dlv_1" },
        ],
      }),
    );
    expect(message).toMatchObject({ preview: "hello", summary: "1 delivery: sent" });
    expect(message.steps).toEqual([
      { at: 1_001, step: "received", subject: "evt_1", detail: { reason: "first" } },
      { at: 1_499, step: "sending", subject: "dlv_1" },
      { at: 1_601, step: "sending", subject: "dlv_1" },
      { at: 1_700, step: "sent", subject: "dlv_1" },
    ]);
  });

  it("Q-6 a turn that is started again within a moment was started twice", () => {
    const book = new TraceBook();
    book.add(heard(1_000, "started", "trn_1", { event: "evt_1", detail: { agent: "main", starts: 1 } }));
    book.add(heard(1_400, "started", "trn_1", { detail: { agent: "main", starts: 2 } }));
    const message = book.learn(
      written({
        events: ["evt_1"],
        turn: "trn_1",
        steps: [{ at: 1_401, step: "started", subject: "trn_1", detail: { agent: "main", starts: 2 } }],
      }),
    );
    expect(message.steps.map(({ at }) => at)).toEqual([1_000, 1_401]);
  });

  it("Q-6 knows of which messages more is to come", () => {
    const book = new TraceBook();
    book.add(heard(1, "received", "evt_1"));
    book.add(heard(2, "received", "evt_2"));
    book.add(heard(3, "ignored", "evt_2"));
    book.add(heard(4, "received", "evt_3"));
    book.add(heard(5, "sending", "dlv_3", { event: "evt_3" }));
    expect(book.open().map(({ id }) => id)).toEqual(["evt_1", "evt_3"]);
    book.add(heard(6, "sent", "dlv_3"));
    expect(book.open().map(({ id }) => id)).toEqual(["evt_1"]);
    // The draft of an answer is sent while its turn still runs.
    book.add(heard(7, "started", "trn_1", { event: "evt_1", turn: "trn_1" }));
    book.add(heard(8, "sent", "dlv_1", { turn: "trn_1", delivery: "dlv_1" }));
    expect(book.open().map(({ id }) => id)).toEqual(["evt_1"]);
    book.add(heard(9, "done", "trn_1"));
    book.add(heard(10, "sent", "dlv_2", { turn: "trn_1" }));
    expect(book.open()).toEqual([]);
  });

  it("CH-10 keeps the newest two hundred, with their ids", () => {
    const book = new TraceBook();
    for (let each = 1; each <= 250; each += 1) book.add(heard(each, "received", `evt_${each}`));
    expect(book.list()).toHaveLength(200);
    expect(book.find("evt_50")).toBeUndefined();
    expect(book.find("evt_51")?.id).toBe("evt_51");
    // What is heard of a forgotten one begins a new line rather than failing.
    expect(book.add(heard(300, "sent", "dlv_50", { event: "evt_50" })).steps).toHaveLength(1);
  });
});
