/** What could not be processed or sent, kept whole until a person decides. */
import type {
  AccountId,
  ChannelId,
  DeadLetterId,
  DeliveryId,
  ErrorRecord,
  InboxId,
  TenantId,
  TurnId,
} from "@switchboard/domain";
import type { Page, Paged } from "./common.ts";

export interface DeadLetter {
  readonly id: DeadLetterId;
  readonly tenant: TenantId;
  readonly kind: "inbox" | "turn" | "delivery";
  readonly subject: InboxId | TurnId | DeliveryId;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly error: ErrorRecord;
  readonly createdAt: number;
  readonly preview?: string;
  readonly resolution?: "replayed" | "discarded";
  readonly resolvedAt?: number;
}

export interface DeadLetterStore {
  get(tenant: TenantId, id: DeadLetterId): Promise<DeadLetter | undefined>;
  /** Newest first; only unresolved ones unless `resolved`. */
  list(
    tenant: TenantId,
    filter: Page & { readonly kind?: DeadLetter["kind"]; readonly resolved?: boolean },
  ): Promise<Paged<DeadLetter>>;

  /**
   * Puts the subject back to work with its attempts at zero and a life of `ttlMs` from now, in its old place in its
   * lane. A delivery whose last attempt may have arrived is `unknown` again. False when it was resolved already.
   */
  replay(tenant: TenantId, id: DeadLetterId, input: { readonly now: number; readonly ttlMs: number }): Promise<boolean>;
  discard(tenant: TenantId, id: DeadLetterId, now: number): Promise<boolean>;
}
