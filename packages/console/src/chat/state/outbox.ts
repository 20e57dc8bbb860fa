/**
 * Brings what the person wrote to the gateway: in order within a session, under one key however often it takes, and
 * kept by the browser until the gateway has it, so that neither a reload nor a dead gateway loses or doubles anything.
 */
import type { GatewayClient } from "@switchboard/client";
import { SwitchboardError } from "@switchboard/protocol";
import { Signal } from "../../shared/signal.ts";
import type { Storage } from "../../shared/storage.ts";
import { asOutgoing, type Outgoing, type OutgoingFile, withState } from "../model/outgoing.ts";
import { plightOf } from "../model/plight.ts";

const NAME = "outgoing.";
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

export interface OutboxPorts {
  readonly client: GatewayClient;
  readonly storage: Storage;
  /** Resolves with the file once its bytes are in the gateway's media store; rejects when they cannot be. */
  upload(file: OutgoingFile): Promise<OutgoingFile>;
  /** The gateway says that the run of this message is over; `stopped`: before its end. */
  ended(message: Outgoing, stopped: boolean): void;
}

export class Outbox {
  /** Of all sessions, oldest first. */
  readonly messages: Signal<readonly Outgoing[]>;
  readonly #ports: OutboxPorts;
  /** Sessions whose first waiting message is under way. */
  readonly #busy = new Set<string>();

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    const kept = ports.storage.names(NAME).map((name) => asOutgoing(ports.storage.read(name)));
    this.messages = new Signal(kept.filter((each) => each !== undefined).sort((a, b) => a.at - b.at));
    ports.client.onHello(() => this.#askAgain());
  }

  of(session: string): readonly Outgoing[] {
    return this.messages.get().filter((message) => message.session === session);
  }

  send(message: Omit<Outgoing, "key" | "at" | "state">): Outgoing {
    const outgoing: Outgoing = { ...message, key: crypto.randomUUID(), at: Date.now(), state: "waiting" };
    this.messages.update((all) => [...all, outgoing]);
    this.#keep(outgoing);
    void this.#work(outgoing.session);
    return outgoing;
  }

  /** Tries a failed message again, under the same key. */
  retry(key: string): void {
    const message = this.#find(key);
    if (message?.state !== "failed" || message.refused) return;
    this.#become(withState(message, "waiting"));
    void this.#work(message.session);
  }

  /** Gives a failed message up, e.g. to write it differently. */
  discard(key: string): void {
    if (this.#find(key)?.state === "failed") this.#forget(key);
  }

  /** It is done: the transcript shows it, or its run ended without a trace there. */
  done(key: string): void {
    this.#forget(key);
  }

  /** The gateway had it and did not take it after all. */
  refused(key: string, reason: string): void {
    const message = this.#find(key);
    if (message) this.#become({ ...withState(message, "failed", { message: reason }), refused: true });
  }

  /** A new line: what was stored by the line before is asked about again, since only the gateway knows. */
  #askAgain(): void {
    for (const message of this.messages.get()) {
      if (message.state === "sending" || message.state === "stored") this.#become(withState(message, "waiting"));
    }
    for (const session of new Set(this.messages.get().map((message) => message.session))) void this.#work(session);
  }

  async #work(session: string): Promise<void> {
    if (this.#busy.has(session)) return;
    this.#busy.add(session);
    let pauseMs = FIRST_PAUSE_MS;
    try {
      for (let next = this.#next(session); next; next = this.#next(session)) {
        const passing = await this.#try(next);
        if (!passing) {
          pauseMs = FIRST_PAUSE_MS;
          continue;
        }
        // Without a line the next handshake comes back here.
        if (!this.#ports.client.hello) return;
        await new Promise((resolve) => setTimeout(resolve, passing.retryAfterMs ?? pauseMs));
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    } finally {
      this.#busy.delete(session);
    }
  }

  /** Returns the error when trying again later may help. */
  async #try(message: Outgoing): Promise<SwitchboardError | undefined> {
    const { key, session, text, deliver } = message;
    try {
      const files = await Promise.all(message.files.map((file) => this.#ports.upload(file)));
      const asked: Outgoing = { ...withState(message, "sending"), files };
      this.#become(asked);
      const { status } = await this.#ports.client.request("chat.send", {
        sessionKey: session,
        message: text,
        idempotencyKey: key,
        ...(deliver && { deliver }),
        ...(files.length > 0 && {
          attachments: files.map(({ blob, fileName, mimeType, sizeBytes }) => ({
            fileName,
            mimeType,
            sizeBytes,
            ...(blob !== undefined && { blob }),
          })),
        }),
      });
      this.#become(withState(asked, "stored"));
      if (status === "ok" || status === "timeout") this.#ports.ended(asked, status === "timeout");
      return undefined;
    } catch (thrown) {
      const now = this.#find(key);
      if (!now) return undefined;
      if (thrown instanceof SwitchboardError && mayPass(thrown)) {
        const isLine = thrown.code === "SYS_004";
        this.#become(withState(now, "waiting", isLine ? undefined : plightOf(thrown)));
        return thrown;
      }
      this.#become(withState(now, "failed", plightOf(thrown)));
      return undefined;
    }
  }

  #next(session: string): Outgoing | undefined {
    return this.messages.get().find((message) => message.session === session && message.state === "waiting");
  }

  #find(key: string): Outgoing | undefined {
    return this.messages.get().find((message) => message.key === key);
  }

  #become(message: Outgoing): void {
    if (!this.#find(message.key)) return;
    this.messages.update((all) => all.map((each) => (each.key === message.key ? message : each)));
    this.#keep(message);
  }

  #keep(message: Outgoing): void {
    this.#ports.storage.write(NAME + message.key, message);
  }

  #forget(key: string): void {
    this.messages.update((all) => all.filter((message) => message.key !== key));
    this.#ports.storage.write(NAME + key, undefined);
  }
}

/** No answer, or one that says to come back: never a reason to bother the person. */
function mayPass(error: SwitchboardError): boolean {
  return error.code === "SYS_004" || error.retryable;
}
