/** What things of a tenant are called, and the same for one where nothing is called that. */
import type { LaneKind, Lease, SealedValue, WrappedKey } from "@switchboard/core/ports";
import type {
  AccountId,
  ChannelId,
  DeadLetterId,
  DeliveryId,
  InboxId,
  MessageId,
  SessionId,
  SessionKey,
  TenantId,
  TurnId,
} from "@switchboard/domain";
import { aPlace, aSessionKey, CHANNEL, DAY } from "@switchboard/testkit/factories";
import { given, type World } from "@switchboard/testkit/store";

export interface Ids {
  readonly account: AccountId;
  readonly event: InboxId;
  readonly eventKey: string;
  readonly heldEvent: InboxId;
  readonly turn: TurnId;
  readonly runningTurn: TurnId;
  /** Its agent said that it answers later. */
  readonly waitingTurn: TurnId;
  /** A turn waits for it. */
  readonly agent: string;
  readonly run: string;
  readonly session: SessionKey;
  readonly sessionId: SessionId;
  readonly sentDelivery: DeliveryId;
  readonly waitingDelivery: DeliveryId;
  readonly heldDelivery: DeliveryId;
  readonly messageId: MessageId;
  readonly controlToken: string;
  readonly idempotencyKey: string;
  readonly deadLetter: DeadLetterId;
  readonly otherLetter: DeadLetterId;
  readonly pairing: string;
  readonly otherPairing: string;
  readonly decidedEvent: InboxId;
  readonly device: string;
  readonly vaultKey: string;
  readonly wrapped: string;
  readonly sealed: string;
  readonly memory: string;
  readonly value: string;
  readonly node: string;
  readonly process: string;
  readonly label: string;
  readonly replyToken: string;
  /** Of requests that are under way. */
  readonly answerKey: string;
  readonly otherAnswerKey: string;
}

/** Of what the tenant holds at the moment, one lane of each kind. */
export type Held = Readonly<Record<LaneKind, Pick<Lease, "lane" | "epoch">>>;

/** Whom a call is made for, and with whose ids. */
export interface Aim {
  readonly tenant: TenantId;
  readonly ids: Ids;
  readonly held: Held;
  /** What the caller holds itself. */
  readonly own: Readonly<Record<LaneKind, Lease>>;
  readonly now: number;
}

export type Victim = Omit<Aim, "own">;

export const CHANNEL_OF_ACCOUNT = "test" as ChannelId;

/** On top of what `fill` makes: things whose ids nobody else has, and work that is held. */
export async function victimOf(world: World): Promise<Victim> {
  const { now, store, tenant } = world;
  const own = (name: string) => `${name}-of-${tenant}`;
  const process = own("process");
  const account = own("account") as AccountId;
  const ref = { tenant, channel: CHANNEL_OF_ACCOUNT, account };
  const [memory, value, node, sealed] = [own("memory"), own("value"), own("node"), own("sealed")];
  await store.accounts.put({ ...ref, source: "store", enabled: true, config: {}, settings: {}, sealed }, now);
  await store.accounts.memorySet(ref, memory, value);
  await store.accounts.memorySet(ref, `sealed/${memory}`, sealed);
  const { account: _, tenant: __, ...place } = ref;
  const grant = { ...place, account, authority: "dm", subject: value, grantedAt: 1, grantedBy: "x" } as const;
  await store.accounts.grant(tenant, grant);
  await store.accounts.claim(ref, { owner: node, leaseMs: 60_000, now });
  await store.accounts.report(ref, node, { of: value });
  const device = own("device");
  await store.devices.change(tenant, [{ kind: "device", id: device, from: 0, body: value }]);
  const [vaultKey, wrapped] = [own("key"), own("wrapped")];
  const key = { tenant, id: vaultKey, purpose: "seal", generation: 7, master: "m", madeUnder: "m" } as const;
  await store.vault.add({ ...key, wrapped, createdAt: 1 });

  const eventKey = own("update");
  const dead = await world.receive(own("dead"), process, { key: eventKey });
  await world.settle(dead, { state: "dead" });
  const deadLetter = given((await world.deadLetters())[0]).id;
  await world.settle(await world.receive(own("other"), process), { state: "dead" });
  const otherLetter = given((await world.deadLetters()).find(({ id }) => id !== deadLetter)).id;
  const held = await world.receive(own("inbox"), process);
  const [pairing, otherPairing] = [own("pairing"), own("request")];
  const target = { conversation: own("c") as never, kind: "direct", peer: own("peer") as never } as const;
  const times = { createdAt: now, lastSeenAt: now, expiresAt: now + 60_000 };
  const asks = { channel: CHANNEL_OF_ACCOUNT, account, target, ...times };
  for (const id of [pairing, otherPairing, own("dismissed")]) {
    const request = { ...asks, sender: id as never, id, code: `code-${id}` };
    await world.apply({ type: "pairing-request", request, most: 9, deliveries: [] });
  }
  const audit = { at: now, actor: "a", action: "b", subject: "c", outcome: "ok" } as const;
  const cause = { event: dead.event.id, expiresAt: now + 60_000 };
  await store.pairing.dismiss(ref, own("dismissed"), { now, audit, cause });

  const chat = own("c");
  const [run, messageId] = [own("run"), own("message") as MessageId];
  const first = await world.run(chat, { run }, process);
  const entries = [{ role: "assistant", text: own("text"), at: now, messageId }] as const;
  await world.complete(first, { entries });
  const [label, session] = [own("label"), aSessionKey(chat)];
  await store.sessions.setPreference(tenant, session, "label", label);
  const running = await world.run(chat, { run: own("running") }, process);
  await world.enqueue(own("queue"));
  const late = await world.run(own("late"), {}, process);
  const replyToken = own("reply");
  const awaits = { until: now + 60_000, token: replyToken };
  await store.turns.giveBack(late.lease, late.turn.id, { notBefore: awaits.until, now, awaits });
  const agent = own("agent");
  const absent = await world.run(own("absent"), { session: aPlace(own("absent"), { agent }) }, process);
  await store.turns.giveBack(absent.lease, absent.turn.id, { notBefore: now + DAY, now, waitsUntil: now + DAY });
  await store.traces.note(tenant, [{ subject: first.turn.id, at: 1, step: own("step") }]);
  const [answerKey, otherAnswerKey] = [own("answer"), own("other-answer")];
  const asked = { fingerprint: value, owner: process, leaseMs: 60_000, expiresAt: now + DAY, most: 9, now };
  for (const each of [answerKey, otherAnswerKey]) await store.answers.begin(tenant, each, asked);
  const controlToken = own("token");
  const sent = await world.sending(chat, { session, turn: first.turn.id, controlValues: { [controlToken]: value } });
  await world.sent(sent, messageId);
  const sending = await world.sending(chat, {}, process);
  const idempotencyKey = own("idempotency");
  const waiting = await store.outbox.enqueue(tenant, {
    deliveries: [{ ...sending.delivery, id: `${sending.delivery.id}x` as DeliveryId }],
    idempotencyKey,
    now,
  });
  return {
    tenant,
    now,
    held: { inbox: held.lease, turn: running.lease, delivery: sending.lease },
    ids: {
      account,
      event: dead.event.id,
      eventKey,
      heldEvent: held.event.id,
      turn: first.turn.id,
      runningTurn: running.turn.id,
      waitingTurn: late.turn.id,
      agent,
      run,
      session,
      sessionId: first.turn.sessionId,
      sentDelivery: sent.delivery.id,
      waitingDelivery: given(waiting.ids[0]),
      heldDelivery: sending.delivery.id,
      messageId,
      controlToken,
      idempotencyKey,
      deadLetter,
      otherLetter,
      pairing,
      otherPairing,
      decidedEvent: dead.event.id,
      device,
      vaultKey,
      wrapped,
      sealed,
      memory,
      value,
      node,
      process,
      label,
      replyToken,
      answerKey,
      otherAnswerKey,
    },
  };
}

