/** The gateway's own secret as the bearer of an HTTP request. One limiter for all such requests slows down guessing. */
import type { IncomingMessage } from "node:http";
import { type Clock, sleep, systemClock } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import { LIMITS } from "@switchboard/protocol";
import { AuthLimiter } from "../callers/auth-limiter.ts";
import { type Peer, type ProxyTrust, peerOf } from "../callers/peer.ts";
import type { SharedSecret } from "../ws/index.ts";

export interface BearerSecretOptions {
  readonly secret: SharedSecret;
  readonly trust: ProxyTrust;
  now(): number;
  /** What guessing costs is waited by it; default the machine's. */
  readonly clock?: Clock;
}

export interface BearerSecret {
  /** @throws SEC_011 after too many wrong ones from there, REQ_005 unless the request bears the secret. */
  check(request: IncomingMessage): Promise<void>;
  /** Not limited: only for who has proven it before. */
  is(token: string): boolean;
}

/** A visitor whom a proxy that is not known hides. */
const NOBODY: Peer = { ip: "", local: false, private: false };

export function bearerSecret(options: BearerSecretOptions): BearerSecret {
  const { clock = systemClock, secret, trust } = options;
  const limiter = new AuthLimiter(LIMITS.authFailures);
  return {
    is: (token) => secret.matches(token),
    async check(request) {
      const now = options.now();
      const originHeader = request.headers.origin;
      const peer = peerOf(request, trust) ?? NOBODY;
      const guesser = { peer, origin: originHeader === undefined ? "none" : "own", originHeader } as const;
      const retryAfterMs = limiter.lockedFor(guesser, now);
      if (retryAfterMs > 0) {
        throw new SwitchboardError("SEC_011", "Too many wrong tokens from there.", {
          action: "Wait a while, then pass the gateway's token.",
          retryAfterMs,
        });
      }
      const token = bearerOf(request);
      if (token === undefined || !secret.matches(token)) {
        const delayMs = limiter.failed(guesser, now);
        if (delayMs > 0) await sleep(clock, delayMs);
        throw new SwitchboardError("REQ_005", "This is not the gateway's token.");
      }
      limiter.succeeded(guesser);
    },
  };
}

/** What stands in `Authorization: Bearer …`. */
export function bearerOf({ headers }: IncomingMessage): string | undefined {
  const [scheme, token, ...rest] = headers.authorization?.split(" ") ?? [];
  return scheme?.toLowerCase() === "bearer" && token && rest.length === 0 ? token : undefined;
}
