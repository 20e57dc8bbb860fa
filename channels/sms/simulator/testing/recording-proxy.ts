/** Stands before a simulator and notes every call of the API with its answer. */
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
    const body = Buffer.concat(pieces).toString();
    const { authorization = "", "content-type": type } = request.headers;
    const answer = await fetch(target + request.url, {
      method: request.method ?? "GET",
      headers: { authorization, ...(type !== undefined && { "content-type": type }) },
      redirect: "manual",
      ...(request.method === "POST" && { body }),
    });
    const text = await answer.text();
    const isApi = request.url?.includes(".json") || request.url?.startsWith("/v1/");
    if (isApi) {
      calls.push({
        method: request.method ?? "",
        path: request.url ?? "",
        body,
        status: answer.status,
        answer: JSON.parse(text),
      });
    }
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
