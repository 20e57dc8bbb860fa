/**
 * The nodes of every tenant (DEV-9): what each offers, what of it an operator approved, who is connected, and calls of
 * their commands. A device that was approved may connect; until its surface is approved, too, it is of no use to anybody.
 */
import { randomUUID } from "node:crypto";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { holds, type Scope } from "@switchboard/protocol";
import type { Approver } from "../devices/approver.ts";
import type { Devices } from "../devices/devices.ts";
import type { DeviceEvent } from "../devices/events.ts";
import type { Device, NodeSurface } from "../devices/records.ts";
import { grantOf } from "../devices/standing.ts";
import type { AuditEntry, Clock, Log, Store } from "../ports/index.ts";
import { type NodeAnswer, type RawAnswer, readAnswer } from "./answer.ts";
import type { NodeEvent, NodeListener } from "./events.ts";
import { Invocations, notConnected } from "./invocations.ts";
import type { NodeLinks, NodeSession } from "./links.ts";
import { effectiveCommands, judge, type NodeCommandSettings } from "./policy.ts";
import { covers, sameSurface } from "./surface.ts";
import { isNode, type NodeTimes, type NodeView, requestOf, type SurfaceRequest, viewOf } from "./views.ts";
import { type WaitingAction, WaitingForNodes, type WorkItem } from "./waiting.ts";

/** How long a node has for a command unless the caller says otherwise, and at most, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 30_000;
const LONGEST_TIMEOUT_MS = 600_000;
const MOST_PARAMS_BYTES = 10 * 1024 * 1024;
/** What a phone says of a command that it can only do while somebody looks at it. */
const IN_BACKGROUND = "NODE_BACKGROUND_UNAVAILABLE";

export interface NodesPorts {
  readonly devices: Devices;
  readonly store: Pick<Store, "audit">;
  readonly links: NodeLinks;
  readonly settings: () => NodeCommandSettings;
  readonly clock: Clock;
  readonly log: Log;
}

export interface InvokeRequest {
  readonly node: string;
  readonly command: string;
  readonly params?: unknown;
  readonly timeoutMs?: number | undefined;
  readonly idempotencyKey: string;
  readonly sessionKey?: string | undefined;
}

export class Nodes {
  readonly #ports: NodesPorts;
  readonly #sessions = new Map<string, NodeSession>();
  readonly #times = new Map<string, NodeTimes>();
  readonly #invocations: Invocations;
  readonly #waiting = new WaitingForNodes();
  readonly #listeners = new Set<NodeListener>();

