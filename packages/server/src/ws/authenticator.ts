/** What decides who may connect and what they may do. The connection layer asks; it knows no secret itself. */
import type { IncomingHttpHeaders } from "node:http";
import type { TenantId } from "@switchboard/domain";
import type { AuthMethod, ConnectErrorCode, ConnectParams, Role, Scope } from "@switchboard/protocol";
import type { OriginKind } from "../callers/origin.ts";
import type { Peer } from "../callers/peer.ts";
import type { Device } from "./device-proof.ts";
import type { Refusal } from "./refusal.ts";

/** One `connect`, after its form, version, role and origin were found good. */
export interface ConnectAttempt {
  readonly params: ConnectParams;
  readonly role: Role;
  /** As requested; empty when none were. */
  readonly scopes: readonly string[];
  readonly peer: Peer;
  readonly origin: OriginKind;
  /** Of the upgrade request. */
  readonly headers: IncomingHttpHeaders;
}

/** What the caller is allowed at this moment. */
export interface Authority {
  readonly scopes: readonly Scope[];
}

/** Who is connected. */
export interface Principal {
  readonly tenant: TenantId;
  /** For the audit log, e.g. `operator:shared-secret`. */
  readonly actor: string;
}

export type Identified =
  | {
      readonly ok: true;
      readonly method: AuthMethod;
      /** Who it is, where a proxy or Tailscale says. */
      readonly user?: string;
      /** Whether what was shown would still be accepted. Cheap. */
      inForce(): boolean;
    }
  | { readonly ok: false; readonly failure: AuthFailure };

/** Why a credential was not accepted. Only a `wrong` one counts as a guess. */
export interface AuthFailure {
  readonly code: ConnectErrorCode;
  /** In the protocol's words, e.g. `token_mismatch`. */
  readonly reason: string;
  readonly wrong: boolean;
  /** A token that was issued to the device may be good where the shared secret is not. */
  readonly canRetryWithDeviceToken?: boolean;
}

/** A token that a device is to come back with. */
export interface IssuedDeviceToken {
  readonly token: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly issuedAt: number;
}

export type Admission =
  | {
      readonly ok: true;
      readonly method: AuthMethod;
      readonly principal: Principal;
      /** The device's token for this role; `issuedAt` when it is a new one. */
      readonly deviceToken?: { readonly token: string; readonly issuedAt?: number };
      /** The hash of that token, while it is what the connection rests on. */
      readonly token?: { hash: string };
      /** For the device's other roles, when it was set up just now. */
      readonly otherTokens?: readonly IssuedDeviceToken[];
      /**
       * Asked for every request and every event, never kept: what was changed a moment ago counts now
       * (GHSA-68x5-xx89-w9mm). Cheap. `undefined`: nothing any more; the connection is closed with 4001.
       */
      authority(): Authority | undefined;
    }
  | { readonly ok: false; readonly failure: AuthFailure }
  | { readonly ok: false; readonly refusal: Refusal };

export interface Authenticator {
  /** First: who calls, by shared secret, cookie or header. That it fails is not the end: a device may have a token. */
  identify(attempt: ConnectAttempt): Promise<Identified>;
  /**
   * Then: what the caller may do. `device` is there when the request carried one, and has proved itself; a request
   * whose device failed never comes here.
   */
  admit(attempt: ConnectAttempt, identified: Identified, device: Device | undefined): Promise<Admission>;
}
