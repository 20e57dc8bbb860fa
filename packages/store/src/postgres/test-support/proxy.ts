/** A wire between the store and the server that can be cut at a chosen moment. */
import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";

/** `before`: the server never hears of the commit. `after`: it does, and its answer never comes. */
export type Cut = "before" | "after";

export interface Proxy extends AsyncDisposable {
  /** The given address, by way of the proxy. */
  url(url: string): string;
  /** Cuts the connection of the next commit. */
  cutNextCommit(when: Cut): void;
  /** How many were cut. */
  readonly cuts: number;
}

const COMMIT = Buffer.from("COMMIT\0");

export async function startProxy(to: string): Promise<Proxy> {
  const target = Number(new URL(to).port);
  const sockets = new Set<Socket>();
  let next: Cut | undefined;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = createConnection(target, "127.0.0.1");
    for (const each of [client, upstream]) {
      sockets.add(each);
      each.on("error", () => {});
      each.on("close", () => sockets.delete(each));
    }
    client.on("data", (data) => {
      if (next === undefined || !data.includes(COMMIT)) {
        upstream.write(data);
        return;
      }
      const when = next;
      next = undefined;
      cuts += 1;
      if (when === "before") {
        client.destroy();
        upstream.destroy();
        return;
      }
      upstream.removeAllListeners("data");
      upstream.once("data", () => {
        client.destroy();
        upstream.destroy();
      });
      upstream.write(data);
    });
    upstream.on("data", (data) => client.write(data));
    client.on("close", () => upstream.end());
    upstream.on("close", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: (url) => url.replace(/:\d+\//, `:${port}/`),
    cutNextCommit(when) {
      next = when;
    },
    get cuts() {
      return cuts;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const each of sockets) each.destroy();
      await closed;
    },
  };
}
