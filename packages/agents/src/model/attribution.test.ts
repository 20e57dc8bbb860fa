import type { TenantId } from "@switchboard/domain";
import type { AgentSettings } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { PROTOCOLS, useProvider } from "../test-support/provider.ts";

const provider = useProvider();

const conversation = { channel: "test", account: "tenant-acme", id: "a-raw-peer", kind: "direct" } as const;
const place = { conversation: { ...conversation } as never };

describe.each(PROTOCOLS)("%s calls", (protocol) => {
  const ask = (attribution: AgentSettings["attribution"], more: object = {}) =>
    provider.ask(protocol, {
      settings: attribution === undefined ? {} : { attribution },
      tenant: "acme" as TenantId,
      place,
      endUser: "peer:00ff",
      ...more,
    });

  it("TEN-7 say whose they are: in headers and fields of the body, as they are configured", async () => {
    const headers = {
      "x-litellm-end-user-id": "{tenant}",
      "X-Title": "My app",
      "HTTP-Referer": "https://example.com/{channel}/{account}",
    };
    const body = { user: "{peer}", metadata: { tenant: "{tenant}", session: "{session}" }, model: "another" };
    const run = await ask({ headers, body });
    expect(run.error).toBeUndefined();
    expect(run.text).toContain("hello");
    const { body: sent, headers: got, model } = provider.last();
    expect(got).toMatchObject({
      "x-litellm-end-user-id": "acme",
      "x-title": "My app",
      "http-referer": "https://example.com/test/tenant-acme",
    });
    expect(sent).toMatchObject({ user: "peer:00ff", metadata: { tenant: "acme", session: "session_1" } });
    expect(model).toBe("test-model");
    expect(JSON.stringify([got, sent])).not.toContain(conversation.id);
  });

  it("TEN-7 say nothing of it when they are not told to", async () => {
    await ask(undefined);
    expect(JSON.stringify([provider.last().headers, provider.last().body])).not.toMatch(/acme|peer:00ff/);
  });

  it("TEN-7 leave out what a turn has not, and put nothing into a header that would end it", async () => {
    const headers = { "x-who": "{peer}", "x-where": "{channel}", "x-tenant": "{tenant}" };
    await ask(
      { headers, body: { metadata: { who: "{peer}" } } },
      { endUser: undefined, tenant: "a\r\nx-evil: 1 \u00fc" },
    );
    const { body, headers: got } = provider.last();
    expect(got["x-who"]).toBeUndefined();
    expect(body.metadata).toBeUndefined();
    expect(got).toMatchObject({ "x-where": "test", "x-tenant": "a%0D%0Ax-evil: 1 %C3%BC" });
    expect(got["x-evil"]).toBeUndefined();
  });

  it.each([
    [{ headers: { Authorization: "{tenant}" } }, "Authorization"],
    [{ headers: { "no header": "x" } }, "no header"],
    [{ headers: { "x-a": "{phone}" } }, "{phone}"],
    [{ body: { metadata: { a: "{phone}" } } }, "{phone}"],
  ])("AGENT_006 refuse what cannot be sent: %j", async (attribution, named) => {
    const runtime = provider.runtime(protocol).then(() => ask(attribution));
    await expect(runtime).rejects.toMatchObject({ code: "AGENT_006", message: expect.stringContaining(named) });
    expect(provider.server.count).toBe(0);
  });
});
