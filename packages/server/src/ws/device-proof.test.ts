import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type ConnectParams, type DeviceClaim, deviceClaimV2, deviceClaimV3 } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { readPublicKey, verifyDevice } from "./device-proof.ts";
import { connectParams, HandClock, startGateway, TOKEN } from "./harness.test.util.ts";

const NONCE = "11111111-2222-3333-4444-555555555555";
const NOW = 1737264000000;

/** Made with another implementation: seed 32 × 0x01. */
const vector = {
  publicKey: "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w",
  id: "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e",
  v3: "c6ahXadgQyKOr-GLunnqvwZPH3pNLGErsfHw5Czdd3UgQsaZOG7JCJZeO56kkGEFdCemFHAOC93_oramnkoRAA",
  v2: "iLrXD4vpDSIb4agKPoTalfpjOpH_0AOU44WlFENYMMQMuRnnzeY58Oly-weTp-NJMOFINyQcjMmdjJDS8j5VCQ",
};

type Device = NonNullable<ConnectParams["device"]>;

function vectorParams(device: Partial<Device> = {}, changes: Partial<ConnectParams> = {}) {
  const { publicKey, id, v3 } = vector;
  return {
    ...connectParams({
      client: { id: "cli", version: "1", mode: "cli", platform: " MacOS 15.1 " },
      scopes: ["operator.read", "operator.write"],
      auth: { token: "secret" },
      ...changes,
    }),
    device: { id, publicKey, signature: v3, signedAt: NOW, nonce: NONCE, ...device },
  };
}

const check = (params: ReturnType<typeof vectorParams>, { nonce = NONCE, now = NOW, role = "operator" } = {}) => {
  const verdict = verifyDevice({ params, role, nonce, now, skewMs: 120_000 });
  return verdict.ok ? "ok" : verdict.refusal.error?.details?.code;
};

describe("a device's proof", () => {
  it("DEV-3 accepts both forms of the known signature", () => {
    expect(check(vectorParams())).toBe("ok");
    expect(check(vectorParams({ signature: vector.v2 }))).toBe("ok");
    const padded = vector.v3.replaceAll("-", "+").replaceAll("_", "/");
    expect(check(vectorParams({ signature: `${padded}==` }))).toBe("ok");
  });

  it.each([
    ["another key's id", vectorParams({ id: "0".repeat(64) }), {}, "DEVICE_AUTH_DEVICE_ID_MISMATCH"],
    ["the id in capitals", vectorParams({ id: vector.id.toUpperCase() }), {}, "DEVICE_AUTH_DEVICE_ID_MISMATCH"],
    ["no key", vectorParams({ publicKey: "AAAA" }), {}, "DEVICE_AUTH_PUBLIC_KEY_INVALID"],
    ["a signature of two minutes ago", vectorParams(), { now: NOW + 120_001 }, "DEVICE_AUTH_SIGNATURE_EXPIRED"],
    ["a signature of the future", vectorParams(), { now: NOW - 120_001 }, "DEVICE_AUTH_SIGNATURE_EXPIRED"],
    ["a blank nonce", vectorParams({ nonce: "  " }), {}, "DEVICE_AUTH_NONCE_REQUIRED"],
    ["another socket's nonce", vectorParams(), { nonce: "other" }, "DEVICE_AUTH_NONCE_MISMATCH"],
    ["no signature", vectorParams({ signature: "AAAA" }), {}, "DEVICE_AUTH_SIGNATURE_INVALID"],
    ["another role", vectorParams(), { role: "node" }, "DEVICE_AUTH_SIGNATURE_INVALID"],
    ["more scopes", vectorParams({}, { scopes: ["operator.admin"] }), {}, "DEVICE_AUTH_SIGNATURE_INVALID"],
    ["another token", vectorParams({}, { auth: { token: "other" } }), {}, "DEVICE_AUTH_SIGNATURE_INVALID"],
    [
      "another platform",
      vectorParams({}, { client: { id: "cli", version: "1", mode: "cli", platform: "ios" } }),
      {},
      "DEVICE_AUTH_SIGNATURE_INVALID",
    ],
    ["another time than was signed", vectorParams({ signedAt: NOW + 1 }), {}, "DEVICE_AUTH_SIGNATURE_INVALID"],
  ])("DEV-3 refuses %s", (_what, params, circumstances, code) => {
    expect(check(params, circumstances)).toBe(code);
  });

  it("DEV-3 allows two minutes of difference between the clocks", () => {
    expect(check(vectorParams(), { now: NOW + 120_000 })).toBe("ok");
    expect(check(vectorParams(), { now: NOW - 120_000 })).toBe("ok");
  });

  it("DEV-3 reads keys as base64url, base64 and PEM, and refuses other kinds", () => {
    const { publicKey } = generateKeyPairSync("ed25519");
    const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
    const id = createHash("sha256").update(raw).digest("hex");
    const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
    for (const text of [raw.toString("base64url"), raw.toString("base64"), pem]) {
      expect(readPublicKey(text)).toMatchObject({ id, publicKey: raw.toString("base64url") });
    }
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
    for (const text of [rsa.export({ format: "pem", type: "spki" }).toString(), "-----BEGIN x", "", "%%%"]) {
      expect(readPublicKey(text)).toBeUndefined();
    }
  });
});

