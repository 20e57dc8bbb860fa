/** The real gateway beside a simulated Slack, with one account of an app that others can let in. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GatewayClient } from "@switchboard/client";
import { nodeGatewayClient } from "@switchboard/client/node";
import { freePort, startGatewayProcess } from "@switchboard/testkit/gateway-process";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect } from "vitest";
import { type SlackAccountSimulator, type SlackSimulator, startSimulator } from "../simulator/index.ts";
import { letIn } from "./let-in.test.helper.ts";

const TOKEN = "the-token-of-the-slack-test-0123456789";

export interface GatewayAndSlack extends AsyncDisposable {
  /** The gateway's public address. */
  readonly base: string;
  /** The gateway's own. */
  readonly token: string;
  readonly client: GatewayClient;
  readonly simulator: SlackSimulator;
  /** What the gateway wrote. */
  readonly log: readonly string[];
  /** By account. */
  states(): Promise<Readonly<Record<string, string | undefined>>>;
  /** Somebody lets the app into a workspace; resolves when the account that is made of it is connected. */
  install(workspace: string): Promise<{
    readonly account: string;
    /** Where they came back to. */
    readonly back: URL;
    readonly page: Response;
    readonly workspace: SlackAccountSimulator;
  }>;
  /** Somebody writes to an account that knows nobody, asks to be let in, and is. */
  meet(workspace: SlackAccountSimulator, account: string, person: string): Promise<void>;
}

export async function gatewayAndSlack(transport: "websocket" | "webhook"): Promise<GatewayAndSlack> {
  const directory = await temporaryDirectory("switchboard-slack-");
  const simulator = await startSimulator({ webhookRetryMs: 20 });
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const config = { ...simulator.accountConfig({ transport }), ...simulator.clientConfig() };
  simulator.enterWebhook(`${base}/webhooks/slack/default/default`);
  const file = {
    gateway: { publicUrl: base },
    agents: [{ id: "main", runtime: "echo" }],
    channels: { slack: { default: { config, settings: { dmPolicy: "open", groupPolicy: "open" } } } },
  };
  await writeFile(join(directory.path, "config.json"), JSON.stringify(file));
  const gateway = startGatewayProcess({ stateDirectory: directory.path, port, token: TOKEN, form: "source" });
  await gateway.ready;
  const client = nodeGatewayClient({
    url: base,
    token: TOKEN,
    client: { id: "cli", mode: "cli", version: "test", platform: "test" },
    scopes: ["operator.admin", "operator.read", "operator.write", "operator.pairing"],
    reconnect: false,
  });
  await client.connect();
  const states = async () => {
    const { channelAccounts } = await client.request("channels.status", {});
    return Object.fromEntries((channelAccounts.slack ?? []).map(({ accountId, state }) => [accountId, state]));
  };
  return {
    base,
    token: TOKEN,
    client,
    log: gateway.log,
    simulator,
    states,
    async install(workspace: string) {
      const { url } = await client.request("channels.install", { channel: "slack" });
      const back = await letIn(url, workspace);
      const page = await fetch(back);
      const text = await page.text();
      expect([page.status, text]).toEqual([200, expect.stringContaining(workspace)]);
      const account = /slack:([\w.-]+)/.exec(text)?.[1]?.replace(/\.$/, "") ?? "";
      await expect.poll(async () => (await states())[account], { timeout: 20_000 }).toBe("CONNECTED");
      return { account, back, page, workspace: simulator.account(workspace) };
    },
    async meet(workspace, account, person) {
      await workspace.say({ from: person, text: "may I come in?" });
      await workspace.waitFor(({ text }) => /pair/i.test(text), { timeoutMs: 20_000 });
      const { requests } = await client.request("channels.pairing.list", {});
      expect(requests.map(({ accountId }) => accountId)).toEqual([account]);
      const requestId = requests[0]?.requestId ?? "";
      await client.request("channels.pairing.approve", { channel: "slack", accountId: account, requestId });
    },
    async [Symbol.asyncDispose]() {
      client.close();
      await gateway.stop();
      await simulator.close();
      await directory.remove();
    },
  };
}
