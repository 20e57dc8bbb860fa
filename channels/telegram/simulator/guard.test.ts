/** Whom the simulator answers, and that nothing one can send ends it; asked over real sockets. */
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestBot, testBot } from "./testing/client.ts";

describe("who may ask the simulator", () => {
  let bot: TestBot;
  let own: string;
  let host: string;
  let port: number;

  beforeAll(async () => {
    bot = await testBot();
    own = bot.url;
    host = new URL(own).host;
    port = Number(new URL(own).port);
  });
  afterAll(() => bot[Symbol.asyncDispose]());

  const ask = async (method: string, path: string, headers: Readonly<Record<string, string>>, body = "") => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent: false });
    sent.end(body);
    const [response] = await once(sent, "response");
    response.destroy();
    return response.statusCode as number;
  };
  const raw = async (line: string) => {
    const socket = connect(port, "127.0.0.1").setEncoding("utf8");
    socket.end(`${line}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    let answer = "";
    for await (const text of socket) answer += text;
    return Number(answer.split(" ")[1]);
  };

  it.each([
    ["GET // HTTP/1.1", 404],
    ["GET http://[ HTTP/1.1", 404],
    ["GET //[/pane HTTP/1.1", 404],
    ["POST //[/pane/act HTTP/1.1", 404],
    ["GET /pane/%E0%A4%A HTTP/1.1", 404],
    ["GET /pane/state?account=%E0%A4%A HTTP/1.1", 404],
    ["GET /bot%E0%A4%A/getMe HTTP/1.1", 400],
    ["GET /file/bot%E0%A4%A/x HTTP/1.1", 400],
    ["GET /file/bot1:x/%E0%A4%A HTTP/1.1", 401],
    ["OPTIONS * HTTP/1.1", 404],
  ])("CH-1 %s is answered, and ends nothing", async (line, status) => {
    expect(await raw(line)).toBe(status);
    expect((await bot.call("getMe")).ok).toBe(true);
  });

  it.each(["evil.example", "127.0.0.1:1", "127.0.0.1.evil.example", "a b", "localhost.evil.example"])(
    "CVE-2026-25253 a name that was bound to this machine reaches nothing: %s",
    async (name) => {
      for (const rebound of new Set([name, name.includes(":") ? name : `${name}:${port}`])) {
        const headers = { host: rebound, origin: `http://${rebound}`, "sec-fetch-site": "same-origin" };
        for (const path of [
          "/pane",
          "/pane/state",
          "/pane/events",
          "/pane/messages?chat=1",
          `/bot${bot.token}/getMe`,
        ]) {
          expect(await ask("GET", path, headers), path).toBe(403);
        }
        expect(await ask("POST", "/pane/act", headers, "{}")).toBe(403);
      }
    },
  );

  it.each([
    ["another site", { origin: "https://evil.example" }],
    ["a page without an origin", { origin: "null" }],
    ["another port of this machine", { origin: "http://127.0.0.1:1" }],
    ["the same name over another scheme", { origin: "https://127.0.0.1" }],
    ["a picture on another site", { "sec-fetch-site": "cross-site" }],
  ])("CVE-2026-25253 %s can neither read nor act", async (_, headers) => {
    for (const path of ["/pane/state", "/pane/events", "/pane/file?id=x"]) {
      expect(await ask("GET", path, { host, ...headers }), path).toBe(403);
    }
    expect(await ask("POST", "/pane/act", { host, ...headers }, "{}")).toBe(403);
  });

  it("CH-1 answers its own page, a frame in the sandbox, a proxy, and the machine's other names", async () => {
    const page = { host, origin: own, "sec-fetch-site": "same-origin" };
    expect(await ask("GET", "/pane/state", page)).toBe(200);
    expect(await ask("GET", "/pane/state", { host })).toBe(200);
    expect(await ask("GET", "/pane", { host, "sec-fetch-site": "same-site", "sec-fetch-dest": "iframe" })).toBe(200);
    expect(await ask("GET", "/pane/state", { host: `localhost:${port}` })).toBe(200);
    const proxied = { host, origin: "https://try.example", "x-forwarded-host": "try.example" };
    expect(await ask("GET", "/pane/state", proxied)).toBe(200);
  });
});