describe("connecting with a device", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const x = publicKey.export({ format: "jwk" }).x ?? "";
  const id = createHash("sha256").update(Buffer.from(x, "base64url")).digest("hex");

  function signed(
    nonce: string,
    now: number,
    form = deviceClaimV3,
    key: KeyObject = privateKey,
    token = TOKEN,
  ): ConnectParams {
    const params = connectParams({ auth: { token } });
    const claim: DeviceClaim = {
      deviceId: id,
      clientId: "cli",
      clientMode: "cli",
      role: "operator",
      scopes: params.scopes ?? [],
      signedAt: now,
      token,
      nonce,
      platform: "linux",
    };
    const signature = sign(null, Buffer.from(form(claim)), key).toString("base64url");
    return { ...params, device: { id, publicKey: x, signature, signedAt: now, nonce } };
  }

  const nonceOf = ({ payload }: { payload: Readonly<Record<string, unknown>> }) => String(payload.nonce);

  it.each([
    ["v3", deviceClaimV3],
    ["v2", deviceClaimV2],
  ])("DEV-3 on this machine with the token is let in (%s)", async (_form, form) => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock });
    const client = await gateway.open();
    const answer = await client.connect(signed(nonceOf(await client.next()), clock.now(), form));
    expect(answer).toMatchObject({ ok: true, payload: { auth: { scopes: ["operator.admin"] } } });
    expect(gateway.socket.connections()).toEqual([expect.objectContaining({ device: id, actor: `operator:${id}` })]);
  });

  it("CVE-2026-28472 a right token does not excuse a false device", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock });
    const other = generateKeyPairSync("ed25519").privateKey;
    const client = await gateway.open();
    const { error } = await client.connect(signed(nonceOf(await client.next()), clock.now(), deviceClaimV3, other));
    expect(error).toEqual({
      code: "INVALID_REQUEST",
      message: "device signature invalid",
      details: { code: "DEVICE_AUTH_SIGNATURE_INVALID", reason: "device-signature" },
    });
    expect(await client.closed).toEqual({ code: 1008, reason: "device signature invalid" });
    expect(gateway.socket.connections()).toEqual([]);
  });

  it("CVE-2026-28472 a signature for one socket is worth nothing on another", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock });
    const [one, two] = [await gateway.open(), await gateway.open()];
    const overheard = signed(nonceOf(await one.next()), clock.now());
    expect((await two.connect(overheard)).error.details).toMatchObject({ code: "DEVICE_AUTH_NONCE_MISMATCH" });
    expect((await one.connect(overheard)).ok).toBe(true);
  });

  it("CVE-2026-28472 a device that proves itself, but without the token, is not let in", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock });
    const client = await gateway.open();
    const params = signed(nonceOf(await client.next()), clock.now(), deviceClaimV3, privateKey, "");
    expect((await client.connect(params)).error.details).toMatchObject({ code: "AUTH_TOKEN_MISSING" });
    const other = await gateway.open();
    // The signature covers the token: left out afterwards it does not fit any more.
    const whole = signed(nonceOf(await other.next()), clock.now());
    expect((await other.connect({ ...whole, auth: {} })).error.details).toMatchObject({
      code: "DEVICE_AUTH_SIGNATURE_INVALID",
    });
  });

  it("DEV-4 a device from elsewhere has to be paired, with the token too", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock, trustedProxies: ["127.0.0.1"] });
    const client = await gateway.open({ "x-forwarded-for": "192.168.1.7" });
    const { error } = await client.connect(signed(nonceOf(await client.next()), clock.now()));
    expect(error).toMatchObject({
      code: "NOT_PAIRED",
      message: expect.stringMatching(/^pairing required: /),
      details: {
        code: "PAIRING_REQUIRED",
        reason: "not-paired",
        deviceId: id,
        requestedRole: "operator",
        requestedScopes: ["operator.admin"],
        remediationHint: expect.any(String),
      },
    });
    expect((await client.closed).code).toBe(1008);
  });
});
