/** What the gateway encrypts with: the files that the configuration names, else a certificate made at the first start. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Log } from "@switchboard/core";
import { SwitchboardError } from "@switchboard/domain";
import { type GatewayConfig, readFingerprint } from "@switchboard/protocol";
import { readSecret, writeSecret } from "../state/secret-file.ts";
import { type KeyAndCertificate, selfSigned } from "./self-signed.ts";

export interface GatewayTls extends KeyAndCertificate {
  /** SHA-256 of the gateway's own certificate: 64 lower-case hex digits. What clients pin. */
  readonly fingerprint: string;
  /** When the certificate ends, in Unix milliseconds. */
  readonly endsAt: number;
}

export interface GatewayTlsOptions {
  readonly settings: GatewayConfig["tls"];
  readonly stateDirectory: string;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Key and certificate in one file, so that they cannot be of two different makings. */
const FILE = "tls.pem";

/** The fingerprint of the first certificate of a PEM, as `readFingerprint` writes it. */
export function fingerprintOf(cert: string): string {
  return readFingerprint(new X509Certificate(cert).fingerprint256);
}

/** `undefined` when TLS is off. @throws CFG_001 for files that cannot be used, STORE_003 when others can read the key. */
export async function gatewayTls(options: GatewayTlsOptions): Promise<GatewayTls | undefined> {
  const { autoGenerate, certPath, enabled, keyPath } = options.settings;
  if (!enabled) return undefined;
  if (certPath !== undefined && keyPath !== undefined) return ownFiles(options, certPath, keyPath);
  if (certPath !== undefined || keyPath !== undefined) {
    throw wrong("gateway.tls.certPath and gateway.tls.keyPath belong together; only one of them is set.");
  }
  if (autoGenerate) return made(options);
  throw wrong("gateway.tls is enabled, but has neither certPath and keyPath nor autoGenerate.");
}

function ownFiles({ now, stateDirectory }: GatewayTlsOptions, certPath: string, keyPath: string): GatewayTls {
  const cert = readConfigured(resolve(stateDirectory, certPath), "gateway.tls.certPath");
  const key = readConfigured(resolve(stateDirectory, keyPath), "gateway.tls.keyPath");
  const certificate = attempt(() => new X509Certificate(cert));
  if (!certificate) throw wrong("The file that gateway.tls.certPath names holds no certificate in PEM form.");
  const privateKey = attempt(() => createPrivateKey(key));
  if (!privateKey) {
    throw wrong("The file that gateway.tls.keyPath names holds no private key in PEM form, or an encrypted one.");
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    throw wrong("The key of gateway.tls.keyPath does not belong to the certificate of gateway.tls.certPath.");
  }
  const { endsAt, startsAt } = lifeOf(certificate);
  if (endsAt <= now) throw wrong(`The certificate of gateway.tls.certPath has expired on ${day(endsAt)}.`);
  if (startsAt > now) throw wrong(`The certificate of gateway.tls.certPath begins on ${day(startsAt)} only.`);
  return { key, cert, fingerprint: fingerprintOf(cert), endsAt };
}

/** The certificate of an earlier start. One that cannot be used any more is replaced: there is nothing else to do. */
async function made({ log, now, stateDirectory }: GatewayTlsOptions): Promise<GatewayTls> {
  const path = join(stateDirectory, FILE);
  const known = readSecret(path);
  const kept = known === undefined ? undefined : understood(known);
  if (kept && kept.endsAt > now) return kept;
  if (known !== undefined) {
    log.warn(
      { path, why: kept ? "expired" : "unreadable" },
      "the gateway's own certificate cannot be used any more; a new one was made, and devices must be paired again",
    );
  }
  const { key, cert } = await selfSigned(now);
  writeSecret(path, `${key.trim()}\n${cert.trim()}`);
  return { key, cert, fingerprint: fingerprintOf(cert), endsAt: lifeOf(new X509Certificate(cert)).endsAt };
}

function understood(pem: string): GatewayTls | undefined {
  const certificate = attempt(() => new X509Certificate(pem));
  const key: KeyObject | undefined = attempt(() => createPrivateKey(pem));
  if (!certificate || !key || !certificate.checkPrivateKey(key)) return undefined;
  return { key: pem, cert: pem, fingerprint: fingerprintOf(pem), endsAt: lifeOf(certificate).endsAt };
}

function lifeOf({ validFrom, validTo }: X509Certificate): { readonly startsAt: number; readonly endsAt: number } {
  return { startsAt: Date.parse(validFrom), endsAt: Date.parse(validTo) };
}

function readConfigured(path: string, setting: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw wrong(`The file that ${setting} names cannot be read: ${(error as Error).message}.`);
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function wrong(message: string): SwitchboardError {
  return new SwitchboardError("CFG_001", message);
}
