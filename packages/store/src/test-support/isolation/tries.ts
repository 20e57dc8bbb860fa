/**
 * How every method of the Store port is called with ids. The type knows which methods take a tenant: one that is added to
 * the port does not compile until it is tried here.
 */
import type { LaneKind, Lease, Store } from "@switchboard/core/ports";
import type { AccountRef, ConversationId, ErrorRecord, PeerId, TenantId } from "@switchboard/domain";
import { aDelivery, aPlace, aRawEvent, aTurn, COLLECT, claimAs, DAY } from "@switchboard/testkit/factories";

import { type Aim, CHANNEL_OF_ACCOUNT, SPEAKS, sealedOf, wrappedOf } from "./ids.ts";

export type Group = Exclude<keyof Store, "close">;
type Inner<Argument> = Argument extends readonly (infer One)[] ? One : Argument;
type Whose<Method> = Method extends (...args: infer Args) => unknown
  ? Extract<Inner<Required<Args>[number]>, TenantId | { readonly tenant: TenantId }>
  : never;
type ArgumentsOf<Method> = Method extends (...args: infer Args) => unknown ? Args : never;
/** The calls that are made of a method; a method that takes no tenant is the gateway's own. */
type Try<Method> = [Whose<Method>] extends [never] ? "of all tenants" : (aim: Aim) => readonly ArgumentsOf<Method>[];
export type Tries = { readonly [Name in Group]: { readonly [Method in keyof Store[Name]]: Try<Store[Name][Method]> } };

const REFUSAL: ErrorRecord = { code: "MSG_004", message: "stolen", retryable: false };

const refOf = ({ ids, tenant }: Aim): AccountRef => ({ tenant, channel: CHANNEL_OF_ACCOUNT, account: ids.account });
/** The victim's, in the caller's name, and one that the caller has. */
const leasesOf = (aim: Aim, kind: LaneKind): readonly Lease[] => {
  const { held, ids, own, tenant } = aim;
  const { epoch, lane } = held[kind];
  return [{ tenant, kind, lane, epoch, owner: ids.process }, own[kind]];
};
const chatOf = ({ ids }: Aim) => ids.session.split(":").at(-1) as ConversationId;
const auditOf = ({ now }: Aim) => ({ at: now, actor: "a", action: "b", subject: "c", outcome: "ok" }) as const;
const deliveryOf = (aim: Aim) => {
  const part = { payload: "stolen", preview: "stolen", editable: true };
  return aDelivery(chatOf(aim), { id: aim.ids.waitingDelivery, part });
};
const turnOf = (aim: Aim) =>
  aTurn(chatOf(aim), { id: aim.ids.turn, run: aim.ids.run, input: { text: "stolen", at: aim.now } });

