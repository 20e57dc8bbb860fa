/** A stranger who may ask to be let in: their message goes nowhere, and they get a code for the owner (ACC-1, ACC-2). */
import type { InboundEvent } from "@switchboard/domain";
import { approvalsTarget, decidedOpenly } from "../access/approvals.ts";
import { isPending, MOST_PENDING, mayAsk, newPairingRequest } from "../access/pairing.ts";
import { newPairingCode } from "../access/pairing-code.ts";
import { codeContent, requestContent } from "../access/pairing-texts.ts";
import { ownControls } from "../commands/owned-controls.ts";
import { composeDeliveries } from "../outbox/compose.ts";
import type { Effect, NewDelivery, PairingRequest } from "../ports/index.ts";
import { type Case, type Decision, type DecisionPorts, replyEffect } from "./decision.ts";
import { refuse } from "./refuse.ts";

export async function askToPair(question: Case, reason: string, ports: DecisionPorts): Promise<Decision> {
  const refused = refuse(question, "SEC_001", reason, false, ports);
  const { sender } = question.event;
  const effect = mayAsk(sender) ? await request(question, sender, ports) : undefined;
  return effect ? { ...refused, effects: [...(refused.effects ?? []), effect] } : refused;
}

/**
 * What the store makes of it holds, whatever was true when this was decided: it keeps the limits, and only who is new to
 * it is answered.
 */
async function request(
  question: Case,
  sender: NonNullable<InboundEvent["sender"]>,
  ports: DecisionPorts,
): Promise<Effect | undefined> {
  const { account, event, route } = question;
  const { account: id, channel, tenant } = account.ref;
  const now = ports.clock.now();
  const known = await ports.store.pairing.list(tenant, { channel });
  const pending = known.filter((each) => each.account === id && isPending(each, now));
  if (pending.some((each) => each.sender === sender.id)) {
    return { type: "pairing-seen", channel, account: id, sender: sender.id, at: now };
  }
  const code = newPairingCode((each) => known.some((other) => other.code === each));
  if (pending.length >= MOST_PENDING || code === undefined) return undefined;
  const asked = newPairingRequest({ ...event, sender }, code, route.origin, now);
  const owners = account.authorities.holders("command");
  const silent = account.settings.strangers === "silent-once-owned" && owners.length > 0;
  const reply = replyEffect(question, codeContent(asked), ports, { expiresAt: asked.expiresAt });
  return {
    ...reply,
    type: "pairing-request",
    request: asked,
    most: MOST_PENDING,
    deliveries: [
      ...(silent ? [] : reply.deliveries),
      ...(await toOwners(question, asked, owners, ports)),
      ...toApprovals(question, asked, ports),
    ],
  };
}

/** Owners are told where they talk to this account already; nobody is written to first. */
async function toOwners(
  { account, stored }: Case,
  asked: PairingRequest,
  owners: readonly string[],
  ports: DecisionPorts,
): Promise<NewDelivery[]> {
  const { account: id, channel, tenant } = account.ref;
  const where = { channel, account: id };
  const deliveries = owners.map(async (owner) => {
    const session = await ports.store.sessions.directWith(tenant, {
      ...where,
      peer: owner as PairingRequest["sender"],
    });
    if (!session) return [];
    const content = requestContent(asked, account.channel.capabilities.controls.buttons);
    return composeDeliveries({
      channel: account.channel,
      account: id,
      target: session.target,
      content: ownControls(content, owner),
      kind: "notice",
      priority: "high",
      session: session.key,
      event: stored.id,
      causedAt: stored.receivedAt,
      expiresAt: asked.expiresAt,
    });
  });
  return (await Promise.all(deliveries)).flat();
}

/** Shown where owners decide together. */
function toApprovals({ account, stored }: Case, asked: PairingRequest, { log }: DecisionPorts): NewDelivery[] {
  const target = approvalsTarget(account);
  if (!target) {
    const { approvals } = account.settings;
    if (approvals !== undefined) log.warn({ approvals, ...account.ref }, "the setting approvals is no address here");
    return [];
  }
  return composeDeliveries({
    channel: account.channel,
    account: account.ref.account,
    target,
    content: decidedOpenly(requestContent(asked, account.channel.capabilities.controls.buttons)),
    kind: "notice",
    priority: "high",
    event: stored.id,
    causedAt: stored.receivedAt,
    expiresAt: asked.expiresAt,
  });
}
