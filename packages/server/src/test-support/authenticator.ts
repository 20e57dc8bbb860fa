/** A device with passkeys, in software: answers as a browser would, or as somebody would who has no good in mind. */
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

export interface AnswerOptions {
  /** The page that asks; default the one the device was made for. */
  readonly origin?: string;
  readonly rpId?: string;
  /** Whether the device saw that it is its owner. */
  readonly verified?: boolean;
  readonly counter?: number;
  readonly challenge?: string;
  readonly userHandle?: string;
}

const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest();

export class Authenticator {
  readonly id = randomBytes(32).toString("base64url");
  readonly #origin: string;
  readonly #keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  #userHandle = "";
  #counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
    this.#keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  }

  /** Makes a passkey. */
  register(options: { readonly challenge: string; readonly user: { readonly id: string } }, lie: AnswerOptions = {}) {
    this.#userHandle ||= options.user.id;
    const { x = "", y = "" } = this.#keys.publicKey.export({ format: "jwk" });
    const cose = map([
      [number(1), number(2)],
      [number(3), number(-7)],
      [number(-1), number(1)],
      [number(-2), bytes(Buffer.from(x, "base64url"))],
      [number(-3), bytes(Buffer.from(y, "base64url"))],
    ]);
    const id = Buffer.from(this.id, "base64url");
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const data = Buffer.concat([this.#data(0x40, lie), Buffer.alloc(16), length, id, cose]);
    const attestation = map([
      [text("fmt"), text("none")],
      [text("attStmt"), map([])],
      [text("authData"), bytes(data)],
    ]);
    return {
      ...this.#head(),
      response: {
        clientDataJSON: this.#clientData("webauthn.create", options.challenge, lie).toString("base64url"),
        attestationObject: attestation.toString("base64url"),
        transports: ["internal"],
      },
    };
  }

  /** Proves that it has the passkey. */
  prove(options: { readonly challenge: string }, lie: AnswerOptions = {}) {
    const client = this.#clientData("webauthn.get", options.challenge, lie);
    const data = this.#data(0, lie);
    const signed = createSign("sha256").update(Buffer.concat([data, sha256(client)]));
    return {
      ...this.#head(),
      response: {
        clientDataJSON: client.toString("base64url"),
        authenticatorData: data.toString("base64url"),
        signature: signed.sign(this.#keys.privateKey).toString("base64url"),
        userHandle: lie.userHandle ?? this.#userHandle,
      },
    };
  }

  #head() {
    return { id: this.id, rawId: this.id, type: "public-key", clientExtensionResults: {} };
  }

  #clientData(type: string, challenge: string, lie: AnswerOptions): Buffer {
    const { challenge: said = challenge, origin = this.#origin } = lie;
    return Buffer.from(JSON.stringify({ type, challenge: said, origin, crossOrigin: false }));
  }

  #data(flags: number, { counter, rpId = new URL(this.#origin).hostname, verified = true }: AnswerOptions): Buffer {
    this.#counter = counter ?? this.#counter + 1;
    const rest = Buffer.alloc(5);
    rest.writeUInt8(flags | 0x01 | (verified ? 0x04 : 0));
    rest.writeUInt32BE(this.#counter, 1);
    return Buffer.concat([sha256(rpId), rest]);
  }
}

/** The little of CBOR that is needed. */
function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff]);
}

function number(value: number): Buffer {
  return value < 0 ? head(1, -1 - value) : head(0, value);
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([head(2, value.length), value]);
}

function text(value: string): Buffer {
  return Buffer.concat([head(3, value.length), Buffer.from(value)]);
}

function map(entries: readonly (readonly [Buffer, Buffer])[]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flat()]);
}
