/** Master keys in the system's own store: the Secret Service, the Keychain, the Credential Manager. */
import { type KeyProvider, masterKeys, masterKeysText } from "@switchboard/core";
import { SwitchboardError } from "@switchboard/domain";

const SERVICE = "Switchboard";
/** A store that is locked asks its owner, who may not be there. */
const PATIENCE_MS = 10_000;

/** `name`: tells the keys of several installs of one user apart. */
export function systemKeys(name: string): KeyProvider {
  const place = `the system's key store, entry ${SERVICE} ${name}`;
  const entry = async () => {
    try {
      // Loaded only where it is wanted; it may not be installed.
      const { AsyncEntry } = await import("@napi-rs/keyring");
      // Otherwise it would fall back to the kernel's keys, which are gone after the next start of the machine.
      return new AsyncEntry(SERVICE, name, { linux: { store: "secret-service" } });
    } catch (cause) {
      throw refusal(place, cause);
    }
  };
  return {
    kind: "system",
    place,
    /** @throws CFG_001 when the store does not answer, is locked, or holds what is no key. */
    async read() {
      const there = await entry();
      // Not as a password: then a store that is locked would look as if it held none.
      const bytes = await there.getSecret(AbortSignal.timeout(PATIENCE_MS)).catch((cause: unknown) => {
        throw refusal(place, cause);
      });
      return masterKeys(bytes === null ? "" : Buffer.from(bytes).toString("utf8"));
    },
    async write(keys) {
      const there = await entry();
      await there
        .setSecret(Buffer.from(masterKeysText(keys)), AbortSignal.timeout(PATIENCE_MS))
        .catch((cause: unknown) => {
          throw refusal(place, cause);
        });
    },
  };
}

function refusal(place: string, cause: unknown): SwitchboardError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SwitchboardError("CFG_001", `${place} cannot be used: ${why}`, {
    action: "Unlock it or start it, or choose another place for the key: vault.provider, CHANNEL_ENCRYPTION_KEY.",
    cause,
  });
}
