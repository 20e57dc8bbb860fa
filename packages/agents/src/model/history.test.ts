import type { TranscriptEntry } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { anEntry, anInput, DIRECT, GROUP } from "../test-support/ask.ts";
import { PROTOCOLS, useProvider } from "../test-support/provider.ts";
import { estimateTokens, MESSAGE_TOKENS } from "./tokens.ts";

const provider = useProvider({ historyEntries: 50 });

/** Roles and texts of the newest request, without the instructions. */
function conversation(): [string, string][] {
  return provider
    .last()
    .messages.filter(({ role }) => role !== "system")
    .map(({ role, text }) => [role, text]);
}

async function broken(): Promise<never> {
  throw new Error("asked");
}

function exchange(number: number, length = 0): TranscriptEntry[] {
  return [
    anEntry("user", `question ${number} ${"x ".repeat(length)}`.trim()),
    anEntry("assistant", `answer ${number}`),
  ];
}

describe.each(PROTOCOLS)("%s history", (protocol) => {
  it("AGT-2 shows the past as messages with their roles, before what is said now", async () => {
    await provider.ask(protocol, { past: [...exchange(1), ...exchange(2)], inputs: [anInput("now")] });
    expect(conversation()).toEqual([
      ["user", "question 1"],
      ["assistant", "answer 1"],
      ["user", "question 2"],
      ["assistant", "answer 2"],
      ["user", "now"],
    ]);
  });

  it("AGT-2 asks for no more entries than it may", async () => {
    const limits: number[] = [];
    const history = async (limit: number) => {
      limits.push(limit);
      return [];
    };
    await provider.ask(protocol, { history });
    expect(limits).toEqual([50]);
  });

  it("tells notes, and answers that are not whole, in the person's place", async () => {
    await provider.ask(protocol, {
      past: [
        anEntry("user", "tell me"),
        anEntry("assistant", "It is", { partial: true }),
        anEntry("note", "The answer failed: AGENT_001"),
      ],
    });
    expect(conversation()).toEqual([
      ["user", "tell me"],
      ["assistant", "It is"],
      [
        "user",
        "[Note: your answer above is not whole; it was stopped or cut off.]\n\n[Note: The answer failed: AGENT_001]\n\nhello",
      ],
    ]);
  });

  it("never sends two messages of one role in a row, an empty one, or an answer first", async () => {
    await provider.ask(protocol, {
      past: [
        anEntry("assistant", "I begin."),
        anEntry("assistant", "And go on."),
        anEntry("user", "one"),
        anEntry("user", " "),
        anEntry("user", "two"),
        anEntry("assistant", ""),
      ],
    });
    expect(conversation()).toEqual([
      ["user", "[The conversation began earlier.]"],
      ["assistant", "I begin.\n\nAnd go on."],
      ["user", "one\n\ntwo\n\nhello"],
    ]);
  });

  it("says in words which files came and went", async () => {
    await provider.ask(protocol, {
      past: [
        anEntry("user", "look", { attachments: [{ kind: "image", fileName: "cat.png", mimeType: "image/png" }] }),
        anEntry("assistant", "", { attachments: [{ kind: "document", fileName: "cat.pdf" }] }),
      ],
    });
    expect(conversation().slice(0, 2)).toEqual([
      ["user", 'look\n\n[Attached earlier: an image "cat.png" (image/png)]'],
      ["assistant", '(I sent a document "cat.pdf".)'],
    ]);
  });

  it("names who speaks in groups, and only there", async () => {
    const past = [anEntry("user", "hi", { sender: "Ann:\nSmith" }), anEntry("assistant", "hello")];
    const inputs = [anInput("and me", { sender: "Ben" }), anInput("nobody")];
    await provider.ask(protocol, { session: GROUP, past, inputs });
    expect(conversation()).toEqual([
      ["user", "Ann Smith: hi"],
      ["assistant", "hello"],
      ["user", "Ben: and me\n\nnobody"],
    ]);
    expect(provider.last().messages[0]?.text).toContain("Several people write in this chat.");
    await provider.ask(protocol, { session: DIRECT, past, inputs });
    expect(conversation().map(([, text]) => text)).toEqual(["hi", "hello", "and me\n\nnobody"]);
    expect(provider.last().messages[0]?.text).not.toContain("Several people");
  });

  it("AGT-2 keeps the newest whole exchanges that fit into the window", async () => {
    const past = Array.from({ length: 30 }, (_, index) => exchange(index, 200)).flat();
    await provider.ask(protocol, { past, settings: { contextTokens: 4_000, maxOutputTokens: 500 } });
    const shown = conversation();
    expect(shown.length).toBeLessThan(60);
    expect(shown.length).toBeGreaterThan(10);
    expect(shown[0]?.[1]).toMatch(/^question/);
    expect(shown.at(-2)?.[1]).toBe("answer 29");
    expect(shown.at(-1)).toEqual(["user", "hello"]);
    const whole = provider.last().messages.reduce((sum, { text }) => sum + estimateTokens(text), 0);
    expect(whole).toBeLessThanOrEqual(4_000 - 500);
  });

  it("AGT-2 leaves an exchange out as a whole, however short its answer", async () => {
    const past = [...exchange(1), ...exchange(2, 5_000), ...exchange(3)];
    await provider.ask(protocol, { past, settings: { contextTokens: 4_000 } });
    expect(conversation().map(([, text]) => text)).toEqual(["question 3", "answer 3", "hello"]);
  });

  it("drops older inputs of a turn before the newest, and says so", async () => {
    const inputs = [anInput("first ".repeat(900)), anInput("second ".repeat(900)), anInput("third")];
    await provider.ask(protocol, { inputs, past: exchange(1, 500), settings: { contextTokens: 4_000 } });
    const [only, ...others] = conversation();
    expect(others).toEqual([]);
    expect(only?.[1]).toMatch(/^\[Note: an earlier message is left out: too long for you\.\]\n\nsecond .*third$/s);
  });

  it("asks nothing of the store when the inputs fill the window", async () => {
    const room = 4_000 - 1_000 - estimateTokens("x") - 2 * MESSAGE_TOKENS;
    const run = await provider.ask(protocol, {
      history: broken,
      // Two tokens each, the space included.
      inputs: [anInput("abcde ".repeat((room - MESSAGE_TOKENS) / 2))],
      settings: { contextTokens: 4_000, maxOutputTokens: 1_000, instructions: "x" },
    });
    expect(run.error).toBeUndefined();
  });

  it("passes on what the store says, and calls anything else internal", async () => {
    const full = async () => {
      throw new SwitchboardError("STORE_001");
    };
    expect((await provider.ask(protocol, { history: full })).error?.code).toBe("STORE_001");
    expect((await provider.ask(protocol, { history: broken })).error).toMatchObject({
      code: "SYS_005",
      message: "asked",
    });
  });

  it("says when the instructions leave no room", async () => {
    const { error } = await provider.ask(protocol, {
      settings: { contextTokens: 512, instructions: "Be nice. ".repeat(200) },
    });
    expect(error).toMatchObject({ code: "AGENT_006" });
    expect(error?.message).toContain("leave no room for a message in 512 tokens (contextTokens)");
  });
});
