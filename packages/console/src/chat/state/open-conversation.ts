/** Keeps one session up to date: reads it, follows its events, reads it again after whatever may have been missed. */
import type { GatewayClient } from "@switchboard/client";
import { type EventPayload, SwitchboardError } from "@switchboard/protocol";
import { Signal } from "../../shared/signal.ts";
import {
  type Conversation,
  emptyConversation,
  withAgentEvent,
  withChatEvent,
  withLineLost,
  withNewest,
  withOlder,
} from "../model/conversation.ts";
import { plightOf } from "../model/plight.ts";

/** Why a message that was stopped is not in the transcript. */
export const STOPPED_UNREAD = "It was stopped before the agent read it.";

const PAGE = 60;
/** Ends that come close together are read about together. */
const READ_AGAIN_MS = 30;

export interface ConversationListener {
  /** The newest page was read. */
  read(conversation: Conversation): void;
  /** A run ended; `reason`: why nothing came of it, where nothing did. */
  ended(run: string, reason: string | undefined): void;
}

export class OpenConversation {
  readonly key: string;
  readonly state: Signal<Conversation>;
  readonly #client: GatewayClient;
  readonly #listener: ConversationListener;
  readonly #stops: readonly (() => void)[];
  /** Runs that had the history read, to see what they answer. */
  readonly #seen = new Set<string>();
  #reading = false;
  #readAgain = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: GatewayClient, key: string, listener: ConversationListener) {
    this.key = key;
    this.#client = client;
    this.#listener = listener;
    this.state = new Signal(emptyConversation(key));
    this.#stops = [
      client.onHello(() => this.#follow()),
      client.onGap(() => void this.read()),
      client.onState(({ name }) => name === "waiting" && this.state.update(withLineLost)),
      client.on("chat", (event) => event.sessionKey === key && this.#chat(event)),
      client.on("agent", (event) => {
        if (event.sessionKey === key) this.state.update((before) => withAgentEvent(before, event));
      }),
    ];
    if (client.hello) this.#follow();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    clearTimeout(this.#timer);
    if (this.#client.hello) this.#request("sessions.messages.unsubscribe", { key: this.key }).catch(() => {});
  }

  /** Reads the newest page; once more afterwards when asked meanwhile. */
  async read(): Promise<void> {
    if (this.#reading) {
      this.#readAgain = true;
      return;
    }
    this.#reading = true;
    try {
      do {
        this.#readAgain = false;
        const asked = this.state.get().run?.id;
        const page = await this.#request("chat.history", { sessionKey: this.key, limit: PAGE });
        this.state.update((before) => withNewest(before, page, asked));
        this.#listener.read(this.state.get());
      } while (this.#readAgain);
    } catch (error) {
      // A broken line has it read again when it is back.
      if (!isLine(error)) this.state.update((before) => ({ ...before, phase: "failed", plight: plightOf(error) }));
    } finally {
      this.#reading = false;
    }
  }

  async readOlder(): Promise<void> {
    const { entries, hasOlder, loadingOlder } = this.state.get();
    const before = entries[0]?.seq;
    if (!hasOlder || loadingOlder || before === undefined) return;
    this.state.update((state) => ({ ...state, loadingOlder: true }));
    try {
      const page = await this.#request("chat.history", { sessionKey: this.key, limit: PAGE, before });
      this.state.update((state) => withOlder(state, page));
    } catch {
      this.state.update((state) => ({ ...state, loadingOlder: false }));
    }
  }

  #follow(): void {
    this.#request("sessions.messages.subscribe", { key: this.key }).catch(() => {});
    void this.read();
  }

  #chat(event: EventPayload<"chat">): void {
    this.state.update((before) => withChatEvent(before, event));
    if (event.state === "status" || event.state === "delta") {
      if (this.#seen.has(event.runId)) return;
      this.#seen.add(event.runId);
      this.#readSoon();
      return;
    }
    this.#seen.delete(event.runId);
    this.#listener.ended(event.runId, reasonOf(event));
    this.#readSoon();
  }

  #readSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.read(), READ_AGAIN_MS);
  }

  get #request() {
    return this.#client.request.bind(this.#client);
  }
}

function reasonOf(event: EventPayload<"chat">): string | undefined {
  if (event.state === "error") return event.errorMessage ?? "The run failed.";
  return event.state === "aborted" ? STOPPED_UNREAD : undefined;
}

function isLine(error: unknown): boolean {
  return error instanceof SwitchboardError && error.code === "SYS_004";
}
