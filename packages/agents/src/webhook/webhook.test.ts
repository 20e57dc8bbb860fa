import type { AgentAttachment } from "@switchboard/core/ports";
import { matches, SwitchboardError } from "@switchboard/domain";
import { type AgentSettings, AgentTurn } from "@switchboard/protocol";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AgentsOfGateway, createAgentRuntimes } from "../runtimes.ts";
import { type Asking, anAgent, anEntry, anInput, aRequest, ask } from "../test-support/ask.ts";
import {
  json,
  plainPost,
  plainReply,
  SECRET,
  sse,
  startWebhookAgent,
  stream,
  type WebhookAgent,
} from "../test-support/webhook-agent.ts";
import { signatureHeaders } from "./signature.ts";

const OTHER_SECRET = `whsec_${Buffer.from("another secret of 32 bytes, yes!").toString("base64")}`;

let agent: WebhookAgent;
let runtimes: AgentsOfGateway;
let now = 0;
const stored: string[] = [];
beforeAll(async () => {
  agent = await startWebhookAgent();
});
afterAll(() => agent.close());
beforeEach(() => {
  now = Date.now();
  runtimes = createAgentRuntimes({
    post: plainPost,
    replyTo: plainReply,
    now: () => now,
    async storeBlob(_tenant, content) {
      stored.push(Buffer.from(content).toString());
      return `blob-${stored.length}`;
    },
  });
  agent.respond((response) => json(response, { text: "ok" }));
});

const settingsOf = (changes: Partial<AgentSettings> = {}) =>
  anAgent({ runtime: "webhook", url: agent.url, signingSecret: SECRET, ...changes });
async function run(asking: Asking = {}, changes: Partial<AgentSettings> = {}) {
  const settings = settingsOf(changes);
  return ask(await runtimes.runtimeFor(settings), aRequest(settings, asking));
}
const last = () => {
  const asked = agent.asked.at(-1);
  if (!asked) throw new Error("nobody was asked");
  return asked;
};
const file = (content: string, more: Partial<AgentAttachment> = {}): AgentAttachment => ({
  kind: "document",
  fileName: "a.txt",
  read: async () => ({ stream: new Blob([content]).stream(), mimeType: "text/plain" }),
  ...more,
});

