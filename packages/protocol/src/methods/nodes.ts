/** Nodes (DEV-9): what they offer and who approves it, calling their commands, and what nodes themselves may say. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, IdempotencyKey, Open, Text, Time } from "../schema.ts";
import { ApprovedNode, Node, node, PendingNode } from "../shapes/node.ts";
import { BASE, method } from "./method.ts";

const pairing = { scope: "operator.pairing", role: "operator", since: BASE } as const;
const read = { scope: "operator.read", role: "operator", since: BASE } as const;
const ofNode = { scope: null, role: "node", since: BASE } as const;
const Ack = Closed({ ok: Type.Literal(true), ignored: Type.Optional(Type.Literal(true)) });
const WorkItem = Closed({
  id: Text,
  type: Type.Enum(["status.request", "location.request"]),
  priority: Type.Enum(["normal", "high"]),
  createdAtMs: Time,
  expiresAtMs: Type.Optional(Time),
});

/** Commands that reach into the machine behind a node, or change what it lets others run. */
const ADMIN_COMMANDS = "^(browser\\.proxy|system\\.execApprovals|(fs\\.listDir|terminal\\.upload)$)";

export const nodeMethods = {
  "node.list": method({
    params: Open({}),
    result: Closed({ ts: Time, activeNodeId: Type.Optional(Text), nodes: Type.Array(Node) }),
    ...read,
  }),
  "node.describe": method({ params: Open({ nodeId: Id }), result: Closed({ ts: Time, ...node }), ...read }),
  "node.rename": method({
    params: Open({ nodeId: Id, displayName: Type.String({ minLength: 1, maxLength: 64 }) }),
    result: Closed({ nodeId: Text, displayName: Text }),
    ...pairing,
  }),
  /** Approving a device lets it connect; approving its surface lets others use it. */
  "node.pair.list": method({
    params: Open({}),
    result: Closed({ pending: Type.Array(PendingNode), paired: Type.Array(ApprovedNode) }),
    ...pairing,
  }),
  /** The caller must also hold the request's `requiredApproveScopes`. */
  "node.pair.approve": method({
    params: Open({ requestId: Id }),
    result: Closed({ requestId: Text, node: ApprovedNode }),
    ...pairing,
  }),
  "node.pair.reject": method({
    params: Open({ requestId: Id }),
    result: Closed({ requestId: Text, nodeId: Text }),
    ...pairing,
  }),
  /** Takes the role of a node away; a device that is nothing else is forgotten. */
  "node.pair.remove": method({ params: Open({ nodeId: Id }), result: Closed({ nodeId: Text }), ...pairing }),
  "node.invoke": method({
    params: Open({
      nodeId: Id,
      command: Id,
      params: Type.Optional(Type.Unknown()),
      timeoutMs: Type.Optional(Type.Integer({ minimum: 0, description: "Default 30000, at most 600000." })),
      idempotencyKey: IdempotencyKey,
      sessionKey: Type.Optional(Id),
      /** Ours: what the node says while it works comes as `node.invoke.progress`, to this connection only. */
      progress: Type.Optional(Type.Boolean()),
    }),
    result: Closed({
      ok: Type.Literal(true),
      nodeId: Text,
      command: Text,
      payload: Type.Optional(Type.Unknown()),
      payloadJSON: Type.Union([Type.String(), Type.Null()]),
    }),
    scope: "operator.write",
    alsoScopes: [{ scope: "operator.admin", when: Open({ command: Type.String({ pattern: ADMIN_COMMANDS }) }) }],
    role: "operator",
    since: BASE,
    idempotent: { meanwhile: "join", binds: ["nodeId", "command", "params"] },
  }),
  /** Leaves a note that the node reads when it asks for its work. */
  "node.pending.enqueue": method({
    params: Open({
      nodeId: Id,
      type: WorkItem.properties.type,
      priority: Type.Optional(WorkItem.properties.priority),
      expiresInMs: Type.Optional(
        Type.Integer({ minimum: 1_000, maximum: 86_400_000, description: "Default ten minutes." }),
      ),
      wake: Type.Optional(Type.Boolean({ description: "Has no effect here: there is no push service." })),
    }),
    result: Closed({ nodeId: Text, revision: Count, queued: WorkItem, wakeTriggered: Type.Boolean() }),
    scope: "operator.write",
    role: "operator",
    since: BASE,
  }),

  "node.pending.drain": method({
    params: Open({ maxItems: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, description: "Default 4." })) }),
    result: Closed({ nodeId: Text, revision: Count, items: Type.Array(WorkItem), hasMore: Type.Boolean() }),
    ...ofNode,
  }),
  /** Commands that came while the node's app was in the background. They stay until they are acknowledged. */
  "node.pending.pull": method({
    params: Open({}),
    result: Closed({
      nodeId: Text,
      actions: Type.Array(
        Closed({
          id: Text,
          command: Text,
          paramsJSON: Type.Union([Type.String(), Type.Null()]),
          enqueuedAtMs: Time,
        }),
      ),
    }),
    ...ofNode,
  }),
  "node.pending.ack": method({
    params: Open({ ids: Type.Array(Id, { minItems: 1, maxItems: 256 }) }),
    result: Closed({ nodeId: Text, ackedIds: Type.Array(Text), remainingCount: Count }),
    ...ofNode,
  }),
  /** `ignored`: nobody waits for it, or it was another node's to answer. */
  "node.invoke.result": method({
    params: Open({
      id: Id,
      nodeId: Id,
      ok: Type.Boolean(),
      payload: Type.Optional(Type.Unknown()),
      payloadJSON: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      error: Type.Optional(
        Type.Union([Open({ code: Type.Optional(Type.String()), message: Type.Optional(Type.String()) }), Type.Null()]),
      ),
    }),
    result: Ack,
    ...ofNode,
  }),
  /** A piece of output, at most 16384 bytes. `ignored`: as with an answer, or it is not newer than the last one. */
  "node.invoke.progress": method({
    params: Open({ invokeId: Id, nodeId: Id, seq: Count, chunk: Type.String({ maxLength: 16_384 }) }),
    result: Ack,
    ...ofNode,
  }),
  /**
   * `payloadJSON` wins over `payload`. `handled` is false for what this gateway has no use for or did not do; `reason`
   * says why. `voice.transcript` `{text, sessionKey?, eventId?}` is said in the main session or the one that is named,
   * `agent.request` `{message, sessionKey?, channel?, to?, deliver?, thinking?, attachments?, timeoutSeconds?}` in the
   * node's own, in that or in the one of that address, `chat.subscribe` and `chat.unsubscribe` `{sessionKey}` begin and
   * end hearing a session's `chat` events. The node's surface must be approved; to speak where other people are or
   * have an answer delivered, the same device must also hold `operator.write` as an operator.
   */
  "node.event": method({
    params: Open({
      event: Id,
      payload: Type.Optional(Type.Unknown()),
      payloadJSON: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
    result: Closed({ ok: Type.Literal(true), event: Text, handled: Type.Boolean(), reason: Type.Optional(Text) }),
    ...ofNode,
  }),
};
