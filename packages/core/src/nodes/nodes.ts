/**
 * The nodes of every tenant (DEV-9): what each offers, what of it an operator approved, who is connected, and calls of
 * their commands. A device that was approved may connect; until its surface is approved, too, it is of no use to anybody.
 */
import type { TenantId } from "@switchboard/domain";
import { auditInto, type TakesAudit } from "../audit/audit.ts";
import type { Approver } from "../devices/approver.ts";
import type { Devices } from "../devices/devices.ts";
import type { DeviceEvent } from "../devices/events.ts";
import { deviceKey } from "../devices/key.ts";
import type { Device } from "../devices/records.ts";
import { Listeners } from "../listeners.ts";
import type { Clock, Log } from "../ports/index.ts";
import { type NodeAnswer, type RawAnswer, readAnswer } from "./answer.ts";
import { approve, askFor, reject, surfaceRequests } from "./approving.ts";
import { Connections } from "./connections.ts";
import { commandsOf, type NodeContext, requireNode } from "./context.ts";
import type { NodeEvent, NodeListener } from "./events.ts";
import { Invocations } from "./invocations.ts";
import { type Caller, type InvokeRequest, invoke } from "./invoking.ts";
import type { NodeLinks, NodeSession } from "./links.ts";
import type { NodeCommandSettings } from "./policy.ts";
import { isNode, type NodeView, type SurfaceRequest, viewOf } from "./views.ts";
import { type NewWork, type WaitingAction, WaitingForNodes, type WorkItem } from "./waiting.ts";

export interface NodesPorts {
  readonly devices: Devices;
  readonly store: TakesAudit;
  readonly links: NodeLinks;
  readonly settings: () => NodeCommandSettings;
  readonly clock: Clock;
  readonly log: Log;
}

export class Nodes {
  readonly #context: NodeContext;
  readonly #listeners: Listeners<NodeEvent>;

  constructor({ clock, devices, links, log, settings, store }: NodesPorts) {
    const listeners = new Listeners<NodeEvent>(log, "node events");
    const emit = (event: NodeEvent) => listeners.emit(event);
    const invocations = new Invocations(clock, links);
    this.#listeners = listeners;
    this.#context = {
      devices,
      connections: new Connections({ clock, links, invocations, emit }),
      invocations,
      waiting: new WaitingForNodes(),
      links,
      clock,
      log,
      audit: auditInto(store, clock),
      settings,
      emit,
    };
    devices.listen((event) => this.#heard(event));
  }

  /** Returns how to stop listening. */
  listen(listener: NodeListener): () => void {
    return this.#listeners.listen(listener);
  }

