/** Asking to be let in, as far as it needs no store (ACC-1, ACC-2). */
import { createHash } from "node:crypto";
import { type InboundEvent, oneLine, type PeerId, type Target } from "@switchboard/domain";
import type { PairingRequest } from "../ports/index.ts";

/** How long a code is valid, from its making; writing again does not prolong it. */
export const PAIRING_TTL_MS = 3_600_000;
/** Requests that may wait on one account. */
export const MOST_PENDING = 3;
/** How long it is known of a code that it expired. */
export const KEEP_EXPIRED_MS = 86_400_000;

const LONGEST_NAME = 80;

/** Whether somebody can be let in at all: a wildcard is nobody (CVE-2026-44991). */
export function mayAsk(sender: InboundEvent["sender"]): sender is NonNullable<InboundEvent["sender"]> {
  return sender !== undefined && sender.id !== "*" && sender.id !== "";
}

export function isPending({ expiresAt }: Pick<PairingRequest, "expiresAt">, now: number): boolean {
  return now < expiresAt;
}

/** The 32 characters by which callers name a request; they say nothing of its code. */
export function pairingRequestId({
  account,
  channel,
  createdAt,
  sender,
}: Pick<PairingRequest, "account" | "channel" | "createdAt" | "sender">): string {
  const said = [channel, account, sender, new Date(createdAt).toISOString()].join("\0");
  return createHash("sha256").update(said).digest("base64url").slice(0, 32);
}

export function newPairingRequest(
  event: Pick<InboundEvent, "platform" | "account"> & { readonly sender: NonNullable<InboundEvent["sender"]> },
  code: string,
  target: Target,
  now: number,
): PairingRequest {
  const { account, platform: channel, sender } = event;
  const [label, username] = [nameOf(sender.displayName), nameOf(sender.username)];
  return {
    channel,
    account,
    sender: sender.id,
    id: pairingRequestId({ channel, account, sender: sender.id, createdAt: now }),
    code,
    ...(label !== undefined && { label }),
    ...(username !== undefined && { username }),
    target,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + PAIRING_TTL_MS,
  };
}

/** How a list calls somebody: what they call themselves, which proves nothing, else their id. */
export function senderLabel({
  label,
  sender,
  username,
}: Pick<PairingRequest, "label" | "sender" | "username">): string {
  return label ?? username ?? (sender as PeerId);
}

function nameOf(text: string | undefined): string | undefined {
  const name = oneLine(text ?? "")
    .slice(0, LONGEST_NAME)
    .toWellFormed();
  return name === "" ? undefined : name;
}
