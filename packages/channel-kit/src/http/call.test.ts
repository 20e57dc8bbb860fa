/** What a call says of itself when it fails: the outbox decides by it whether a message may be sent again. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { fetchText, openStream } from "./index.ts";

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const post = { method: "POST", body: "a message", timeoutMs: 20_000 } as const;

describe("a call to a platform", () => {
  it("gives status, headers and text, and sends what it was given", async () => {
    const url = await serve(async (request, response) => {
      response.writeHead(201, { "x-kind": String(request.headers["x-kind"]) });
      response.end(`${request.method} ${await text(request)}`);
    });
    const answer = await fetchText({ ...post, url, headers: { "x-kind": "test" } });
    expect(answer).toMatchObject({ status: 201, text: "POST a message" });
    expect(answer.headers["x-kind"]).toBe("test");
  });

  it("Q-6 was certainly not sent when nobody listens", async () => {
    const url = await serve(() => {});
    const [server] = servers;
    await new Promise((closed) => server?.close(closed));
    await expect(fetchText({ ...post, url })).rejects.toMatchObject({ code: "ECONNREFUSED", sent: false });
    await expect(fetchText({ ...post, url: "http://127.0.0.1:1:2/" })).rejects.toMatchObject({ sent: false });
    const stopped = AbortSignal.abort();
    await expect(fetchText({ ...post, url, signal: stopped })).rejects.toMatchObject({ code: "ABORTED", sent: false });
  });

  it("Q-6 may have been sent when the line broke, the answer never came, or the caller gave up", async () => {
    const broken = await serve((request) => request.socket.destroy());
    await expect(fetchText({ ...post, url: broken })).rejects.toMatchObject({ sent: true });
    const silent = await serve(() => {});
    await expect(fetchText({ ...post, url: silent, timeoutMs: 50 })).rejects.toMatchObject({
      code: "TIMEOUT",
      sent: true,
    });
    const abort = new AbortController();
    const waiting = await serve(() => abort.abort());
    await expect(fetchText({ ...post, url: waiting, signal: abort.signal })).rejects.toMatchObject({
      code: "ABORTED",
      sent: true,
    });
  });

  it("breaks off an answer that is larger than any answer should be", async () => {
    const url = await serve((_, response) => {
      const more = () => response.writable && response.write(Buffer.alloc(65_536), more);
      more();
    });
    await expect(fetchText({ ...post, url }, 200_000)).rejects.toMatchObject({ code: "TOO_LARGE", sent: true });
  });

  it("follows no redirect, so that a credential goes nowhere else", async () => {
    let called = false;
    const elsewhere = await serve((_, response) => {
      called = true;
      response.end();
    });
    const url = await serve((_, response) => response.writeHead(307, { location: elsewhere }).end());
    expect(await fetchText({ ...post, url, headers: { authorization: "Bearer x" } })).toMatchObject({ status: 307 });
    expect(called).toBe(false);
  });

  it("MSG-6 hands a file over as it comes, and breaks off when nothing more comes", async () => {
    const url = await serve((_, response) => void response.write("the first half"));
    const stream = await openStream({ url, method: "GET", timeoutMs: 100 });
    expect(stream.statusCode).toBe(200);
    await expect(text(stream)).rejects.toMatchObject({ code: "TIMEOUT" });
  });
});
