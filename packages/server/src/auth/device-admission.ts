/** A device that proved its key: by which credential it comes, whether it is approved, and with which token it leaves. */
import type { DeviceClaims, Devices, IssuedToken, PairingReason, SetupCode } from "@switchboard/core";
import { sanitiseName, type TenantId, toSwitchboardError } from "@switchboard/domain";
import { type AuthMethod, CLOSE, holds, isScope, type Role, toErrorShape } from "@switchboard/protocol";
import type { Admission, Authority, ConnectAttempt, Device, Identified, IssuedDeviceToken } from "../ws/index.ts";
import { failure } from "./identify.ts";
import { pairingRequired } from "./pairing-required.ts";

export interface PairingSettings {
  /** Devices on this machine are approved when they show the gateway's secret. */
  readonly autoApproveLocal: boolean;
  /** `trust`: a setup code lets its device in without a further approval. */
  readonly setupCodes: "approve" | "trust";
}

export interface DeviceAttempt {
  readonly attempt: ConnectAttempt;
  readonly identified: Identified;
  readonly device: Device;
  readonly tenant: TenantId;
}

export interface DeviceAdmissionPorts {
  readonly devices: Devices;
  readonly pairing: () => PairingSettings;
}

/** By what a device comes in. */
interface Credential {
  readonly method: AuthMethod;
  readonly inForce: () => boolean;
  readonly setup?: SetupCode;
  /** The device token that it showed. */
  readonly shown?: { readonly token: string; readonly hash: string };
}

export async function admitDevice(asking: DeviceAttempt, ports: DeviceAdmissionPorts): Promise<Admission> {
  const { attempt, device, tenant } = asking;
  const { devices } = ports;
  const credential = await credentialOf(asking, devices);
  if ("failure" in credential) return credential;
  const claims = claimsOf(attempt, device);
  const missing = devices.missingApproval(tenant, claims, { role: attempt.role, scopes: attempt.scopes });
  if (missing) {
    const refused = await whilePairing(asking, claims, missing, credential, ports);
    if (refused) return refused;
  }
  await devices.seen(tenant, device.id, `${credential.method}-auth`);
  return letIn(asking, credential, devices);
}

async function credentialOf(
  { attempt, device, identified, tenant }: DeviceAttempt,
  devices: Devices,
): Promise<Credential | ReturnType<typeof failure>> {
  const { auth } = attempt.params;
  if (auth?.bootstrapToken) {
    const setup = await devices.setupCodes.present(tenant, auth.bootstrapToken, device.id);
    if (setup && fitsProfile(setup, attempt)) return { method: "bootstrap-token", setup, inForce: () => true };
    if (!identified.ok) return failure("AUTH_BOOTSTRAP_TOKEN_INVALID", "bootstrap_token_invalid", true);
  }
  if (identified.ok) return { method: identified.method, inForce: identified.inForce };
  const token = auth?.deviceToken ?? auth?.token;
  if (!token) return identified;
  const { role } = attempt;
  const check = devices.checkToken(tenant, device.id, role, token);
  if (check.ok) {
    return { method: "device-token", inForce: () => true, shown: { token, hash: check.hash } };
  }
  if (auth?.deviceToken) return failure("AUTH_DEVICE_TOKEN_MISMATCH", "device_token_mismatch", true);
  // A stored device token may still be good where the shared one is not.
  const canRetry = identified.failure.reason.endsWith("_mismatch");
  return { ok: false, failure: { ...identified.failure, ...(canRetry && { canRetryWithDeviceToken: true }) } };
}

/** Asks for approval, or gives it where the configuration says so. Returns how the caller is refused meanwhile. */
async function whilePairing(
  asking: DeviceAttempt,
  claims: DeviceClaims,
  reason: PairingReason,
  { method, setup }: Credential,
  { devices, pairing }: DeviceAdmissionPorts,
): Promise<Admission | undefined> {
  const { attempt, tenant } = asking;
  const settings = pairing();
  const request = {
    claims,
    reason,
    roles: setup?.roles ?? [attempt.role],
    scopes: setup?.scopes ?? attempt.scopes.filter(isScope),
    ...(setup && { setup: setup.id }),
  };
  if (setup && settings.setupCodes === "trust") {
    await devices.admit(tenant, request, "setup-code");
    return undefined;
  }
  if (settings.autoApproveLocal && isLocalMatter(asking, reason, method, devices)) {
    await devices.admit(tenant, request, "local");
    return undefined;
  }
  try {
    const pending = await devices.ask(tenant, request);
    const known = devices.get(tenant, claims.device);
    return { ok: false, refusal: pairingRequired({ attempt, pending, known, waits: setup !== undefined }) };
  } catch (thrown) {
    const error = toErrorShape(toSwitchboardError(thrown));
    const { message } = error;
    return { ok: false, refusal: { error, close: CLOSE.policy, reason: message, label: "pairing refused" } };
  }
}

