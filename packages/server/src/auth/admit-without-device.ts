/** What a caller without a device key gets: see `gatewayAuth`. */
import type { TenantId } from "@switchboard/domain";
import { CLIENT_IDS, grantable, SCOPES, type Scope } from "@switchboard/protocol";
import { type Admission, type ConnectAttempt, type Identified, type Refusal, refuse } from "../ws/index.ts";
import { isKnownPage } from "./identify.ts";

/** Faces that act as the owner's hands and are therefore expected to hold a device key. */
const NEED_DEVICE: readonly string[] = [CLIENT_IDS.controlUi, CLIENT_IDS.tui, CLIENT_IDS.copilot];
const PAGE_SCOPES: readonly Scope[] = ["operator.read", "operator.write"];

export function admitWithoutDevice(
  attempt: ConnectAttempt,
  identified: Identified & { readonly ok: true },
  tenant: TenantId,
): Admission {
  const refusal = refusalOf(attempt);
  if (refusal) return { ok: false, refusal };
  const { inForce, method, user } = identified;
  const granted = { scopes: grantable(attempt.scopes, ceilingOf(attempt)) };
  return {
    ok: true,
    method,
    principal: { tenant, actor: user === undefined ? "operator:shared-secret" : `user:${user}` },
    authority: () => (inForce() ? granted : undefined),
  };
}

function refusalOf({ params, role }: ConnectAttempt): Refusal | undefined {
  if (NEED_DEVICE.includes(params.client.id)) {
    return refuse("control ui requires device identity (pair this browser or use the gateway's own pages)", {
      details: { code: "CONTROL_UI_DEVICE_IDENTITY_REQUIRED" },
    });
  }
  if (role === "operator") return undefined;
  return refuse("device identity required", { code: "NOT_PAIRED", details: { code: "DEVICE_IDENTITY_REQUIRED" } });
}

function ceilingOf(attempt: ConnectAttempt): readonly Scope[] {
  const { origin, params, peer } = attempt;
  const { id, mode } = params.client;
  if (peer.local && origin === "none") {
    const isTool = (id === CLIENT_IDS.cli && mode === "cli") || (id === CLIENT_IDS.backend && mode === "backend");
    return isTool ? SCOPES : [];
  }
  if (peer.local && origin === "own") return SCOPES;
  return isKnownPage(attempt) ? PAGE_SCOPES : [];
}
