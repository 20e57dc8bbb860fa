import { MAX_JSON_DEPTH } from "@switchboard/domain/json-depth";

/** The figures both sides know. Sizes in bytes, times in milliseconds. */
export const LIMITS = {
  /** Largest frame before the handshake is done. */
  preAuthPayload: 65_536,
  /** Largest frame afterwards. */
  maxPayload: 26_214_400,
  /** What may wait for a slow reader. */
  maxBufferedBytes: 52_428_800,
  /** From open socket to hello-ok. */
  handshakeMs: 15_000,
  /** Sockets of one address that have not shaken hands yet. */
  preAuthSocketsPerAddress: 32,
  /** Those of them that pages opened which may not connect; they wait only to be told why. */
  foreignSocketsPerAddress: 4,
  /** Frames kept while the answer to `connect` is being made. */
  queuedHandshakeFrames: 15,
  /** A `tick` event this often. */
  tickMs: 30_000,
  /** A ping this often, answered within the same time. */
  pingMs: 25_000,
  /** A `health` event this often. */
  healthMs: 60_000,
  /** Between the close frame and cutting the line. */
  closeGraceMs: 1_000,
  /** Longest reason in a close frame. */
  closeReasonBytes: 120,
  /** Requests that were read but not begun, over all connections; when it is full, whoever has most makes room. */
  pendingRequests: 256,
  /** What those may have in bytes. */
  pendingRequestBytes: 52_428_800,
  /** Requests begun in one turn of the event loop. */
  startsPerTurn: 64,
  /** How long one turn may begin requests. */
  startMsPerTurn: 12,
  /** Answers "unauthorized role" in a row. */
  unauthorizedInARow: 10,
  /** Calls of one control-plane method by one caller. */
  controlPlaneWrites: { calls: 30, windowMs: 60_000 },
  /** Wrong credentials from one address; then none is looked at for `lockoutMs`. */
  authFailures: { calls: 10, windowMs: 60_000, lockoutMs: 300_000 },
  /** Answers kept for the same `idempotencyKey`. */
  idempotency: { entries: 1_000, ttlMs: 300_000 },
  /** How far a device's clock may be off. */
  deviceSkewMs: 120_000,
  /** Who is remembered as present, and how long after leaving. */
  presence: { entries: 200, ttlMs: 300_000 },
  /** Arrays and objects inside each other. */
  depth: MAX_JSON_DEPTH,
  /** Things one connection may subscribe to. */
  subscriptions: 1_000,
  /** One file with a message. */
  attachments: { maxBytes: 18_874_368, maxImageBytes: 6_291_456 },
} as const;

/** Close codes with the meaning they have here. */
export const CLOSE = {
  /** In good order; also a handshake that took too long or was no JSON. */
  normal: 1000,
  /** No version of the protocol that both sides speak. */
  protocolMismatch: 1002,
  /** Refused: the reason says why. */
  policy: 1008,
  /** A frame was larger than allowed. */
  tooBig: 1009,
  /** The gateway's own fault. */
  internal: 1011,
  /** The gateway restarts: come back soon. */
  restart: 1012,
  /** Not ready: come back in a moment. */
  tryLater: 1013,
  /** The client gave up on a silent gateway. */
  silent: 4000,
  /** What the connection was allowed to do was taken away. */
  authorityLost: 4001,
} as const;
