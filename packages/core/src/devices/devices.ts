/**
 * The devices of every tenant: who asks, who is paired, what each may do at this moment (DEV-3, DEV-4). Reading is at
 * once, since every request and every event asks; changes go to the store first. How each change is made stands in the
 * files beside this one.
 */
import { type InboxId, SwitchboardError, sanitiseName, type TenantId } from "@switchboard/domain";
import { holds, isScope, type Role, type Scope } from "@switchboard/protocol";
import { auditInto, type TakesAudit } from "../audit/audit.ts";
import { Listeners } from "../listeners.ts";
import type { Cause, Clock, Log, Store } from "../ports/index.ts";
import { type Approver, checkReach } from "./approver.ts";
import { ask, waitingRequests } from "./asking.ts";
import { changeDevice, type DeviceContext, pairedDevices } from "./context.ts";
import { type Approved, admit, approve, reject } from "./deciding.ts";
import { awaitDecision, type Decision, Decisions } from "./decisions.ts";
import { DeviceDocuments } from "./documents.ts";
import { decidedBy } from "./event-decisions.ts";
import type { DeviceEvent, DeviceListener } from "./events.ts";
import { LastSeen } from "./last-seen.ts";
import type {
  ApprovedVia,
  Device,
  DeviceClaims,
  DeviceRequest,
  EventDecision,
  PairingReason,
  RoleGrant,
} from "./records.ts";
import { remove } from "./removing.ts";
import type { Asking } from "./requests.ts";
import { SetupCodes } from "./setup-codes.ts";
import { grantOf, missingApproval, type Wanted } from "./standing.ts";
import { checkToken, type IssuedToken, issue, type Rotation, revoke, rotate, type TokenCheck } from "./tokens.ts";

export interface DevicesPorts {
  readonly store: Pick<Store, "devices"> & TakesAudit;
  readonly clock: Clock;
  readonly log: Log;
}

export class Devices {
  readonly setupCodes: SetupCodes;
  readonly #context: DeviceContext;
  readonly #listeners: Listeners<DeviceEvent>;
  readonly #decided = new Decisions();

  constructor({ clock, log, store }: DevicesPorts) {
    this.#listeners = new Listeners(log, "device events");
    this.#context = {
      documents: new DeviceDocuments(store.devices),
      lastSeen: new LastSeen(),
      clock,
      audit: auditInto(store, clock),
      emit: (event) => this.#emit(event),
    };
    this.setupCodes = new SetupCodes(this.#context);
  }

  load(): Promise<void> {
    return this.#context.documents.load();
  }

  /** Returns how to stop listening. */
  listen(listener: DeviceListener): () => void {
    return this.#listeners.listen(listener);
  }

  get(tenant: TenantId, device: string): Device | undefined {
    const known = this.#known(tenant, device);
    return known && this.#context.lastSeen.on(tenant, known);
  }

