/**
 * Seals secrets with AES-256-GCM under keys of their tenant, bound to tenant, channel, account and kind (CRED-1). A
 * sealed value is `v2.<key id>.<nonce>.<tag>.<ciphertext>`, its last three parts URL-safe Base64.
 */
import { createHmac } from "node:crypto";
import { type AccountRef, SwitchboardError } from "@switchboard/domain";
import type { SealedKind, Vault } from "../ports/index.ts";
import { decrypt, encrypt } from "./cipher.ts";
import type { KeyRing } from "./key-ring.ts";

const VERSION = "v2";

export function createVault(ring: KeyRing): Vault {
  return {
    async seal(ref, kind, secrets) {
      const key = await ring.sealing(ref.tenant);
      return [VERSION, key.id, encrypt(key.bytes, bound(ref, kind, key.id), JSON.stringify(secrets))].join(".");
    },
    async open(ref, kind, sealed) {
      const id = keyIdOf(sealed);
      if (id === undefined) throw unreadable(ref, kind, "it is not sealed as this version seals");
      const key = await ring.opening(ref.tenant, id);
      if (!key) throw unreadable(ref, kind, `its tenant has no key ${id}`);
      const plain = decrypt(key.bytes, bound(ref, kind, id), sealed.slice(VERSION.length + id.length + 2));
      if (!plain) throw unreadable(ref, kind, "it was sealed for something else or has been changed");
      return JSON.parse(plain.toString("utf8")) as Record<string, string>;
    },
    async derive(ref, purpose) {
      const { bytes } = await ring.deriving(ref.tenant);
      const about = JSON.stringify([ref.tenant, ref.channel, ref.account]);
      return createHmac("sha256", bytes).update(purpose).update("\0").update(about).digest("base64url");
    },
    async refresh() {
      await ring.load();
    },
  };
}

/** The key that a value was sealed with; `undefined` for what is no sealed value. */
export function keyIdOf(sealed: string): string | undefined {
  const [version, id, ...rest] = sealed.split(".");
  return version === VERSION && id !== "" && rest.length === 3 ? id : undefined;
}

function bound({ account, channel, tenant }: AccountRef, kind: SealedKind, key: string): string[] {
  return [tenant, channel, account, kind, key];
}

function unreadable({ account, channel }: AccountRef, kind: SealedKind, why: string): SwitchboardError {
  if (kind === "answer") {
    return new SwitchboardError("SEC_008", `The answer to this request cannot be opened: ${why}.`, {
      action: "It was done before: look at what is there now.",
      retryable: false,
    });
  }
  const what = kind === "credential" ? "The credential" : "Something that is remembered";
  return new SwitchboardError("SEC_008", `${what} of ${channel}:${account} cannot be opened: ${why}.`, {
    action: `Connect the account again: switchboard channels add ${channel} --account ${account}`,
    retryable: false,
  });
}