describe("TEN-6 what a webhook agent is sent", () => {
  it("TEN-6 is a CloudEvent with the whole turn", async () => {
    const conversation = { channel: "test", account: "default", id: "42", kind: "direct" } as const;
    await run({
      inputs: [anInput("first"), anInput("second", { sender: "Ann", attachments: [file("bytes")] })],
      past: [anEntry("user", "before"), anEntry("assistant", "indeed")],
      parameters: { verbosity: "low" },
      state: '{"step":3}',
      place: { conversation },
    });
    const { event, headers, id } = last();
    expect(headers["content-type"]).toMatch(/^application\/cloudevents\+json/);
    expect(event).toMatchObject({
      specversion: "1.0",
      type: "switchboard.turn.requested",
      source: "/switchboard/tenants/default/agents/main",
      subject: "agent:main:test:default:direct:42",
      datacontenttype: "application/json",
      dataschema: "urn:switchboard:agent-turn:1",
      id,
    });
    expect(matches(AgentTurn, event.data)).toBe(true);
    expect(event.data).toMatchObject({
      tenant: "default",
      agent: "main",
      turn: "turn_1",
      conversation,
      messages: [
        { text: "first", attachments: [] },
        {
          text: "second",
          sender: "Ann",
          attachments: [{ fileName: "a.txt", mimeType: "text/plain", data: "Ynl0ZXM=" }],
        },
      ],
      history: [
        { role: "user", text: "before" },
        { role: "assistant", text: "indeed" },
      ],
      parameters: { verbosity: "low" },
      state: '{"step":3}',
    });
  });

  it("TEN-6 names files that are too large or cannot be had, and sends the rest", async () => {
    const lost = file("", { read: () => Promise.reject(new SwitchboardError("CONN_001")) });
    const huge = file("", { size: 900_000_000 });
    const grown = file("x".repeat(5_000_000));
    await run({ inputs: [anInput("look", { attachments: [lost, huge, grown, file("small")] })] });
    expect(last().event.data.messages[0]?.attachments.map(({ data, missing }) => missing ?? data)).toEqual([
      "not-fetched",
      "too-large",
      "too-large",
      "c21hbGw=",
    ]);
  });

  it("TEN-6 has the same id at every try, and another one when a message joined meanwhile", async () => {
    await run();
    await run();
    const [one, two] = agent.asked.slice(-2).map(({ id }) => id);
    expect(one).toBe(two);
    await run({ inputs: [anInput("hello"), anInput("and this")] });
    expect(last().id).not.toBe(one);
  });

  it("TEN-6 is signed by every secret while they are changed, and by no other", async () => {
    const other = await startWebhookAgent(OTHER_SECRET);
    const both = { signingSecret: [OTHER_SECRET, SECRET] };
    expect((await run({}, both)).text).toBe("ok");
    expect((await run({}, { ...both, url: other.url })).text).toBe("ok");
    const refused = await run({}, { url: other.url });
    expect(refused.error).toMatchObject({ code: "AGENT_006", retryable: false });
    expect(refused.error?.message).toContain("signature");
    expect([agent.forged(), other.forged()]).toEqual([0, 1]);
    await other.close();
  });

  it("TEN-6 is refused by the reference library when anything was changed or it is old", () => {
    const body = '{"a":1}';
    const key = Buffer.from(SECRET.slice(6), "base64");
    const signed = signatureHeaders([key], { id: "turn_1-1", at: Date.now(), body });
    const webhook = new Webhook(SECRET);
    expect(webhook.verify(body, signed)).toEqual({ a: 1 });
    expect(() => webhook.verify('{"a":2}', signed)).toThrow();
    expect(() => webhook.verify(body, { ...signed, "webhook-id": "turn_2-1" })).toThrow();
    const old = signatureHeaders([key], { id: "turn_1-1", at: Date.now() - 3_600_000, body });
    expect(() => webhook.verify(body, old)).toThrow(/timestamp/i);
  });

  it("TEN-6 goes nowhere while the settings are incomplete, and says what is missing", async () => {
    const before = agent.asked.length;
    const refusals: Partial<AgentSettings>[] = [
      { url: "ftp://example.com" },
      { url: "https://user:word@example.com" },
      { signingSecret: "short" },
      { signingSecret: [] },
      { signingSecret: [SECRET, "whsec_AAAA"] },
      { headers: { "webhook-id": "mine" } },
    ];
    for (const changes of refusals) {
      await expect(
        runtimes.runtimeFor(settingsOf(changes)).then((found) => ask(found, aRequest(settingsOf(changes)))),
      ).rejects.toMatchObject({ code: "AGENT_006" });
    }
    expect(agent.asked).toHaveLength(before);
  });
});

