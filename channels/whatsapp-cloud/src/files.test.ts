import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { GraphApi } from "./api.ts";
import { download } from "./files.ts";

/** A Graph API that says a file is at `url`, or serves `bytes` of it itself. */
async function graph(url: string | undefined, bytes = 10) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    if (request.url?.startsWith("/file")) response.end(Buffer.alloc(bytes));
    else response.end(JSON.stringify({ url: url ?? `${address()}/file`, mime_type: "image/png", file_size: "10" }));
  });
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const settings = { accessToken: "token", appSecret: "secret", version: "v23.0", baseUrl: address() };
  return {
    seen,
    api: new GraphApi({ ...settings, requestTimeoutMs: 5_000, uploadTimeoutMs: 5_000 }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const limits = { maxDownloadBytes: 100, mediaHosts: ["lookaside.fbsbx.com"] };
const get = (api: GraphApi, ref: string) => download(api, { media: ref }, limits, AbortSignal.timeout(5_000));

describe("MSG-6 CH-5 files of people", () => {
  it("SEC_007 are fetched from no host but Meta's: the token goes along", async () => {
    for (const url of [
      "https://evil.example/file",
      "https://lookaside.fbsbx.com.evil.example/file",
      "http://lookaside.fbsbx.com/file",
      "https://lookaside.fbsbx.com@evil.example/file",
      "file:///etc/passwd",
      "nonsense",
    ]) {
      await using it = await graph(url);
      await expect(get(it.api, "1"), url).rejects.toMatchObject({ code: "SEC_007" });
      expect(it.seen).toHaveLength(1);
    }
  });

  it("MSG_003 are not read beyond the limit, whatever was told of their size", async () => {
    await using it = await graph(undefined, 1_000);
    const { stream } = await get(it.api, "1");
    await expect(new Response(stream).arrayBuffer()).rejects.toMatchObject({ code: "MSG_003" });
  });

  it("REQ_002 have ids that are nothing but ids", async () => {
    await using it = await graph(undefined);
    for (const id of ["../../me", "1?fields=x", "", "a/b"]) {
      await expect(get(it.api, id)).rejects.toMatchObject({ code: "REQ_002" });
    }
    expect(it.seen).toHaveLength(0);
  });
});
