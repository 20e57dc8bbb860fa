/**
 * A WebSocket to one certificate and no other (DEV-11). The certificate is looked at after the TLS handshake and before
 * anything else is said: to a wrong one not even the HTTP request goes out, let alone a credential.
 */
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { readFingerprint, SwitchboardError } from "@switchboard/protocol";
import { WebSocket } from "ws";
import type { SocketLike } from "../options.ts";

/** Without a close frame. */
const LOST = 1006;

/** The pin takes the place of authorities and host names. `url` begins with `wss://`. @throws REQ_001. */
export function pinnedSocket(url: string, fingerprint: string): SocketLike {
  if (!url.startsWith("wss://")) throw new SwitchboardError("REQ_001", "A certificate can be pinned with wss:// only.");
  return new PinnedSocket(url, readFingerprint(fingerprint));
}

class PinnedSocket implements SocketLike {
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  onerror: SocketLike["onerror"] = null;
  readonly #line: TLSSocket;
  #socket: WebSocket | undefined;
  #over = false;

  constructor(url: string, fingerprint: string) {
    const { hostname, port } = new URL(url);
    const host = hostname.replace(/^\[(.*)\]$/, "$1");
    this.#line = connect({
      host,
      port: Number(port || 443),
      // Nobody vouches for a self-made certificate; the pin is checked instead, below.
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      ALPNProtocols: ["http/1.1"],
      ...(isIP(host) === 0 && { servername: host }),
    });
    this.#line.on("error", (error) => this.#ended(LOST, error.message));
    this.#line.once("close", () => this.#ended(LOST, ""));
    this.#line.once("secureConnect", () => {
      const certificate = this.#line.getPeerX509Certificate();
      if (certificate && readFingerprint(certificate.fingerprint256) === fingerprint) this.#speak(url);
      else this.#ended(LOST, "", wrongCertificate());
    });
  }

  send(text: string): void {
    this.#socket?.send(text, () => {});
  }

  close(code?: number, reason?: string): void {
    if (this.#socket) this.#socket.close(code, reason);
    else this.#line.destroy();
  }

  #speak(url: string): void {
    if (this.#over || this.#line.destroyed) return;
    const socket = new WebSocket(url, { createConnection: () => this.#line, perMessageDeflate: false });
    this.#socket = socket;
    socket.on("error", (error) => this.onerror?.(error));
    socket.on("message", (data, isBinary) => {
      if (!isBinary) this.onmessage?.({ data: data.toString() });
    });
    socket.on("close", (code, reason) => this.#ended(code, reason.toString()));
  }

  #ended(code: number, reason: string, error?: SwitchboardError): void {
    if (this.#over) return;
    // The socket has its own last words about a line that broke.
    if (this.#socket && code === LOST && this.#socket.readyState !== WebSocket.CLOSED) return;
    this.#over = true;
    this.#line.destroy();
    this.onclose?.({ code, reason, ...(error && { error }) });
  }
}

function wrongCertificate(): SwitchboardError {
  return new SwitchboardError("SEC_006", "The gateway shows another certificate than the pinned one.");
}