describe("TEN-6 what a webhook agent answers", () => {
  it("TEN-6 may have buttons, files, state and usage", async () => {
    agent.respond((response) =>
      json(response, {
        text: "Look:",
        thinking: "hm",
        buttons: [{ label: "Yes" }, { label: "Docs", url: "https://example.com/" }],
        attachments: [
          { data: Buffer.from("a file").toString("base64"), mimeType: "image/png", fileName: "../../etc/x.png" },
          { url: "https://example.com/a.pdf", caption: "the paper" },
        ],
        state: "7",
        usage: { model: "mine", inputTokens: 3, outputTokens: 4 },
        unknownField: true,
      }),
    );
    const { events, finish, text, thinking } = await run();
    expect([text, thinking]).toEqual(["Look:", "hm"]);
    expect(stored.at(-1)).toBe("a file");
    expect(events).toContainEqual({
      type: "controls",
      controls: [
        [
          { kind: "button", label: "Yes", value: "Yes" },
          { kind: "link", label: "Docs", url: "https://example.com/" },
        ],
      ],
    });
    expect(events.flatMap((event) => (event.type === "attachment" ? [event.attachment] : []))).toMatchObject([
      { kind: "image", fileName: "x.png", size: 6 },
      { kind: "document", source: { url: "https://example.com/a.pdf" }, caption: "the paper" },
    ]);
    expect(finish).toMatchObject({ state: "7", usage: { model: "mine", inputTokens: 3, outputTokens: 4 } });
  });

  it("TEN-6 may be nothing, on purpose", async () => {
    agent.respond((response) => response.writeHead(204).end());
    expect((await run()).finish).toMatchObject({ silent: true });
    agent.respond((response) => json(response, { silent: true }));
    expect((await run()).finish).toMatchObject({ silent: true });
  });

  it("TEN-6 streams text and thoughts, with what belongs to it at the end; line breaks of any kind", async () => {
    agent.respond((response) => {
      stream(response).write(": a comment\r\n\r\n");
      response.write(sse("thinking", { delta: "hm" }).replaceAll("\n", "\r\n"));
      response.write(sse("text", { delta: "Grüße" }) + sse("unknown", {}));
      response.end(sse("text", { delta: "!" }) + sse("done", { text: "ignored", buttons: [{ label: "Bye" }] }));
    });
    const { events, finish, text, thinking } = await run();
    expect([text, thinking]).toEqual(["Grüße!", "hm"]);
    expect(events.some(({ type }) => type === "controls")).toBe(true);
    expect(finish?.reason).toBe("stop");
  });

  it.each([
    ["no JSON", "hello"],
    ["a list", "[]"],
    ["a number for text", '{"text":5}'],
    ["a script for an address", '{"buttons":[{"label":"x","url":"javascript:alert(1)"}]}'],
    ["a file of the machine", '{"attachments":[{"url":"file:///etc/passwd"}]}'],
    ["a file that is none", '{"attachments":[{}]}'],
    ["text without end", JSON.stringify({ text: "x".repeat(1_000_001) })],
  ])("TEN-6 is refused for good when it is garbage: %s", async (_, body) => {
    agent.respond((response) => response.writeHead(200, { "content-type": "application/json" }).end(body));
    expect((await run()).error).toMatchObject({ code: "AGENT_004", retryable: false });
  });

  it("TEN-6 is read no further than its limit", async () => {
    let sent = 0;
    let closed = false;
    agent.respond((response) => {
      stream(response).on("close", () => {
        closed = true;
      });
      const more = () => {
        while (!closed && sent < 400) {
          sent += 1;
          if (!response.write(sse("text", { delta: "x".repeat(1_000_000) }))) return response.once("drain", more);
        }
        return response;
      };
      more();
    });
    expect((await run()).error).toMatchObject({ code: "AGENT_004", retryable: false });
    expect(sent).toBeLessThan(400);
  });

  it.each([
    [400, "AGENT_006", false],
    [404, "AGENT_006", false],
    [413, "AGENT_007", false],
    [422, "AGENT_006", false],
    [302, "AGENT_006", false],
    [409, "AGENT_001", true],
    [425, "AGENT_001", true],
    [500, "AGENT_001", true],
    [503, "AGENT_001", true],
    [504, "AGENT_002", true],
  ])("TEN-6 tells by status %i what follows: %s, retryable %s", async (status, code, retryable) => {
    agent.respond((response) =>
      response.writeHead(status, { "retry-after": "9", location: "http://127.0.0.1:1/" }).end("organisation walrus"),
    );
    const { error } = await run();
    expect(error).toMatchObject({ code, retryable, ...(retryable && { retryAfterMs: 9_000 }) });
    expect(error?.message).not.toContain("walrus");
  });

  it("TEN-6 CRED-3 shows neither secret nor path in an error", async () => {
    agent.respond((response) => response.writeHead(500).end(SECRET));
    const { error } = await run({}, { url: `${agent.url}?key=walrus` });
    const shown = JSON.stringify([error?.message, error?.details]);
    expect(shown).not.toContain("whsec");
    expect(shown).not.toContain("walrus");
  });
});

