/**
 * Sign-in with Ethereum (EIP-4361): the message is written here, word for word, and what the wallet signed is compared
 * with exactly that (EIP-191). A message for another domain, address, chain, time or question was signed by nobody, as
 * far as it is asked here; nothing that comes in is read as one.
 */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";

export interface Wallet {
  /** `0x` and 40 digits, in any case. */
  readonly address: string;
  /** EIP-155, e.g. 1. */
  readonly chain: number;
}

export interface Proposal extends Wallet {
  /** The gateway's own address. */
  readonly root: string;
  /** What signing it does. */
  readonly statement: string;
  /** At least 8 letters and digits, never used before. */
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

export function messageFor({ address, chain, expiresAt, issuedAt, nonce, root, statement }: Proposal): string {
  return [
    `${new URL(root).host} wants you to sign in with your Ethereum account:`,
    checksummed(address),
    "",
    statement,
    "",
    `URI: ${root}/sign-in`,
    "Version: 1",
    `Chain ID: ${chain}`,
    `Nonce: ${nonce}`,
    `Issued At: ${new Date(issuedAt).toISOString()}`,
    `Expiration Time: ${new Date(expiresAt).toISOString()}`,
  ].join("\n");
}

/** As EIP-55 writes an address: wallets refuse others. */
export function checksummed(address: string): string {
  const digits = address.slice(2).toLowerCase();
  const hash = Buffer.from(keccak_256(utf8(digits))).toString("hex");
  const written = [...digits].map((digit, index) =>
    Number.parseInt(hash[index] ?? "0", 16) > 7 ? digit.toUpperCase() : digit,
  );
  return `0x${written.join("")}`;
}

/** Whose key signed the message, in lower case; `undefined`: it is no signature. `signature`: `0x`, r, s and v. */
export function signerOf(message: string, signature: string): string | undefined {
  const bytes = Buffer.from(signature.slice(2), "hex");
  const v = bytes[64] ?? 0;
  const recovery = v >= 27 ? v - 27 : v;
  if (bytes.length !== 65 || recovery > 1) return undefined;
  const text = utf8(message);
  const signed = Buffer.concat([utf8(`\u0019Ethereum Signed Message:\n${text.length}`), text]);
  try {
    const parsed = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), "compact");
    // Of each signature there is a mirrored one, which anybody can make of it.
    if (parsed.hasHighS()) return undefined;
    const point = parsed.addRecoveryBit(recovery).recoverPublicKey(keccak_256(signed));
    const key = point.toBytes(false).subarray(1);
    return `0x${Buffer.from(keccak_256(key)).subarray(-20).toString("hex")}`;
  } catch {
    return undefined;
  }
}
