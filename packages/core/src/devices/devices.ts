/**
 * The devices of every tenant: who asks, who is paired, what each may do at this moment (DEV-3, DEV-4). Reading is at
 * once, since every request and every event asks; changes go to the store first.
 */
import { randomUUID } from "node:crypto";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { holds, isScope, type Role, type Scope } from "@switchboard/protocol";
import type { AuditEntry, Clock, Log, Store } from "../ports/index.ts";
import { type Approver, checkApprover, checkReach, checkRole } from "./approver.ts";
import { awaitDecision, type Decision, Decisions } from "./decisions.ts";
import { type Change, DeviceDocuments } from "./documents.ts";
import type { DeviceEvent, DeviceListener } from "./events.ts";
import { approved, revoked, rotated, withToken } from "./grants.ts";
import type { ApprovedVia, Device, DeviceClaims, DeviceRequest, PairingReason, RoleGrant } from "./records.ts";
import { type Asking, isAlive, nextRequest } from "./requests.ts";
import { hashOfToken, matchingHash, newToken } from "./secrets.ts";
import { SetupCodes } from "./setup-codes.ts";
import { grantOf, missingApproval, type Wanted } from "./standing.ts";

/** Devices that wait, of one tenant: whoever holds the gateway's token could fill the disk with keys. */
const MOST_REQUESTS = 100;
/** Devices that were let in without being asked about; the one that was away longest makes room. */
const MOST_LOCAL = 200;
/** When a device was last seen is written down no more often than this. */
const SEEN_EVERY_MS = 60_000;

export interface DevicesPorts {
  readonly store: Pick<Store, "devices" | "audit">;
  readonly clock: Clock;
  readonly log: Log;
}

export type TokenCheck =
  | { readonly ok: true; readonly hash: string }
  | { readonly ok: false; readonly reason: "not-paired" | "revoked" | "mismatch" };

export interface IssuedToken {
  readonly token: string;
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly issuedAt: number;
}

export class Devices {
  readonly setupCodes: SetupCodes;
  readonly #documents: DeviceDocuments;
  readonly #ports: DevicesPorts;
  readonly #listeners = new Set<DeviceListener>();
  readonly #decided = new Decisions();
  /** By device: what is newer than what is written down. */
  readonly #seen = new Map<string, { readonly at: number; readonly reason: string }>();