  /** The newest approval first. */
  list(tenant: TenantId): Device[] {
    return pairedDevices(this.#context, tenant);
  }

  /** Those that are still alive, oldest first. */
  requests(tenant: TenantId): DeviceRequest[] {
    return waitingRequests(this.#context, tenant);
  }

  /** `undefined`: it may come in with all it asks for. */
  missingApproval(tenant: TenantId, claims: DeviceClaims, wanted: Wanted): PairingReason | undefined {
    return missingApproval(this.#known(tenant, claims.device), claims, wanted);
  }

  /** The same object as long as nothing about the device changed; `undefined` when the role is void. */
  grant(tenant: TenantId, device: string, role: Role): RoleGrant | undefined {
    return grantOf(this.#known(tenant, device), role);
  }

  /** What a role of a device may do now: the part of `asked` that is still granted; `undefined` when the role is void. */
  scopesNow(tenant: TenantId, device: string, role: Role, asked: readonly string[]): Scope[] | undefined {
    const grant = this.grant(tenant, device, role);
    return grant && [...new Set(asked)].filter(isScope).filter((scope) => holds(grant.scopes, scope));
  }

  /** Whether a token that let somebody in still would. */
  tokenInForce(tenant: TenantId, device: string, role: Role, hash: string): boolean {
    return this.grant(tenant, device, role)?.hashes.includes(hash) ?? false;
  }

  checkToken(tenant: TenantId, device: string, role: Role, token: string): TokenCheck {
    return checkToken(this.#known(tenant, device), role, token);
  }

  /** Notes that a device waits for approval. @throws REQ_004 when too many wait. */
  ask(tenant: TenantId, asking: Asking): Promise<DeviceRequest> {
    return ask(this.#context, tenant, asking);
  }

  /** Pairs a device without asking anybody, as the configuration allows. */
  admit(tenant: TenantId, asking: Asking, via: ApprovedVia): Promise<Device> {
    return admit(this.#context, tenant, asking, via);
  }

  /** `cause`: the event that brought the decision; worked on again, it does nothing. @throws REQ_002, SEC_003. */
  approve(tenant: TenantId, request: string, approver: Approver, cause?: Cause): Promise<Approved> {
    return approve(this.#context, tenant, request, approver, cause);
  }

  /** Refuses a request; the setup code that it came with is spent. `cause`: as above. @throws REQ_002, SEC_003. */
  reject(tenant: TenantId, request: string, approver: Approver, cause?: Cause): Promise<DeviceRequest> {
    return reject(this.#context, tenant, request, approver, cause);
  }

  /** What a stored event decided when it was worked on before. */
  decidedBy(tenant: TenantId, event: InboxId): EventDecision[] {
    return decidedBy(this.#context, tenant, event);
  }

  /** What becomes of a request of this device: resolves when somebody decided or it died; rejects with the signal's reason. */
  decisionOn(tenant: TenantId, id: string, device: string, signal: AbortSignal): Promise<Decision> {
    const { clock } = this.#context;
    return awaitDecision({ devices: this, clock, decided: this.#decided }, { tenant, id, device }, signal);
  }

  /** Forgets a device; whatever it is connected with is void. @throws REQ_002, SEC_003. */
  remove(tenant: TenantId, device: string, approver: Approver): Promise<void> {
    return remove(this.#context, tenant, device, approver);
  }

  /**
   * Returns the name as it is kept: one line, with nothing in it that controls terminals.
   * @throws REQ_001, REQ_002, SEC_003.
   */
  async rename(tenant: TenantId, id: string, name: string, approver: Approver): Promise<string> {
    checkReach(approver, id);
    const label = sanitiseName(name);
    if (label === "") throw new SwitchboardError("REQ_001", "The name has no letters that can be shown.");
    await this.change(tenant, id, (device) => ({ ...device, label }));
    await this.#context.audit(tenant, { actor: approver.actor, action: "device.renamed", subject: id, outcome: "ok" });
    return label;
  }

  /**
   * A further token of a role that is in force, for a device that came in without one. `most`: from now on the role's
   * tokens carry nothing beyond these scopes. @throws REQ_002, SEC_003.
   */
  issue(tenant: TenantId, device: string, role: Role, most?: readonly Scope[]): Promise<IssuedToken> {
    return issue(this.#context, tenant, device, role, most);
  }

  /** Makes every token of a role void and returns the one that replaces them. @throws REQ_002, SEC_003. */
  rotate(tenant: TenantId, what: Rotation, approver: Approver): Promise<IssuedToken> {
    return rotate(this.#context, tenant, what, approver);
  }

  /** Makes a role of a device void. Returns when. @throws REQ_002, SEC_003. */
  revoke(
    tenant: TenantId,
    what: { readonly device: string; readonly role: Role },
    approver: Approver,
  ): Promise<number> {
    return revoke(this.#context, tenant, what, approver);
  }

  /** A device connected or did something. */
  async seen(tenant: TenantId, id: string, reason: string): Promise<void> {
    const { clock, lastSeen } = this.#context;
    const known = this.#known(tenant, id);
    const seen = { lastSeenAt: clock.now(), lastSeenReason: reason };
    if (!known || !lastSeen.note(tenant, known, seen)) return;
    await this.change(tenant, id, (device) => ({ ...device, ...seen }), { quiet: true });
  }

  /** Changes a paired device. `quiet`: nobody is told. @throws REQ_002, and what `change` throws. */
  async change(
    tenant: TenantId,
    id: string,
    change: (device: Device) => Device,
    how: { readonly quiet?: boolean } = {},
  ): Promise<Device> {
    const after = await changeDevice(this.#context, tenant, id, change);
    if (!how.quiet) this.#emit({ type: "changed", tenant, device: id });
    return after;
  }

  /** As it is written down. */
  #known(tenant: TenantId, device: string): Device | undefined {
    return this.#context.documents.get(tenant, "device", device);
  }

  #emit(event: DeviceEvent): void {
    if (event.type === "resolved") this.#decided.note(event);
    this.#listeners.emit(event);
  }
}
