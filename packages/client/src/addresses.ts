/** The addresses of one gateway, and which of them is tried. */
import { isLoopback, readFingerprint, SwitchboardError } from "@switchboard/protocol";
import { gatewayAddress } from "./address.ts";
import type { GatewayClientOptions } from "./options.ts";

export class Addresses {
  readonly #urls: readonly string[];
  readonly #pinned: boolean;
  #at = 0;
  #tried = 0;

  /** @throws REQ_001 when an address cannot be used, or a pin could not be checked at each of them. */
  constructor({ cleartext, pinnedSocket, tlsFingerprint, url }: GatewayClientOptions) {
    this.#urls = (typeof url === "string" ? [url] : url).map((each) => gatewayAddress(each, cleartext));
    if (this.#urls.length === 0) throw new SwitchboardError("REQ_001", "The gateway's address is missing.");
    this.#pinned = tlsFingerprint !== undefined;
    if (tlsFingerprint === undefined) return;
    readFingerprint(tlsFingerprint);
    if (this.#urls.some((each) => !each.startsWith("wss:"))) {
      throw new SwitchboardError(
        "REQ_001",
        "A certificate is pinned, so the gateway's address must begin with wss://.",
      );
    }
    if (!pinnedSocket) {
      throw new SwitchboardError("REQ_001", "A certificate is pinned, which cannot be checked here.", {
        action: "Use nodeGatewayClient of @switchboard/client/node; in a browser, trust the certificate there.",
      });
    }
  }

  /** Names the gateway wherever it is reached. */
  get first(): string {
    return this.#urls[0] ?? "";
  }

  get count(): number {
    return this.#urls.length;
  }

  get current(): string {
    return this.#urls[this.#at] ?? "";
  }

  /** Whoever answers at the present address is certain to be the gateway, or this machine. */
  get trusted(): boolean {
    return this.#pinned || isLoopback(new URL(this.current).hostname);
  }

  /** Moves on to the next address; `false` when each was tried since `begin`. */
  next(): boolean {
    this.#at = (this.#at + 1) % this.#urls.length;
    this.#tried += 1;
    return this.#tried < this.#urls.length;
  }

  /** A new round, from where somebody answered last. */
  begin(): void {
    this.#tried = 0;
  }
}
