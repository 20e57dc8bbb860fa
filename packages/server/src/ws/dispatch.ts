/** From a request frame to its answer: authority, limits, parameters, repetition, handler. */
import { createHash } from "node:crypto";
import type { Clock, Log } from "@switchboard/core/ports";
import { matches, problemsOf, SwitchboardError } from "@switchboard/domain";
import {
  type ErrorShape,
  holds,
  type MethodName,
  type MethodSpec,
  methodSpec,
  RequestFrame,
  refusalOfParameters,
  toErrorShape,
} from "@switchboard/protocol";
import type { CountingWindow } from "../callers/counting-window.ts";
import type { GatewayLimits } from "../lines/limits.ts";
import type { Connection } from "./connection.ts";
import type { AnyHandler, CallContext, MethodRegistry } from "./registry.ts";
import type { Answer, Repeats } from "./repeats.ts";
import { invalid, isRefusal, missingScope, readable, restarting, short, tooManyWaiting } from "./request-errors.ts";
import type { RequestQueue } from "./request-queue.ts";
import { furtherScope, mayCall } from "./request-scopes.ts";
import type { GatewayTelemetry } from "./telemetry.ts";

export interface DispatchOptions {
  readonly registry: MethodRegistry;
  readonly queue: RequestQueue;
  readonly repeats: Repeats;
  readonly writes: CountingWindow;
  readonly limits: GatewayLimits;
  readonly telemetry: GatewayTelemetry;
  readonly clock: Clock;
  readonly log: Log;
  /** Set while the gateway ends: nothing new is begun. */
  readonly draining: () => boolean;
}

/** A request that may be carried out. */
interface Call {
  readonly connection: Connection;
  readonly id: string;
  readonly name: MethodName;
  readonly spec: MethodSpec;
  readonly handler: AnyHandler;
  readonly params: Record<string, unknown>;
  readonly startedAt: number;
}

