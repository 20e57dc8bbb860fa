/** A line between browser and gateway that tests can hold or cut: a TCP proxy that passes bytes on. */

import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

export interface Line extends AsyncDisposable {
  /** Where the browser goes. */
  readonly url: string;
  /** From now on nothing comes back from the gateway; what the browser says still arrives. */
  holdAnswers(): void;
  /** Breaks every connection and lets none through. */
  cut(): void;
  /** Lets everything through again. */
  mend(): void;
}

export async function startLine(gatewayPort: number): Promise<Line> {
  const line = new ProxyLine(gatewayPort);
  await line.listen();
  return line;
}

class ProxyLine implements Line {
  readonly #server: Server;
  readonly #pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  #state: "open" | "held" | "cut" = "open";

  constructor(gatewayPort: number) {
    this.#server = createServer((near) => {
      if (this.#state === "cut") {
        near.destroy();
        return;
      }
      const far = connect(gatewayPort, "127.0.0.1");
      const pair = { near, far };
      this.#pairs.add(pair);
      near.on("data", (bytes) => far.write(bytes));
      far.on("data", (bytes) => {
        if (this.#state === "open") near.write(bytes);
      });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.on("error", () => {});
        one.on("close", () => {
          other.destroy();
          this.#pairs.delete(pair);
        });
      }
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  holdAnswers(): void {
    this.#state = "held";
  }

  cut(): void {
    this.#state = "cut";
    this.#destroyAll();
  }

  mend(): void {
    // What was held back is lost, as it would be on a broken line.
    if (this.#state === "held") this.#destroyAll();
    this.#state = "open";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#destroyAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #destroyAll(): void {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }
}
