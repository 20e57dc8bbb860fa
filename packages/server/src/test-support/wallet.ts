/** A wallet with a key of its own, in software. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { checksummed } from "../identity/wallet.ts";

export class Wallet {
  readonly #key = secp256k1.utils.randomSecretKey();
  readonly address = (() => {
    const key = secp256k1.getPublicKey(this.#key, false).subarray(1);
    return checksummed(`0x${Buffer.from(keccak_256(key)).subarray(-20).toString("hex")}`);
  })();

  /** As wallets do: r, s, then 27 or 28. */
  sign(message: string): string {
    const text = Buffer.from(message);
    const hash = keccak_256(Buffer.concat([Buffer.from(`\u0019Ethereum Signed Message:\n${text.length}`), text]));
    const [recovery = 0, ...rest] = secp256k1.sign(hash, this.#key, { prehash: false, format: "recovered" });
    return `0x${Buffer.from([...rest, 27 + recovery]).toString("hex")}`;
  }
}
