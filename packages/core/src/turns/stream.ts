/**
 * Shows an answer while it is written (AGT-4): typing first, then a draft message that is edited as the text grows, as
 * often as the platform allows. The draft is a delivery with an attempt like any other, so a crash leaves a record.
 */
import {
  type MessageId,
  markdownContent,
  type OutboundPart,
  SwitchboardError,
  type Target,
  toErrorRecord,
  toSwitchboardError,
} from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import { persist } from "../lanes/persist.ts";
import { composeDeliveries } from "../outbox/compose.ts";
import type { Pace } from "../outbox/pace.ts";
import {
  type ClaimedTurn,
  type Clock,
  type Draft,
  type Lease,
  type Log,
  type NewDelivery,
  type SendOutcome,
  type Store,
  type Telemetry,
  type Turn,
  timeLimit,
} from "../ports/index.ts";

const TYPING_AFTER_MS = 300;
const DRAFT_AFTER_MS = 700;
const SEND_TIMEOUT_MS = 30_000;
const EDIT_TIMEOUT_MS = 15_000;
const CURSOR = " ▍";
/** Every run's stream ends this way; made once, because making an error costs more than the rest of a short run. */
const ENDED = new SwitchboardError("AGENT_005", "The stream ended.");

export interface StreamPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly pace: Pace;
}

export class AnswerStream {
  readonly #account: AccountRuntime;
  readonly #target: Target;
  readonly #turn: Turn;
  readonly #lease: Lease;
  readonly #ports: StreamPorts;
  readonly #startedAt: number;
  readonly #stopped = new AbortController();
  readonly #timers = new Set<() => void>();
  #draft: Draft | undefined;
  #text = "";
  #shown = "";
  #full = false;
  #failed = false;
  #working: Promise<void> | undefined;
  #editedAt = 0;
  #scheduled = false;

  constructor(
    where: { readonly account: AccountRuntime; readonly target: Target; readonly claimed: ClaimedTurn },
    ports: StreamPorts,
  ) {
    this.#account = where.account;
    this.#target = where.target;
    this.#turn = where.claimed.turn;
    this.#lease = where.claimed.lease;
    this.#draft = where.claimed.draft;
    this.#ports = ports;
    this.#startedAt = ports.clock.now();
    const { typingMs } = where.account.channel.capabilities;
    if (typingMs !== undefined) this.#later(TYPING_AFTER_MS, () => this.#type(typingMs));
  }

  /** The answer so far. */
  update(text: string): void {
    this.#text = text;
    this.#plan();
  }

  /** No more shows. Resolves with the draft when nothing is under way any more. */
  async stop(): Promise<Draft | undefined> {
    this.#stopped.abort(ENDED);
    for (const cancel of this.#timers) cancel();
    await this.#working;
    return this.#draft;
  }

  get #interval(): number | undefined {
    const { streamMs, edits } = this.#account.channel.capabilities;
    if (!streamMs || !edits || !this.#account.settings.streaming) return undefined;
    return this.#target.kind === "direct" ? streamMs.direct : streamMs.group;
  }

  #plan(): void {
    const interval = this.#interval;
    if (interval === undefined || this.#scheduled || this.#full || this.#failed || this.#working) return;
    const now = this.#ports.clock.now();
    const due = Math.max(this.#startedAt + DRAFT_AFTER_MS, this.#editedAt + interval);
    this.#scheduled = true;
    this.#later(Math.max(0, due - now), () => {
      this.#scheduled = false;
      this.#working = this.#show().finally(() => {
        this.#working = undefined;
        if (this.#text !== this.#shown && !this.#stopped.signal.aborted) this.#plan();
      });
    });
  }

  async #show(): Promise<void> {
    const { clock, log, pace } = this.#ports;
    const text = this.#text;
    this.#editedAt = clock.now();
    if (text.trim() === "" || text === this.#shown || !this.#account.connection) return;
    if (!pace.take(this.#account, this.#target)) return;
    try {
      const parts = this.#compose(text);
      this.#full = parts.length > 1;
      const [delivery] = parts;
      if (!delivery?.part.editable) {
        this.#failed = true;
      } else if (this.#draft?.messageId) {
        await this.#edit(this.#draft.messageId, delivery.part);
        this.#shown = text;
      } else if (!this.#draft) {
        await this.#open(delivery);
        this.#shown = text;
      } else {
        // An earlier run's draft whose fate nobody knows: a second one would only add to the confusion.
        this.#failed = true;
      }
    } catch (thrown) {
      const error = toSwitchboardError(thrown, "MSG_002");
      if (error.code === "CONN_003") pace.block(this.#account, this.#target, error);
      else this.#failed = true;
      log.debug({ turn: this.#turn.id, error: toErrorRecord(error) }, "a draft could not be shown");
    }
  }

  #compose(text: string): NewDelivery[] {
    return composeDeliveries({
      channel: this.#account.channel,
      account: this.#account.ref.account,
      target: this.#target,
      content: markdownContent(text + CURSOR),
      kind: "draft",
      priority: this.#turn.priority,
      session: this.#turn.session,
      turn: this.#turn.id,
      expiresAt: this.#turn.expiresAt,
    });
  }

  async #open(delivery: NewDelivery): Promise<void> {
    const { clock, store } = this.#ports;
    const connection = this.#account.connection;
    const id = connection && (await store.outbox.openDraft(this.#lease, delivery, clock.now()));
    if (!id) {
      this.#failed = true;
      return;
    }
    let outcome: SendOutcome;
    const late = () => new SwitchboardError("MSG_002", "The draft was not taken in time.", { delivered: "unknown" });
    const { end, signal } = timeLimit(clock, SEND_TIMEOUT_MS, late);
    try {
      const receipt = await connection.send(this.#target, delivery.part, {
        deliveryId: id,
        number: 1,
        kind: "draft",
        signal,
      });
      const [messageId] = receipt.messageIds;
      this.#draft = { delivery: id, ...(messageId && { messageId }) };
      outcome = { state: "sent", receipt };
    } catch (thrown) {
      const error = toSwitchboardError(thrown, "MSG_002");
      const record = toErrorRecord(error);
      if (error.delivered === "unknown") {
        this.#draft = { delivery: id };
        outcome = { state: "unknown", error: record, notBefore: clock.now() };
      } else {
        outcome = { state: "dead", error: record };
      }
      this.#failed = true;
    } finally {
      end();
    }
    const settle = () => store.outbox.settleDraft(this.#lease, id, outcome, clock.now());
    await persist(settle, this.#ports, this.#stopped.signal);
  }

  async #edit(message: MessageId, part: OutboundPart): Promise<void> {
    const connection = this.#account.connection;
    if (!connection?.edit) throw new SwitchboardError("MSG_008", "The channel cannot edit.");
    const late = () => new SwitchboardError("MSG_002", "The draft was not edited in time.");
    const { end, signal } = timeLimit(this.#ports.clock, EDIT_TIMEOUT_MS, late);
    await connection.edit(this.#target, message, part, signal).finally(end);
  }

  #type(typingMs: number): void {
    const connection = this.#account.connection;
    if (!this.#draft) connection?.typing?.(this.#target, this.#stopped.signal).catch(() => {});
    this.#later(typingMs * 0.9, () => this.#type(typingMs));
  }

  #later(ms: number, task: () => void): void {
    if (this.#stopped.signal.aborted) return;
    const cancel = this.#ports.clock.after(ms, () => {
      this.#timers.delete(cancel);
      task();
    });
    this.#timers.add(cancel);
  }
}
