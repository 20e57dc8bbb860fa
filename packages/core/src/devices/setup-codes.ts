/**
 * Setup codes (DEV-6): a token that lets one new device ask to be paired. It lives three minutes, belongs to the first
 * device that presents it, and is spent when that device was let in. It never lets anybody in by itself: the device
 * still has to be approved, unless the configuration trusts codes.
 */
import { randomUUID } from "node:crypto";
import { type InboxId, SwitchboardError, type TenantId } from "@switchboard/domain";
import { holds, type Role, type Scope } from "@switchboard/protocol";
import { type Approver, givable } from "./approver.ts";
import type { DeviceContext } from "./context.ts";
import { type DeviceDocuments, removal } from "./documents.ts";
import type { Device, SetupChat, SetupCode, SetupProfile } from "./records.ts";
import { hashOfToken, matchingHash, newToken } from "./secrets.ts";

/** How long a code may be presented for the first time, in milliseconds. */
export const SETUP_CODE_MS = 3 * 60_000;
/** How long the device that presented it may come back with it, e.g. after its approval. */
const BOUND_MS = 15 * 60_000;
/** How long it is remembered what became of a code. */
const REMEMBERED_MS = 20 * 60_000;
const MOST_CODES = 50;

const LIMITED: readonly Scope[] = [
  "operator.approvals",
  "operator.questions",
  "operator.read",
  "operator.talk.secrets",
  "operator.write",
];
const PROFILES: Readonly<Record<SetupProfile, { readonly roles: readonly Role[]; readonly scopes: readonly Scope[] }>> =
  {
    full: { roles: ["node", "operator"], scopes: ["operator.admin", ...LIMITED] },
    limited: { roles: ["node", "operator"], scopes: LIMITED },
    node: { roles: ["node"], scopes: [] },
    "voice-node": { roles: ["node", "operator"], scopes: ["operator.read", "operator.talk"] },
  };

export interface MintedCode {
  readonly setup: SetupCode;
  /** Shown once; only its hash is kept. */
  readonly token: string;
}

export class SetupCodes {
  readonly #documents: DeviceDocuments;
  readonly #context: DeviceContext;

  constructor(context: DeviceContext) {
    this.#documents = context.documents;
    this.#context = context;
  }

