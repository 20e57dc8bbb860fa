import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

/** Everything that is answered to these bytes until the line is closed. */
function answerTo(url: string, lines: readonly string[]): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    let answer = "";
    socket.on("data", (data) => {
      answer += data.toString("utf8");
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(answer));
  });
}

const bodyOf = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));

describe("requests the HTTP side did not ask for", () => {
  let gateway: TestGateway;
  let host: string;

  beforeAll(async () => {
    gateway = await startTestGateway({ agent: "echo", account: false });
    host = `Host: ${new URL(gateway.url).host}`;
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("OPS-1 ignores an upgrade to what it does not speak (RFC 9110 §7.8)", async () => {
    const upgrade = ["Connection: Upgrade, HTTP2-Settings, close", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"];
    const answer = await answerTo(gateway.url, ["GET /healthz HTTP/1.1", host, ...upgrade]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(bodyOf(answer)).toMatchObject({ ok: true });
  });

  it.each(["/health", "/healthz", "/ready", "/readyz", "/startup", "/startupz"])(
    "OPS-4 answers HEAD at %s as well, without a body",
    async (path) => {
      const response = await fetch(gateway.url + path, { method: "HEAD" });
      expect([response.status, await response.text()]).toEqual([200, ""]);
    },
  );

  it("OPS-4 says that it lives and has started, in the words that probes of the wider world read", async () => {
    expect(await (await fetch(`${gateway.url}/healthz`)).json()).toMatchObject({ ok: true, status: "live" });
    expect(await (await fetch(`${gateway.url}/startupz`)).json()).toMatchObject({ ok: true, status: "started" });
  });

  it.each([
    ["evil.example", false],
    ["192.168.1.5:18789", false],
    ["localhost.evil.example", false],
    ["127.0.0.1.evil.example", false],
    ["localhost:1", true],
    ["[::1]:1", true],
    ["127.0.0.1", true],
  ])("OPS-4 a page that resolves here (DNS rebinding) sees no figures: Host %s", async (name, own) => {
    const ask = (path: string) => answerTo(gateway.url, [`GET ${path} HTTP/1.1`, `Host: ${name}`, "Connection: close"]);
    expect(await ask("/metrics")).toMatch(own ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 403 /);
    const alive = await ask("/healthz");
    expect([alive.startsWith("HTTP/1.1 200 "), alive.includes("version")]).toEqual([true, own]);
    expect(await ask("/readyz")).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ["an address that is none", 400, "REQ_001", ["GET /% HTTP/1.1", "Connection: close"]],
    [
      "a part of the address that is too long",
      404,
      "REQ_002",
      [`GET /media/${"x".repeat(3_000)} HTTP/1.1`, "Connection: close"],
    ],
    ["headers without end", 431, "REQ_003", ["GET / HTTP/1.1", `X-Long: ${"x".repeat(20_000)}`]],
    ["what is no HTTP", 400, "REQ_001", ["HELLO"]],
    ["an asterisk", 404, "REQ_002", ["GET * HTTP/1.1", "Connection: close"]],
  ])("CONN-3 answers %s in its own words", async (_what, status, code, [line = "", ...headers]) => {
    const answer = await answerTo(gateway.url, [line, host, ...headers]);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(bodyOf(answer)).toMatchObject({ error: { code, retryable: false, action: expect.any(String) } });
  });
});
