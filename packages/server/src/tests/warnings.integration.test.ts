import { describe, expect, it } from "vitest";
import { startTestGateway } from "../test-support/gateway.ts";

describe.concurrent("what is told at the start", () => {
  it("OPS-1 warns of a token that can be guessed, an open address and a model of nobody, and names an address that opens", async () => {
    const env = { GATEWAY_TOKEN: "x", GATEWAY_HOST: "0.0.0.0", OPENAI_MODEL: "m" };
    await using gateway = await startTestGateway({ agent: "echo", account: false, env });
    const warnings = gateway.log.lines.filter(({ level }) => level === "warn").map(({ message }) => message);
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining("OPENAI_MODEL is set, but neither"),
        expect.stringContaining("token is short enough to be guessed"),
        expect.stringContaining("others than this machine can connect"),
      ]),
    );
    expect(gateway.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });

  it("OPS-1 warns of nothing where nothing is set", async () => {
    await using gateway = await startTestGateway({ agent: "echo", account: false });
    expect(gateway.log.lines.filter(({ level }) => level === "warn")).toEqual([]);
  });
});
