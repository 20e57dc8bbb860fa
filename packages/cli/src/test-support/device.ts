/** A device with a key of its own, for the client. */
import { type DeviceIdentity, deviceFromKeyPair } from "@switchboard/client";

export class TestDevice {
  #identity: Promise<DeviceIdentity> | undefined;

  identity(): Promise<DeviceIdentity> {
    this.#identity ??= this.#make();
    return this.#identity;
  }

  async #make(): Promise<DeviceIdentity> {
    const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return deviceFromKeyPair(pair as { publicKey: CryptoKey; privateKey: CryptoKey });
  }
}
