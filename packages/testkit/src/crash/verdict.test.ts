/** The judge can fail: each kind of harm is done to facts that are in order, and it is told. */
import { describe, expect, it } from "vitest";
import type { DeliveryFact, EventFact, Facts, SeenFact } from "./facts.ts";
import { judge } from "./verdict.ts";

const NOTE = "(again?)";
const place = { account: "a", conversation: "c" };

function seen(id: string, text: string): SeenFact {
  return { ...place, id, text, deleted: false, note: NOTE };
}

function event(number: number, overrides: Partial<EventFact> = {}): EventFact {
  const id = `evt_${number}`;
  return { id, ...place, state: "admitted", kind: "message", messageId: `m${number}`, preview: "", ...overrides };
}

function delivery(number: number, overrides: Partial<DeliveryFact> = {}): DeliveryFact {
  return {
    id: `dlv_${number}`,
    ...place,
    kind: "answer",
    state: "sent",
    turn: `trn_${number}`,
    markedDuplicate: false,
    isEdit: false,
    messageIds: [`s${number}`],
    attempts: ["sent"],
    ...overrides,
  };
}

/** Messages 1 and 2, answered by the echo; 3 by the model in two messages; a command and a press. */
function fine(): Facts {
  return counted(uncounted());
}

/** As if what is there had been recorded and counted as it came. */
function counted(facts: Uncounted): Facts {
  const heard = facts.events.filter(({ kind, state }) => kind !== "membership" && /^(admitted|handled)$/.test(state));
  const sent = facts.deliveries.filter(({ messageIds }) => messageIds.length > 0);
  const runs = facts.turns.length;
  return {
    ...facts,
    recorded: facts.turns.map(({ id }) => id),
    counted: { messagesIn: heard.length, messagesOut: sent.length, runs },
  };
}

type Uncounted = Omit<Facts, "recorded" | "counted">;

function uncounted(): Uncounted {
  const third = "M000003 p1 of 2 words";
  const thirdEnd = "M000003 p2 of 2 words D000003";
  return {
    deadLetters: [],
    lanes: [],
    said: [
      { ...place, messageId: "m1", kind: "numbered", number: 1 },
      { ...place, messageId: "m2", kind: "numbered", number: 2 },
      { ...place, messageId: "m3", kind: "numbered", number: 3, marksEnd: true },
      { ...place, messageId: "m4", kind: "command" },
      { ...place, messageId: "s2", kind: "press" },
    ],
    events: [
      event(1),
      event(2),
      event(3),
      event(4, { state: "handled" }),
      event(5, { kind: "control", messageId: "s2" }),
      event(6, { kind: "membership", state: "handled" }),
    ],
    turns: [1, 2, 3, 5].map((n) => ({ id: `trn_${n}`, session: "s", state: "done", starts: 1, events: [`evt_${n}`] })),
    deliveries: [
      delivery(1),
      delivery(2),
      delivery(3, { messageIds: ["s3"] }),
      delivery(3, { id: "dlv_3b", messageIds: ["s3b"] }),
      { ...delivery(4), turn: undefined, event: "evt_4" } as unknown as DeliveryFact,
      delivery(5),
    ],
    seen: [
      seen("s1", "M000001 plain"),
      seen("s2", "M000002 plain"),
      seen("s3", third),
      seen("s3b", thirdEnd),
      seen("s4", "status"),
      seen("s5", "I pressed yes"),
    ],
    transcript: [
      { session: "s", turn: "trn_1", role: "user", text: "M000001 plain" },
      { session: "s", turn: "trn_1", role: "assistant", text: "M000001 plain" },
      { session: "s", turn: "trn_2", role: "user", text: "M000002 plain" },
      { session: "s", turn: "trn_2", role: "assistant", text: "M000002 plain" },
      { session: "s", turn: "trn_3", role: "user", text: "M000003 long" },
      { session: "s", turn: "trn_3", role: "assistant", text: `${third}\n\n${thirdEnd}` },
      { session: "s", turn: "trn_5", role: "user", text: "I pressed yes" },
      { session: "s", turn: "trn_5", role: "assistant", text: "I pressed yes" },
    ],
  };
}

/** Which findings have breaches. */
function found(facts: Facts): string[] {
  return judge(facts)
    .findings.filter(({ breaches }) => breaches.length > 0)
    .map(({ what }) => what);
}