describe("TEN-6 a webhook agent that answers later", () => {
  const answerBy = 1_900_000_000_000;

  it("TEN-6 says 202; it was given an address, a token for this turn, and the time it has", async () => {
    agent.respond((response) => response.writeHead(202).end());
    const { error, events } = await run({ answerBy });
    expect(error).toBeUndefined();
    expect(events).toEqual([{ type: "later", token: "hash of turn_1" }]);
    expect(last().event.data.reply).toEqual({
      url: "http://127.0.0.1/agents/replies",
      token: "token of turn_1",
      until: answerBy,
    });
  });

  it("TEN-6 may not where it has to answer at once", async () => {
    agent.respond((response) => response.writeHead(202).end());
    expect((await run()).error).toMatchObject({ code: "AGENT_004", retryable: false });
    expect(last().event.data.reply).toBeUndefined();
  });

  it("TEN-6 is not asked again when its answer is there, or its time is over", async () => {
    const before = agent.asked.length;
    const late = await run({ answerBy, late: { answer: '{"text":"at last"}' } });
    expect([late.text, late.finish?.reason]).toEqual(["at last", "stop"]);
    expect((await run({ answerBy, late: {} })).error).toMatchObject({ code: "AGENT_008", retryable: false });
    expect(agent.asked).toHaveLength(before);
  });
});

describe("TEN-6 an endpoint that fails", () => {
  const failing = () => agent.respond((response) => response.writeHead(500).end());

  it("TEN-6 is left alone after five failures in a row, then tried by one call", async () => {
    failing();
    for (let count = 0; count < 5; count += 1) await run();
    const before = agent.asked.length;
    const { error } = await run();
    expect(error).toMatchObject({ code: "AGENT_001", retryable: true });
    expect(error?.retryAfterMs).toBeGreaterThan(0);
    expect(agent.asked).toHaveLength(before);
    expect(runtimes.circuits().get("main")).toBe("open");
    now += 60_000;
    expect(runtimes.circuits().get("main")).toBe("half-open");
    agent.respond((response) => setImmediate(() => json(response, { text: "back" })));
    const [one, two] = await Promise.all([run(), run()]);
    expect([one.text, two.text].sort()).toEqual(["", "back"]);
    expect(agent.asked).toHaveLength(before + 1);
    expect(runtimes.circuits().get("main")).toBe("closed");
  });

  it("TEN-6 rests longer each time it fails again", async () => {
    failing();
    for (let count = 0; count < 5; count += 1) await run();
    const first = (await run()).error?.retryAfterMs ?? 0;
    now += first;
    await run();
    expect((await run()).error?.retryAfterMs).toBeGreaterThan(first);
  });

  it("TEN-6 is asked no more once it says 410, until its settings change", async () => {
    agent.respond((response) => response.writeHead(410).end());
    expect((await run()).error).toMatchObject({ code: "AGENT_006", retryable: false });
    agent.respond((response) => json(response, { text: "back" }));
    const before = agent.asked.length;
    const { error } = await run();
    expect(error?.message).toContain("asked no more");
    expect(agent.asked).toHaveLength(before);
    expect(runtimes.circuits().get("main")).toBe("gone");
    expect((await run({}, { url: `${agent.url}/new` })).text).toBe("back");
  });

  it("TEN-6 that is not there is tried again", async () => {
    const gone = await startWebhookAgent();
    await gone.close();
    expect((await run({}, { url: gone.url })).error).toMatchObject({ code: "AGENT_001", retryable: true });
  });
});