  constructor(ports: NodesPorts) {
    this.#ports = ports;
    this.#invocations = new Invocations(ports.clock, ports.links);
    ports.devices.listen((event) => this.#heard(event));
  }

  /** Returns how to stop listening. */
  listen(listener: NodeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Those that are connected first, then by name. */
  list(tenant: TenantId): NodeView[] {
    const { devices, settings } = this.#ports;
    const views = devices
      .list(tenant)
      .filter(isNode)
      .map((device) => viewOf(device, this.#session(tenant, device.device), this.#timesOf(device, tenant), settings()));
    const rank = ({ session }: NodeView) => (session ? 0 : 1);
    return views.sort((a, b) => rank(a) - rank(b) || nameOf(a.device).localeCompare(nameOf(b.device)));
  }

  /** @throws REQ_002. */
  get(tenant: TenantId, node: string): NodeView {
    const device = this.#node(tenant, node);
    return viewOf(device, this.#session(tenant, node), this.#timesOf(device, tenant), this.#ports.settings());
  }

  /** The oldest first. They do not expire. */
  requests(tenant: TenantId): SurfaceRequest[] {
    return this.#ports.devices
      .list(tenant)
      .map((device) => requestOf(device, this.#session(tenant, device.device)))
      .filter((request) => request !== undefined)
      .sort((a, b) => a.at - b.at);
  }

  /** A node is connected. Its earlier connection ends; what it offers is held against what was approved. */
  async joined(session: NodeSession): Promise<void> {
    const { node, tenant } = session;
    const key = keyOf(tenant, node);
    const earlier = this.#sessions.get(key);
    this.#sessions.set(key, session);
    if (earlier) this.#end(earlier, "node connection replaced");
    this.#times.set(key, { ...this.#times.get(key), connectedAt: session.connectedAt });
    this.#emit({ type: "presence", tenant, node, connected: true, lastActiveAt: this.#times.get(key)?.activeAt });
    await this.#reconcile(session);
  }

  /** A connection is over. */
  left(connection: string): void {
    this.#invocations.dropped(connection);
    const session = [...this.#sessions.values()].find((each) => each.connection === connection);
    if (session) this.#forgetSession(session);
  }

  /** @throws REQ_002, SEC_003. */
  async approve(tenant: TenantId, request: string, approver: Approver): Promise<NodeView> {
    const now = this.#ports.clock.now();
    const { device } = this.#request(tenant, request);
    let before: readonly string[] = [];
    await this.#change(tenant, device.device, (known) => {
      const asked = this.#pendingOf(known, request);
      const missing = asked.scopes.find((scope) => !holds(approver.scopes, scope));
      if (missing !== undefined) throw missingScope(missing);
      before = this.#commandsOf(tenant, known);
      const { pendingSurface: _, ...rest } = known;
      return { ...rest, surface: { ...asked.surface, approvedAt: now } };
    });
    await this.#decided(tenant, device.device, request, approver, "approved");
    const session = this.#session(tenant, device.device);
    const after = this.#commandsOf(tenant, this.#node(tenant, device.device));
    if (session && before.join() !== after.join()) {
      this.#forgetSession(session);
      this.#end(session, "node capabilities changed");
    }
    return this.get(tenant, device.device);
  }

  /** Refuses what is offered beyond what was approved; that stays usable. @throws REQ_002. */
  async reject(tenant: TenantId, request: string, approver: Approver): Promise<string> {
    const { device } = this.#request(tenant, request);
    await this.#change(tenant, device.device, (known) => {
      this.#pendingOf(known, request);
      const { pendingSurface: _, ...rest } = known;
      return rest;
    });
    await this.#decided(tenant, device.device, request, approver, "rejected");
    return device.device;
  }

  /** Takes the role away; a device that has no other is forgotten. @throws REQ_002, SEC_003. */
  async remove(tenant: TenantId, node: string, approver: Approver): Promise<void> {
    const { devices } = this.#ports;
    const device = this.#node(tenant, node);
    const others = device.grants.filter(({ revokedAt, role }) => role !== "node" && revokedAt === undefined);
    if (others.length === 0) await devices.remove(tenant, node, approver);
    else await devices.revoke(tenant, { device: node, role: "node" }, approver);
    this.#emit({ type: "removed", tenant, node });
  }

  /** @throws REQ_002, SEC_003. */
  async rename(tenant: TenantId, node: string, name: string, approver: Approver): Promise<void> {
    this.#node(tenant, node);
    await this.#ports.devices.rename(tenant, node, name, approver);
  }

  /**
   * Has a node carry out a command. `signal`: the caller is gone, the node is told so.
   * @throws REQ_001 when it may not, REQ_002, NODE_*.
   */
  async invoke(
    tenant: TenantId,
    request: InvokeRequest,
    { actor, signal }: { readonly actor: string; readonly signal: AbortSignal },
  ): Promise<NodeAnswer & { readonly ok: true }> {
    const { command, idempotencyKey, node, params, sessionKey, timeoutMs } = request;
    const { clock } = this.#ports;
    const device = this.#node(tenant, node);
    const session = this.#session(tenant, node);
    if (!session) throw notConnected(false);
    const verdict = judge(command, this.#facts(device, session));
    if (!verdict.ok) {
      throw new SwitchboardError("REQ_001", `node command not allowed: ${verdict.reason}`, {
        action: "See what the node may do: switchboard nodes describe.",
        details: { reason: verdict.reason, command },
      });
    }
    const paramsJSON = params === undefined ? null : JSON.stringify(params);
    if (paramsJSON !== null && Buffer.byteLength(paramsJSON) > MOST_PARAMS_BYTES) {
      throw new SwitchboardError("REQ_003", `The parameters are larger than ${MOST_PARAMS_BYTES} bytes.`);
    }
    this.#audit(tenant, { actor, action: "node.invoked", subject: node, outcome: "ok", detail: { command } }).catch(
      (error: unknown) => this.#ports.log.error({ error: String(error) }, "a call of a node could not be noted"),
    );
    const answer = await this.#invocations.start({
      session,
      command,
      paramsJSON,
      timeoutMs: Math.min(timeoutMs || DEFAULT_TIMEOUT_MS, LONGEST_TIMEOUT_MS),
      idempotencyKey,
      sessionKey,
      signal,
    });
    if (answer.ok) return answer;
    const nodeError = { code: answer.code, message: answer.message };
    if (answer.code === IN_BACKGROUND) {
      const waiting = { command, paramsJSON, idempotencyKey };
      const action = this.#waiting.addAction(keyOf(tenant, node), waiting, clock.now());
      throw new SwitchboardError("NODE_001", "the node does this when its app is in the foreground", {
        action: "Open the app on the node.",
        details: { code: "QUEUED_UNTIL_FOREGROUND", queuedActionId: action.id, nodeError, nodeCommandDispatched: true },
      });
    }
    throw new SwitchboardError("NODE_003", `${answer.code}: ${answer.message}`, {
      details: { code: "NODE_ERROR", nodeError, nodeCommandDispatched: true },
    });
  }

  /** A node answered. False when nobody waits for that from this connection. */
  answered(connection: string, id: string, raw: RawAnswer): boolean {
    if (!this.#invocations.isUnderWay(connection, id)) return false;
    return this.#invocations.answer(connection, id, readAnswer(raw));
  }

  /** Whether a node works on this. */
  isUnderWay(connection: string, id: string): boolean {
    return this.#invocations.isUnderWay(connection, id);
  }

  /** A person used the node; `at` is never in the future. `undefined`: forget when. */
  active(tenant: TenantId, node: string, at: number | undefined): void {
    const key = keyOf(tenant, node);
    const activeAt = at === undefined ? undefined : Math.min(at, this.#ports.clock.now());
    this.#times.set(key, { ...this.#times.get(key), activeAt });
    this.#emit({ type: "presence", tenant, node, connected: this.#sessions.has(key), lastActiveAt: activeAt });
  }

  /** Whether an operator approved anything of it: before that it is told nothing. */
  isApproved(tenant: TenantId, node: string): boolean {
    return this.#node(tenant, node).surface !== undefined;
  }

  /** @throws REQ_002, REQ_004. */
  enqueue(
    tenant: TenantId,
    node: string,
    work: Pick<WorkItem, "type" | "priority"> & { readonly ttlMs?: number | undefined },
  ): { readonly item: WorkItem; readonly revision: number } {
    this.#node(tenant, node);
    return this.#waiting.addWork(keyOf(tenant, node), work, this.#ports.clock.now());
  }

  drain(
    tenant: TenantId,
    node: string,
    most: number,
  ): { readonly items: readonly WorkItem[]; readonly more: boolean; readonly revision: number } {
    const key = keyOf(tenant, node);
    return { ...this.#waiting.drain(key, most, this.#ports.clock.now()), revision: this.#waiting.revision(key) };
  }

  /** What the node may do still: an action whose command it lost meanwhile is gone. @throws REQ_002. */
  pull(tenant: TenantId, node: string): readonly WaitingAction[] {
    const commands = this.#commandsOf(tenant, this.#node(tenant, node));
    const still = (command: string) => commands.includes(command);
    return this.#waiting.actions(keyOf(tenant, node), still, this.#ports.clock.now());
  }

  acknowledge(tenant: TenantId, node: string, ids: readonly string[]) {
    return this.#waiting.acknowledge(keyOf(tenant, node), ids, this.#ports.clock.now());
  }

  /** Asks for approval of what was not approved, once for the same surface; takes back what is not asked any more. */
  async #reconcile({ declared, node, tenant }: NodeSession): Promise<void> {
    const now = this.#ports.clock.now();
    if (this.#isSettled(tenant, node, declared)) return;
    const outcome: { request?: string; gone?: string; covered?: boolean } = {};
    await this.#change(tenant, node, (device) => {
      const { pendingSurface: waiting, surface, ...rest } = device;
      const covered = surface !== undefined && covers(surface, declared);
      const same = waiting !== undefined && !covered && sameSurface(waiting, declared);
      const request = covered ? undefined : same ? waiting.request : randomUUID();
      Object.assign(outcome, {
        request: same ? undefined : request,
        gone: same ? undefined : waiting?.request,
        covered,
      });
      return {
        ...rest,
        ...(surface && { surface }),
        ...(request !== undefined && {
          pendingSurface: same ? waiting : { ...declared, request, at: now },
        }),
      };
    });
    const { covered, gone, request } = outcome;
    if (gone !== undefined) {
      this.#emit({ type: "resolved", tenant, node, request: gone, decision: covered ? "approved" : "rejected" });
    }
    const asked = request === undefined ? undefined : this.#find(tenant, request);
    if (!asked) return;
    await this.#audit(tenant, { actor: `node:${node}`, action: "node.requested", subject: node, outcome: "ok" });
    this.#emit({ type: "requested", tenant, node, request: asked });
  }

  /** Nothing to ask for, or asked already. */
  #isSettled(tenant: TenantId, node: string, declared: NodeSurface): boolean {
    const { pendingSurface, surface } = this.#node(tenant, node);
    if (surface !== undefined && covers(surface, declared)) return pendingSurface === undefined;
    return pendingSurface !== undefined && sameSurface(pendingSurface, declared);
  }

  async #decided(
    tenant: TenantId,
    node: string,
    request: string,
    { actor }: Approver,
    decision: "approved" | "rejected",
  ): Promise<void> {
    await this.#audit(tenant, { actor, action: `node.${decision}`, subject: node, outcome: "ok", detail: { request } });
    const session = this.#session(tenant, node);
    const ts = this.#ports.clock.now();
    if (session) {
      this.#ports.links.send(session.connection, "node.pair.resolved", {
        requestId: request,
        nodeId: node,
        decision,
        ts,
      });
    }
    this.#emit({ type: "resolved", tenant, node, request, decision });
  }

  /** Operators hear of it by events of its own. */
  async #change(tenant: TenantId, node: string, change: (device: Device) => Device): Promise<void> {
    await this.#ports.devices.change(tenant, node, change, { quiet: true });
  }

  #facts(device: Device, session: NodeSession | undefined) {
    const declared = session?.declared ?? device.surface ?? { caps: [], commands: [], permissions: {} };
    return { declared, approved: device.surface, pinned: device, settings: this.#ports.settings() };
  }

  #commandsOf(tenant: TenantId, device: Device): readonly string[] {
    return effectiveCommands(this.#facts(device, this.#session(tenant, device.device)));
  }

  /** A device lost what a connection rests on: nobody waits for that connection any more. */
  #heard(event: DeviceEvent): void {
    if (event.type !== "revoked" || event.role === "operator") return;
    const { device, except, tenant } = event;
    const session = this.#session(tenant, device);
    if (session && (except === undefined || session.token?.hash !== except)) {
      this.#invocations.dropped(session.connection);
      // Afterwards: whoever closes the connection is still to say why.
      queueMicrotask(() => this.#forgetSession(session));
    }
    if (this.#ports.devices.grant(tenant, device, "node")) return;
    this.#waiting.forget(keyOf(tenant, device));
    this.#times.delete(keyOf(tenant, device));
  }

  /** The connection is closed; what it worked on fails now, not when the line is gone. */
  #end({ connection }: NodeSession, reason: string): void {
    this.#invocations.dropped(connection);
    this.#ports.links.close(connection, reason);
  }

  #forgetSession(session: NodeSession): void {
    const { node, tenant } = session;
    const key = keyOf(tenant, node);
    if (this.#sessions.get(key) !== session) return;
    this.#sessions.delete(key);
    const times = { ...this.#times.get(key), disconnectedAt: this.#ports.clock.now() };
    this.#times.set(key, times);
    this.#emit({ type: "presence", tenant, node, connected: false, lastActiveAt: times.activeAt });
  }

  #session(tenant: TenantId, node: string): NodeSession | undefined {
    return this.#sessions.get(keyOf(tenant, node));
  }

  #timesOf({ device }: Device, tenant: TenantId): NodeTimes {
    return this.#times.get(keyOf(tenant, device)) ?? {};
  }

  #node(tenant: TenantId, node: string): Device {
    const device = this.#ports.devices.get(tenant, node);
    if (device && grantOf(device, "node")) return device;
    throw new SwitchboardError("REQ_002", "unknown nodeId", { action: "List the nodes: switchboard nodes list." });
  }

  #find(tenant: TenantId, id: string): SurfaceRequest | undefined {
    return this.requests(tenant).find((request) => request.id === id);
  }

  #request(tenant: TenantId, id: string): SurfaceRequest {
    const request = this.#find(tenant, id);
    if (!request) throw unknownRequest();
    return request;
  }

  /** As it is now: another one may have taken its place since the approver looked. */
  #pendingOf(device: Device, id: string): SurfaceRequest {
    const request = requestOf(device, undefined);
    if (request?.id !== id) throw unknownRequest();
    return request;
  }

  async #audit(tenant: TenantId, entry: Omit<AuditEntry, "at">): Promise<void> {
    await this.#ports.store.audit.append(tenant, { ...entry, at: this.#ports.clock.now() });
  }

  #emit(event: NodeEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#ports.log.error({ event: event.type, error: String(error) }, "a listener of node events failed");
      }
    }
  }
}

function keyOf(tenant: TenantId, node: string): string {
  return `${tenant} ${node}`;
}

function nameOf({ device, displayName, label }: Device): string {
  return label ?? displayName ?? device;
}

function unknownRequest(): SwitchboardError {
  return new SwitchboardError("REQ_002", "unknown requestId", {
    action: "List what waits: switchboard nodes list. A node that offers something else asks anew.",
  });
}

function missingScope(scope: Scope): SwitchboardError {
  return new SwitchboardError("SEC_003", `missing scope: ${scope}`, {
    action: "Ask somebody who holds it.",
    details: { code: "MISSING_SCOPE", missingScope: scope, requiredScopes: ["operator.pairing", scope] },
  });
}