export class Dispatcher {
  readonly #options: DispatchOptions;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** Resolves when every request that was begun has its answer. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  /** Takes one frame of a connected client. Always answers, except to what cannot be a frame at all. */
  take(connection: Connection, frame: unknown, bytes: number): void {
    if (!matches(RequestFrame, frame)) {
      const message = `invalid request frame: ${problemsOf(RequestFrame, frame, 3).join("; ")}`;
      connection.fail(idOf(frame), invalid(message));
      return;
    }
    this.#options.queue.push(connection, {
      bytes,
      begin: () => this.#begin(connection, frame),
      refuse: () => this.#refuse(connection, frame, tooManyWaiting),
    });
  }

  #begin(connection: Connection, frame: RequestFrame): void {
    const work = this.#carryOut(connection, frame)
      .catch((thrown: unknown) =>
        this.#options.log.error({ method: short(frame.method), error: String(thrown) }, "a request failed"),
      )
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async #carryOut(connection: Connection, frame: RequestFrame): Promise<void> {
    const authority = connection.authority();
    if (!authority) return;
    const refusal = this.#refusalOf(connection, frame, authority.scopes);
    if (refusal) return this.#refuse(connection, frame, refusal);
    const name = frame.method as MethodName;
    const spec = methodSpec(name);
    const handler = this.#options.registry.find(name);
    const params = (frame.params ?? {}) as Record<string, unknown>;
    if (!handler) return;
    const call = { connection, id: frame.id, name, spec, handler, params, startedAt: this.#options.clock.now() };
    const repeatable = spec.idempotent && params.idempotencyKey !== undefined;
    await (repeatable ? this.#once(call, spec.idempotent) : this.#run(call, undefined));
  }

  /** Everything that can be said against a request before it is begun, in the order in which callers are told. */
  #refusalOf(
    connection: Connection,
    { method, params }: RequestFrame,
    scopes: Parameters<typeof holds>[0],
  ): ErrorShape | undefined {
    if (method === "connect") return invalid("connect is only valid as the first request");
    if (this.#options.draining()) return restarting(method);
    const known = this.#options.registry.find(method) !== undefined;
    const { role } = connection.info;
    if (!known && role === "node") return invalid(`unauthorized role: ${role}`);
    // Nobody without admin learns which methods exist.
    if (!known) {
      const mayKnow = holds(scopes, "operator.admin");
      return mayKnow ? invalid(`unknown method: ${short(method)}`) : missingScope("operator.admin");
    }
    const spec = methodSpec(method as MethodName);
    if (spec.role !== "any" && spec.role !== role) return invalid(`unauthorized role: ${role}`);
    if (!mayCall(scopes, spec)) return missingScope(spec.scope ?? "operator.admin");
    if (!matches(spec.params, params ?? {})) {
      return invalid(`invalid ${method} params: ${problemsOf(spec.params, params ?? {}, 3).join("; ")}`);
    }
    const lacking = furtherScope(scopes, spec, params ?? {});
    if (lacking !== undefined) return missingScope(lacking, spec.scope ?? undefined);
    const refused = refusalOfParameters(method as MethodName, params);
    if (refused !== undefined) return invalid(`invalid ${method} params: ${refused}`);
    return spec.controlPlane ? this.#tooManyWrites(connection, method) : undefined;
  }

  #tooManyWrites({ info }: Connection, method: string): ErrorShape | undefined {
    const { writes, limits, clock } = this.#options;
    const retryAfterMs = writes.take(`${method} ${info.device ?? ""} ${info.peer.ip}`, clock.now());
    if (retryAfterMs === 0) return undefined;
    const limit = limits.controlPlaneWrites.calls;
    return {
      code: "UNAVAILABLE",
      message: `rate limit exceeded for ${method}`,
      retryable: true,
      retryAfterMs,
      details: { method, limit },
    };
  }

  /** A side effect: done once for each key, whoever asks how often. */
  async #once(call: Call, { meanwhile, binds }: NonNullable<MethodSpec["idempotent"]>): Promise<void> {
    const { connection, id, name, params } = call;
    const { repeats, clock } = this.#options;
    const run = String(params.idempotencyKey);
    const key = `${connection.info.tenant} ${name} ${run}`;
    const bound = fingerprint(params, binds);
    const earlier = repeats.find(key, clock.now());
    if (!earlier) {
      repeats.begin(key, bound);
      return this.#run(call, key);
    }
    if (earlier.bound !== bound) {
      const message = "idempotency key is already bound to a different request";
      return this.#refuse(connection, { method: name, id }, invalid(message));
    }
    connection.startedRun(run);
    if (earlier.underWay && meanwhile === "in-flight") {
      return this.#answer(call, { ok: true, body: { runId: run, status: "in_flight" } });
    }
    if (!earlier.settled) earlier.whenAccepted((accepted) => connection.respond(id, accepted));
    earlier.whenSettled((answer) => this.#answer(call, answer));
  }

  async #run(call: Call, key: string | undefined): Promise<void> {
    const { clock, repeats, log } = this.#options;
    const { connection, name, params } = call;
    if (key !== undefined) connection.startedRun(String(params.idempotencyKey));
    let answer: Answer;
    try {
      answer = { ok: true, body: await call.handler(params, this.#context(call, key)) };
    } catch (thrown) {
      const error = readable(thrown);
      if (error.code === "SYS_005") log.error({ method: name, error: String(thrown) }, "a handler failed");
      const begun = key !== undefined && repeats.find(key, clock.now())?.accepted !== undefined;
      answer = { ok: false, body: toErrorShape(error), forget: error.retryable || (!begun && isRefusal(error)) };
    }
    if (key !== undefined) repeats.settle(key, answer, clock.now());
    this.#answer(call, answer);
  }

  #answer({ connection, id, name, startedAt }: Call, { ok, body }: Answer): void {
    const { telemetry, clock } = this.#options;
    if (ok) connection.respond(id, body);
    else connection.fail(id, body as ErrorShape);
    telemetry.request(name, ok ? "ok" : (body as ErrorShape).code, clock.now() - startedAt);
  }

  #refuse(connection: Connection, { id, method }: Pick<RequestFrame, "id" | "method">, error: ErrorShape): void {
    connection.fail(id, error);
    const known = this.#options.registry.find(method) !== undefined;
    this.#options.telemetry.request(known ? method : "unknown", error.code, 0);
  }

  #context({ connection, id, name, spec }: Call, key: string | undefined): CallContext {
    const { repeats, clock, log } = this.#options;
    const { info } = connection;
    return {
      connection: info,
      tenant: info.tenant,
      actor: info.actor,
      get signal() {
        return connection.signal;
      },
      log: log.child({ method: name, connection: info.id }),
      authority: () => connection.authority(),
      holds: (scope) => holds(connection.authority()?.scopes ?? [], scope),
      accepted(answer) {
        if (!spec.accepted) throw new SwitchboardError("SYS_005", `${name} answers once`);
        if (key !== undefined) repeats.accept(key, answer);
        connection.respond(id, answer);
      },
      underWay: (end) => {
        if (key !== undefined) repeats.hold(key, end, () => clock.now());
      },
      emit: (event, payload) => connection.emit(event, payload),
      subscribe: (topic) => connection.subscribe(topic),
      unsubscribe: (topic) => void connection.topics.delete(topic),
    };
  }
}

function idOf(frame: unknown): string {
  const id = typeof frame === "object" && frame !== null ? (frame as { id?: unknown }).id : undefined;
  return typeof id === "string" && id !== "" ? id : "invalid";
}

function fingerprint(params: Record<string, unknown>, binds: readonly string[]): string {
  const values = binds.map((name) => params[name] ?? null);
  return createHash("sha256").update(JSON.stringify(values)).digest("base64");
}
