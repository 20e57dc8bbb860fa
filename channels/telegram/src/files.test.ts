import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { textContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { testAccount } from "./account.test.helper.ts";
import channel from "./index.ts";
import { attemptNow, failure, scene, target } from "./scene.test.helper.ts";
import { type Answer, refusal, TOKEN } from "./scripted-server.test.helper.ts";

describe("MSG-6 files that people send", () => {
  const file =
    (size?: number): Answer =>
    () => ({
      file_id: "f",
      file_unique_id: "u",
      file_path: "documents/a b.pdf",
      ...(size !== undefined && { file_size: size }),
    });

  it("streams a file with its name and size", async () => {
    const bytes = Buffer.alloc(300_000, "x");
    await using it = await scene({ getFile: file(), "a%20b.pdf": ({ response }) => void response.end(bytes) });
    const media = await it.connection.download?.({ fileId: "f" }, new AbortController().signal);
    expect(media).toMatchObject({ fileName: "a b.pdf" });
    expect(Buffer.from(await new Response(media?.stream).arrayBuffer()).equals(bytes)).toBe(true);
    expect(it.server.of("getFile")[0]?.params).toEqual({ file_id: "f" });
  });

  it("MSG_003 stops at the limit, by what is announced and by what comes", async () => {
    const maxDownloadBytes = 1000;
    const signal = new AbortController().signal;
    await using announced = await scene({ getFile: file(2000) }, { maxDownloadBytes });
    expect(await failure(Promise.resolve(announced.connection.download?.({ fileId: "f" }, signal)))).toMatchObject({
      code: "MSG_003",
    });
    const endless: Answer = ({ response }) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x".repeat(600)), 5);
      response.on("close", () => clearInterval(timer));
    };
    await using lying = await scene({ getFile: file(), "a%20b.pdf": endless }, { maxDownloadBytes });
    const media = await lying.connection.download?.({ fileId: "f" }, signal);
    expect(await failure(new Response(media?.stream).arrayBuffer())).toMatchObject({ code: "MSG_003" });
  });

  it("breaks off when the file stops coming, or the reader is told to stop", async () => {
    const stalling: Answer = ({ response }) => void response.writeHead(200).write("x");
    await using it = await scene({ getFile: file(), "a%20b.pdf": stalling }, { requestTimeoutMs: 100 });
    const media = await it.connection.download?.({ fileId: "f" }, new AbortController().signal);
    const stalled = await failure(new Response(media?.stream).arrayBuffer());
    expect(stalled).toMatchObject({ code: "CONN_001", message: expect.stringMatching(/Nothing came/) });
    const stop = new AbortController();
    const other = await it.connection.download?.({ fileId: "f" }, stop.signal);
    stop.abort();
    expect((await failure(new Response(other?.stream).arrayBuffer())).message).toMatch(/stopped/);
  });

  it("lets go of the connection when the reader has had enough", async () => {
    const closed = Promise.withResolvers<void>();
    const endless: Answer = ({ response }) => {
      response.writeHead(200).write("x");
      response.on("close", () => closed.resolve());
    };
    await using it = await scene({ getFile: file(), "a%20b.pdf": endless });
    const media = await it.connection.download?.({ fileId: "f" }, new AbortController().signal);
    const reader = media?.stream.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
    await closed.promise;
  });

  it("MSG_003 REQ_002 says why a file cannot be had", async () => {
    const signal = new AbortController().signal;
    await using big = await scene({ getFile: () => refusal(400, "Bad Request: file is too big") });
    expect(await failure(Promise.resolve(big.connection.download?.({ fileId: "f" }, signal)))).toMatchObject({
      code: "MSG_003",
    });
    expect(await failure(Promise.resolve(big.connection.download?.({ nonsense: 1 }, signal)))).toMatchObject({
      code: "REQ_002",
    });
  });
});

describe("MSG-6 files that are sent", () => {
  const tooMany = JSON.stringify(refusal(429, "Too Many Requests: retry after 1", { retry_after: 1 }));
  it.each([
    ["the connection breaks", "CONN_001", (request: IncomingMessage) => void request.socket.destroy()],
    [
      "Telegram refuses it early",
      "CONN_003",
      (_: IncomingMessage, to: ServerResponse) => to.writeHead(429).end(tooMany),
    ],
  ])("are closed when %s before all of it was read", async (_, code, breakOff) => {
    await using server = createServer((request, response) => {
      request.on("error", () => {}).once("data", () => breakOff(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await using account = testAccount({ config: { token: TOKEN, baseUrl, transport: "polling" } });
    const closed = Promise.withResolvers<void>();
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      cancel: () => closed.resolve(),
    });
    const file = { mimeType: "video/mp4", fileName: "a.mp4", size: 1e9, stream: endless };
    const connection = await channel.open({ ...account.context, openAttachment: async () => file });
    const content = textContent("", { attachments: [{ kind: "video", source: { blob: "b1" } }] });
    const [part] = channel.render(content, target);
    if (!part) throw new Error("nothing rendered");
    expect(await failure(connection.send(target, part, attemptNow()))).toMatchObject({ code });
    await closed.promise;
    server.closeAllConnections();
  });
});
