/** Lets people in or sends them away: for operators and for owners in chat (ACC-3). */
import {
  type AccountRef,
  accountKey,
  type ChannelId,
  type DeliveryId,
  SwitchboardError,
  type Target,
  type TenantId,
} from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { TokenBuckets } from "../limits/token-buckets.ts";
import { composeDeliveries } from "../outbox/compose.ts";
import type {
  AuditEntry,
  Cause,
  ClaimedDelivery,
  ClaimRequest,
  Clock,
  NewDelivery,
  PairingDecision,
  PairingRequest,
  Store,
} from "../ports/index.ts";
import { anonymousPeer } from "./anonymise.ts";
import { isPending } from "./pairing.ts";
import { isCode } from "./pairing-code.ts";
import { welcomeContent } from "./pairing-texts.ts";

/** Wrong codes of one caller on one account. */
const WRONG_CODES = { perSecond: 1 / 60, burst: 5 } as const;

export interface PairingsPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: TokenBuckets;
  /** How long a person may have to wait for being told. */
  readonly ttlMs: number;
  account(ref: AccountRef): AccountRuntime | undefined;
  /** Makes a change of an account's grants in the store, and the account works with them from then on. */
  regrant<T>(ref: AccountRef, change: () => Promise<T>): Promise<T>;
  claimDelivery(account: AccountRuntime, target: Target): ClaimRequest | undefined;
  /** Deliveries of the account were queued, and some claimed. */
  onQueued(account: AccountRuntime, claimed: readonly ClaimedDelivery[]): void;
}

/** A request by its id, or by the code that its sender was told. */
export type WhichRequest = { readonly id: string } | { readonly code: string };

export interface Approval {
  readonly request: PairingRequest;
  /** Whether they became the account's owner, or why not. */
  readonly owner: "not-requested" | "configured" | "already-configured" | "unavailable";
  /** What tells them; absent when that was not asked for or their platform cannot show it. */
  readonly delivery?: DeliveryId;
}

export class Pairings {
  readonly #ports: PairingsPorts;

  constructor(ports: PairingsPorts) {
    this.#ports = ports;
  }