  /** Those that are connected first, then by name. */
  list(tenant: TenantId): NodeView[] {
    const views = this.#context.devices
      .list(tenant)
      .filter(isNode)
      .map((device) => this.#viewOf(tenant, device));
    const rank = ({ session }: NodeView) => (session ? 0 : 1);
    return views.sort((a, b) => rank(a) - rank(b) || nameOf(a.device).localeCompare(nameOf(b.device)));
  }

  /** @throws REQ_002. */
  get(tenant: TenantId, node: string): NodeView {
    return this.#viewOf(tenant, this.#node(tenant, node));
  }

  /** Whether an operator approved anything of it: before that it is told nothing. @throws REQ_002. */
  isApproved(tenant: TenantId, node: string): boolean {
    return this.#node(tenant, node).surface !== undefined;
  }

  /** The oldest first. They do not expire. */
  requests(tenant: TenantId): SurfaceRequest[] {
    return surfaceRequests(this.#context, tenant);
  }

  /** A node is connected. Its earlier connection ends; what it offers is held against what was approved. */
  async joined(session: NodeSession): Promise<void> {
    this.#context.connections.joined(session);
    await askFor(this.#context, session);
  }

  /** A connection is over. */
  left(connection: string): void {
    this.#context.connections.left(connection);
  }

  /** A person used the node; `at` is never in the future. `undefined`: forget when. */
  active(tenant: TenantId, node: string, at: number | undefined): void {
    this.#context.connections.active(tenant, node, at);
  }

  /** @throws REQ_002, SEC_003. */
  async approve(tenant: TenantId, request: string, approver: Approver): Promise<NodeView> {
    return this.get(tenant, await approve(this.#context, tenant, request, approver));
  }

  /** Refuses what is offered beyond what was approved; that stays usable. Returns which node. @throws REQ_002. */
  reject(tenant: TenantId, request: string, approver: Approver): Promise<string> {
    return reject(this.#context, tenant, request, approver);
  }

  /** Takes the role away; a device that has no other is forgotten. @throws REQ_002, SEC_003. */
  async remove(tenant: TenantId, node: string, approver: Approver): Promise<void> {
    const { devices, emit } = this.#context;
    const { grants } = this.#node(tenant, node);
    const others = grants.filter(({ revokedAt, role }) => role !== "node" && revokedAt === undefined);
    if (others.length === 0) await devices.remove(tenant, node, approver);
    else await devices.revoke(tenant, { device: node, role: "node" }, approver);
    emit({ type: "removed", tenant, node });
  }

  /** @throws REQ_002, SEC_003. */
  async rename(tenant: TenantId, node: string, name: string, approver: Approver): Promise<string> {
    this.#node(tenant, node);
    return this.#context.devices.rename(tenant, node, name, approver);
  }

  /** Has a node carry out a command. @throws REQ_001 when it may not, REQ_002, REQ_003, NODE_*. */
  invoke(tenant: TenantId, request: InvokeRequest, caller: Caller): Promise<NodeAnswer & { readonly ok: true }> {
    return invoke(this.#context, tenant, request, caller);
  }

  /** A node answered. False when nobody waits for that from this connection. */
  answered(connection: string, id: string, raw: RawAnswer): boolean {
    const { invocations } = this.#context;
    return invocations.isUnderWay(connection, id) && invocations.answer(connection, id, readAnswer(raw));
  }

  /** A node says how it goes. False when nobody waits for that from this connection. */
  progressed(connection: string, id: string, seq: number, chunk: string): boolean {
    return this.#context.invocations.progress(connection, id, seq, chunk);
  }

  /** @throws REQ_002, REQ_004. */
  enqueue(tenant: TenantId, node: string, work: NewWork): { readonly item: WorkItem; readonly revision: number } {
    const { clock, waiting } = this.#context;
    this.#node(tenant, node);
    return waiting.addWork(deviceKey(tenant, node), work, clock.now());
  }

  /** Hands out what waits, the urgent first; what is handed out is gone. */
  drain(
    tenant: TenantId,
    node: string,
    most: number,
  ): { readonly items: readonly WorkItem[]; readonly more: boolean; readonly revision: number } {
    const { clock, waiting } = this.#context;
    const key = deviceKey(tenant, node);
    return { ...waiting.drain(key, most, clock.now()), revision: waiting.revision(key) };
  }

  /** What the node may do still: an action whose command it lost meanwhile is gone. @throws REQ_002. */
  pull(tenant: TenantId, node: string): readonly WaitingAction[] {
    const { clock, waiting } = this.#context;
    const commands = commandsOf(this.#context, tenant, this.#node(tenant, node));
    return waiting.actions(deviceKey(tenant, node), (command) => commands.includes(command), clock.now());
  }

  /** The node did these actions. Returns which of them waited, and how many wait still. */
  acknowledge(
    tenant: TenantId,
    node: string,
    ids: readonly string[],
  ): { readonly acked: string[]; readonly left: number } {
    const { clock, waiting } = this.#context;
    return waiting.acknowledge(deviceKey(tenant, node), ids, clock.now());
  }

  /** A device lost what a connection rests on; or it is no node any more. */
  #heard(event: DeviceEvent): void {
    if (event.type !== "revoked" || event.role === "operator") return;
    const { connections, devices, waiting } = this.#context;
    const { device, except, tenant } = event;
    const session = connections.of(tenant, device);
    if (session && (except === undefined || session.token?.hash !== except)) connections.voided(session);
    if (devices.grant(tenant, device, "node")) return;
    waiting.forget(deviceKey(tenant, device));
    connections.forgetTimes(tenant, device);
  }

  #viewOf(tenant: TenantId, device: Device): NodeView {
    const { connections, settings } = this.#context;
    const { device: node } = device;
    return viewOf(device, connections.of(tenant, node), connections.times(tenant, node), settings());
  }

  #node(tenant: TenantId, node: string): Device {
    return requireNode(this.#context, tenant, node);
  }
}

function nameOf({ device, displayName, label }: Device): string {
  return label ?? displayName ?? device;
}
