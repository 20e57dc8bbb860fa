/** Nodes: what they offer, what of it an operator approved, what waits for a decision. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Text, Time } from "../schema.ts";

const Names = Type.Array(Text);
const Permissions = Type.Record(Type.String(), Type.Boolean());

/** What the node says of itself; only its key is proven. */
const said = {
  nodeId: Text,
  displayName: Type.Optional(Text),
  platform: Type.Optional(Text),
  version: Type.Optional(Text),
  clientId: Type.Optional(Text),
  clientMode: Type.Optional(Text),
  deviceFamily: Type.Optional(Text),
  modelIdentifier: Type.Optional(Text),
  remoteIp: Type.Optional(Text),
};

/** What a node offers beyond what was approved for it, until somebody decides. It does not expire. */
export const PendingNode = Closed({
  requestId: Text,
  ...said,
  caps: Type.Optional(Names),
  commands: Type.Optional(Names),
  permissions: Type.Optional(Permissions),
  /** What an approver must hold besides `operator.pairing`. */
  requiredApproveScopes: Names,
  ts: Time,
});
export type PendingNode = Static<typeof PendingNode>;

/** A node with the surface that an operator approved. */
export const ApprovedNode = Closed({
  ...said,
  caps: Names,
  commands: Names,
  permissions: Permissions,
  createdAtMs: Time,
  approvedAtMs: Time,
  lastConnectedAtMs: Type.Optional(Time),
});
export type ApprovedNode = Static<typeof ApprovedNode>;

/** `caps`, `commands` and `permissions` are those in effect: declared, approved, and for commands also allowed. */
export const node = {
  ...said,
  caps: Names,
  commands: Names,
  permissions: Type.Optional(Permissions),
  pathEnv: Type.Optional(Type.String()),
  approvalState: Type.Enum(["approved", "pending-approval", "pending-reapproval", "unapproved"]),
  /** These four: only for those who may decide. */
  pendingRequestId: Type.Optional(Text),
  pendingDeclaredCaps: Type.Optional(Names),
  pendingDeclaredCommands: Type.Optional(Names),
  pendingDeclaredPermissions: Type.Optional(Permissions),
  connectedAtMs: Type.Optional(Time),
  lastConnectedAtMs: Type.Optional(Time),
  lastDisconnectedAtMs: Type.Optional(Time),
  lastSeenAtMs: Type.Optional(Time),
  lastSeenReason: Type.Optional(Text),
  lastActiveAtMs: Type.Optional(Time),
  approvedAtMs: Type.Optional(Time),
  paired: Type.Boolean(),
  connected: Type.Boolean(),
  /** The one that a person used last. */
  active: Type.Optional(Type.Boolean()),
};
export const Node = Closed(node);
export type Node = Static<typeof Node>;