function without<T extends { readonly id: string }>(list: readonly T[], id: string): T[] {
  return list.filter((each) => each.id !== id);
}

describe("Q-6 the judge of the crash harness", () => {
  it("finds nothing wrong where nothing is", () => {
    expect(judge(fine())).toMatchObject({ figures: { messages: 5, turns: 4, sent: 6, unknown: 0, repeats: 0 } });
    expect(found(fine())).toEqual([]);
  });

  it("lets what the platform gave up bringing be answered late, and nothing else", () => {
    const late = (...givenUp: readonly number[]): Facts => {
      const facts = fine();
      const [first, ...others] = facts.seen;
      const said = facts.said.map((each) => ({ ...each, givenUp: givenUp.includes(each.number ?? 0) }));
      return { ...facts, said, seen: [...others, ...(first ? [first] : [])] };
    };
    expect(found(late(1))).toEqual([]);
    expect(judge(late(1)).figures.givenUp).toBe(1);
    expect(found(late())).toEqual(["out of order"]);
    expect(found(late(2))).toEqual(["out of order"]);
  });

  it.each<[string, (facts: Facts) => Partial<Facts>, string[]]>([
    ["an update was never stored", ({ events }) => ({ events: without(events, "evt_4") }), ["lost"]],
    [
      "an update was stored twice",
      ({ events }) => ({ events: [...events, event(1, { id: "evt_x" })] }),
      ["lost", "double turns"],
    ],
    [
      "an update was refused",
      ({ events }) => ({ events: [...without(events, "evt_4"), event(4, { state: "denied" })] }),
      ["lost"],
    ],
    [
      "an answer is not at the platform",
      ({ seen: all }) => ({ seen: without(all, "s2") }),
      ["lost", "transcript disagrees"],
    ],
    [
      "a part in the middle is missing",
      ({ seen: all }) => ({
        seen: [...without(without(all, "s3"), "s3b"), seen("s3b", "M000003 p2 of 2 words D000003")],
      }),
      ["lost", "transcript disagrees"],
    ],
    ["an answer lacks its end", ({ seen: all }) => ({ seen: without(all, "s3b") }), ["lost", "transcript disagrees"]],
    [
      "a command has no reply",
      ({ deliveries }) => ({
        deliveries: without(deliveries, "dlv_4"),
        seen: fine().seen.slice(0, 4).concat(seen("s5", "I pressed yes")),
      }),
      ["lost"],
    ],
    [
      "a press is not answered",
      ({ deliveries, seen: all }) => ({ deliveries: without(deliveries, "dlv_5"), seen: without(all, "s5") }),
      ["lost"],
    ],
    [
      "an event is in two turns",
      ({ turns }) => ({
        turns: [...turns, { id: "trn_x", session: "s", state: "done", starts: 1, events: ["evt_1"] }],
      }),
      ["double turns", "transcript disagrees"],
    ],
    ["an event is in no turn", ({ turns }) => ({ turns: without(turns, "trn_1") }), ["lost", "double turns"]],
    [
      "a turn failed",
      ({ turns }) => ({ turns: turns.map((turn) => ({ ...turn, state: "failed" })) }),
      ["double turns"],
    ],
    [
      "a turn answered twice",
      ({ transcript }) => ({
        transcript: [...transcript, { session: "s", turn: "trn_1", role: "assistant", text: "M000001 plain" }],
      }),
      ["double turns", "transcript disagrees"],
    ],
    [
      "answers changed places",
      ({ seen: [first, second, ...rest] }) => ({ seen: [second, first, ...rest] as SeenFact[] }),
      ["out of order"],
    ],
    [
      "parts changed places",
      ({ seen: all }) => ({ seen: [all[0], all[1], all[3], all[2], all[4], all[5]] as SeenFact[] }),
      ["out of order"],
    ],
    [
      "an answer came twice without a word",
      ({ seen: all }) => ({ seen: [...all.slice(0, 1), seen("sx", "M000001 plain"), ...all.slice(1)] }),
      ["unlabelled repeats"],
    ],
    [
      "a repeat says so, but no attempt was unknown",
      ({ seen: [first, ...rest] }) => ({
        seen: [seen("sx", "M000001 plain"), { ...first, text: `${NOTE} M000001 plain` } as SeenFact, ...rest],
      }),
      ["unlabelled repeats"],
    ],
    [
      "the store knew of the repeat, and it says nothing",
      ({ seen: all, deliveries }) => ({
        seen: [seen("sx", "M000001 plain"), ...all],
        deliveries: [delivery(1, { attempts: ["unknown", "sent"] }), ...without(deliveries, "dlv_1")],
      }),
      ["unlabelled repeats"],
    ],
    [
      "something was sent that nobody knows of",
      ({ seen: all }) => ({ seen: [...all, seen("sx", "what is this")] }),
      ["unlabelled repeats"],
    ],
    [
      "the transcript lost an input",
      ({ transcript }) => ({ transcript: transcript.slice(1) }),
      ["transcript disagrees"],
    ],
    [
      "the transcript heard out of order",
      ({ transcript: [a, b, c, d, ...rest] }) => ({ transcript: [c, d, a, b, ...rest] as Facts["transcript"] }),
      ["transcript disagrees"],
    ],
    [
      "the transcript says something else than the message",
      ({ seen: all }) => ({ seen: [seen("s1", "M000001 plain M000001 p9"), ...all.slice(1)] }),
      ["transcript disagrees"],
    ],
    ["there is a dead letter", () => ({ deadLetters: ["delivery: MSG_002"] }), ["dead letters"]],
    ["a lane is held", () => ({ lanes: ["turn lane x: 0 waiting, owner y"] }), ["stuck"]],
    [
      "a delivery is still unknown",
      ({ deliveries }) => ({
        deliveries: [...deliveries, delivery(9, { kind: "draft", state: "unknown", messageIds: [] })],
      }),
      ["stuck"],
    ],
  ])("tells that %s", (_what, harm, expected) => {
    const facts = fine();
    expect(found(counted({ ...facts, ...harm(facts) }))).toEqual(expected);
  });

  it.each<[string, (facts: Facts) => Partial<Facts>]>([
    ["a turn has no record of its use", ({ recorded }) => ({ recorded: recorded.slice(1) })],
    ["a turn has two", ({ recorded }) => ({ recorded: [...recorded, ...recorded.slice(1)] })],
    ["a message was counted twice", ({ counted: all }) => ({ counted: { ...all, messagesIn: all.messagesIn + 1 } })],
    ["an answer was not counted", ({ counted: all }) => ({ counted: { ...all, messagesOut: all.messagesOut - 1 } })],
    ["a run was not counted", ({ counted: all }) => ({ counted: { ...all, runs: 0 } })],
  ])("TEN-7 tells that %s", (_what, harm) => {
    const facts = fine();
    expect(found({ ...facts, ...harm(facts) })).toEqual(["miscounted"]);
  });

  it("Q-6 takes a repeat that is recorded and labelled as what it is", () => {
    const facts = fine();
    const [, ...rest] = facts.seen;
    const labelled = { ...facts, seen: [seen("sx", "M000001 plain"), seen("s1", `${NOTE}\nM000001 plain`), ...rest] };
    const deliveries = [
      delivery(1, { attempts: ["unknown", "sent"], markedDuplicate: true }),
      ...without(facts.deliveries, "dlv_1"),
    ];
    expect(found({ ...labelled, deliveries })).toEqual([]);
    expect(judge({ ...labelled, deliveries }).figures).toMatchObject({ unknown: 1, repeats: 1, labelled: 1 });
    const tooMany = { ...labelled, seen: [seen("sy", "M000001 plain"), ...labelled.seen], deliveries };
    expect(found(tooMany)).toEqual(["unlabelled repeats"]);
  });

  it("Q-6 takes a draft that nobody knows of as the beginning of its answer", () => {
    const facts = fine();
    const [first, second, third, ...rest] = facts.seen;
    const draft = delivery(3, {
      id: "dlv_d",
      kind: "draft",
      state: "superseded",
      messageIds: [],
      attempts: ["unknown"],
    });
    const shown = (beginning: string) => ({
      ...facts,
      seen: [
        first,
        second,
        seen("sd", beginning),
        { ...third, text: `${NOTE}\n${third?.text}` },
        ...rest,
      ] as SeenFact[],
      deliveries: [...facts.deliveries.slice(0, 2), draft, ...facts.deliveries.slice(2)],
    });
    expect(found(shown("M000003 p1 of 2 wo ▍"))).toEqual([]);
    expect(found(shown("M000003 p1 of 7 wo ▍"))).toEqual(["unlabelled repeats"]);
  });
});