  /**
   * A new code with at most what its maker holds (GHSA-7h7g-x2px-94hj: it carries nothing that outlives it). `event`: the
   * stored event that asked for it. When that is worked on again, nobody was told the code it made before, which goes.
   * @throws SEC_003 when they hold too little for the profile to make sense, REQ_004 when too many are open.
   */
  async mint(
    tenant: TenantId,
    {
      chat,
      event,
      profile,
    }: {
      readonly profile: SetupProfile;
      readonly chat?: SetupChat | undefined;
      readonly event?: InboxId | undefined;
    },
    maker: Approver,
  ): Promise<MintedCode> {
    const { roles, scopes } = PROFILES[profile];
    if (profile === "full" && !holds(maker.scopes, "operator.admin")) {
      throw new SwitchboardError("SEC_003", "missing scope: operator.admin", {
        action: "Ask for limited access, or let an administrator make the code.",
        details: { code: "MISSING_SCOPE", missingScope: "operator.admin", requiredScopes: ["operator.admin"] },
      });
    }
    const now = this.#context.clock.now();
    const token = newToken();
    const setup: SetupCode = {
      id: randomUUID(),
      hash: hashOfToken(token),
      profile,
      roles: maker.nodes ? roles : roles.filter((role) => role === "operator"),
      scopes: givable(maker, scopes),
      createdAt: now,
      createdBy: maker.actor,
      expiresAt: now + SETUP_CODE_MS,
      ...(chat && { chat }),
      ...(event !== undefined && { event }),
    };
    if (setup.roles.length === 0) throw new SwitchboardError("SEC_003", "Only an administrator may set up nodes.");
    await this.#documents.change(tenant, () => {
      const all = this.#documents.list(tenant, "setup");
      const isUntold = (each: SetupCode) => event !== undefined && each.event === event && !each.boundTo;
      const old = all.filter((each) => now - each.createdAt > REMEMBERED_MS || isUntold(each));
      if (all.length - old.length >= MOST_CODES) {
        throw new SwitchboardError("REQ_004", "Too many setup codes are open.", {
          action: "Wait some minutes, or drop them: /pair cleanup.",
          retryable: true,
        });
      }
      const gone = old.map(({ id }) => removal("setup", id));
      return { changes: [...gone, { kind: "setup", id: setup.id, body: setup }], result: undefined };
    });
    await this.#context.audit(tenant, {
      actor: maker.actor,
      action: "setup-code.made",
      subject: setup.id,
      outcome: "ok",
      detail: { profile },
    });
    return { setup, token };
  }

  /**
   * The code a device presents. From now on it is this device's: of many that present it at once, one gets it.
   * `undefined`: unknown, expired, spent, or somebody else's.
   */
  present(tenant: TenantId, token: string, device: string): Promise<SetupCode | undefined> {
    const now = this.#context.clock.now();
    return this.#documents.change<SetupCode | undefined>(tenant, () => {
      const open = this.#documents.list(tenant, "setup");
      const hash = matchingHash(
        token,
        open.map((each) => each.hash),
      );
      const setup = open.find((each) => each.hash === hash);
      if (!setup || !isUsable(setup, device, now)) return { changes: [], result: undefined };
      if (setup.boundTo) return { changes: [], result: setup };
      const bound: SetupCode = { ...setup, boundTo: { device, at: now } };
      return { changes: [{ kind: "setup", id: setup.id, body: bound }], result: bound };
    });
  }

  /** The device was let in: the code is spent. False when it was spent already. */
  async spend(tenant: TenantId, id: string, device: Device): Promise<boolean> {
    const now = this.#context.clock.now();
    const spent = await this.#documents.change<SetupCode | undefined>(tenant, () => {
      const setup = this.#documents.get(tenant, "setup", id);
      if (!setup || setup.usedAt !== undefined || setup.boundTo?.device !== device.device) {
        return { changes: [], result: undefined };
      }
      const body: SetupCode = { ...setup, usedAt: now };
      return { changes: [{ kind: "setup", id, body }], result: body };
    });
    if (!spent) return false;
    this.#context.emit({ type: "set-up", tenant, setup: spent, device });
    return true;
  }

  get(tenant: TenantId, id: string): SetupCode | undefined {
    return this.#documents.get(tenant, "setup", id);
  }

  /** Those that could still be presented or come back. */
  open(tenant: TenantId): SetupCode[] {
    const now = this.#context.clock.now();
    return this.#documents.list(tenant, "setup").filter((setup) => isUsable(setup, setup.boundTo?.device, now));
  }

  /** Drops every code that was not presented yet. Returns how many. */
  async drop(tenant: TenantId, actor: string): Promise<number> {
    const now = this.#context.clock.now();
    const count = await this.#documents.change(tenant, () => {
      const unused = this.#documents.list(tenant, "setup").filter((each) => !each.boundTo && each.expiresAt > now);
      return { changes: unused.map(({ id }) => removal("setup", id)), result: unused.length };
    });
    await this.#context.audit(tenant, {
      actor,
      action: "setup-code.dropped",
      subject: "all",
      outcome: "ok",
      detail: { count },
    });
    return count;
  }
}

/** Those that belong to a device, used or not. */
export function codesOf(documents: DeviceDocuments, tenant: TenantId, device: string): SetupCode[] {
  return documents.list(tenant, "setup").filter(({ boundTo }) => boundTo?.device === device);
}

function isUsable(setup: SetupCode, device: string | undefined, now: number): boolean {
  if (setup.usedAt !== undefined) return false;
  if (!setup.boundTo) return setup.expiresAt > now;
  return setup.boundTo.device === device && now - setup.boundTo.at < BOUND_MS;
}
