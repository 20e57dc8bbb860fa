/** The sandbox's answers: page, state, buttons, and what it says to questions it cannot answer. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { SandboxState, WebchatPlace } from "./api.ts";
import { startSandbox } from "./sandbox.ts";
import { errorOf, Owner, stand, TOKEN } from "./test-support/stand.ts";

describe("the sandbox's server", () => {
  it("CH-10 serves the page and what it loads, and no other file", async () => {
    await using open = await stand();
    const page = await open.ask("GET", "/");
    expect([page.status, page.text]).toEqual([200, "<!doctype html><title>the page</title>"]);
    expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
    const script = await open.ask("GET", "/assets/sandbox-a1.js");
    expect([script.status, script.text]).toEqual([200, "export {};"]);
    expect(script.headers["content-type"]).toContain("javascript");
    for (const path of [
      "/assets/missing.js",
      "/assets/notes.txt",
      "/assets/../secret.js",
      "/assets/%2e%2e/secret.js",
      "/assets/..%2fsecret.js",
      "/secret.js",
      "/sandbox.html",
      "/assets/",
      "/api",
      "/api/trace/",
      "/api/trace/a/b",
      `/api/trace/${"x".repeat(129)}`,
      "/api/trace/%00",
    ]) {
      const answer = await open.ask("GET", path);
      expect(answer.status, path).toBe(404);
      expect(errorOf(answer)).toMatchObject({
        code: "REQ_002",
        message: expect.any(String),
        action: expect.any(String),
      });
    }
  });

  it("CH-10 a wrong method, a path that is none and a body nobody asked for end in a clear error", async () => {
    await using open = await stand();
    for (const [method, path] of [
      ["DELETE", "/api/state"],
      ["GET", "/api/gateway/kill"],
      ["PUT", "/"],
      ["GET", "//["],
      ["GET", "/api/state/../../etc/passwd"],
    ] as const) {
      const answer = await open.ask(method, path);
      expect(answer.status, `${method} ${path}`).toBe(404);
      expect(errorOf(answer).code).toBe("REQ_002");
    }
    const response = await fetch(`${open.sandbox.url}/api/gateway/kill`, {
      method: "POST",
      body: "x".repeat(2_000_000),
    });
    expect(response.status).toBe(200);
    expect(open.owner.asked).toEqual(["kill"]);
  });

  it("CH-10 tells how the gateway is and counts how often it came up", async () => {
    await using open = await stand();
    const state = async () => (JSON.parse((await open.ask("GET", "/api/state")).text) as SandboxState).gateway;
    expect(await state()).toEqual({ state: "starting", starts: 0 });
    open.owner.become("running", "http://127.0.0.1:1");
    expect(await state()).toEqual({ state: "running", starts: 1, url: "http://127.0.0.1:1" });
    expect(JSON.parse((await open.ask("POST", "/api/gateway/kill")).text)).toMatchObject({ state: "down", starts: 1 });
    expect(JSON.parse((await open.ask("POST", "/api/gateway/restart")).text)).toMatchObject({
      state: "running",
      starts: 2,
    });
    expect(open.owner.asked).toEqual(["kill", "restart"]);
  });

  it("CH-10 logs the visitor in to WebChat without giving the token away", async () => {
    await using open = await stand();
    const heard: (string | undefined)[] = [];
    let status = 204;
    const gateway = createServer(({ headers, method, url }, response) => {
      heard.push(`${method} ${url} ${headers.authorization}`);
      response.writeHead(status, { "set-cookie": "session=opaque; HttpOnly; SameSite=Strict" }).end();
    });
    await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
      expect(errorOf(await open.ask("POST", "/api/webchat")).code).toBe("SYS_004");
      open.owner.become("running", url);
      const answer = await open.ask("POST", "/api/webchat");
      expect(JSON.parse(answer.text) as WebchatPlace).toEqual({ url: `${url}/chat` });
      expect(answer.headers["set-cookie"]).toEqual(["session=opaque; HttpOnly; SameSite=Strict"]);
      expect(heard.at(-1)).toBe(`POST /session Bearer ${TOKEN}`);
      expect(JSON.stringify(answer)).not.toContain(TOKEN);
      status = 401;
      const refused = await open.ask("POST", "/api/webchat");
      expect([refused.status, errorOf(refused).code]).toEqual([401, "CONN_002"]);
      expect(refused.text).not.toContain(TOKEN);
    } finally {
      gateway.closeAllConnections();
      gateway.close();
    }
    const gone = await open.ask("POST", "/api/webchat");
    expect([gone.status, errorOf(gone).code]).toEqual([503, "SYS_004"]);
  });

  it("CH-10 says that a trace cannot be read while the gateway is away", async () => {
    await using open = await stand();
    const answer = await open.ask("GET", "/api/trace/evt_1");
    expect([answer.status, errorOf(answer).code]).toEqual([503, "SYS_004"]);
  });

  it("CH-10 does not start without built pages or on a taken port, and leaves nothing behind when it closes", async () => {
    const starting = startSandbox({ simulators: [], gateway: new Owner(), pages: "/nowhere" });
    await expect(starting).rejects.toMatchObject({
      code: "CFG_001",
      message: expect.stringContaining("npm run build"),
    });
    await using open = await stand();
    const { port } = new URL(open.sandbox.url);
    const late = new Owner();
    await expect(stand({ port: Number(port), gateway: late })).rejects.toMatchObject({ code: "SYS_003" });
    expect(late.listeners).toBe(0);
    expect(open.owner.listeners).toBe(2);
    await open.sandbox.close();
    expect(open.owner.listeners).toBe(0);
    await expect(open.ask("GET", "/api/state")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
