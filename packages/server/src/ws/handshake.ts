/**
 * The handshake (DEV-1): from the first frame to a decision. The order of the checks is the protocol's, since clients
 * read from the error what to do next.
 */
import type { IncomingMessage } from "node:http";
import { type Clock, sleep } from "@switchboard/core/ports";
import { matches, problemsOf } from "@switchboard/domain";
import { CLIENT_IDS, CLOSE, ConnectParams, RequestFrame, type Role } from "@switchboard/protocol";
import type { AuthLimiter, Guesser } from "../callers/auth-limiter.ts";
import { checkOrigin } from "../callers/origin.ts";
import type { Peer } from "../callers/peer.ts";
import type { GatewayLimits } from "../lines/limits.ts";
import type { Admission, Authenticator, ConnectAttempt } from "./authenticator.ts";
import { lockedOut, notNow, type Phase, unauthorized, wrongRole, wrongVersion } from "./connect-refusals.ts";
import { type Device, verifyDevice } from "./device-proof.ts";
import { type Refusal, refuse } from "./refusal.ts";

export interface HandshakeOptions {
  readonly authenticate: Authenticator;
  readonly limiter: AuthLimiter;
  readonly limits: GatewayLimits;
  readonly clock: Clock;
  readonly allowedOrigins: () => readonly string[];
  readonly phase: () => Phase;
}

/** The socket a handshake is for. */
export interface Newcomer {
  readonly request: IncomingMessage;
  readonly peer: Peer;
  readonly nonce: string;
}

export type Verdict =
  | {
      readonly ok: true;
      /** The `connect` request's id. */
      readonly id: string;
      readonly attempt: ConnectAttempt;
      readonly admission: Admission & { readonly ok: true };
      readonly device: Device | undefined;
    }
  | { readonly ok: false; readonly id: string | undefined; readonly refusal: Refusal };

/** Pages by nature: they must name their origin. */
const PAGES: readonly string[] = [
  CLIENT_IDS.webchat,
  CLIENT_IDS.legacyWebchat,
  CLIENT_IDS.controlUi,
  CLIENT_IDS.copilot,
];

const BY_DEVICE = "device ";

export async function shakeHands(frame: unknown, newcomer: Newcomer, options: HandshakeOptions): Promise<Verdict> {
  if (!matches(RequestFrame, frame)) {
    const refusal = { close: CLOSE.policy, reason: "invalid request frame", label: "invalid request frame" };
    return { ok: false, id: undefined, refusal };
  }
  const { id, method, params } = frame;
  const fail = (refusal: Refusal): Verdict => ({ ok: false, id, refusal });
  if (method !== "connect") return fail(refuse("invalid handshake: first request must be connect"));
  if (!matches(ConnectParams, params)) {
    const problems = problemsOf(ConnectParams, params, 3).join("; ");
    return fail({ ...refuse(`invalid connect params: ${problems}`), label: "invalid connect params" });
  }
  const early = notNow(options.phase()) ?? wrongVersion(params) ?? wrongRole(params);
  if (early) return fail(early);

  const { request, peer, nonce } = newcomer;
  const { origin: originHeader, host } = request.headers;
  const required = PAGES.includes(params.client.id);
  const origin = checkOrigin({
    origin: originHeader,
    host,
    peer,
    required,
    allowedOrigins: options.allowedOrigins(),
  });
  if (!origin.ok) {
    return fail(
      refuse(`origin not allowed (${origin.reason})`, {
        details: { code: "CONTROL_UI_ORIGIN_NOT_ALLOWED", reason: origin.reason },
      }),
    );
  }
  const attempt: ConnectAttempt = {
    params,
    role: roleOf(params),
    scopes: params.scopes ?? [],
    peer,
    origin: origin.kind,
    headers: request.headers,
  };
  const guesser = { peer, origin: origin.kind, originHeader, credential: credentialOf(params) };
  const outcome = await authenticated(attempt, guesser, nonce, options);
  return "refusal" in outcome ? fail(outcome.refusal) : { ok: true, id, attempt, ...outcome };
}

async function authenticated(
  attempt: ConnectAttempt,
  guesser: Guesser,
  nonce: string,
  { authenticate, limiter, limits, clock }: HandshakeOptions,
): Promise<{ refusal: Refusal } | { admission: Admission & { ok: true }; device: Device | undefined }> {
  const lockedFor = limiter.lockedFor(guesser, clock.now());
  if (lockedFor > 0) return { refusal: lockedOut(lockedFor) };
  const identified = await authenticate.identify(attempt);
  // Whatever else was shown: a device that is named has to prove itself (CVE-2026-28472).
  const proof = proofOf(attempt, nonce, limits, clock);
  if (proof?.ok === false) return { refusal: proof.refusal };
  const device = proof?.device;
  const admission = await authenticate.admit(attempt, identified, device);
  if (admission.ok) {
    // A device that has a token of its own shall not guess the gateway's secret for ever.
    if (isByDevice(guesser) === (admission.method === "device-token")) limiter.succeeded(guesser);
    return { admission, device };
  }
  if ("refusal" in admission) return { refusal: admission.refusal };
  if (admission.failure.wrong) {
    const delay = limiter.failed(guesser, clock.now());
    if (delay > 0) await sleep(clock, delay);
  }
  return { refusal: unauthorized(admission.failure) };
}

function proofOf({ params, role }: ConnectAttempt, nonce: string, limits: GatewayLimits, clock: Clock) {
  const { device } = params;
  if (!device) return undefined;
  return verifyDevice({ params: { ...params, device }, role, nonce, now: clock.now(), skewMs: limits.deviceSkewMs });
}

/** What a caller tries, for counting its failures: the gateway's secret whenever one is there, whatever is beside it. */
function credentialOf({ auth, device }: ConnectParams): string {
  if (auth?.token || auth?.password) return "secret";
  if (auth?.bootstrapToken) return "setup-code";
  return auth?.deviceToken === undefined ? "secret" : `${BY_DEVICE}${device?.id.slice(0, 64) ?? ""}`;
}

function isByDevice({ credential }: Guesser): boolean {
  return credential?.startsWith(BY_DEVICE) ?? false;
}

function roleOf({ role }: ConnectParams): Role {
  return role === "node" ? "node" : "operator";
}
