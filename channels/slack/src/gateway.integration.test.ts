/** The real gateway as Slack calls it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, startGatewayProcess } from "@switchboard/testkit/gateway-process";
import { startModelServer } from "@switchboard/testkit/model-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import { SIGNATURE_HEADER, signatureOf, TIMESTAMP_HEADER } from "./signature.ts";

async function running(agent: Readonly<Record<string, unknown>> = { runtime: "echo" }) {
  const directory = await temporaryDirectory("switchboard-slack-");
  const simulator = await startSimulator({ webhookRetryMs: 20 });
  const port = await freePort();
  const config = simulator.accountConfig({ transport: "webhook" });
  const url = `http://127.0.0.1:${port}/webhooks/slack/default/default`;
  simulator.enterWebhook(url);
  const file = {
    gateway: { publicUrl: `http://127.0.0.1:${port}` },
    agents: [{ id: "main", ...agent }],
    channels: { slack: { default: { config, settings: { dmPolicy: "open", groupPolicy: "open" } } } },
  };
  await writeFile(join(directory.path, "config.json"), JSON.stringify(file));
  const token = "the-token-of-the-slack-test-0123456789";
  const gateway = startGatewayProcess({ stateDirectory: directory.path, port, token, form: "source" });
  await gateway.ready;
  return {
    simulator,
    call(body: string, type: string, secret = String(config.signingSecret)) {
      const timestamp = String(Math.floor(Date.now() / 1000));
      const headers = {
        "content-type": type,
        [TIMESTAMP_HEADER]: timestamp,
        [SIGNATURE_HEADER]: signatureOf(secret, timestamp, body),
      };
      return fetch(url, { method: "POST", headers, body });
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await simulator.close();
      await directory.remove();
    },
  };
}

describe("CH-2 Slack and the gateway", { timeout: 60_000 }, () => {
  it("the challenge comes back, forged calls do not get in, and people are answered", async () => {
    await using it = await running();
    const challenge = JSON.stringify({ type: "url_verification", token: "x", challenge: "a <b>challenge</b>" });
    const answer = await it.call(challenge, "application/json");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(await answer.text()).toBe("a <b>challenge</b>");
    const forged = await it.call(challenge, "application/json", "another secret");
    expect(forged.status).toBe(401);
    const command = new URLSearchParams({
      command: "/switchboard",
      text: "status",
      trigger_id: "1.2",
      channel_id: "D0000001",
    });
    const commanded = await it.call(command.toString(), "application/x-www-form-urlencoded");
    expect([commanded.status, await commanded.text()]).toEqual([200, ""]);
    await it.simulator.say({ from: "Ann", text: "hello there" });
    await it.simulator.waitFor(({ text }) => text.includes("hello there"), { timeoutMs: 20_000 });
    const { conversation } = await it.simulator.createGroup({ title: "Team", people: ["Ann"] });
    const said = await it.simulator.say({ from: "Ann", conversation, text: "in a thread", mention: true });
    const found = await it.simulator.waitFor(({ text }) => text.includes("in a thread"), {
      conversation,
      timeoutMs: 20_000,
    });
    expect(found.thread).toBe(said.messageId);
    await it.simulator.say({ from: "Ann", conversation, thread: found.thread as never, text: "without a mention" });
    await it.simulator.waitFor(({ text }) => text.includes("without a mention"), { conversation, timeoutMs: 20_000 });
  });

  it("MSG-4 AGT-4 an answer that is streamed and holds long code ends as words and a folded file", async () => {
    const code = "a line of a long output\n".repeat(600);
    const text = `That came out:\n\n\`\`\`\n${code}\`\`\`\n\nNothing else.`;
    const model = await startModelServer({ otherwise: { type: "answer", text, delayMs: 30, pieceLength: 400 } });
    {
      const agent = { runtime: "openai", model: "m", baseUrl: model.baseUrl, tools: false };
      await using it = await running(agent);
      const { conversation } = await it.simulator.say({ from: "Ann", text: "run it" });
      await it.simulator.waitFor((message) => message.text === "Nothing else.", { conversation, timeoutMs: 30_000 });
      const [words, file, ...others] = it.simulator.sent({ conversation });
      expect(words?.text).toBe("That came out:");
      expect(words?.edits).toBeGreaterThan(0);
      expect(file?.text).toBe(code.trimEnd());
      expect(file?.attachments).toMatchObject([{ fileName: "output.txt" }]);
      expect(others.map((each) => each.text)).toEqual(["Nothing else."]);
    }
    await model.close();
  });
});
