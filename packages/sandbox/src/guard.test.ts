/** Whom the sandbox answers, asked over real sockets. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "./sandbox.ts";
import { errorOf, Owner, type Stand, stand } from "./test-support/stand.ts";

describe("who may ask the sandbox", () => {
  let open: Stand;
  let own: string;
  let host: string;

  beforeAll(async () => {
    open = await stand();
    own = open.sandbox.url;
    host = new URL(own).host;
  });
  afterAll(() => open[Symbol.asyncDispose]());

  it.each(["0.0.0.0", "::", "192.168.1.7", "example.org"])("CH-10 does not listen on %s", async (elsewhere) => {
    const starting = startSandbox({ simulators: [], gateway: new Owner(), pages: "/nowhere", host: elsewhere });
    await expect(starting).rejects.toMatchObject({ code: "CFG_001", message: expect.stringContaining(elsewhere) });
  });

  it("CH-10 listens on this machine only, also on its newer address", async () => {
    expect(own).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await using newer = await stand({ host: "::1" });
    expect(newer.sandbox.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await newer.ask("GET", "/api/state")).status).toBe(200);
  });

  it.each([
    ["a site whose name was bound to this machine", "evil.example"],
    ["another port's name", "127.0.0.1:1"],
    ["a name that only begins right", "127.0.0.1.evil.example"],
    ["nothing one can read", "a b"],
    ["the machine's other name", "localhost"],
  ])("CVE-2026-25253 refuses the host of %s", async (_, name) => {
    for (const [method, path] of [
      ["GET", "/api/state"],
      ["GET", "/api/events"],
      ["POST", "/api/webchat"],
      ["POST", "/api/gateway/kill"],
    ] as const) {
      const answer = await open.ask(method, path, { host: name });
      expect(answer.status, path).toBe(403);
      expect(errorOf(answer).code).toBe("SEC_003");
      expect(answer.headers["set-cookie"]).toBeUndefined();
    }
    expect(open.owner.asked).toEqual([]);
  });

  it("CH-10 sends a visitor of the machine's other names to the one address, and only to the page", async () => {
    const { port } = new URL(own);
    for (const alias of [`localhost:${port}`, `[::1]:${port}`, `sandbox.localhost:${port}`]) {
      const answer = await open.ask("GET", "/", { host: alias });
      expect([answer.status, answer.headers.location], alias).toEqual([302, `${own}/`]);
      expect((await open.ask("POST", "/", { host: alias })).status).toBe(403);
      expect((await open.ask("GET", "/api/state", { host: alias })).status).toBe(403);
    }
  });

  it.each([
    ["another site", { origin: "https://evil.example" }],
    ["a page without an origin", { origin: "null" }],
    ["another port of this machine", { origin: "http://127.0.0.1:1" }],
    ["the same name over another scheme", { origin: "https://127.0.0.1" }],
    ["a picture on another site", { "sec-fetch-site": "cross-site" }],
    ["WebChat's frame, which is another port", { "sec-fetch-site": "same-site" }],
  ])("CVE-2026-25253 %s can neither read nor kill", async (_, headers) => {
    for (const [method, path] of [
      ["GET", "/api/state"],
      ["GET", "/api/events"],
      ["GET", "/api/trace/evt_1"],
      ["POST", "/api/webchat"],
      ["POST", "/api/gateway/kill"],
      ["POST", "/api/gateway/restart"],
    ] as const) {
      const answer = await open.ask(method, path, { host, ...headers });
      expect(answer.status, path).toBe(403);
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
    expect(open.owner.asked).toEqual([]);
  });

  it("CH-10 answers its own page, a command line, and a link from elsewhere to the page itself", async () => {
    expect((await open.ask("GET", "/api/state", { host, origin: own, "sec-fetch-site": "same-origin" })).status).toBe(
      200,
    );
    expect((await open.ask("GET", "/api/state", { host })).status).toBe(200);
    const page = await open.ask("GET", "/", { host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" });
    expect(page.status).toBe(200);
    expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  });
});