/** The calls as the victim makes them. */
export function asItself(victim: Victim): Aim {
  const { held, ids, tenant } = victim;
  const lease = (kind: LaneKind): Lease => ({ ...held[kind], tenant, kind, owner: ids.process });
  return { ...victim, own: { inbox: lease("inbox"), turn: lease("turn"), delivery: lease("delivery") } };
}

/** The same calls for another tenant. */
export async function asTenant(victim: Victim, world: World): Promise<Aim> {
  return { ...victim, tenant: world.tenant, own: await heldBy(world) };
}

/** The same calls for another tenant, with ids that nobody has. */
export async function asStranger(victim: Victim, world: World): Promise<Aim> {
  const ids = Object.fromEntries(Object.entries(victim.ids).map(([name, id]) => [name, ghostOf(id)]));
  const lease = ({ epoch, lane }: Pick<Lease, "lane" | "epoch">) => ({ lane: ghostOf(lane), epoch: epoch + 1_000_000 });
  const { delivery, inbox, turn } = victim.held;
  return {
    ...victim,
    tenant: world.tenant,
    ids: ids as unknown as Ids,
    held: { inbox: lease(inbox), turn: lease(turn), delivery: lease(delivery) },
    own: await heldBy(world),
  };
}

async function heldBy(world: World): Promise<Aim["own"]> {
  const [process, chat] = ["a process", "mine"];
  const { lease: inbox } = await world.receive(chat, process, { key: "mine", payload: "mine" });
  const { lease: turn } = await world.run(chat, { input: { text: "mine", at: world.now } }, process);
  const part = { payload: "mine", preview: "mine", editable: true };
  const { lease: delivery } = await world.sending(chat, { part }, process);
  return { inbox, turn, delivery };
}

/** Of the same form and length. */
export function ghostOf(id: string): string {
  return `${id.slice(0, -4)}${id.endsWith("zzzz") ? "yyyy" : "zzzz"}`;
}

export function sealedOf({ ids }: Aim): SealedValue {
  const { account, memory, sealed } = ids;
  return { channel: CHANNEL_OF_ACCOUNT, account, kind: "memory", key: `sealed/${memory}`, sealed };
}

export function wrappedOf({ ids, tenant }: Aim): WrappedKey {
  const key = { id: ids.vaultKey, purpose: "seal", generation: 7, master: "m", madeUnder: "m", createdAt: 1 } as const;
  return { ...key, tenant, wrapped: ids.wrapped };
}

/** Where the victim speaks. */
export const SPEAKS = { channel: CHANNEL, account: "default" as AccountId };
