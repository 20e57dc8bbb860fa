import type { Behaviour, ModelRequest } from "@switchboard/testkit/model-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { entriesOf, peopleSaid } from "../test-support/transcript.ts";

/** What providers put into their errors must not reach the chat. */
const PROVIDERS_WORDS = "organisation org-walrus has no funds";

const FAILURES: Readonly<Record<string, Behaviour>> = {
  key: { type: "error", status: 401, message: PROVIDERS_WORDS, code: "invalid_api_key" },
  unknownmodel: { type: "error", status: 404, message: PROVIDERS_WORDS, code: "model_not_found" },
  down: { type: "error", status: 503, message: PROVIDERS_WORDS },
  hangup: { type: "hang-up" },
  silence: { type: "silence" },
  busy: { type: "error", status: 429, message: PROVIDERS_WORDS, headers: { "retry-after": "1" } },
  window: { type: "error", status: 400, message: PROVIDERS_WORDS, code: "context_length_exceeded" },
  cut: { type: "answer", text: "half an answer and then", interruption: { afterPieces: 1, how: "cut" } },
  endless: { type: "answer", text: "half an answer and then", interruption: { afterPieces: 1, how: "stall" } },
  broken: { type: "answer", text: "half an answer and then", interruption: { afterPieces: 1, how: "truncated-json" } },
  empty: { type: "answer", text: "" },
  page: { type: "raw", status: 200, headers: { "content-type": "text/html" }, body: "<html>Welcome to nginx</html>" },
};

const wordOf = ({ lastUserText }: ModelRequest) => (lastUserText.split("\n\n").at(-1) ?? "").split(" ")[0] ?? "";

describe.concurrent("a model that fails", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    // Retries wait for seconds.
    gateway = await startTestGateway({
      clock: new TestClock(20),
      // By the machine's clock: a busy one needs more than a second for the first byte of a dozen answers at once.
      agent: { idleTimeoutMs: 3_000 },
      config: { limits: { userBurst: 1_000 } },
    });
    const failedOnce = new Set<string>();
    gateway.model.otherwise((request) => {
      const first = !failedOnce.has(request.lastUserText);
      failedOnce.add(request.lastUserText);
      if (wordOf(request) === "once") return first ? (FAILURES.down as Behaviour) : { type: "echo" };
      return FAILURES[wordOf(request)] ?? { type: "echo" };
    });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const askedFor = (text: string) =>
    gateway.model.requests.filter(({ lastUserText }) => lastUserText.endsWith(text)).length;

  it.each([
    ["key", "AGENT_006", 1],
    ["unknownmodel", "AGENT_006", 1],
    ["window", "AGENT_007", 1],
    ["down", "AGENT_001", 3],
    ["hangup", "AGENT_001", 3],
    ["silence", "AGENT_002", 3],
    ["busy", "AGENT_003", 3],
    ["cut", "AGENT_004", 3],
    ["endless", "AGENT_002", 3],
    ["broken", "AGENT_004", 3],
    ["empty", "AGENT_004", 3],
    ["page", "AGENT_001", 3],
  ])(
    "oc#102279 AGT-1 %s: the person learns of %s after %i tries, the operator can replay it",
    async (word, code, tries) => {
      const { simulator } = gateway;
      const text = `${word} of ${word}`;
      const { conversation } = await simulator.say({ from: `P-${word}`, text });
      const notice = await simulator.waitFor((message) => message.text.includes("I could not answer this"), {
        conversation,
        timeoutMs: 40_000,
      });
      expect(notice.text).toContain(code);
      expect(notice.text).not.toContain("org-walrus");
      expect(simulator.sent({ conversation })).toHaveLength(1);
      expect(askedFor(text)).toBe(tries);
      const letter = await eventually(async () => {
        const { deadLetters } = await gateway.request("deadLetters.list", { kind: "turn", limit: 200 });
        return deadLetters.find(({ preview }) => preview === text);
      });
      expect(letter.error.code).toBe(code);
      const entries = await entriesOf(gateway, conversation);
      expect(entries.map(({ role }) => role)).toContain("note");
      expect(JSON.stringify(entries)).not.toContain("org-walrus");
    },
  );

  it("Q-3 answers after a failure that passed, and nobody hears of it", async () => {
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Quinn", text: "once it fails" });
    const answer = await simulator.waitFor(() => true, { conversation });
    expect(answer.text).toBe("once it fails");
    expect(askedFor("once it fails")).toBe(2);
  });

  it("Q-3 oc#102279 what is said meanwhile waits for its turn and is answered after the failure", async () => {
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Rob", text: "down for long" });
    await eventually(() => askedFor("down for long") >= 1);
    await simulator.say({ from: "Rob", text: "and another thing" });
    const answer = await simulator.waitFor(({ text }) => text.endsWith("and another thing"), {
      conversation,
      timeoutMs: 15_000,
    });
    expect(answer.text).toContain("and another thing");
    const texts = simulator.sent({ conversation }).map(({ text }) => text);
    expect(texts.findIndex((each) => each.includes("AGENT_001"))).toBeLessThan(texts.length - 1);
  });

  it("oc#102279 a failed answer that is replayed from the dead letters is answered", async () => {
    await using own = await startTestGateway();
    const { simulator, model } = own;
    model.next({ type: "error", status: 401, message: PROVIDERS_WORDS });
    const { conversation } = await simulator.say({ from: "Ada", text: "try me" });
    await simulator.waitFor(({ text }) => text.includes("AGENT_006"), { conversation });
    const { deadLetters } = await own.request("deadLetters.list", {});
    expect(await own.request("deadLetters.replay", { id: deadLetters[0]?.id ?? "" })).toMatchObject({ replayed: true });
    await simulator.waitFor(({ text }) => text === "try me", { conversation });
    // Nobody asked twice: neither in the transcript nor as the model sees it.
    expect(await peopleSaid(own, conversation)).toEqual(["try me"]);
    const asked = model.requests.at(-1)?.messages.filter(({ role }) => role !== "system");
    expect(asked?.map(({ role, text }) => [role, text])).toEqual([["user", "try me"]]);
    expect((await own.request("deadLetters.list", {})).deadLetters).toEqual([]);
  });
});

describe.concurrent("an answer that is not whole", () => {
  it.each([
    ["length", "reached the model's length limit"],
    ["filtered", "content filter ended the answer"],
  ] as const)("AGT-1 MSG-4 %s: what there is arrives and says that it is not all", async (finish, note) => {
    await using gateway = await startTestGateway();
    const { simulator, model } = gateway;
    model.next({ type: "answer", text: "The first half.", finish });
    const { conversation } = await simulator.say({ from: "Ada", text: "tell me" });
    const answer = await simulator.waitFor(() => true, { conversation });
    expect(answer.text.startsWith("The first half.")).toBe(true);
    expect(answer.text).toContain(note);
    const entries = await entriesOf(gateway, conversation);
    expect(entries.at(-1)).toMatchObject({ role: "assistant", partial: true });
  });
});
