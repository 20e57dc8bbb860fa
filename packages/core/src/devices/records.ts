/** What is known about devices. A device is a key: its id is the hash of its public key (DEV-3). */
import type { AccountId, ChannelId, InboxId, PeerId, Target } from "@switchboard/domain";
import type { Role, Scope } from "@switchboard/protocol";

/** What a device says of itself when it connects. Only the key is proven. */
export interface DeviceClaims {
  /** Lower-case hex SHA-256 of the raw public key. */
  readonly device: string;
  /** Raw Ed25519 key, base64url. */
  readonly publicKey: string;
  readonly clientId: string;
  readonly clientMode: string;
  readonly displayName?: string;
  readonly platform?: string;
  readonly deviceFamily?: string;
  /** The page's origin, when a page connects. */
  readonly origin?: string;
  readonly remoteIp?: string;
}

/** What a paired device may use one role for. */
export interface RoleGrant {
  readonly role: Role;
  /** What was approved; never grows but by another approval. A node has none. */
  readonly approved: readonly Scope[];
  /** What its tokens carry: all that was approved, or less since a rotation. */
  readonly scopes: readonly Scope[];
  /** SHA-256 of the tokens in force, base64url, the newest last. */
  readonly hashes: readonly string[];
  readonly createdAt: number;
  readonly rotatedAt?: number;
  /** Set: the role is void until it is approved anew. */
  readonly revokedAt?: number;
  readonly lastUsedAt?: number;
}

/** How a device came to be paired. */
export type ApprovedVia = "owner" | "local" | "setup-code";

/** What a node offers: the names of capabilities and commands, and what its own user permits. */
export interface NodeSurface {
  readonly caps: readonly string[];
  readonly commands: readonly string[];
  readonly permissions: Readonly<Record<string, boolean>>;
}

/** A paired device. */
export interface Device extends DeviceClaims {
  /** The name an operator gave it. */
  readonly label?: string;
  readonly grants: readonly RoleGrant[];
  readonly approvedVia: ApprovedVia;
  readonly createdAt: number;
  readonly approvedAt: number;
  readonly lastSeenAt?: number;
  readonly lastSeenReason?: string;
  /** What of the node an operator approved. */
  readonly surface?: NodeSurface & { readonly approvedAt: number };
  /** What the node declares now and nobody approved yet. */
  readonly pendingSurface?: NodeSurface & { readonly request: string; readonly at: number };
}

/** Why a device has to be approved, in the protocol's words. */
export type PairingReason = "not-paired" | "role-upgrade" | "scope-upgrade" | "metadata-upgrade";

/** A device that waits for approval. */
export interface DeviceRequest extends DeviceClaims {
  readonly id: string;
  readonly reason: PairingReason;
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
  /** A paired record of this device exists already. */
  readonly repair: boolean;
  readonly createdAt: number;
  /** When the device last asked; the request dies five minutes later. */
  readonly refreshedAt: number;
  /** The setup code it came with. */
  readonly setup?: string;
}

/** What a setup code gives: everything; everything but administration; a node's role; a node that may talk. */
export type SetupProfile = "full" | "limited" | "node" | "voice-node";

/** A chat that is told what becomes of a setup code. */
export interface SetupChat {
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly target: Target;
  /** Whoever asked for the code there; only they may press the buttons. */
  readonly peer: PeerId;
}

export interface SetupCode {
  readonly id: string;
  /** SHA-256 of the bootstrap token, base64url. */
  readonly hash: string;
  readonly profile: SetupProfile;
  readonly roles: readonly Role[];
  /** What its maker could give at most. */
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly chat?: SetupChat;
  /** The stored event that asked for it. */
  readonly event?: InboxId;
  /** The device that presented it first: nobody else's any more. */
  readonly boundTo?: { readonly device: string; readonly at: number };
  /** Set when that device was let in with it: the code is spent. */
  readonly usedAt?: number;
}

/** What a stored event decided, e.g. a button's press: worked on again, it decides nothing else. */
export interface EventDecision {
  readonly event: InboxId;
  readonly request: DeviceRequest;
  readonly decision: "approved" | "rejected";
  /** When the event is worked on no more. */
  readonly expiresAt: number;
}
