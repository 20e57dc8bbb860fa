/** Ports that stay the same from one demo to the next, so that open pages find everything again. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { parseJsonObject } from "@switchboard/domain";

export interface StablePorts {
  /** The port that `name` had last time, if it is free; else any free one. */
  pick(name: string, preferred?: number): Promise<number>;
  /** Remembers what was picked. Only after all of them are taken: another demo may be running on the same directory. */
  save(): void;
}

export function stablePorts(file: string): StablePorts {
  const known = read(file);
  return {
    async pick(name, preferred = 0) {
      const before = known[name] ?? preferred;
      const port = (await isFree(before)) ? before : await freePort();
      known[name] = port;
      return port;
    },
    save: () => writeFileSync(file, JSON.stringify(known)),
  };
}

function read(file: string): Record<string, number> {
  try {
    return (parseJsonObject(readFileSync(file, "utf8")) ?? {}) as Record<string, number>;
  } catch {
    return {};
  }
}

async function isFree(port: number): Promise<boolean> {
  return port !== 0 && (await listenOnce(port)) !== undefined;
}

async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("no free port");
  return port;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : undefined));
    });
  });
}
