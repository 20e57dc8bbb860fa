/** CH-2: one app in several workspaces. */
import { join } from "node:path";
import { completed, type JsonObject } from "@switchboard/domain";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { type SlackSimulator, startSimulator } from "../simulator/index.ts";
import { configSpec, type SlackConfig } from "./config.ts";
import { app, install } from "./install.ts";
import { letIn } from "./let-in.test.helper.ts";
import { scene } from "./scene.test.helper.ts";

const redirectUrl = "http://127.0.0.1:9/install/slack";
const signal = AbortSignal.timeout(60_000);

function configOf(simulator: SlackSimulator, changes: JsonObject = {}): SlackConfig {
  const config = { ...simulator.accountConfig({ transport: "websocket" }), ...simulator.clientConfig(), ...changes };
  return completed(configSpec.schema, config, "config");
}

async function codeFor(simulator: SlackSimulator, workspace: string, config = configOf(simulator)): Promise<string> {
  const url = install.authorizeUrl({ config, redirectUrl, state: "a state" });
  const back = await letIn(url, workspace);
  expect(back.searchParams.get("state")).toBe("a state");
  return back.searchParams.get("code") ?? "";
}

describe("CH-2 installing in another workspace", () => {
  it("asks for what the manifest asks for, at the Web API's own host, and tells no secret", async () => {
    const simulator = await startSimulator();
    const config = configOf(simulator, { baseUrl: "https://slack-gov.com/api/" });
    const url = new URL(install.authorizeUrl({ config, redirectUrl, state: "s" }));
    expect(url.origin + url.pathname).toBe("https://slack-gov.com/oauth/v2/authorize");
    expect(url.searchParams.get("client_id")).toBe(config.clientId);
    expect(url.searchParams.get("scope")).toContain("chat:write");
    expect(url.searchParams.get("redirect_uri")).toBe(redirectUrl);
    expect(url.href).not.toContain(String(config.clientSecret));
    const { clientSecret: _secret, ...without } = config;
    expect(() => install.authorizeUrl({ config: without, redirectUrl, state: "s" })).toThrow(
      expect.objectContaining({ code: "REQ_001" }),
    );
    await simulator.close();
  });

  it("gives the workspace's own bot and token; the code is good once and for its address", async () => {
    const simulator = await startSimulator();
    const config = configOf(simulator);
    const code = await codeFor(simulator, "Acme");
    const installed = await install.complete({ config, redirectUrl, code, signal });
    expect(installed).toMatchObject({ title: "Acme", account: installed.self.space?.toLowerCase() });
    expect(Object.keys(installed.config)).toEqual(["botToken"]);
    expect(installed.config.botToken).not.toBe(config.botToken);
    const again = install.complete({ config, redirectUrl, code, signal });
    await expect(again).rejects.toMatchObject({ code: "REQ_001", retryable: false });
    const other = await codeFor(simulator, "Acme");
    const elsewhere = install.complete({ config, redirectUrl: `${redirectUrl}/x`, code: other, signal });
    await expect(elsewhere).rejects.toMatchObject({ code: "CFG_001" });
    const wrong = { ...config, clientSecret: "wrong" };
    const refused = install.complete({ config: wrong, redirectUrl, code: await codeFor(simulator, "Acme"), signal });
    await expect(refused).rejects.toMatchObject({ code: "CONN_002" });
    await simulator.close();
  });

  it("whoever says no gives no code", async () => {
    const simulator = await startSimulator();
    const url = install.authorizeUrl({ config: configOf(simulator), redirectUrl, state: "s" });
    const back = await letIn(url, "Acme", "cancel");
    expect([...back.searchParams]).toEqual([
      ["error", "access_denied"],
      ["state", "s"],
    ]);
    await simulator.close();
  });

  it("CRED-2 where tokens rotate the new bot's does, apart from the others", async () => {
    const simulator = await startSimulator({ acknowledgeMs: 100 });
    const rotating = simulator.rotateTokens();
    const code = await codeFor(simulator, "Acme");
    const installed = await install.complete({ config: configOf(simulator, rotating), redirectUrl, code, signal });
    expect(Object.keys(installed.config).sort()).toEqual(["botToken", "refreshToken"]);
    expect(installed.config.refreshToken).not.toBe(rotating.refreshToken);
    {
      const config = { ...rotating, ...installed.config };
      await using it = await scene({ simulator, config });
      expect(it.connection.isConnected()).toBe(true);
    }
    // The first workspace's refresh token is still good.
    await using it = await scene({ simulator, config: rotating });
    expect(it.connection.isConnected()).toBe(true);
    await simulator.close();
  });

  it("the simulator's other workspace sends over the app's own sockets, also after a restart", async () => {
    const directory = await temporaryDirectory("switchboard-slack-");
    const file = join(directory.path, "slack.sqlite");
    const before = await startSimulator({ file });
    await codeFor(before, "Acme");
    await before.close();
    const simulator = await startSimulator({ file, acknowledgeMs: 100 });
    {
      await using it = await scene({ simulator });
      await simulator.account("Acme").say({ from: "Ann", text: "from Acme" });
      await it.until(() => it.received().length > 0, "an event");
      expect(it.events()[0]).toMatchObject({ kind: "unsupported", what: "message of another workspace" });
      // Nobody of this workspace was asked who that is.
      expect(JSON.stringify(it.received())).not.toContain("switchboard_note");
    }
    await simulator.close();
    await directory.remove();
  });

  it("accounts are of one app by its sockets or its signatures, whatever else they share", async () => {
    const simulator = await startSimulator();
    const config = configOf(simulator, { signingSecret: "s".repeat(32) });
    expect(app.credentials(config)).toHaveLength(2);
    const { appToken: _app, signingSecret: _signing, ...neither } = config;
    expect(app.credentials(neither)).toEqual([]);
    await simulator.close();
  });
});