/** In an order in which they would not hinder each other if they did anything. */
export const TRIES: Tries = {
  upkeep: {
    renew: (aim) =>
      (["inbox", "turn", "delivery"] as const).map((kind) => [
        leasesOf(aim, kind).slice(0, 1),
        { leaseMs: 9 * DAY, now: aim.now },
      ]),
    breakLeases: "of all tenants",
    releaseOwner: "of all tenants",
    ready: "of all tenants",
    nextDueAt: "of all tenants",
    tick: "of all tenants",
    prune: "of all tenants",
    blobsInUse: "of all tenants",
    stats: ({ now, tenant }) => [[now, tenant]],
    probe: "of all tenants",
    backup: "of all tenants",
  },
  deadLetters: {
    get: ({ ids, tenant }) => [[tenant, ids.deadLetter]],
    list: ({ tenant }) => [[tenant, { resolved: true }]],
    replay: ({ ids, now, tenant }) => [[tenant, ids.deadLetter, { now, ttlMs: DAY }]],
    discard: ({ ids, now, tenant }) => [[tenant, ids.otherLetter, now]],
  },
  pairing: {
    list: ({ ids, tenant }) => [
      [tenant, { channel: CHANNEL_OF_ACCOUNT, account: ids.account }],
      [tenant, {}],
    ],
    approve: (aim) => [
      [
        refOf(aim),
        aim.ids.pairing,
        { now: aim.now, grantedBy: "stolen", owner: true, audit: auditOf(aim), deliveries: [] },
      ],
    ],
    dismiss: (aim) => [[refOf(aim), aim.ids.otherPairing, { now: aim.now, audit: auditOf(aim) }]],
    decidedBy: (aim) => [[refOf(aim), aim.ids.decidedEvent]],
    prune: "of all tenants",
  },
  sessions: {
    get: ({ ids, tenant }) => [[tenant, ids.session]],
    list: ({ ids, tenant }) => [
      [tenant, { id: ids.sessionId }],
      [tenant, { label: ids.label }],
      [tenant, { search: ids.session }],
    ],
    directWith: (aim) => [[aim.tenant, { ...SPEAKS, peer: chatOf(aim) as unknown as PeerId }]],
    append: ({ ids, now, tenant }) => [[tenant, ids.session, { role: "note", text: "stolen", at: now }]],
    transcript: ({ ids, tenant }) => [
      [tenant, ids.session, { limit: 99 }],
      [tenant, ids.session, { limit: 99, sessionId: ids.sessionId }],
    ],
    ofMessage: (aim) => [
      [aim.tenant, { ...SPEAKS, conversation: chatOf(aim), messageIds: [aim.ids.messageId], prefer: aim.ids.session }],
    ],
    preferences: ({ ids, tenant }) => [[tenant, ids.session]],
    setPreference: ({ ids, tenant }) => [
      [tenant, ids.session, "label", "stolen"],
      [tenant, ids.session, "label", null],
    ],
    usage: ({ ids, now, tenant }) => [
      [tenant, { from: 0, to: now + DAY, offsetMs: 0, session: ids.session }],
      [tenant, { from: 0, to: now + DAY, offsetMs: 0 }],
    ],
    reset: ({ ids, now, tenant }) => [[tenant, ids.session, now]],
    keepNewest: ({ ids, tenant }) => [[tenant, ids.session, 1]],
    delete: ({ ids, now, tenant }) => [[tenant, ids.session, now]],
    create: (aim) => [[aim.tenant, aPlace(chatOf(aim)), aim.now]],
  },
  inbox: {
    claim: ({ ids, now, tenant }) => [[tenant, { ...claimAs(ids.process), limit: 9, now: now + DAY / 2 }]],
    settle: (aim) =>
      leasesOf(aim, "inbox").flatMap((lease) => [
        [lease, aim.ids.heldEvent, { state: "handled", now: aim.now }],
        [lease, aim.ids.event, { state: "dead", now: aim.now }],
      ]),
    get: ({ ids, tenant }) => [
      [tenant, ids.event],
      [tenant, ids.heldEvent],
    ],
    find: ({ ids, tenant }) => [[tenant, { ...SPEAKS, key: ids.eventKey }]],
    list: ({ ids, tenant }) => [
      [tenant, { turn: ids.turn }],
      [tenant, {}],
    ],
    ingest: (aim) => [
      [
        aim.tenant,
        {
          ...SPEAKS,
          events: [aRawEvent(chatOf(aim), { key: aim.ids.eventKey, payload: "stolen" })],
          now: aim.now,
          ttlMs: DAY,
        },
      ],
    ],
  },
  turns: {
    stop: ({ ids, now, tenant }) => [
      [tenant, { session: ids.session, now }],
      [tenant, { session: ids.session, run: ids.run, now }],
    ],
    claimWaiting: ({ ids, now, tenant }) => [[tenant, { ...claimAs(ids.process), agent: ids.agent, limit: 9, now }]],
    claim: ({ ids, now, tenant }) => [[tenant, { ...claimAs(ids.process), limit: 9, now: now + DAY / 2 }]],
    complete: (aim) =>
      leasesOf(aim, "turn").flatMap((lease) =>
        [aim.ids.runningTurn, aim.ids.turn].map((turn) => [
          lease,
          turn,
          { state: "done", entries: [], deliveries: [], now: aim.now },
        ]),
      ),
    giveBack: (aim) =>
      leasesOf(aim, "turn").flatMap((lease) => [
        [lease, aim.ids.runningTurn, { notBefore: aim.now, now: aim.now }],
        [lease, aim.ids.turn, { notBefore: aim.now, now: aim.now, error: REFUSAL }],
      ]),
    answerLater: ({ ids, now, tenant }) =>
      [ids.waitingTurn, ids.turn, ids.runningTurn].map((turn) => [
        tenant,
        turn,
        { token: ids.replyToken, answer: "{}", now },
      ]),
    get: ({ ids, tenant }) => [
      [tenant, ids.turn],
      [tenant, ids.runningTurn],
    ],
    findByRun: ({ ids, tenant }) => [
      [tenant, ids.run],
      [tenant, ids.runningTurn],
    ],
    inputs: ({ ids, tenant }) => [
      [tenant, ids.turn],
      [tenant, ids.runningTurn],
    ],
    list: ({ ids, tenant }) => [
      [tenant, { session: ids.session }],
      [tenant, {}],
    ],
    enqueue: (aim) => [[aim.tenant, turnOf(aim), COLLECT, aim.now]],
  },
  outbox: {
    claim: ({ ids, now, tenant }) => [[tenant, { ...claimAs(ids.process), ...SPEAKS, limit: 9, now: now + DAY / 2 }]],
    begin: (aim) =>
      leasesOf(aim, "delivery").flatMap((lease) =>
        [aim.ids.heldDelivery, aim.ids.sentDelivery].map((id) => [lease, id, { now: aim.now, markedDuplicate: true }]),
      ),
    settle: (aim) =>
      leasesOf(aim, "delivery").flatMap((lease) =>
        [aim.ids.heldDelivery, aim.ids.sentDelivery].map((id) => [
          lease,
          id,
          1,
          { state: "dead", error: REFUSAL },
          { now: aim.now },
        ]),
      ),
    giveBack: (aim) =>
      leasesOf(aim, "delivery").map((lease) => [lease, aim.ids.heldDelivery, { notBefore: aim.now, now: aim.now }]),
    openDraft: (aim) =>
      leasesOf(aim, "turn").map((lease) => [
        lease,
        { ...deliveryOf(aim), id: aim.ids.heldDelivery, turn: aim.ids.runningTurn },
        aim.now,
      ]),
    settleDraft: (aim) =>
      leasesOf(aim, "turn").flatMap((lease) =>
        [aim.ids.heldDelivery, aim.ids.waitingDelivery].map((id) => [
          lease,
          id,
          { state: "dead", error: REFUSAL },
          aim.now,
        ]),
      ),
    receipt: (aim) =>
      (["read", "failed"] as const).map((status) => [
        aim.tenant,
        { ...SPEAKS, conversation: chatOf(aim), messageIds: [aim.ids.messageId], status, at: aim.now },
      ]),
    cancel: ({ ids, now, tenant }) =>
      [ids.waitingDelivery, ids.sentDelivery, ids.heldDelivery].map((id) => [tenant, id, now]),
    get: ({ ids, tenant }) => [ids.waitingDelivery, ids.sentDelivery, ids.heldDelivery].map((id) => [tenant, id]),
    attempts: ({ ids, tenant }) => [ids.sentDelivery, ids.heldDelivery].map((id) => [tenant, id]),
    list: ({ ids, tenant }) => [
      [tenant, { session: ids.session }],
      [tenant, { turn: ids.turn }],
      [tenant, { event: ids.event }],
      [tenant, { ...SPEAKS }],
    ],
    sentMessage: (aim) => [[aim.tenant, { ...SPEAKS, conversation: chatOf(aim), messageId: aim.ids.messageId }]],
    controlValue: ({ ids, tenant }) => [[tenant, ids.controlToken]],
    enqueue: (aim) => [
      [aim.tenant, { deliveries: [deliveryOf(aim)], idempotencyKey: aim.ids.idempotencyKey, now: aim.now }],
    ],
  },
  devices: {
    all: "of all tenants",
    list: ({ tenant }) => [[tenant]],
    change: ({ ids, tenant }) => [
      [tenant, [{ kind: "device", id: ids.device, from: 1, body: "stolen" }]],
      [tenant, [{ kind: "device", id: ids.device, from: 2 }]],
      [tenant, [{ kind: "device", id: ids.device, from: 0, body: "stolen" }]],
    ],
  },
  audit: {
    list: ({ tenant }) => [[tenant, {}]],
    read: ({ tenant }) => [[tenant, { after: 0, limit: 99 }]],
    chain: ({ tenant }) => [[tenant]],
    unsealed: "of all tenants",
    append: (aim) => [[aim.tenant, auditOf(aim)]],
    seal: ({ now, tenant }) => [[tenant, { position: 2, hash: "stolen", mac: "stolen", at: now }]],
  },
  traces: {
    notes: ({ ids, tenant }) => [[tenant, [ids.turn, ids.event, ids.heldDelivery]]],
    note: ({ ids, tenant }) => [[tenant, [{ subject: ids.turn, at: 1, step: "stolen" }]]],
  },
  vault: {
    all: "of all tenants",
    list: ({ tenant }) => [[tenant]],
    sealed: ({ tenant }) => [[tenant]],
    rewrap: (aim) => [[wrappedOf(aim), { master: "stolen", wrapped: "stolen" }]],
    reseal: (aim) => [[aim.tenant, [{ from: sealedOf(aim), to: "stolen" }]]],
    remove: ({ tenant }) => [[tenant]],
    add: (aim) => [[{ ...wrappedOf(aim), wrapped: "stolen" }]],
  },
  usage: {
    records: ({ now, tenant }) => [[tenant, { from: 0, to: now + DAY }]],
    sums: ({ now, tenant }) =>
      (["day", "account", "agent", "session", "model"] as const).map((by) => [tenant, { from: 0, to: now + DAY, by }]),
    days: ({ tenant }) => [[tenant, { from: 0, to: 1_000_000 }]],
    limits: ({ tenant }) => [[tenant]],
    setLimits: (aim) => [[aim.tenant, { runsPerDay: { hard: 0 } }, auditOf(aim)]],
    noteFirst: ({ tenant }) => [[tenant, "runsPerDay", 1]],
  },
  rates: {
    take: ({ now, tenant }) => [[tenant, "test", { calls: 2, windowMs: 1_000, now }]],
    prune: "of all tenants",
  },
  answers: {
    hold: ({ ids, now, tenant }) => [[tenant, ids.answerKey, ids.process, now + DAY]],
    release: ({ ids, tenant }) => [[tenant, ids.otherAnswerKey, ids.process]],
    finish: ({ ids, tenant }) => [[tenant, ids.answerKey, ids.process, "stolen"]],
    begin: ({ ids, now, tenant }) => [
      [tenant, ids.answerKey, { fingerprint: "", owner: "o", leaseMs: 1, expiresAt: now + 1, most: 9, now }],
    ],
    prune: "of all tenants",
  },
  accounts: {
    get: (aim) => [[refOf(aim)]],
    list: ({ tenant }) => [[tenant]],
    all: "of all tenants",
    outlines: "of all tenants",
    setSelf: (aim) => [[refOf(aim), { id: "stolen" as PeerId, displayName: "stolen" }]],
    nextGeneration: (aim) => [[refOf(aim)]],
    claim: (aim) => [[refOf(aim), { owner: aim.ids.node, leaseMs: 1, now: aim.now }]],
    keep: "of all tenants",
    report: (aim) => [[refOf(aim), aim.ids.node, "stolen"]],
    holder: (aim) => [[refOf(aim), aim.now]],
    vacant: "of all tenants",
    freeAll: "of all tenants",
    memoryGet: (aim) => [[refOf(aim), aim.ids.memory, aim.now]],
    memorySwap: (aim) => [
      [refOf(aim), [{ key: aim.ids.memory, from: aim.ids.value, to: "stolen" }], aim.now],
      [refOf(aim), [{ key: aim.ids.memory, from: aim.ids.value }], aim.now],
    ],
    memoryRemove: (aim) => [[refOf(aim), aim.ids.memory]],
    memorySet: (aim) => [[refOf(aim), aim.ids.memory, "stolen"]],
    memoryPrune: "of all tenants",
    grants: (aim) => [[refOf(aim)]],
    revoke: (aim) => [[refOf(aim), "dm", aim.ids.value]],
    grant: (aim) => [
      [
        aim.tenant,
        {
          channel: CHANNEL_OF_ACCOUNT,
          account: aim.ids.account,
          authority: "dm",
          subject: aim.ids.value,
          grantedAt: 2,
          grantedBy: "stolen",
        },
      ],
    ],
    release: (aim) => [[refOf(aim), aim.ids.node]],
    setEnabled: (aim) => [[refOf(aim), false, aim.now]],
    put: (aim) => [
      [{ ...refOf(aim), source: "store", enabled: false, config: "stolen", settings: {} }, aim.now, { known: 1 }],
      [{ ...refOf(aim), source: "store", enabled: false, config: "stolen", settings: {} }, aim.now],
    ],
    logOut: (aim) => [[refOf(aim), aim.now]],
    remove: (aim) => [[refOf(aim)]],
  },
};

/** `group.method` of all that take a tenant. */
export function methodsWithTenant(): string[] {
  return Object.entries(TRIES).flatMap(([group, tries]) =>
    Object.entries(tries).flatMap(([name, calls]) => (calls === "of all tenants" ? [] : [`${group}.${name}`])),
  );
}
