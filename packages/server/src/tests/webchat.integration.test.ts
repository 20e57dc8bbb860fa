import type { EventPayload, Result } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { byText } from "../test-support/by-text.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

type Message = Result<"chat.history">["messages"][number];

const textOf = ({ content }: Message) => content.map((part) => (part.type === "text" ? part.text : "")).join("");

async function history(gateway: TestGateway, sessionKey = "main") {
  const result = await gateway.request("chat.history", { sessionKey });
  return { ...result, said: result.messages.map((message) => [message.role, textOf(message)]) };
}

/** Resolves when the run's last chat event came. */
function ended(gateway: TestGateway, runId: string): Promise<EventPayload<"chat">> {
  return new Promise((resolve) => {
    const stop = gateway.client.on("chat", (event) => {
      if (event.runId !== runId || !["final", "error", "aborted"].includes(event.state)) return;
      stop();
      resolve(event);
    });
  });
}

async function startModelGateway(config = {}): Promise<TestGateway> {
  const gateway = await startTestGateway({ account: false, config });
  gateway.model.otherwise(byText);
  return gateway;
}

describe.concurrent("WebChat over the gateway's own socket", () => {
  it("CH-10 DEV-1 chat.send starts a run, streams it, and chat.history holds both sides afterwards", async () => {
    await using gateway = await startModelGateway();
    const deltas: string[] = [];
    gateway.client.on("chat", (event) => {
      if (event.state === "delta") deltas.push(event.deltaText);
    });
    const end = ended(gateway, "first");
    const params = { sessionKey: "main", message: "stream 40 one two three four five", idempotencyKey: "first" };
    expect(await gateway.request("chat.send", params)).toEqual({ runId: "first", status: "started" });
    expect(await end).toMatchObject({ state: "final", message: { role: "assistant" } });
    expect(deltas.join("")).toBe(params.message);
    expect(deltas.length).toBeGreaterThan(1);
    const { messages, said, pendingInputs } = await history(gateway);
    expect(said).toEqual([
      ["user", params.message],
      ["assistant", params.message],
    ]);
    expect(pendingInputs.total).toBe(0);
    expect(messages.map(({ runId }) => runId)).toEqual(["first", "first"]);
  });

  it("CH-10 a page that opens in the middle of an answer sees the question and what was written so far", async () => {
    await using gateway = await startModelGateway();
    const end = ended(gateway, "middle");
    const message = `stream 100 ${Array.from({ length: 50 }, (_, index) => `word${index}`).join(" ")}`;
    await gateway.request("chat.send", { sessionKey: "main", message, idempotencyKey: "middle" });
    const { inFlightRun, pendingInputs, said } = await eventually(async () => {
      const found = await history(gateway);
      return found.inFlightRun && found.inFlightRun.text !== "" && found;
    });
    expect(inFlightRun?.runId).toBe("middle");
    expect(message.startsWith(inFlightRun?.text ?? "–")).toBe(true);
    expect(pendingInputs.items.map(({ runId }) => runId)).toEqual(["middle"]);
    expect(said).toEqual([]);
    await end;
    const after = await history(gateway);
    expect(after.inFlightRun).toBeUndefined();
    expect(after.said).toHaveLength(2);
  });

  it("CH-10 chat.abort stops the answer; what was said so far stays, marked as not whole", async () => {
    await using gateway = await startModelGateway();
    const message = `stream 80 ${Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ")}`;
    const end = ended(gateway, "stop-me");
    await gateway.request("chat.send", { sessionKey: "main", message, idempotencyKey: "stop-me" });
    await eventually(async () => ((await history(gateway)).inFlightRun?.text.length ?? 0) > 20);
    const aborted = await gateway.request("chat.abort", { sessionKey: "main", runId: "stop-me" });
    expect(aborted).toEqual({ ok: true, aborted: true, runIds: ["stop-me"] });
    expect((await end).state).toBe("aborted");
    expect((await gateway.model.settled(1)).outcome).toBe("abandoned");
    const [question, answer] = (await history(gateway)).messages;
    expect(question?.role).toBe("user");
    expect(answer).toMatchObject({ role: "assistant", partial: true });
    expect(message.startsWith(textOf(answer as Message))).toBe(true);
    expect(await gateway.request("chat.abort", { sessionKey: "main" })).toMatchObject({ aborted: false, runIds: [] });
    // The same request again does not start it anew.
    const again = await gateway.request("chat.send", { sessionKey: "main", message, idempotencyKey: "stop-me" });
    expect(again).toMatchObject({ status: "timeout", summary: "aborted" });
    expect(gateway.model.count).toBe(1);
  });

  it("CH-10 chat.abort also takes back what only waits, and nothing of another session", async () => {
    await using gateway = await startModelGateway();
    const other = "agent:main:webchat:default:direct:other";
    const send = (idempotencyKey: string, message: string, sessionKey = "main") =>
      gateway.request("chat.send", { sessionKey, message, idempotencyKey });
    await send("running", "wait 60000 running");
    await eventually(() => gateway.model.count === 1);
    await send("waiting", "never asked");
    const end = ended(gateway, "elsewhere");
    await send("elsewhere", "wait 400 elsewhere", other);
    const { runIds } = await gateway.request("chat.abort", { sessionKey: "main" });
    expect([...runIds].sort()).toEqual(["running", "waiting"]);
    expect((await end).state).toBe("final");
    expect(gateway.model.requests.some(({ lastUserText }) => lastUserText.includes("never asked"))).toBe(false);
  });

  it("Q-4 DEV-10 an idempotency key is the same turn after a restart, with another text an error", async () => {
    await using gateway = await startModelGateway({ turns: { drainMs: 20 } });
    const params = { sessionKey: "main", message: "remember the key", idempotencyKey: "key-1" };
    const end = ended(gateway, "key-1");
    await gateway.request("chat.send", params);
    await end;
    await gateway.restart();
    const repeated = await gateway.request("chat.send", params);
    // By then the message has its place in the transcript.
    expect(repeated).toEqual({ runId: "key-1", status: "ok", messageSeq: 1 });
    await gateway.restart();
    for (const other of [{ message: "something else" }, { sessionKey: "agent:main:webchat:default:direct:else" }]) {
      await expect(gateway.request("chat.send", { ...params, ...other })).rejects.toMatchObject({ code: "REQ_006" });
      await gateway.restart();
    }
    await expect(gateway.request("agent", { ...params, message: "something else" })).rejects.toMatchObject({
      code: "REQ_006",
    });
    expect(gateway.model.count).toBe(1);
    expect((await history(gateway)).said).toHaveLength(2);
  });

  it("Q-4 Q-6 a run that a restart interrupted is the same run afterwards, and is answered once", async () => {
    await using gateway = await startModelGateway({ turns: { drainMs: 20 } });
    gateway.model.next({ type: "silence" });
    const params = { sessionKey: "main", message: "through the restart", idempotencyKey: "key-2" };
    await gateway.request("chat.send", params);
    await eventually(() => gateway.model.count === 1);
    await gateway.restart();
    // Either it is still under way or it is done: never started a second time.
    const { status } = await gateway.request("chat.send", params);
    expect(["in_flight", "ok"]).toContain(status);
    await eventually(async () => (await history(gateway)).said.length === 2);
    expect((await history(gateway)).said).toEqual([
      ["user", params.message],
      ["assistant", params.message],
    ]);
    expect(gateway.model.count).toBe(2);
  });

  it("AGT-5 ACC-6 commands work from the page: answered by the gateway, with buttons, unseen by the model", async () => {
    await using gateway = await startModelGateway();
    const end = ended(gateway, "menu");
    await gateway.request("chat.send", { sessionKey: "main", message: "/menu", idempotencyKey: "menu" });
    const { message } = (await end) as { message?: Message };
    expect(textOf(message as Message)).toContain("Settings");
    expect(message?.content.some(({ type }) => type === "controls")).toBe(true);
    const chosen = ended(gateway, "short");
    await gateway.request("chat.send", { sessionKey: "main", message: "/verbosity short", idempotencyKey: "short" });
    await chosen;
    const answered = ended(gateway, "ask");
    await gateway.request("chat.send", { sessionKey: "main", message: "how are you", idempotencyKey: "ask" });
    await answered;
    expect(gateway.model.count).toBe(1);
    const asked = JSON.stringify(gateway.model.requests[0]?.messages);
    expect(asked).toContain("briefly");
    expect(asked).not.toContain("Settings");
  });

  it("AGT-1 a failed answer is told on the page, and stands in the history when the page is opened anew", async () => {
    await using gateway = await startModelGateway();
    const end = ended(gateway, "fails");
    await gateway.request("chat.send", { sessionKey: "main", message: "fail 401 please", idempotencyKey: "fails" });
    expect(await end).toMatchObject({ state: "error", errorMessage: expect.stringContaining("AGENT_006") });
    const { said } = await history(gateway);
    expect(said[0]).toEqual(["user", "fail 401 please"]);
    expect(JSON.stringify(said)).toContain("AGENT_006");
  });

  it("REQ_001 REQ_002 refuses wrong keys, empty messages, NUL, and sessions that cannot be made", async () => {
    await using gateway = await startModelGateway();
    const send = (params: object) =>
      gateway.request("chat.send", {
        sessionKey: "main",
        message: "x",
        idempotencyKey: JSON.stringify(params),
        ...params,
      });
    await expect(send({ message: "  " })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(send({ message: "a\0b" })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(send({ sessionKey: "nonsense" })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(send({ sessionKey: "agent:ghost:main" })).rejects.toMatchObject({ code: "REQ_002" });
    await expect(send({ sessionKey: "agent:main:elsewhere:default:direct:1" })).rejects.toMatchObject({
      code: "REQ_002",
    });
    expect((await history(gateway, "agent:main:webchat:default:direct:never")).said).toEqual([]);
    expect(gateway.model.count).toBe(0);
  });
});
