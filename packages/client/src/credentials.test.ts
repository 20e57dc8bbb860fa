import { generateKeyPairSync, sign as signWith } from "node:crypto";
import type { ConnectParams } from "@switchboard/protocol";
import { deviceClaimV3 } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { GatewayClient } from "./client.ts";
import { type DeviceIdentity, deviceFromKeyPair } from "./device.ts";
import { nodeGatewayClient } from "./node/index.ts";
import type { GatewayClientOptions } from "./options.ts";
import { challenge, hello, type ScriptedGateway, scriptedGateway, type Visit } from "./scripted-gateway.test.util.ts";
import { tlsGateway } from "./tls-gateway.test.util.ts";
import { type DeviceToken, memoryTokenStore, type TokenKey, type TokenStore } from "./token-store.ts";

const quick = { minMs: 5, maxMs: 20, stableMs: 10_000 };
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const device: DeviceIdentity = {
  id: "d".repeat(64),
  publicKey: publicKey.export({ format: "jwk" }).x ?? "",
  sign: async (text) => signWith(null, Buffer.from(text), privateKey).toString("base64url"),
};
const KEPT: DeviceToken = { token: "kept", role: "operator", scopes: [], issuedAtMs: 1 };

type Auth = ConnectParams["auth"];

function clientOf({ url }: Pick<ScriptedGateway, "url">, changes: Partial<GatewayClientOptions> = {}) {
  const client = nodeGatewayClient({
    url,
    client: { id: "cli", version: "1", platform: "linux", mode: "cli" },
    reconnect: quick,
    ...changes,
  });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

const keyOf = (url: string, role = "operator"): TokenKey => ({ gateway: new URL(url).href, role });

async function storeWith(url: string, token: DeviceToken = KEPT): Promise<TokenStore> {
  const store = memoryTokenStore();
  await store.write(keyOf(url), token);
  return store;
}

/** Answers each visit with the next answer; the last one again and again. Remembers what each showed. */
function answering(shown: Auth[], ...answers: readonly ((visit: Visit) => void)[]) {
  return async (visit: Visit, number: number) => {
    visit.send(challenge);
    const { params } = (await visit.next()) as { params: ConnectParams };
    shown.push(params.auth);
    expect(params.device).toEqual(
      params.device && {
        ...params.device,
        signature: await device.sign(
          deviceClaimV3({
            deviceId: device.id,
            clientId: "cli",
            clientMode: "cli",
            role: params.role ?? "operator",
            scopes: params.scopes ?? [],
            signedAt: 1,
            // The digest's rule, written out once more.
            token: params.auth?.token ?? params.auth?.deviceToken ?? params.auth?.bootstrapToken ?? "",
            nonce: "n",
            platform: "linux",
          }),
        ),
      },
    );
    (answers[number - 1] ?? answers.at(-1))?.(visit);
  };
}

const refusal =
  (details: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  (visit: Visit) => {
    visit.send({
      type: "res",
      id: "connect",
      ok: false,
      error: { code: "INVALID_REQUEST", message: "no", details, ...more },
    });
  };
const welcome =
  (auth: Record<string, unknown> = {}) =>
  (visit: Visit) => {
    visit.send(hello({ auth: { role: "operator", scopes: ["operator.read"], ...auth } }));
  };
const mismatch = refusal({ code: "AUTH_TOKEN_MISMATCH", canRetryWithDeviceToken: true });

describe("what a client shows", () => {
  it.each<[string, Partial<GatewayClientOptions>, Auth, Auth?]>([
    ["nothing", {}, undefined],
    ["the gateway's token", { token: "t" }, { token: "t" }],
    ["a password beside it", { token: "t", password: "p" }, { token: "t", password: "p" }],
    ["the device's token in its place", { deviceToken: "d" }, { token: "d" }],
    ["the token for pairing", { bootstrapToken: "b" }, { bootstrapToken: "b" }],
    [
      "the token for pairing and a password",
      { bootstrapToken: "b", password: "p" },
      { bootstrapToken: "b", password: "p" },
    ],
    ["one token only", { token: "t", deviceToken: "d", bootstrapToken: "b" }, { token: "t" }],
    ["no token for pairing beside the device's", { deviceToken: "d", bootstrapToken: "b" }, { token: "d" }],
    ["what a function says", { token: async () => "t", password: () => undefined }, { token: "t" }],
    ["nothing that is empty", { token: "", deviceToken: () => "", bootstrapToken: "b" }, { bootstrapToken: "b" }],
  ])("DEV-5 %s", async (_what, options, auth) => {
    for (const withDevice of [{}, { device }]) {
      const shown: Auth[] = [];
      await using gateway = await scriptedGateway(answering(shown, welcome()));
      using client = clientOf(gateway, { ...options, ...withDevice });
      await client.connect();
      expect(shown).toEqual([auth]);
    }
  });

  it("DEV-4 the token that is kept, for this gateway and this role, once it has a key to prove itself", async () => {
    const shown: Auth[] = [];
    await using gateway = await scriptedGateway(answering(shown, welcome()));
    const tokenStore = await storeWith(gateway.url);
    for (const options of [
      { device, tokenStore, bootstrapToken: "b" },
      { device, tokenStore, token: "t" },
      { device, tokenStore, deviceToken: "d" },
      { tokenStore },
      { device, tokenStore, role: "node" as const },
      { device, tokenStore: await storeWith("ws://127.0.0.1:9") },
    ]) {
      using client = clientOf(gateway, options);
      await client.connect();
    }
    expect(shown).toEqual([{ token: "kept" }, { token: "t" }, { token: "d" }, undefined, undefined, undefined]);
  });

  it("CVE-2026-32034 nothing goes to a public host without encryption, whatever kind of secret it is", () => {
    const url = "ws://gateway.example.com";
    for (const secret of [{ token: "t" }, { deviceToken: "d" }, { bootstrapToken: "b" }, { password: "p" }]) {
      const make = () => clientOf({ url }, { ...secret, socket: () => expect.unreachable("a socket was opened") });
      expect(make).toThrow(expect.objectContaining({ code: "REQ_001" }));
    }
    expect(() => clientOf({ url }, { url: ["wss://gateway.example.com", url] })).toThrow(/wss/);
  });
});

describe("a device's token", () => {
  it("DEV-4 is kept before connect() resolves, and shown the next time", async () => {
    const shown: Auth[] = [];
    const given = { deviceToken: "given", issuedAtMs: 7 };
    await using gateway = await scriptedGateway(answering(shown, welcome(given)));
    const kept: [TokenKey, DeviceToken][] = [];
    const memory = memoryTokenStore();
    const tokenStore: TokenStore = {
      ...memory,
      async write(key, token) {
        await new Promise((resolve) => setImmediate(resolve));
        kept.push([key, token]);
        await memory.write(key, token);
      },
    };
    using client = clientOf(gateway, { device, tokenStore, bootstrapToken: "b" });
    await client.connect();
    const token = { token: "given", role: "operator", scopes: ["operator.read"], issuedAtMs: 7 };
    expect(kept).toEqual([[keyOf(gateway.url), token]]);
    gateway.visits[0]?.socket.close(1012);
    await expect.poll(() => shown.length).toBe(2);
    expect(shown).toEqual([{ bootstrapToken: "b" }, { token: "given" }]);
  });

  it("DEV-6 a token for pairing is not shown again after it did its work, also without a store", async () => {
    const shown: Auth[] = [];
    await using gateway = await scriptedGateway(answering(shown, welcome({ deviceToken: "given" })));
    using client = clientOf(gateway, { device, bootstrapToken: "b" });
    await client.connect();
    gateway.visits[0]?.socket.close(1012);
    await expect.poll(() => shown.length).toBe(2);
    expect(shown[1]).toEqual({ token: "given" });
  });

  it("DEV-4 those of other roles that came along are kept under theirs", async () => {
    const others = [{ deviceToken: "o", role: "operator", scopes: ["operator.write"], issuedAtMs: 2 }];
    const script = answering(
      [],
      welcome({ role: "node", scopes: [], deviceToken: "n", issuedAtMs: 1, deviceTokens: others }),
    );
    await using gateway = await scriptedGateway(script);
    const tokenStore = memoryTokenStore();
    using client = clientOf(gateway, { device, tokenStore, role: "node", bootstrapToken: "b" });
    await client.connect();
    expect(await tokenStore.read(keyOf(gateway.url, "node"))).toMatchObject({ token: "n", role: "node" });
    expect(await tokenStore.read(keyOf(gateway.url))).toEqual({
      token: "o",
      role: "operator",
      scopes: ["operator.write"],
      issuedAtMs: 2,
    });
  });

  it("DEV-4 that cannot be kept is told, not lost in silence", async () => {
    await using gateway = await scriptedGateway(answering([], welcome({ deviceToken: "given" })));
    const tokenStore: TokenStore = { ...memoryTokenStore(), write: () => Promise.reject(new Error("disk full")) };
    using client = clientOf(gateway, { device, tokenStore });
    await expect(client.connect()).rejects.toThrow("disk full");
  });

  it("DEV-4 that the gateway does not know any more is forgotten, and the token for pairing used", async () => {
    const shown: Auth[] = [];
    const stale = refusal({ code: "AUTH_DEVICE_TOKEN_MISMATCH" });
    await using gateway = await scriptedGateway(answering(shown, stale, welcome({ deviceToken: "new" })));
    const tokenStore = await storeWith(gateway.url);
    using client = clientOf(gateway, { device, tokenStore, bootstrapToken: "b" });
    await client.connect();
    expect(shown).toEqual([{ token: "kept" }, { bootstrapToken: "b" }]);
    expect(await tokenStore.read(keyOf(gateway.url))).toMatchObject({ token: "new" });
  });

  it("DEV-4 that the gateway does not know any more is the end, when there is nothing else", async () => {
    const shown: Auth[] = [];
    await using gateway = await scriptedGateway(answering(shown, refusal({ code: "AUTH_DEVICE_TOKEN_MISMATCH" })));
    const tokenStore = await storeWith(gateway.url);
    using client = clientOf(gateway, { device, tokenStore });
    await expect(client.connect()).rejects.toMatchObject({ code: "REQ_005" });
    expect(client.state.name).toBe("refused");
    expect(await tokenStore.read(keyOf(gateway.url))).toBeUndefined();
    expect(shown).toHaveLength(1);
  });
});

describe("a gateway's token that is wrong", () => {
  it("DEV-4 goes once more with the device's, to this machine", async () => {
    const shown: Auth[] = [];
    await using gateway = await scriptedGateway(answering(shown, mismatch, welcome()));
    using client = clientOf(gateway, { token: "old", device, tokenStore: await storeWith(gateway.url) });
    await client.connect();
    expect(shown).toEqual([{ token: "old" }, { token: "old", deviceToken: "kept" }]);
  });

  it("DEV-4 goes once more with the device's, to a pinned gateway, also when it was given one", async () => {
    const shown: Auth[] = [];
    await using gateway = await tlsGateway(answering(shown, mismatch, welcome()));
    const options = { token: "old", device, deviceToken: "d", tlsFingerprint: gateway.fingerprint };
    using client = clientOf(gateway, { ...options, reconnect: false });
    await client.connect();
    expect(shown).toEqual([{ token: "old" }, { token: "old", deviceToken: "d" }]);
  });

  it("DEV-4 goes once more only", async () => {
    const shown: Auth[] = [];
    await using gateway = await scriptedGateway(answering(shown, mismatch));
    using client = clientOf(gateway, { token: "old", device, tokenStore: await storeWith(gateway.url) });
    await expect(client.connect()).rejects.toMatchObject({ code: "REQ_005" });
    expect(shown).toHaveLength(2);
  });

  it.each<[string, (visit: Visit) => void, Partial<GatewayClientOptions>]>([
    ["the gateway does not offer it", refusal({ code: "AUTH_TOKEN_MISMATCH" }), {}],
    ["something else is wrong", refusal({ code: "AUTH_RATE_LIMITED", canRetryWithDeviceToken: true }), {}],
    ["there is none", mismatch, { tokenStore: memoryTokenStore() }],
    ["there is no gateway's token", mismatch, { token: "" }],
  ])("DEV-4 does not go with the device's when %s", async (_why, answer, changes) => {
    const shown: Auth[] = [];
    await using gateway = await scriptedGateway(answering(shown, answer));
    const tokenStore = await storeWith(gateway.url);
    using client = clientOf(gateway, { token: "old", device, tokenStore, ...changes });
    await expect(client.connect()).rejects.toMatchObject({ name: "SwitchboardError" });
    expect(shown).toHaveLength(1);
  });

  it("DEV-4 does not go with the device's to what merely calls itself the gateway in some network", async () => {
    const shown: Auth[] = [];
    await using gateway = await scriptedGateway(answering(shown, mismatch));
    const url = "ws://gateway.internal:18789";
    using client = clientOf(gateway, {
      url,
      token: "old",
      device,
      tokenStore: await storeWith(url),
      // As that network's name server would have it.
      socket: () => new WebSocket(gateway.url) as never,
    });
    await expect(client.connect()).rejects.toMatchObject({ code: "REQ_005" });
    expect(shown).toEqual([{ token: "old" }]);
  });
});

describe("several addresses, one of them in some network", () => {
  it("DEV-4 what was shown to this machine beside the gateway's token is not shown there", async () => {
    const shown: Auth[] = [];
    await using own = await scriptedGateway(answering(shown, mismatch, welcome()));
    await using other = await scriptedGateway(answering(shown, welcome()));
    const url = ["ws://127.0.0.1:18789", "ws://gateway.internal:18789"] as const;
    using client = clientOf(own, {
      url,
      token: "old",
      device,
      deviceToken: "d",
      socket(address) {
        const isOwn = address.includes("127.0.0.1") && own.visits.length < 2;
        return new WebSocket(isOwn ? own.url : address.includes("internal") ? other.url : "ws://127.0.0.1:1") as never;
      },
    });
    await client.connect();
    own.visits[1]?.socket.terminate();
    await expect.poll(() => other.visits.length).toBe(1);
    await expect.poll(() => shown.length).toBe(3);
    expect(shown).toEqual([{ token: "old" }, { token: "old", deviceToken: "d" }, { token: "old" }]);
  });
});

describe("a device that waits for approval", () => {
  const pairing = (more: Record<string, unknown> = {}) =>
    refusal({ code: "PAIRING_REQUIRED", reason: "not-paired", requestId: "7f3c-1", ...more }, { code: "NOT_PAIRED" });

  it("DEV-4 does not ask again and again; what to approve stands in the error", async () => {
    const shown: Auth[] = [];
    await using gateway = await scriptedGateway(answering(shown, pairing()));
    using client = clientOf(gateway, { device });
    await expect(client.connect()).rejects.toMatchObject({
      code: "REQ_005",
      details: { code: "PAIRING_REQUIRED", requestId: "7f3c-1", reason: "not-paired" },
      action: expect.stringContaining("7f3c-1"),
    });
    expect(client.state).toMatchObject({ name: "refused", error: { details: { requestId: "7f3c-1" } } });
    expect(shown).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>, Partial<GatewayClientOptions>]>([
    ["the gateway advises it", { recommendedNextStep: "wait_then_retry" }, {}],
    ["it was told to", {}, { waitForApproval: true }],
  ])("DEV-4 comes back when %s", async (_why, details, options) => {
    const shown: Auth[] = [];
    const states: unknown[] = [];
    await using gateway = await scriptedGateway(answering(shown, pairing(details), pairing(details), welcome()));
    using client = clientOf(gateway, { device, ...options });
    client.onState((state) => {
      if (state.name === "waiting")
        states.push((state.error as { details?: { requestId?: string } }).details?.requestId);
    });
    await client.connect();
    expect(states).toEqual(["7f3c-1", "7f3c-1"]);
    expect(shown).toHaveLength(3);
  });

  it.each(["; rm -rf /", "-x", "a b", "\u001b[2J", "", "a".repeat(129), 7, null])(
    "DEV-4 the request id %j is nothing to show to a person",
    async (requestId) => {
      await using gateway = await scriptedGateway(answering([], pairing({ requestId })));
      using client = clientOf(gateway, { device });
      const error = await client.connect().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ details: { code: "PAIRING_REQUIRED" } });
      expect((error as { details: object }).details).not.toHaveProperty("requestId");
    },
  );

  it("DEV-4 nothing else that is final becomes something to wait for", async () => {
    await using gateway = await scriptedGateway(answering([], refusal({ code: "AUTH_TOKEN_MISSING" })));
    using client = clientOf(gateway, { device, waitForApproval: true });
    await expect(client.connect()).rejects.toMatchObject({ code: "REQ_005" });
    expect(client.state.name).toBe("refused");
  });
});

describe("a page", () => {
  it("DEV-4 shows a device's token with a key that never leaves the browser's own store", async () => {
    const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    const shown: unknown[] = [];
    await using gateway = await scriptedGateway(async (visit) => {
      visit.send(challenge);
      shown.push(((await visit.next()) as { params: ConnectParams }).params.auth);
      visit.send(hello({ auth: { role: "operator", scopes: [], deviceToken: "page" } }));
    });
    const client = new GatewayClient({
      url: gateway.url,
      client: { id: "cli", version: "1", platform: "linux", mode: "cli" },
      device: await deviceFromKeyPair(pair as never),
      bootstrapToken: "b",
      reconnect: quick,
    });
    await client.connect();
    gateway.visits[0]?.socket.close(1012);
    await expect.poll(() => shown.length).toBe(2);
    client.close();
    expect(shown).toEqual([{ bootstrapToken: "b" }, { token: "page" }]);
  });
});
