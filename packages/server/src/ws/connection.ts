/** A client that is through the handshake: what it may do, what it listens to, what it is sent. */
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { CLOSE, type ErrorShape, type EventName, type EventSpec, eventSpec } from "@switchboard/protocol";
import type { GatewayLimits } from "../lines/limits.ts";
import type { Wire } from "../lines/wire.ts";
import { type Audience, entitled, isSubscribedChat, type Listener, listensTo } from "./audience.ts";
import type { Authority } from "./authenticator.ts";
import type { ConnectionInfo } from "./registry.ts";

const MOST_RUNS = 256;

export interface ConnectionOptions {
  readonly info: ConnectionInfo;
  readonly wire: Wire;
  readonly limits: GatewayLimits;
  authority(): Authority | undefined;
}

/** A frame for everyone, but for each client's own sequence number. */
export interface Broadcast {
  /** JSON text: all of it but the number, and what comes behind the number. */
  readonly head: string;
  readonly tail: string;
  readonly scope: EventSpec["scope"];
  readonly dropIfSlow: boolean;
  readonly audience: Audience;
}

export class Connection implements Listener {
  readonly info: ConnectionInfo;
  readonly topics = new Set<string>();
  readonly runs = new Set<string>();
  readonly #options: ConnectionOptions;
  #gone: AbortController | undefined;
  #isGone = false;
  #seq = 0;
  #unauthorizedInARow = 0;

  constructor(options: ConnectionOptions) {
    this.info = options.info;
    this.#options = options;
  }

  get tenant(): TenantId {
    return this.info.tenant;
  }

  get caps(): ReadonlySet<string> {
    return this.info.caps;
  }

  /** Aborted when the client is gone. Made when somebody asks: most clients rest, and thousands of them may. */
  get signal(): AbortSignal {
    this.#gone ??= new AbortController();
    if (this.#isGone) this.#gone.abort();
    return this.#gone.signal;
  }

  /** What the client may do now; `undefined` when that was taken away, and then the line is closed. */
  authority(): Authority | undefined {
    const authority = this.#options.authority();
    if (!authority) this.close(CLOSE.authorityLost, "gateway auth changed");
    return authority;
  }

  /**
   * Sends a broadcast, if it is meant for this client. It counts even if a slow client does not get it. `undefined`: it
   * is not meant for this client.
   */
  deliver({ head, tail, scope, dropIfSlow, audience }: Broadcast): "sent" | "dropped" | undefined {
    const { wire } = this.#options;
    if (!wire.open || !listensTo(this, audience)) return undefined;
    const authority = this.authority();
    if (!authority) return undefined;
    if (this.info.role === "node" && isSubscribedChat(this, audience)) {
      return wire.send(`${head}}`, { dropIfSlow }) ? "sent" : "dropped";
    }
    if (!entitled(this.info.role, authority.scopes, scope)) return undefined;
    this.#seq += 1;
    return wire.send(`${head},"seq":${this.#seq}${tail}`, { dropIfSlow }) ? "sent" : "dropped";
  }

  /** Sends an event to this client only; it has no sequence number. */
  emit(event: EventName, payload: unknown): void {
    const authority = this.authority();
    if (!authority || !entitled(this.info.role, authority.scopes, eventSpec(event).scope)) return;
    this.#options.wire.send(frameOf(event, JSON.stringify(payload)));
  }

  /** The same for what the gateway itself addresses to this client, whatever it holds. False: it did not go out. */
  send(event: EventName, payload: unknown): boolean {
    return this.authority() !== undefined && this.#options.wire.send(frameOf(event, JSON.stringify(payload)));
  }

  /** Answers a request, unless everything was taken away meanwhile. A payload that is no JSON becomes an error. */
  respond(id: string, payload: unknown): void {
    this.#unauthorizedInARow = 0;
    if (!this.authority()) return;
    let text: string;
    try {
      text = JSON.stringify({ type: "res", id, ok: true, payload });
    } catch {
      this.fail(id, { code: "UNAVAILABLE", message: "response serialization failed" });
      return;
    }
    this.#options.wire.send(text);
  }

  fail(id: string, error: ErrorShape): void {
    this.#options.wire.send(failureText(id, error));
    if (!error.message.startsWith("unauthorized role:")) {
      this.#unauthorizedInARow = 0;
      return;
    }
    this.#unauthorizedInARow += 1;
    if (this.#unauthorizedInARow > this.#options.limits.unauthorizedInARow) {
      this.close(CLOSE.policy, "repeated unauthorized calls");
    }
  }

  /** @throws REQ_003 when there are too many. */
  subscribe(topic: string): void {
    if (!this.topics.has(topic) && this.topics.size >= this.#options.limits.subscriptions) {
      throw new SwitchboardError("REQ_003", "This connection subscribes to too many things; unsubscribe from some.");
    }
    this.topics.add(topic);
  }

  /** Notes that this client started a run; the oldest ones are forgotten. */
  startedRun(run: string): void {
    this.runs.delete(run);
    this.runs.add(run);
    const [oldest] = this.runs;
    if (this.runs.size > MOST_RUNS && oldest !== undefined) this.runs.delete(oldest);
  }

  close(code: number, reason: string): void {
    this.#options.wire.close(code, reason);
  }

  /** The line is gone. */
  ended(): void {
    this.#isGone = true;
    this.#gone?.abort();
  }
}

/** `payload` is JSON text. */
function frameOf(event: EventName, payload: string): string {
  return `{"type":"event","event":"${event}","payload":${payload}}`;
}

function failureText(id: string, error: ErrorShape): string {
  try {
    return JSON.stringify({ type: "res", id, ok: false, error });
  } catch {
    const { details: _, ...rest } = error;
    return JSON.stringify({ type: "res", id, ok: false, error: rest });
  }
}
