/** What the gateway can do: handlers by method name, typed by the protocol's map. */
import type { Log } from "@switchboard/core/ports";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import {
  type Accepted,
  type AuthMethod,
  type ClientEvent,
  type ClientInfo,
  type ConnectParams,
  type EventPayload,
  type MethodName,
  methodSpec,
  type Params,
  type Result,
  type Role,
  type Scope,
} from "@switchboard/protocol";
import type { Peer } from "../callers/peer.ts";
import type { Authority } from "./authenticator.ts";

/** One connected client, as handlers and listeners may know it. */
export interface ConnectionInfo {
  readonly id: string;
  readonly client: ClientInfo;
  readonly role: Role;
  readonly caps: ReadonlySet<string>;
  readonly peer: Peer;
  /** The id of the device that proved itself. */
  readonly device?: string | undefined;
  /** What it showed. */
  readonly method: AuthMethod;
  /** The device token it is connected by. Goes over into another when it rotates its own. */
  readonly token?: { hash: string } | undefined;
  readonly tenant: TenantId;
  /** For the audit log. */
  readonly actor: string;
  readonly connectedAt: number;
  /** The gateway's own address under which it was reached, as far as that is sure, e.g. `http://127.0.0.1:18789`. */
  readonly root?: string | undefined;
  /** What a node says that it offers. */
  readonly offer?: Offer | undefined;
}

export type Offer = Pick<ConnectParams, "caps" | "commands" | "permissions" | "pathEnv">;

/** What a handler may know and do besides its parameters. */
export interface CallContext<M extends MethodName = MethodName> {
  readonly connection: ConnectionInfo;
  readonly tenant: TenantId;
  readonly actor: string;
  /** Aborted when the client is gone: stop waiting. What was begun goes on. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** At this moment; ask again after waiting. */
  holds(scope: Scope): boolean;
  /** What the caller is allowed at this moment, also when its line is gone; `undefined`: nothing any more. */
  authority(): Authority | undefined;
  /** Gives the first of two answers; at most once. */
  accepted(answer: Accepted<M>): void;
  /**
   * What the answer speaks of goes on after it, until `end`: as long its idempotency key is kept, whatever else there
   * is to remember, and repetitions are told that it is under way. Afterwards they get what `end` resolves with.
   */
  underWay(end: Promise<Result<M> | undefined>): void;
  /** Sends an event to this client only. */
  emit<E extends ClientEvent>(event: E, payload: EventPayload<E>): void;
  /** Events about this topic shall come, see `topicsOf`. @throws REQ_003 when there are too many. */
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}

/**
 * Does what a method says. `params` are valid. Throws a SwitchboardError for what the caller should read; anything
 * else is logged and answered as an internal error.
 */
export type Handler<M extends MethodName> = (
  params: Params<M>,
  context: CallContext<M>,
) => Promise<Result<M>> | Result<M>;

export type Handlers = { readonly [M in MethodName]?: Handler<M> };

/** A handler whose exact types were checked when it was registered. */
export type AnyHandler = (params: unknown, context: CallContext) => unknown;

export class MethodRegistry {
  readonly #handlers = new Map<string, AnyHandler>();

  /** @throws SYS_005 when a method has two handlers. */
  constructor(...parts: readonly Handlers[]) {
    for (const part of parts) {
      for (const name of Object.keys(part) as MethodName[]) {
        const handler = part[name];
        if (handler) this.#register(name, handler as unknown as AnyHandler);
      }
    }
  }

  find(name: string): AnyHandler | undefined {
    return this.#handlers.get(name);
  }

  /** A registry with further handlers. */
  with(part: Handlers): MethodRegistry {
    const all = new MethodRegistry(part);
    for (const [name, handler] of this.#handlers) all.#register(name, handler);
    return all;
  }

  /** What `hello-ok` tells, sorted. */
  advertised(): string[] {
    return [...this.#handlers.keys()].filter((name) => !methodSpec(name as MethodName).hidden).sort();
  }

  #register(name: string, handler: AnyHandler): void {
    if (this.#handlers.has(name)) throw new SwitchboardError("SYS_005", `The method ${name} has two handlers.`);
    this.#handlers.set(name, handler);
  }
}
