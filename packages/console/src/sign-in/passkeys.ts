/** Passkeys, as browsers ask devices for them. */
import { ask, askFor } from "./auth.ts";

/** Whether this browser knows passkeys, and how they are written. */
export const KNOWS_PASSKEYS =
  "PublicKeyCredential" in globalThis && "parseRequestOptionsFromJSON" in globalThis.PublicKeyCredential;

/** @throws with words for the person. */
export async function signInWithPasskey(): Promise<void> {
  const options = await askFor<PublicKeyCredentialRequestOptionsJSON>("/passkey/challenge", {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const answer = await fromDevice(() => navigator.credentials.get({ publicKey }));
  await ask("/passkey/sign-in", { answer });
}

/** @throws with words for the person. */
export async function addPasskey(name: string): Promise<void> {
  const options = await askFor<PublicKeyCredentialCreationOptionsJSON>("/passkeys/challenge", {});
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const answer = await fromDevice(() => navigator.credentials.create({ publicKey }));
  await ask("/passkeys", { name, answer });
}

async function fromDevice(asking: () => Promise<Credential | null>): Promise<object> {
  const credential = await asking().catch((error: unknown) => {
    // Browsers do not tell why, so that pages cannot find out what a device knows.
    const known = (error as Error).name === "InvalidStateError";
    throw new Error(known ? "This device has a passkey already." : "Nothing came from the device. Try it again.");
  });
  if (!credential) throw new Error("Nothing came from the device. Try it again.");
  return (credential as PublicKeyCredential).toJSON();
}
