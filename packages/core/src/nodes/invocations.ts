/** Calls of nodes' commands that are under way: each ends once, with the node's answer or with a reason why none came. */
import { randomUUID } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain";
import type { Clock } from "../ports/index.ts";
import type { NodeAnswer } from "./answer.ts";
import type { NodeLinks, NodeSession } from "./links.ts";

/** At one node at a time. */
const MOST_UNDER_WAY = 1_000;
/** A node that says it is not ready yet is asked again this often, ever later. */
const MOST_RETRIES = 4;
const FIRST_RETRY_MS = 250;
const NOT_READY = "NODE_NOT_READY";

export interface Invocation {
  readonly session: NodeSession;
  readonly command: string;
  readonly paramsJSON: string | null;
  readonly timeoutMs: number;
  readonly idempotencyKey: string;
  readonly sessionKey?: string | undefined;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
  /** Is told what the node says while it works, in order. */
  readonly progress?: ((seq: number, chunk: string) => void) | undefined;
}

interface UnderWay extends Invocation {
  /** As the node knows it; another one each time it is asked. */
  id: string;
  readonly deadline: number;
  retries: number;
  /** The node has it; otherwise the next try is awaited. */
  asked: boolean;
  /** The last piece of output. */
  lastSeq: number;
  end(): void;
  resolve(answer: NodeAnswer): void;
  reject(error: SwitchboardError): void;
}

export class Invocations {
  readonly #clock: Clock;
  readonly #links: NodeLinks;
  readonly #underWay = new Map<string, UnderWay>();
  readonly #perConnection = new Map<string, number>();

  constructor(clock: Clock, links: NodeLinks) {
    this.#clock = clock;
    this.#links = links;
  }

  get count(): number {
    return this.#underWay.size;
  }

  /** Resolves with what the node answers. @throws NODE_001, NODE_002, REQ_004. */
  start(invocation: Invocation): Promise<NodeAnswer> {
    const { session, signal, timeoutMs } = invocation;
    const count = this.#perConnection.get(session.connection) ?? 0;
    if (signal.aborted) return Promise.reject(callerGone());
    if (count >= MOST_UNDER_WAY) {
      return Promise.reject(
        new SwitchboardError("NODE_001", `The node already works on ${MOST_UNDER_WAY} commands.`, {
          action: "Wait until some of them have ended.",
          details: { nodeCommandDispatched: false },
        }),
      );
    }
    this.#perConnection.set(session.connection, count + 1);
    return new Promise((resolve, reject) => {
      const cancels: (() => void)[] = [];
      const call: UnderWay = {
        ...invocation,
        id: randomUUID(),
        deadline: this.#clock.now() + timeoutMs,
        retries: 0,
        asked: false,
        lastSeq: -1,
        end: () => {
          for (const cancel of cancels.splice(0)) cancel();
        },
        resolve,
        reject,
      };
      const gone = () => this.#giveUp(call, callerGone());
      signal.addEventListener("abort", gone, { once: true });
      cancels.push(() => signal.removeEventListener("abort", gone));
      cancels.push(this.#clock.after(timeoutMs, () => this.#giveUp(call, tooLate(call))));
      this.#ask(call);
    });
  }

  /** A node answered. False: nobody waits for that from this connection. */
  answer(connection: string, id: string, answer: NodeAnswer): boolean {
    const call = this.#underWay.get(id);
    if (!call || call.session.connection !== connection || !call.asked) return false;
    if (!answer.ok && answer.code === NOT_READY && this.#askLater(call)) return true;
    this.#end(call);
    call.resolve(answer);
    return true;
  }

  /** A node says how it goes. False: nobody waits for that from this connection, or it was told before. */
  progress(connection: string, id: string, seq: number, chunk: string): boolean {
    const call = this.#underWay.get(id);
    if (!call || call.session.connection !== connection || !call.asked || seq <= call.lastSeq) return false;
    call.lastSeq = seq;
    call.progress?.(seq, chunk);
    return true;
  }

  /** Whether this connection works on it. */
  isUnderWay(connection: string, id: string): boolean {
    return this.#underWay.get(id)?.session.connection === connection;
  }

  /** The connection is over, and with it everything it was asked. */
  dropped(connection: string): void {
    for (const call of [...this.#underWay.values()]) {
      if (call.session.connection !== connection) continue;
      this.#end(call);
      call.reject(notConnected(call.asked));
    }
  }

  #ask(call: UnderWay): void {
    const { command, deadline, id, idempotencyKey, paramsJSON, session, sessionKey } = call;
    this.#underWay.set(id, call);
    const sent = this.#links.send(session.connection, "node.invoke.request", {
      id,
      nodeId: session.node,
      command,
      paramsJSON,
      timeoutMs: Math.max(0, deadline - this.#clock.now()),
      idempotencyKey,
      ...(sessionKey !== undefined && { sessionKey }),
    });
    if (sent) {
      call.asked = true;
      return;
    }
    this.#end(call);
    call.reject(notConnected(false));
  }

  /** False when it was asked often enough, or there is no time left for another try. */
  #askLater(call: UnderWay): boolean {
    const wait = FIRST_RETRY_MS * 2 ** call.retries;
    if (call.retries >= MOST_RETRIES || this.#clock.now() + wait >= call.deadline) return false;
    call.retries += 1;
    call.asked = false;
    this.#underWay.delete(call.id);
    call.id = randomUUID();
    call.lastSeq = -1;
    this.#underWay.set(call.id, call);
    const cancel = this.#clock.after(wait, () => this.#ask(call));
    const end = call.end;
    call.end = () => {
      cancel();
      end();
    };
    return true;
  }

  /** Nobody waits any more: the node is told. */
  #giveUp(call: UnderWay, error: SwitchboardError): void {
    if (this.#underWay.get(call.id) !== call) return;
    this.#end(call);
    const { asked, id, session } = call;
    if (asked) this.#links.send(session.connection, "node.invoke.cancel", { invokeId: id, nodeId: session.node });
    call.reject(error);
  }

  #end(call: UnderWay): void {
    const { connection } = call.session;
    this.#underWay.delete(call.id);
    const left = (this.#perConnection.get(connection) ?? 1) - 1;
    if (left > 0) this.#perConnection.set(connection, left);
    else this.#perConnection.delete(connection);
    call.end();
  }
}

/** `dispatched`: the node was told of the command, and may have done it. */
export function notConnected(dispatched: boolean): SwitchboardError {
  return new SwitchboardError("NODE_001", dispatched ? "node disconnected" : "node not connected", {
    retryable: !dispatched,
    details: { code: "NOT_CONNECTED", nodeCommandDispatched: dispatched },
  });
}

function tooLate({ asked, timeoutMs }: UnderWay): SwitchboardError {
  return new SwitchboardError("NODE_002", `the node did not answer within ${timeoutMs} ms`, {
    details: { code: "TIMEOUT", nodeCommandDispatched: asked },
  });
}

function callerGone(): SwitchboardError {
  return new SwitchboardError("NODE_002", "the caller is gone", { retryable: true, details: { code: "CANCELLED" } });
}