  /** Who waits, the longest first. */
  async pending(
    tenant: TenantId,
    filter: { readonly channel?: ChannelId; readonly account?: AccountRef["account"] },
  ): Promise<readonly PairingRequest[]> {
    const now = this.#ports.clock.now();
    return (await this.#ports.store.pairing.list(tenant, filter)).filter((each) => isPending(each, now));
  }

  /**
   * `by`: who approves, for the audit log and for counting wrong codes. `owner`: they shall own the account if nobody
   * does. `tell`: they are told in the chat where they asked. `cause`: the event that brought the decision; worked on
   * again, it does nothing and is told the same. @throws REQ_002, SEC_005.
   */
  async approve(
    ref: AccountRef,
    which: WhichRequest,
    {
      by,
      cause,
      owner,
      tell,
    }: { readonly by: string; readonly owner: boolean; readonly tell: boolean; readonly cause?: Cause },
  ): Promise<Approval> {
    const { clock, regrant, store } = this.#ports;
    const found = (await this.#decided(ref, which, "approved", cause)) ?? (await this.#find(ref, which, by));
    if (found.sender === "*") throw new SwitchboardError("REQ_001", "A wildcard is nobody who could be let in.");
    const account = this.#ports.account(ref);
    const deliveries = tell && account ? this.#welcome(account, found) : [];
    const claim = account && deliveries.length > 0 ? this.#ports.claimDelivery(account, found.target) : undefined;
    const owned = account === undefined || account.authorities.holders("command").length > 0;
    const now = clock.now();
    const approved = await regrant(ref, () =>
      store.pairing.approve(ref, found.id, {
        now,
        grantedBy: by,
        owner: owner && !owned,
        audit: this.#audit(ref, found, by, "pairing.approved", now),
        deliveries,
        ...(claim && { claim }),
        ...(cause && { cause }),
      }),
    );
    if (!approved) throw gone(ref);
    if (account && deliveries.length > 0 && !approved.repeated) this.#ports.onQueued(account, approved.claimed);
    const delivery = approved.repeated ? undefined : deliveries.at(-1)?.id;
    const bootstrap = approved.owner ? "configured" : account ? "already-configured" : "unavailable";
    return {
      request: approved.request,
      owner: owner ? bootstrap : "not-requested",
      ...(delivery !== undefined && { delivery }),
    };
  }

  /** They may ask again, and get another code. `cause`: as above. @throws REQ_002, SEC_005. */
  async dismiss(ref: AccountRef, which: WhichRequest, by: string, cause?: Cause): Promise<PairingRequest> {
    const found = (await this.#decided(ref, which, "dismissed", cause)) ?? (await this.#find(ref, which, by));
    const now = this.#ports.clock.now();
    const audit = this.#audit(ref, found, by, "pairing.dismissed", now);
    const dismissed = await this.#ports.store.pairing.dismiss(ref, found.id, { now, audit, ...(cause && { cause }) });
    if (!dismissed) throw gone(ref);
    return dismissed;
  }

  /** What the event decided when it was worked on before. */
  async #decided(
    ref: AccountRef,
    which: WhichRequest,
    decision: PairingDecision["decision"],
    cause: Cause | undefined,
  ): Promise<PairingRequest | undefined> {
    if (!cause) return undefined;
    const before = await this.#ports.store.pairing.decidedBy(ref, cause.event);
    const isIt = ({ code, id }: PairingRequest) => ("id" in which ? which.id === id : isCode(which.code, code));
    return before.find((each) => each.decision === decision && isIt(each.request))?.request;
  }

  /** @throws REQ_002 when there is none, SEC_005 after too many wrong codes. */
  async #find(ref: AccountRef, which: WhichRequest, by: string): Promise<PairingRequest> {
    const { clock, limits, store } = this.#ports;
    const now = clock.now();
    const requests = await store.pairing.list(ref.tenant, { channel: ref.channel, account: ref.account });
    if ("id" in which) {
      const found = requests.find(({ id }) => id === which.id);
      if (found && isPending(found, now)) return found;
      throw found ? expired(ref) : gone(ref);
    }
    const key = `pairing-code/${accountKey(ref)}/${by}`;
    const retryAfterMs = limits.waitMs(key, WRONG_CODES, now);
    if (retryAfterMs > 0) {
      const seconds = Math.ceil(retryAfterMs / 1000);
      const message = `There were too many wrong codes for ${nameOf(ref)}; try again in ${seconds} s.`;
      throw new SwitchboardError("SEC_005", message, { retryAfterMs });
    }
    // All are compared, so that the time tells nothing.
    const [found] = requests.filter(({ code }) => isCode(which.code, code));
    if (found && isPending(found, now)) return found;
    if (found) throw expired(ref);
    limits.charge(key, WRONG_CODES, now);
    throw new SwitchboardError("REQ_002", `Nobody who waits on ${nameOf(ref)} has that code.`, {
      action: "Check the code, the channel and the account; a code is valid for an hour.",
      details: { reason: "wrong-code" },
    });
  }

  #welcome(account: AccountRuntime, { target }: PairingRequest): NewDelivery[] {
    try {
      return composeDeliveries({
        channel: account.channel,
        account: account.ref.account,
        target,
        content: welcomeContent(),
        kind: "notice",
        priority: "high",
        expiresAt: this.#ports.clock.now() + this.#ports.ttlMs,
      });
    } catch (error) {
      if (error instanceof SwitchboardError && error.code.startsWith("MSG_")) return [];
      throw error;
    }
  }

  #audit(ref: AccountRef, { id, sender }: PairingRequest, by: string, action: string, now: number): AuditEntry {
    const account = this.#ports.account(ref);
    const who = account ? { sender: anonymousPeer(account, sender) } : {};
    return { at: now, actor: by, action, subject: nameOf(ref), outcome: "ok", detail: { request: id, ...who } };
  }
}

function gone(ref: AccountRef): SwitchboardError {
  return new SwitchboardError("REQ_002", `There is no such request on ${nameOf(ref)}, or it was decided already.`, {
    action: `See who waits: switchboard pairing list ${ref.channel}.`,
    details: { reason: "unknown" },
  });
}

function expired(ref: AccountRef): SwitchboardError {
  return new SwitchboardError("REQ_002", `That request on ${nameOf(ref)} has expired.`, {
    action: "Ask the person to write again; they get a new code.",
    details: { reason: "expired" },
  });
}

function nameOf({ account, channel }: AccountRef): string {
  return `${channel}:${account}`;
}
