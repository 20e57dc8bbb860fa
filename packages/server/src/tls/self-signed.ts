/** A certificate of the gateway's own making (DEV-11). Nobody vouches for it: clients pin its fingerprint. */
import { hostname } from "node:os";
import { ownAddresses } from "./own-addresses.ts";

export interface KeyAndCertificate {
  /** PKCS#8, PEM. */
  readonly key: string;
  /** PEM; the first is the gateway's own, others are its chain. */
  readonly cert: string;
}

const LIFE_YEARS = 10;
/** Clocks of other machines may be a little behind. */
const BACKDATED_MS = 86_400_000;

/** ECDSA on P-256, for this machine's names and addresses. The library is loaded only here: most starts need none. */
export async function selfSigned(now: number): Promise<KeyAndCertificate> {
  const { generate } = await import("selfsigned");
  const ends = new Date(now);
  ends.setUTCFullYear(ends.getUTCFullYear() + LIFE_YEARS);
  const made = await generate([{ name: "commonName", value: "Switchboard" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(now - BACKDATED_MS),
    notAfterDate: ends,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: alternativeNames() },
    ],
  });
  return { key: made.private, cert: made.cert };
}

function alternativeNames(): ({ type: 2; value: string } | { type: 7; ip: string })[] {
  const names = ["localhost", hostname(), `${hostname().split(".")[0]}.local`];
  const valid = names.filter((name) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(name));
  return [
    ...[...new Set(valid)].map((value) => ({ type: 2, value }) as const),
    ...["127.0.0.1", "::1", ...ownAddresses()].map((ip) => ({ type: 7, ip }) as const),
  ];
}
