/** The file with which a platform's own console sets up an app. */
import { describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

async function manifests(gateway: TestGateway, options: { readonly events?: "calls" | "sockets" } = {}) {
  const { channels } = await gateway.request("channels.list", {});
  const asked = channels.map(({ id }) =>
    gateway
      .request("channels.manifest", { channel: id, accountId: "work", name: "Desk", ...options })
      .catch((error: unknown) => error),
  );
  return Promise.all(asked);
}

describe("CH-2 manifests", () => {
  it("name the account's address and what people see; channels without one say so", async () => {
    await using gateway = await startTestGateway({ agent: "echo", webhooks: true });
    const all = await manifests(gateway);
    const made = all.filter((each) => !(each instanceof Error)) as {
      channel: string;
      accountId: string;
      body: string;
    }[];
    expect(made.length).toBeGreaterThan(0);
    for (const { accountId, body, channel } of made) {
      expect(accountId).toBe("work");
      expect(body).toContain("Desk");
      expect(body).toContain(`${gateway.url}/webhooks/${channel}/`);
      expect(body).toContain("/work");
      expect(body).toContain("status");
    }
    for (const error of all.filter((each) => each instanceof Error)) expect(error).toMatchObject({ code: "REQ_001" });
    for (const each of (await manifests(gateway, { events: "sockets" })) as { body?: string }[]) {
      expect(each.body ?? "").not.toContain(`${gateway.url}/webhooks/`);
    }
  });

  it("REQ_001 where the gateway has no public address there is none to name", async () => {
    await using gateway = await startTestGateway({ agent: "echo" });
    for (const each of await manifests(gateway, { events: "calls" })) expect(each).toMatchObject({ code: "REQ_001" });
    const made = ((await manifests(gateway)) as { body?: string }[]).filter(({ body }) => body !== undefined);
    expect(made.length).toBeGreaterThan(0);
    for (const { body } of made) expect(body).not.toContain("http://");
  });
});