  constructor(ports: DevicesPorts) {
    this.#ports = ports;
    this.#documents = new DeviceDocuments(ports.store.devices);
    this.setupCodes = new SetupCodes(this.#documents, {
      ...ports,
      emit: (event) => this.#emit(event),
      audit: (tenant, entry) => this.#audit(tenant, entry),
    });
  }

  load(): Promise<void> {
    return this.#documents.load();
  }

  /** Returns how to stop listening. */
  listen(listener: DeviceListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get(tenant: TenantId, device: string): Device | undefined {
    const known = this.#documents.get(tenant, "device", device);
    const seen = known && this.#seen.get(`${tenant} ${device}`);
    return seen ? { ...known, lastSeenAt: seen.at, lastSeenReason: seen.reason } : known;
  }

  /** The newest approval first. */
  list(tenant: TenantId): Device[] {
    return this.#documents
      .list(tenant, "device")
      .map((device) => this.get(tenant, device.device) ?? device)
      .sort((a, b) => b.approvedAt - a.approvedAt);
  }

  /** Those that are still alive, oldest first. */
  requests(tenant: TenantId): DeviceRequest[] {
    const now = this.#ports.clock.now();
    return this.#documents
      .list(tenant, "request")
      .filter((request) => isAlive(request, now))
      .sort((a, b) => a.createdAt - b.createdAt);
  }

  /** `undefined`: it may come in with all it asks for. */
  missingApproval(tenant: TenantId, claims: DeviceClaims, wanted: Wanted): PairingReason | undefined {
    return missingApproval(this.#documents.get(tenant, "device", claims.device), claims, wanted);
  }

  /** The same object as long as nothing about the device changed; `undefined` when the role is void. */
  grant(tenant: TenantId, device: string, role: Role): RoleGrant | undefined {
    return grantOf(this.#documents.get(tenant, "device", device), role);
  }

  /** What a role of a device may do now: the part of `asked` that is still granted; `undefined` when the role is void. */
  scopesNow(tenant: TenantId, device: string, role: Role, asked: readonly string[]): Scope[] | undefined {
    const grant = grantOf(this.#documents.get(tenant, "device", device), role);
    return grant && [...new Set(asked)].filter(isScope).filter((scope) => holds(grant.scopes, scope));
  }

  /** Whether a token that let somebody in still would. */
  tokenInForce(tenant: TenantId, device: string, role: Role, hash: string): boolean {
    return grantOf(this.#documents.get(tenant, "device", device), role)?.hashes.includes(hash) ?? false;
  }

  checkToken(tenant: TenantId, device: string, role: Role, token: string): TokenCheck {
    const known = this.#documents.get(tenant, "device", device);
    if (!known) return { ok: false, reason: "not-paired" };
    const grant = grantOf(known, role);
    if (!grant) return { ok: false, reason: "revoked" };
    const hash = matchingHash(token, grant.hashes);
    return hash === undefined ? { ok: false, reason: "mismatch" } : { ok: true, hash };
  }

  /** Notes that a device waits for approval. @throws REQ_004 when too many wait. */
  async ask(tenant: TenantId, asking: Asking): Promise<DeviceRequest> {
    const now = this.#ports.clock.now();
    const { device } = asking.claims;
    const { request, superseded, isNew } = await this.#documents.change(tenant, () => {
      const all = this.#documents.list(tenant, "request");
      const alive = all.filter((each) => isAlive(each, now));
      const earlier = alive.filter((each) => each.device === device);
      if (earlier.length === 0 && alive.length >= MOST_REQUESTS) {
        throw new SwitchboardError("REQ_004", "Too many devices wait for approval.", {
          action: "Approve or reject some: switchboard devices list.",
          retryable: true,
        });
      }
      const repair = this.#documents.get(tenant, "device", device) !== undefined;
      const request = nextRequest(earlier, asking, { id: randomUUID(), repair, now });
      const gone = all.filter((each) => (each.device === device || !isAlive(each, now)) && each.id !== request.id);
      const changes: Change[] = [
        ...gone.map(({ id }): Change => ({ kind: "request", id, body: undefined })),
        { kind: "request", id: request.id, body: request },
      ];
      const superseded = earlier.filter(({ id }) => id !== request.id);
      return { changes, result: { request, superseded, isNew: !earlier.some(({ id }) => id === request.id) } };
    });
    for (const each of superseded) this.#emit({ type: "resolved", tenant, request: each, decision: "superseded" });
    if (isNew) {
      await this.#audit(tenant, {
        actor: `device:${device}`,
        action: "device.requested",
        subject: device,
        outcome: "ok",
      });
      this.#emit({ type: "requested", tenant, request, setup: this.#setupOf(tenant, request) });
    }
    return request;
  }

  /** Pairs a device without asking anybody, as the configuration allows. */
  async admit(tenant: TenantId, asking: Asking, via: ApprovedVia): Promise<Device> {
    const now = this.#ports.clock.now();
    const id = asking.claims.device;
    const request = nextRequest([], asking, { id: randomUUID(), repair: false, now });
    const device = await this.#documents.change(tenant, () => {
      const device = approved(this.#documents.get(tenant, "device", id), request, { via, now });
      const waiting = this.#documents.list(tenant, "request").filter((each) => each.device === id);
      const changes: Change[] = [
        { kind: "device", id, body: device },
        ...waiting.map((each): Change => ({ kind: "request", id: each.id, body: undefined })),
        ...this.#longAway(tenant, id).map((each): Change => ({ kind: "device", id: each.device, body: undefined })),
      ];
      return { changes, result: device };
    });
    await this.#audit(tenant, {
      actor: `device:${id}`,
      action: "device.approved",
      subject: id,
      outcome: "ok",
      detail: { via },
    });
    this.#emit({ type: "changed", tenant, device: id });
    return device;
  }

  /** @throws REQ_002, SEC_003. */
  async approve(
    tenant: TenantId,
    id: string,
    approver: Approver,
  ): Promise<{ readonly request: DeviceRequest; readonly device: Device }> {
    const now = this.#ports.clock.now();
    const done = await this.#documents.change(tenant, () => {
      const request = this.#request(tenant, id);
      checkApprover(approver, request);
      const device = approved(this.#documents.get(tenant, "device", request.device), request, { via: "owner", now });
      const changes: Change[] = [
        { kind: "device", id: device.device, body: device },
        { kind: "request", id, body: undefined },
      ];
      return { changes, result: { request, device } };
    });
    const { device, request } = done;
    await this.#audit(tenant, {
      actor: approver.actor,
      action: "device.approved",
      subject: device.device,
      outcome: "ok",
      detail: { request: id, roles: [...request.roles], scopes: [...request.scopes] },
    });
    if (request.reason === "metadata-upgrade") {
      this.#revoked(tenant, device.device, "device repaired");
    }
    this.#emit({ type: "resolved", tenant, request, decision: "approved", setup: this.#setupOf(tenant, request) });
    return done;
  }

  /** Refuses a request; the setup code that it came with is spent. @throws REQ_002, SEC_003. */
  async reject(tenant: TenantId, id: string, approver: Approver): Promise<DeviceRequest> {
    const { request, setup } = await this.#documents.change(tenant, () => {
      const request = this.#request(tenant, id);
      checkReach(approver, request.device);
      const setup = this.#setupOf(tenant, request);
      const bound = this.#documents.list(tenant, "setup").filter(({ boundTo }) => boundTo?.device === request.device);
      const changes: Change[] = [
        { kind: "request", id, body: undefined },
        ...bound.map((each): Change => ({ kind: "setup", id: each.id, body: undefined })),
      ];
      return { changes, result: { request, setup } };
    });
    await this.#audit(tenant, {
      actor: approver.actor,
      action: "device.rejected",
      subject: request.device,
      outcome: "ok",
    });
    this.#emit({ type: "resolved", tenant, request, decision: "rejected", setup });
    return request;
  }

  /** Forgets a device; whatever it is connected with is void. @throws REQ_002, SEC_003. */
  async remove(tenant: TenantId, id: string, approver: Approver): Promise<void> {
    await this.#documents.change(tenant, () => {
      const device = this.#device(tenant, id);
      checkReach(approver, id);
      for (const { role } of device.grants) checkRole(approver, role);
      const requests = this.#documents.list(tenant, "request").filter((each) => each.device === id);
      const codes = this.#documents.list(tenant, "setup").filter(({ boundTo }) => boundTo?.device === id);
      const changes: Change[] = [
        { kind: "device", id, body: undefined },
        ...requests.map((each): Change => ({ kind: "request", id: each.id, body: undefined })),
        ...codes.map((each): Change => ({ kind: "setup", id: each.id, body: undefined })),
      ];
      return { changes, result: undefined };
    });
    this.#seen.delete(`${tenant} ${id}`);
    await this.#audit(tenant, { actor: approver.actor, action: "device.removed", subject: id, outcome: "ok" });
    this.#revoked(tenant, id, "device removed");
  }

  /** @throws REQ_002, SEC_003. */
  async rename(tenant: TenantId, id: string, label: string, approver: Approver): Promise<void> {
    checkReach(approver, id);
    await this.change(tenant, id, (device) => ({ ...device, label }));
    await this.#audit(tenant, { actor: approver.actor, action: "device.renamed", subject: id, outcome: "ok" });
  }

  /**
   * Makes every token of a role void and returns the one that replaces them. Neither its scopes nor, when none are
   * named, those it has may go beyond the caller's (GHSA-4jpw-hj22-2xmc). @throws REQ_002, SEC_003.
   */
  async rotate(
    tenant: TenantId,
    what: {
      readonly device: string;
      readonly role: Role;
      readonly scopes?: readonly Scope[] | undefined;
      /** The caller's own token, which goes over into the new one. */
      readonly own?: { hash: string } | undefined;
    },
    approver: Approver,
  ): Promise<IssuedToken> {
    const now = this.#ports.clock.now();
    const token = newToken();
    const hash = hashOfToken(token);
    checkReach(approver, what.device);
    checkRole(approver, what.role);
    const device = await this.change(
      tenant,
      what.device,
      (known) => {
        const after = rotated(known, what.role, { hash, scopes: what.scopes, now });
        const scopes = grantOf(after, what.role)?.scopes ?? [];
        checkApprover(approver, { device: what.device, roles: [what.role], scopes });
        return after;
      },
      { quiet: true },
    );
    if (what.own) what.own.hash = hash;
    await this.#audit(tenant, {
      actor: approver.actor,
      action: "device.token-rotated",
      subject: what.device,
      outcome: "ok",
      detail: { role: what.role },
    });
    this.#revoked(tenant, what.device, "device token rotated", { role: what.role, except: hash });
    return { token, hash, scopes: grantOf(device, what.role)?.scopes ?? [], issuedAt: now };
  }

  /** Makes a role of a device void. Returns when. @throws REQ_002, SEC_003. */
  async revoke(
    tenant: TenantId,
    what: { readonly device: string; readonly role: Role },
    approver: Approver,
  ): Promise<number> {
    const now = this.#ports.clock.now();
    checkReach(approver, what.device);
    checkRole(approver, what.role);
    await this.change(tenant, what.device, (device) => revoked(device, what.role, now), { quiet: true });
    await this.#audit(tenant, {
      actor: approver.actor,
      action: "device.token-revoked",
      subject: what.device,
      outcome: "ok",
      detail: { role: what.role },
    });
    this.#revoked(tenant, what.device, "device token revoked", { role: what.role });
    return now;
  }

  /** A further token of a role that is in force, for a device that came in without one. @throws REQ_002, SEC_003. */
  async issue(tenant: TenantId, device: string, role: Role): Promise<IssuedToken> {
    const now = this.#ports.clock.now();
    const token = newToken();
    const hash = hashOfToken(token);
    const after = await this.change(tenant, device, (known) => withToken(known, role, hash, now), { quiet: true });
    return { token, hash, scopes: grantOf(after, role)?.scopes ?? [], issuedAt: now };
  }

  /** A device connected or did something. Written down now and then only. */
  async seen(tenant: TenantId, id: string, reason: string): Promise<void> {
    const now = this.#ports.clock.now();
    const known = this.#documents.get(tenant, "device", id);
    if (!known) return;
    this.#seen.set(`${tenant} ${id}`, { at: now, reason });
    if (now - (known.lastSeenAt ?? 0) < SEEN_EVERY_MS) return;
    await this.change(tenant, id, (device) => ({ ...device, lastSeenAt: now, lastSeenReason: reason }), {
      quiet: true,
    });
  }

  /** Changes a paired device. @throws REQ_002, and what `change` throws. */
  async change(
    tenant: TenantId,
    id: string,
    change: (device: Device) => Device,
    how: { readonly quiet?: boolean } = {},
  ): Promise<Device> {
    const after = await this.#documents.change(tenant, () => {
      const body = change(this.#device(tenant, id));
      return { changes: [{ kind: "device", id, body }], result: body };
    });
    if (!how.quiet) this.#emit({ type: "changed", tenant, device: id });
    return after;
  }

  /** What becomes of a request of this device: resolves when somebody decided or it died; rejects with the signal's reason. */
  decisionOn(tenant: TenantId, id: string, device: string, signal: AbortSignal): Promise<Decision> {
    return awaitDecision(
      { devices: this, clock: this.#ports.clock, decided: this.#decided },
      { tenant, id, device },
      signal,
    );
  }

  /** Connections hear of it first, so that they learn why. */
  #revoked(tenant: TenantId, device: string, why: string, what: { role?: Role; except?: string } = {}): void {
    this.#emit({ type: "revoked", tenant, device, why, ...what });
    this.#emit({ type: "changed", tenant, device });
  }

  #setupOf(tenant: TenantId, { setup }: DeviceRequest) {
    return setup === undefined ? undefined : this.#documents.get(tenant, "setup", setup);
  }

  #request(tenant: TenantId, id: string): DeviceRequest {
    const request = this.#documents.get(tenant, "request", id);
    if (request && isAlive(request, this.#ports.clock.now())) return request;
    throw new SwitchboardError("REQ_002", "unknown requestId", {
      action:
        "List those that wait: switchboard devices list. A request dies five minutes after the device last asked.",
    });
  }

  #device(tenant: TenantId, id: string): Device {
    const device = this.#documents.get(tenant, "device", id);
    if (device) return device;
    throw new SwitchboardError("REQ_002", "unknown deviceId", {
      action: "List the devices: switchboard devices list.",
    });
  }

  /** Locally admitted devices beyond what is kept, when another one comes. */
  #longAway(tenant: TenantId, coming: string): Device[] {
    return this.list(tenant)
      .filter(({ approvedVia, device }) => approvedVia === "local" && device !== coming)
      .sort((a, b) => (b.lastSeenAt ?? b.approvedAt) - (a.lastSeenAt ?? a.approvedAt))
      .slice(MOST_LOCAL - 1);
  }

  async #audit(tenant: TenantId, entry: Omit<AuditEntry, "at">): Promise<void> {
    await this.#ports.store.audit.append(tenant, { ...entry, at: this.#ports.clock.now() });
  }

  #emit(event: DeviceEvent): void {
    if (event.type === "resolved") this.#decided.note(event);
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#ports.log.error({ event: event.type, error: String(error) }, "a listener of device events failed");
      }
    }
  }
}
