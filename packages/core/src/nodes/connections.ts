/** Which nodes are connected now, and when each came, went and was used. One connection a node. */
import type { TenantId } from "@switchboard/domain";
import { deviceKey } from "../devices/key.ts";
import type { Clock } from "../ports/index.ts";
import type { NodeEvent } from "./events.ts";
import type { Invocations } from "./invocations.ts";
import type { NodeLinks, NodeSession } from "./links.ts";
import type { NodeTimes } from "./views.ts";

export interface ConnectionsPorts {
  readonly clock: Clock;
  readonly links: Pick<NodeLinks, "close">;
  readonly invocations: Invocations;
  emit(event: NodeEvent): void;
}

export class Connections {
  readonly #ports: ConnectionsPorts;
  readonly #sessions = new Map<string, NodeSession>();
  readonly #times = new Map<string, NodeTimes>();

  constructor(ports: ConnectionsPorts) {
    this.#ports = ports;
  }

  of(tenant: TenantId, node: string): NodeSession | undefined {
    return this.#sessions.get(deviceKey(tenant, node));
  }

  times(tenant: TenantId, node: string): NodeTimes {
    return this.#times.get(deviceKey(tenant, node)) ?? {};
  }

  /** A node is connected. Its earlier connection ends. */
  joined(session: NodeSession): void {
    const { connectedAt, node, tenant } = session;
    const earlier = this.of(tenant, node);
    this.#sessions.set(deviceKey(tenant, node), session);
    if (earlier) this.#close(earlier, "node connection replaced");
    this.#note(tenant, node, { connectedAt });
  }

  /** A connection is over. */
  left(connection: string): void {
    this.#ports.invocations.dropped(connection);
    const session = [...this.#sessions.values()].find((each) => each.connection === connection);
    if (session) this.#forget(session);
  }

  /** Closes a connection; its node may come back at once. */
  end(session: NodeSession, reason: string): void {
    this.#forget(session);
    this.#close(session, reason);
  }

  /** Somebody else closes a connection, because what it rests on is void. Nobody waits for it any more. */
  voided(session: NodeSession): void {
    this.#ports.invocations.dropped(session.connection);
    // Afterwards: whoever closes the connection is still to say why.
    queueMicrotask(() => this.#forget(session));
  }

  /** A person used the node; `at` is never in the future. `undefined`: forget when. */
  active(tenant: TenantId, node: string, at: number | undefined): void {
    this.#note(tenant, node, { activeAt: at === undefined ? undefined : Math.min(at, this.#ports.clock.now()) });
  }

  forgetTimes(tenant: TenantId, node: string): void {
    this.#times.delete(deviceKey(tenant, node));
  }

  /** What the node worked on fails now, not when the line is gone. */
  #close({ connection }: NodeSession, reason: string): void {
    this.#ports.invocations.dropped(connection);
    this.#ports.links.close(connection, reason);
  }

  #forget(session: NodeSession): void {
    const { node, tenant } = session;
    if (this.of(tenant, node) !== session) return;
    this.#sessions.delete(deviceKey(tenant, node));
    this.#note(tenant, node, { disconnectedAt: this.#ports.clock.now() });
  }

  #note(tenant: TenantId, node: string, changed: NodeTimes): void {
    const times = { ...this.times(tenant, node), ...changed };
    this.#times.set(deviceKey(tenant, node), times);
    const connected = this.of(tenant, node) !== undefined;
    this.#ports.emit({ type: "presence", tenant, node, connected, lastActiveAt: times.activeAt });
  }
}
