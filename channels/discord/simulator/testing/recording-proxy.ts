/** Stands before a simulator and notes every call of the API with its answer; the gateway and files are elsewhere. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SeenCall } from "../specs.ts";

export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly SeenCall[];
}

export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const calls: SeenCall[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const { authorization = "", "content-type": type } = request.headers;
    const answer = await fetch(target + request.url, {
      method: request.method ?? "GET",
      headers: { authorization, ...(type !== undefined && { "content-type": type }) },
      ...(body.byteLength > 0 && { body }),
    });
    const text = await answer.text();
    calls.push({
      method: request.method ?? "",
      path: (request.url ?? "").replace("/api/v10", ""),
      body: await jsonOf(body, type),
      status: answer.status,
      answer: text === "" ? undefined : JSON.parse(text),
    });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function jsonOf(body: Buffer, type = ""): Promise<unknown> {
  if (body.byteLength === 0) return undefined;
  if (!type.startsWith("multipart/")) return JSON.parse(body.toString());
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  return JSON.parse(String(form.get("payload_json")));
}