/**
 * Whether the gateway's own machine decides: programs there that show the gateway's secret, and its own pages. Never
 * another machine, nor a page of somebody else's; never by what the client calls itself.
 */
function isLocalMatter(
  { attempt, device, tenant }: DeviceAttempt,
  reason: PairingReason,
  method: AuthMethod,
  devices: Devices,
): boolean {
  const { origin, peer, role } = attempt;
  if (!peer.local || (origin !== "none" && origin !== "own")) return false;
  if (!["none", "token", "password"].includes(method)) return false;
  const known = devices.get(tenant, device.id);
  // What a person took away is given back by a person.
  if (known?.grants.some((grant) => grant.role === role && grant.revokedAt !== undefined)) return false;
  if (role !== "operator" && known && reason === "role-upgrade") return false;
  return reason !== "metadata-upgrade" || origin === "none";
}

async function letIn(
  { attempt, device, tenant }: DeviceAttempt,
  credential: Credential,
  devices: Devices,
): Promise<Admission> {
  const { role, scopes } = attempt;
  const { setup } = credential;
  if (setup && !(await spend(setup, device, tenant, devices))) {
    return failure("AUTH_BOOTSTRAP_TOKEN_INVALID", "bootstrap_token_invalid", true);
  }
  // A code gives no token beyond itself, also to a device for which more was approved once.
  const token = credential.shown ?? (await devices.issue(tenant, device.id, role, setup?.scopes));
  const others: IssuedDeviceToken[] = [];
  if (setup) {
    const further = setup.roles.filter((each) => each !== role && devices.grant(tenant, device.id, each));
    for (const each of further)
      others.push({ role: each, ...tokenShape(await devices.issue(tenant, device.id, each, setup.scopes)) });
  }
  // Whoever came in by a secret of the gateway depends on that; the others on the token they have now.
  const held = credential.shown || setup ? { hash: token.hash } : undefined;
  const inForce = held ? () => devices.tokenInForce(tenant, device.id, role, held.hash) : credential.inForce;
  return {
    ok: true,
    method: credential.method,
    principal: { tenant, actor: `${role}:${device.id}` },
    deviceToken: { token: token.token, ...(isNew(token) && { issuedAt: token.issuedAt }) },
    ...(held && { token: held }),
    ...(others.length > 0 && { otherTokens: others }),
    authority: authorityOf({ devices, device: device.id, inForce, role, scopes, tenant }),
  };
}

/** Before any token is made, so that of several lines that come with one code, one is let in. */
async function spend({ id }: SetupCode, device: Device, tenant: TenantId, devices: Devices): Promise<boolean> {
  const paired = devices.get(tenant, device.id);
  return paired !== undefined && (await devices.setupCodes.spend(tenant, id, paired));
}

/** Looked up again whenever the device's record changed. */
function authorityOf({
  device,
  devices,
  inForce,
  role,
  scopes,
  tenant,
}: {
  readonly devices: Devices;
  readonly device: string;
  readonly inForce: () => boolean;
  readonly role: Role;
  readonly scopes: readonly string[];
  readonly tenant: TenantId;
}): () => Authority | undefined {
  let seen: unknown;
  let authority: Authority | undefined;
  return () => {
    const grant = devices.grant(tenant, device, role);
    if (grant !== seen) {
      seen = grant;
      const now = devices.scopesNow(tenant, device, role, scopes);
      authority = now && { scopes: now };
    }
    return authority && inForce() ? authority : undefined;
  };
}

/** Whether a token was made just now, and not shown by the device. */
function isNew(token: { readonly token: string } | IssuedToken): token is IssuedToken {
  return "issuedAt" in token;
}

function tokenShape({ issuedAt, scopes, token }: IssuedToken) {
  return { token, scopes, issuedAt };
}

function fitsProfile({ roles, scopes }: SetupCode, attempt: ConnectAttempt): boolean {
  const asked = attempt.scopes.filter(isScope);
  return roles.includes(attempt.role) && asked.every((scope) => holds(scopes, scope));
}

function claimsOf({ headers, params, peer }: ConnectAttempt, device: Device): DeviceClaims {
  const { client } = params;
  return {
    device: device.id,
    publicKey: device.publicKey,
    clientId: client.id,
    clientMode: client.mode,
    platform: client.platform,
    ...(client.displayName !== undefined && { displayName: sanitiseName(client.displayName) }),
    ...(client.deviceFamily !== undefined && { deviceFamily: client.deviceFamily }),
    ...(headers.origin !== undefined && { origin: headers.origin }),
    ...(!peer.local && { remoteIp: peer.ip }),
  };
}
