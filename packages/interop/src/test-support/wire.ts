/**
 * A reverse proxy before the gateway's WebSocket that writes down every frame. It adds the address that a client far
 * away would have, as any proxy does.
 */
import type { AddressInfo } from "node:net";
import { type RawData, WebSocket, WebSocketServer } from "ws";

export interface Passed {
  /** Counts the connections from 0. */
  readonly connection: number;
  readonly from: "client" | "gateway";
  readonly frame: Readonly<Record<string, unknown>>;
}

export interface Wire extends AsyncDisposable {
  readonly url: string;
  /** Everything so far, in the order it passed. */
  readonly passed: readonly Passed[];
}

/** `target` is asked for each connection, so that the gateway may move. `from`: the client's address, default none. */
export async function openWire(target: () => string, from?: string): Promise<Wire> {
  const passed: Passed[] = [];
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  let connections = 0;
  server.on("connection", (client) => {
    const connection = connections++;
    const headers = from === undefined ? {} : { "x-forwarded-for": from };
    const gateway = new WebSocket(target(), { headers, perMessageDeflate: false });
    const note = (side: Passed["from"], data: RawData) => {
      passed.push({ connection, from: side, frame: JSON.parse(String(data)) as Passed["frame"] });
    };
    const early: RawData[] = [];
    client.on("message", (data) => {
      note("client", data);
      if (gateway.readyState === WebSocket.OPEN) gateway.send(String(data));
      else early.push(data);
    });
    gateway.on("open", () => {
      for (const data of early) gateway.send(String(data));
    });
    gateway.on("message", (data) => {
      note("gateway", data);
      client.send(String(data));
    });
    joinEnds(client, gateway);
    joinEnds(gateway, client);
  });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What ends on one side ends on the other with the same words; a line that broke breaks. */
function joinEnds(one: WebSocket, other: WebSocket): void {
  one.on("close", (code, reason) => {
    const said = code === 1000 || (code >= 1002 && code <= 1003) || (code >= 1007 && code <= 1014) || code >= 3000;
    if (said && other.readyState === WebSocket.OPEN) other.close(code, reason);
    else other.terminate();
  });
  one.on("error", () => other.terminate());
}
