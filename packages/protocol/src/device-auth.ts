/**
 * What a device signs when it connects (DEV-3): one line of fields joined by `|`, bound to the gateway's nonce. Pure, so
 * that both sides build it alike; the keys stay with whoever signs.
 */

export interface DeviceClaim {
  readonly deviceId: string;
  readonly clientId: string;
  readonly clientMode: string;
  readonly role: string;
  /** As requested, in that order. */
  readonly scopes: readonly string[];
  /** Unix milliseconds. */
  readonly signedAt: number;
  /** The token the same request carries: `token`, else `deviceToken`, else `bootstrapToken`; never a password. */
  readonly token?: string | undefined;
  readonly nonce: string;
  readonly platform?: string | undefined;
  readonly deviceFamily?: string | undefined;
}

/** The present form, which binds platform and device family too. */
export function deviceClaimV3(claim: DeviceClaim): string {
  return [...fields("v3", claim), plain(claim.platform), plain(claim.deviceFamily)].join("|");
}

/** The older form, still made by older clients. */
export function deviceClaimV2(claim: DeviceClaim): string {
  return fields("v2", claim).join("|");
}

function fields(version: string, claim: DeviceClaim): string[] {
  return [
    version,
    claim.deviceId,
    claim.clientId,
    claim.clientMode,
    claim.role,
    claim.scopes.join(","),
    String(claim.signedAt),
    claim.token ?? "",
    claim.nonce,
  ];
}

/** Only A-Z is lowered: other letters differ between implementations. */
function plain(text: string | undefined): string {
  return (text ?? "").trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
