/** The MCP server, asked by the reference client over real HTTP. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { ConversationId, TenantId } from "@switchboard/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopesOf } from "../identity/principal.ts";
import { bodyLater } from "../test-support/body-later.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

let gateway: TestGateway;
let conversation: ConversationId;
const admitted = Promise.withResolvers<void>();
let isRevoked = false;
beforeAll(async () => {
  gateway = await startTestGateway({
    agent: "echo",
    authenticators: [
      async ({ headers }) => {
        const [tenant, role] = String(headers["x-test-person"] ?? "").split("/");
        if (!tenant || (tenant === "leaving" && isRevoked)) return undefined;
        if (tenant === "leaving") admitted.resolve();
        const id = `person:${tenant}-${role}`;
        const known = role === "viewer" ? "viewer" : "owner";
        return { kind: "person", id, tenant: tenant as TenantId, role: known, scopes: scopesOf(known) };
      },
    ],
  });
  ({ conversation } = await gateway.simulator.say({ from: "Ann", text: "walrus" }));
  await gateway.simulator.waitFor(({ text }) => text.startsWith("walrus"), { conversation });
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

async function connected(headers: Record<string, string> = { authorization: `Bearer ${gateway.token}` }) {
  const client = new Client({ name: "test", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit: { headers } });
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  const call = async (name: string, input: Record<string, unknown> = {}) => {
    const { content, isError } = await client.callTool({ name, arguments: input });
    const [first] = content as { text: string }[];
    return { failed: isError === true, value: JSON.parse(first?.text ?? "null") };
  };
  return {
    client,
    transport,
    call,
    [Symbol.asyncDispose]: async () => {
      await transport.terminateSession();
      await client.close();
    },
  };
}

const person = (who: string) => ({ "x-test-person": who });
const raw = (body: unknown, headers: Record<string, string> = {}, method = "POST") =>
  fetch(`${gateway.url}/mcp`, {
    method,
    headers: {
      authorization: `Bearer ${gateway.token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    ...(method === "POST" && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};

describe("TEN-6 the MCP server", () => {
  it("TEN-6 reads conversations and their messages, and sends, once for each key", async () => {
    await using mcp = await connected();
    const { tools } = await mcp.client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      "approval_answer",
      "approvals_list",
      "conversations_list",
      "message_send",
      "messages_list",
    ]);
    const { value: listed } = await mcp.call("conversations_list", { channel: gateway.platform.id });
    const [found] = listed.items;
    expect(found).toMatchObject({ channel: gateway.platform.id, accountId: "default", conversation, kind: "direct" });
    const { value: read } = await mcp.call("messages_list", { key: found.key });
    expect(read.items[0]).toMatchObject({ role: "user", text: "walrus" });
    const message = { key: found.key, text: "sent by a tool", idempotencyKey: "k1" };
    const { value: newest } = await mcp.call("messages_list", { key: found.key, limit: 1 });
    expect(newest.items).toHaveLength(1);
    const { value: older } = await mcp.call("messages_list", { key: found.key, limit: 1, cursor: newest.next });
    expect(older.items[0]).toMatchObject({ role: "user", text: "walrus" });
    const first = await mcp.call("message_send", message);
    await gateway.simulator.waitFor(({ text }) => text === "sent by a tool", { conversation });
    const again = await mcp.call("message_send", message);
    expect([first.failed, again.failed]).toEqual([false, false]);
    expect(again.value.deliveryIds).toEqual(first.value.deliveryIds);
    expect(gateway.simulator.sent({ conversation }).filter(({ text }) => text === "sent by a tool")).toHaveLength(1);
  });

  it("TEN-6 says what is wrong with a call, as the tool's own error", async () => {
    await using mcp = await connected();
    expect(await mcp.call("nothing_here")).toMatchObject({ failed: true, value: { code: "REQ_002" } });
    expect(await mcp.call("messages_list", {})).toMatchObject({ failed: true, value: { code: "REQ_001" } });
    const answer = { requestId: "nobody", allow: true };
    expect(await mcp.call("approval_answer", answer)).toMatchObject({ failed: true, value: { code: "REQ_002" } });
    expect(await mcp.call("approvals_list")).toMatchObject({ failed: false, value: { items: [] } });
  });

  it("TEN-1 shows one tenant nothing of another's, whatever id it names", async () => {
    const key = await gateway.sessionOf(conversation);
    await using mcp = await connected(person("acme/owner"));
    expect((await mcp.call("conversations_list")).value.items).toEqual([]);
    const send = { key, text: "foreign words", idempotencyKey: "k" };
    expect(await mcp.call("messages_list", { key })).toMatchObject({ failed: true });
    expect(await mcp.call("message_send", send)).toMatchObject({ failed: true, value: { code: "REQ_002" } });
    expect(gateway.simulator.sent({ conversation }).some(({ text }) => text === "foreign words")).toBe(false);
  });

  it("TEN-1 offers a caller only what its scopes allow, and does nothing else for it", async () => {
    await using mcp = await connected(person("default/viewer"));
    const { tools } = await mcp.client.listTools();
    expect(tools.map(({ name }) => name)).not.toContain("message_send");
    const send = { key: await gateway.sessionOf(conversation), text: "by a viewer", idempotencyKey: "v" };
    expect(await mcp.call("message_send", send)).toMatchObject({ failed: true, value: { code: "SEC_003" } });
  });

  it("TEN-1 answers nobody who does not say who they are, on any request", async () => {
    await using mcp = await connected();
    const id = mcp.transport.sessionId ?? "";
    for (const authorization of ["", "Bearer wrong"]) {
      expect((await raw(INITIALIZE, { authorization })).status).toBe(401);
      expect(
        (await raw({ jsonrpc: "2.0", id: 2, method: "tools/list" }, { authorization, "mcp-session-id": id })).status,
      ).toBe(401);
    }
  });

  it("TEN-1 refuses whoever was sent away before the body was there", async () => {
    const headers = { ...person("leaving/owner"), accept: "application/json, text/event-stream" };
    const status = await bodyLater(`${gateway.url}/mcp`, headers, INITIALIZE, async () => {
      await admitted.promise;
      isRevoked = true;
    });
    expect(status).toBe(401);
  });

  it("TEN-1 a session is its caller's alone, and over when it is ended", async () => {
    await using mcp = await connected(person("acme/owner"));
    const id = mcp.transport.sessionId ?? "";
    const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };
    expect((await raw(list, { "mcp-session-id": id })).status).toBe(404);
    expect((await raw(undefined, { "mcp-session-id": id }, "DELETE")).status).toBe(404);
    expect((await mcp.client.listTools()).tools.length).toBeGreaterThan(0);
    const own = await raw(INITIALIZE);
    const mine = own.headers.get("mcp-session-id") ?? "";
    await own.text();
    expect((await raw(undefined, { "mcp-session-id": mine }, "DELETE")).status).toBe(200);
    expect((await raw(list, { "mcp-session-id": mine })).status).toBe(404);
  });

  it("TEN-1 no page of another origin gets in, not even with the token", async () => {
    expect((await raw(INITIALIZE, { origin: "https://evil.example" })).status).toBe(403);
    const own = await raw(INITIALIZE, { origin: gateway.url });
    await own.text();
    expect(own.status).toBe(200);
  });

  it("TEN-6 refuses what is no request: too large, too deep, no JSON, no session, a version nobody speaks", async () => {
    expect((await raw(`{"a":"${"x".repeat(1_100_000)}"}`)).status).toBe(413);
    expect((await raw("[".repeat(1_000))).status).toBe(400);
    expect((await raw("hello")).status).toBe(400);
    expect((await raw({ jsonrpc: "2.0", id: 2, method: "tools/list" })).status).toBe(400);
    await using mcp = await connected();
    const headers = { "mcp-session-id": mcp.transport.sessionId ?? "", "mcp-protocol-version": "1999-01-01" };
    expect((await raw({ jsonrpc: "2.0", id: 2, method: "tools/list" }, headers)).status).toBe(400);
  });
});
