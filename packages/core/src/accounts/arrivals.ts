/** What arrives for accounts, by their connections and by calls of platforms, each with the account it is for. */
import {
  type AccountRef,
  type RawEvent,
  SwitchboardError,
  type WebhookReply,
  type WebhookRequest,
} from "@switchboard/domain";
import type { Roster } from "./roster.ts";
import type { AccountRuntime } from "./runtime.ts";
import { byOwner } from "./siblings.ts";
import { takeCall, takeEvents } from "./webhook-calls.ts";

/** Stores events of an account durably. */
export type ReceiveEvents = (ref: AccountRef, events: readonly RawEvent[]) => Promise<void>;

export class Arrivals {
  readonly #accounts: Pick<Roster, "get" | "list">;
  readonly #store: ReceiveEvents;

  constructor(accounts: Pick<Roster, "get" | "list">, store: ReceiveEvents) {
    this.#accounts = accounts;
    this.#store = store;
  }

  /** Stores what a connection received: its own as it is, a sibling's as the sibling would have got it. @throws STORE_*. */
  async ofConnection(ref: AccountRef, events: readonly RawEvent[]): Promise<void> {
    const runtime = this.#accounts.get(ref);
    if (!runtime) return this.#store(ref, events);
    for (const [owner, theirs] of byOwner(runtime, events, this.#accounts.list())) {
      if (owner === runtime) await this.#store(ref, theirs);
      else await this.#take(owner, theirs);
    }
  }

  /**
   * Takes a platform's webhook call: verified before parsed, stored before answered. Resolves with what the platform
   * wants to hear, if that is anything in particular.
   * @throws REQ_002 for an account that takes none, SEC_002, REQ_001, CONN_001 before it knows who it is, STORE_*.
   */
  async ofCall(ref: AccountRef, request: WebhookRequest): Promise<WebhookReply | undefined> {
    const runtime = this.#accounts.get(ref);
    if (!runtime?.row.enabled) throw new SwitchboardError("REQ_002", "No such webhook.");
    const { channel, config, supervisor, webhookSecret: secret } = runtime;
    if (secret === undefined) throw new SwitchboardError("REQ_002", "No such webhook.");
    const called = {
      account: ref.account,
      channel,
      config,
      secret,
      identified: () => supervisor.identified(),
      connection: () => supervisor.connection,
      sawInbound: () => supervisor.sawInbound(),
      take: async (events: readonly RawEvent[]) => {
        for (const [owner, theirs] of byOwner(runtime, events, this.#accounts.list())) await this.#take(owner, theirs);
      },
    };
    return takeCall(called, request);
  }

  async #take({ ref, supervisor }: AccountRuntime, events: readonly RawEvent[]): Promise<void> {
    supervisor.sawInbound();
    await takeEvents(events, {
      connection: supervisor.connection,
      receive: (noted) => this.#store(ref, noted),
      hear: (noted) => supervisor.hear(noted),
    });
  }
}
