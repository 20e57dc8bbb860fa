import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

type Headers = Readonly<Record<string, string>>;

/** What becomes of a socket that is opened with these headers: the first frame, or why there is none. */
function opened({ url }: TestGateway, headers: Headers): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url.replace("http", "ws"), { headers });
    const end = (what: string) => {
      socket.terminate();
      resolve(what);
    };
    socket.on("message", (data) => end((JSON.parse(String(data)) as { event: string }).event));
    socket.on("unexpected-response", (_request, response) => end(`HTTP ${response.statusCode}`));
    socket.on("error", () => end("error"));
    socket.on("close", (code) => end(`close ${code}`));
  });
}

function posted({ url }: TestGateway, path: string, headers: Headers): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

describe.concurrent("a gateway behind a proxy", () => {
  it("OPS-5 takes any forwarding header of a proxy it knows, however broken, without falling over", async () => {
    await using gateway = await startTestGateway({
      agent: "echo",
      config: { gateway: { trustedProxies: ["127.0.0.1", "10.0.0.0/8", "::1"] } },
    });
    for (const forwarded of [
      "203.0.113.7",
      "unknown",
      "203.0.113.7:51234",
      "[2001:db8::1]",
      "_hidden, 10.1.2.3",
      "\u00ff",
    ]) {
      const headers = { "x-forwarded-for": forwarded };
      expect([forwarded, await opened(gateway, headers)]).toEqual([forwarded, "connect.challenge"]);
      const guess = { ...headers, authorization: "Bearer wrong" };
      expect([401, 429]).toContain(await posted(gateway, "/session", guess));
    }
    // One that names nobody is refused: it could be anybody.
    expect(await opened(gateway, { "x-forwarded-for": ",," })).toBe("HTTP 403");
    const { conversation } = await gateway.simulator.say({ from: "Ada", text: "hello" });
    await gateway.simulator.waitFor(({ text }) => text.startsWith("hello"), { conversation });
    expect(gateway.fatal).toEqual([]);
  });

  it("OPS-5 a proxy on this machine that nobody named is not taken for the visitor", async () => {
    await using gateway = await startTestGateway({ agent: "echo" });
    expect(await opened(gateway, { "x-forwarded-for": "203.0.113.7" })).not.toBe("connect.challenge");
    expect(await opened(gateway, {})).toBe("connect.challenge");
  });

  it.each([["nonsense"], ["10.0.0.0/99"], ["10.0.0.0/"], ["1.2.3.4/8/9"], ["::1/129"], ["example.org"]])(
    "OPS-1 CFG_001 a trusted proxy %s that is no address is named, and nothing starts",
    async (proxy) => {
      await using gateway = await startTestGateway({
        start: false,
        config: { gateway: { trustedProxies: ["127.0.0.1", proxy] } },
      });
      await expect(gateway.start()).rejects.toMatchObject({
        code: "CFG_001",
        message: expect.stringContaining(proxy),
      });
    },
  );
});
