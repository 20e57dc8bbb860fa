/** A device from its first attempt to the end of its token. */
import { describe, expect, it } from "vitest";
import {
  authOf,
  ELSEWHERE,
  pairedWorld,
  pairingWorld,
  refusalOf,
  TestDevice,
  TOKEN,
} from "../test-support/pairing-world.ts";

const READ = ["operator.read"];
const from = { ip: ELSEWHERE, scopes: READ };

describe("a device that connects for the first time", () => {
  it("DEV-4 from elsewhere has to be approved, whatever it holds, and is told how", async () => {
    await using world = await pairingWorld();
    const device = new TestDevice();
    const first = await world.connect(device, from);
    const { requestId, ...details } = refusalOf(first);
    expect(first.answer.error).toMatchObject({
      code: "NOT_PAIRED",
      message: "pairing required: device is not approved yet",
    });
    expect(details).toEqual({
      code: "PAIRING_REQUIRED",
      reason: "not-paired",
      remediationHint: `Approve it: switchboard devices approve ${requestId}`,
      deviceId: device.id,
      requestedRole: "operator",
      requestedScopes: READ,
    });
    expect(await first.client.closed).toEqual({
      code: 1008,
      reason: `pairing required: device is not approved yet (requestId: ${requestId})`,
    });
    // Asking again is the same request.
    expect(refusalOf(await world.connect(device, from)).requestId).toBe(requestId);
  });

  it("DEV-4 is let in once approved, with a token that it comes back with and nothing else", async () => {
    await using world = await pairingWorld();
    const device = new TestDevice();
    const { requestId } = refusalOf(await world.connect(device, from));
    const operator = await world.operator();
    expect((await operator.call("device.pair.list")).payload).toMatchObject({
      pending: [{ requestId, deviceId: device.id, roles: ["operator"], scopes: READ, remoteIp: ELSEWHERE }],
      paired: [],
    });
    expect((await operator.call("device.pair.approve", { requestId })).payload).toMatchObject({
      requestId,
      device: { deviceId: device.id, roles: ["operator"], scopes: READ, approvedVia: "owner", connected: false },
    });
    const auth = authOf(await world.connect(device, from));
    expect(auth).toMatchObject({
      method: "token",
      role: "operator",
      scopes: READ,
      deviceToken: expect.stringMatching(/^[\w-]{43}$/),
    });
    const { deviceToken } = auth;
    const back = await world.connect(device, { ...from, auth: { deviceToken } });
    expect(authOf(back)).toEqual({ method: "device-token", role: "operator", scopes: READ, deviceToken });
    // The field `token` carries it too, as older clients send it.
    expect(authOf(await world.connect(device, { ...from, auth: { token: deviceToken } })).method).toBe("device-token");
    expect((await operator.call("device.pair.list")).payload).toMatchObject({
      pending: [],
      paired: [{ connected: true }],
    });
    // Also after a restart.
    const registry = await world.reload();
    expect(registry.checkToken("default" as never, device.id, "operator", deviceToken).ok).toBe(true);
  });

  it("DEV-4 on this machine is approved by itself, by setting", async () => {
    await using world = await pairingWorld();
    const here = authOf(await world.connect(new TestDevice(), { scopes: ["operator.admin"] }));
    expect(here).toMatchObject({ method: "token", scopes: ["operator.admin"] });
    await using strict = await pairingWorld({ pairing: () => ({ autoApproveLocal: false, setupCodes: "approve" }) });
    const asked = await strict.connect(new TestDevice(), { scopes: READ });
    expect(refusalOf(asked)).toMatchObject({ code: "PAIRING_REQUIRED" });
  });

  it("DEV-4 a page of another site on this machine is not approved by itself", async () => {
    await using world = await pairingWorld();
    const page = await world.connect(new TestDevice(), { scopes: READ, origin: "http://localhost:3000" });
    expect(refusalOf(page)).toMatchObject({ code: "PAIRING_REQUIRED" });
  });

  it("GHSA-rqpp-rjj8-7wv8 gets nothing before it is approved, though it holds the gateway's token", async () => {
    await using world = await pairingWorld();
    for (const id of ["cli", "gateway-client", "openclaw-ios", "openclaw-control-ui"]) {
      const origin = id === "openclaw-control-ui" ? { origin: `http://127.0.0.1:${world.gateway.port}` } : {};
      const asked = await world.connect(new TestDevice(), {
        ...from,
        ...origin,
        client: { id },
        scopes: ["operator.admin"],
      });
      expect(asked.answer.ok).toBe(false);
    }
  });
});

describe("a device's requests", () => {
  it("DEV-8 another attempt with other details supersedes the one that waits; what was asked is united", async () => {
    await using world = await pairingWorld();
    const operator = await world.operator();
    const device = new TestDevice();
    const first = refusalOf(await world.connect(device, from)).requestId;
    expect((await operator.event("device.pair.requested")).payload).toMatchObject({ requestId: first });
    const second = refusalOf(await world.connect(device, { ...from, scopes: ["operator.write"] })).requestId;
    expect(second).not.toBe(first);
    expect((await operator.event("device.pair.resolved")).payload).toMatchObject({
      requestId: first,
      decision: "rejected",
    });
    expect((await operator.event("device.pair.requested")).payload).toMatchObject({
      requestId: second,
      scopes: ["operator.read", "operator.write"],
    });
    expect((await operator.call("device.pair.approve", { requestId: first })).error).toMatchObject({
      message: "unknown requestId",
    });
    // A part of it is the same request again.
    expect(refusalOf(await world.connect(device, from)).requestId).toBe(second);
  });

  it("DEV-4 die five minutes after the device last asked", async () => {
    await using world = await pairingWorld();
    const operator = await world.operator();
    const device = new TestDevice();
    const { requestId } = refusalOf(await world.connect(device, from));
    world.clock.advance(4 * 60_000);
    expect(refusalOf(await world.connect(device, from)).requestId).toBe(requestId);
    world.clock.advance(4 * 60_000);
    expect(world.devices.requests("default" as never)).toHaveLength(1);
    world.clock.advance(60_000);
    expect(world.devices.requests("default" as never)).toEqual([]);
    expect((await operator.call("device.pair.approve", { requestId })).ok).toBe(false);
    expect(refusalOf(await world.connect(device, from)).requestId).not.toBe(requestId);
  });

  it("DEV-4 a rejected one is gone, and the device is told nothing but that it has to ask again", async () => {
    await using world = await pairingWorld();
    const [operator, watcher] = [await world.operator(), await world.operator()];
    const device = new TestDevice();
    const { requestId } = refusalOf(await world.connect(device, from));
    expect((await operator.call("device.pair.reject", { requestId })).payload).toEqual({
      requestId,
      deviceId: device.id,
    });
    expect((await watcher.event("device.pair.resolved")).payload).toMatchObject({ requestId, decision: "rejected" });
    expect(refusalOf(await world.connect(device, from)).requestId).not.toBe(requestId);
  });

  it("DEV-4 a hundred keys at most wait at a time", async () => {
    await using world = await pairingWorld();
    for (let n = 0; n < 100; n += 1) await world.connect(new TestDevice(), from);
    const one = await world.connect(new TestDevice(), from);
    expect(one.answer.error).toMatchObject({ code: "INVALID_REQUEST", retryable: true });
    expect(world.devices.requests("default" as never)).toHaveLength(100);
  });
});

describe("a paired device that changed", () => {
  it("DEV-3 on another kind of machine has to be approved again, and its old tokens are void", async () => {
    await using world = await pairingWorld();
    const operator = await world.operator();
    const device = new TestDevice();
    const { requestId } = refusalOf(
      await world.connect(device, { ...from, client: { platform: "iOS 18.1", deviceFamily: "iPhone" } }),
    );
    await operator.call("device.pair.approve", { requestId });
    const { deviceToken } = authOf(
      await world.connect(device, { ...from, client: { platform: "iOS 18.1", deviceFamily: "iPhone" } }),
    );
    const back = (client: object) => world.connect(device, { ...from, auth: { deviceToken }, client });
    // A newer version is no other machine.
    expect((await back({ platform: "ios 19.0.1", deviceFamily: "iphone" })).answer.ok).toBe(true);
    for (const client of [
      { platform: "android 16", deviceFamily: "iPhone" },
      { platform: "iOS 18.1", deviceFamily: "iPad" },
    ]) {
      expect(refusalOf(await back(client))).toMatchObject({
        reason: "metadata-upgrade",
        approvedRoles: ["operator"],
        approvedScopes: READ,
      });
    }
    const repair = refusalOf(await back({ platform: "android 16", deviceFamily: "Pixel" })).requestId;
    expect((await operator.call("device.pair.approve", { requestId: repair })).ok).toBe(true);
    expect(refusalOf(await back({ platform: "android 16", deviceFamily: "Pixel" }))).toMatchObject({
      code: "AUTH_DEVICE_TOKEN_MISMATCH",
    });
    expect(
      (await world.connect(device, { ...from, client: { platform: "android 16", deviceFamily: "Pixel" } })).answer.ok,
    ).toBe(true);
  });

  it("DEV-4 asking for more scopes or another role is asked about", async () => {
    await using world = await pairingWorld();
    const operator = await world.operator();
    const device = new TestDevice();
    await operator.call("device.pair.approve", refusalOf(await world.connect(device, from)));
    const { deviceToken } = authOf(await world.connect(device, from));
    const auth = { deviceToken };
    const more = await world.connect(device, { ...from, auth, scopes: ["operator.write"] });
    expect(refusalOf(more)).toMatchObject({
      reason: "scope-upgrade",
      approvedScopes: READ,
      approvedRoles: ["operator"],
    });
    const node = await world.connect(device, { ip: ELSEWHERE, role: "node" });
    expect(refusalOf(node)).toMatchObject({ reason: "role-upgrade", requestedRole: "node" });
    // Fewer scopes than approved are given as asked.
    expect(authOf(await world.connect(device, { ...from, auth, scopes: [] })).scopes).toEqual([]);
  });

  it("DEV-4 may ask for more while it is connected, and learns the answer", async () => {
    await using world = await pairingWorld();
    const operator = await world.operator();
    const device = new TestDevice();
    await operator.call("device.pair.approve", refusalOf(await world.connect(device, from)));
    const { client } = await world.connect(device, from);
    const narrow = await client.call("device.scopes.requestUpgrade", { scopes: ["operator.approvals"] });
    expect(narrow.error.message).toContain("must include");
    const asked = await client.call("device.scopes.requestUpgrade", { scopes: ["operator.read", "operator.write"] });
    const { requestId } = asked.payload;
    client.send({ type: "req", id: "w", method: "device.scopes.waitUpgrade", params: { requestId } });
    await operator.call("device.pair.approve", { requestId });
    const answer = await client.answer("w");
    expect(answer.payload).toMatchObject({
      status: "approved",
      requestId,
      scopes: ["operator.read", "operator.write"],
    });
    const auth = { deviceToken: String(answer.payload.deviceToken) };
    expect(authOf(await world.connect(device, { ...from, auth, scopes: ["operator.write"] })).scopes).toEqual([
      "operator.write",
    ]);

    const again = await client.call("device.scopes.requestUpgrade", { scopes: ["operator.write", "operator.admin"] });
    client.send({ type: "req", id: "x", method: "device.scopes.waitUpgrade", params: again.payload });
    await operator.call("device.pair.reject", again.payload);
    expect((await client.answer("x")).payload).toMatchObject({ status: "rejected" });
    const third = await client.call("device.scopes.requestUpgrade", { scopes: ["operator.write", "operator.admin"] });
    client.send({ type: "req", id: "y", method: "device.scopes.waitUpgrade", params: third.payload });
    await client.call("health");
    world.clock.advance(5 * 60_000);
    expect((await client.answer("y")).payload).toMatchObject({ status: "expired" });
  });
});

describe("a device's token", () => {
  it("DEV-4 is worth nothing with another key, another role, or none at all", async () => {
    await using it = await pairedWorld();
    const { auth, device, world } = it;
    expect(refusalOf(await world.connect(new TestDevice(), { ...from, auth }))).toMatchObject({
      code: "AUTH_DEVICE_TOKEN_MISMATCH",
    });
    expect(refusalOf(await world.connect(device, { ip: ELSEWHERE, auth, role: "node" }))).toMatchObject({
      code: "AUTH_DEVICE_TOKEN_MISMATCH",
    });
    const bare = await world.gateway.open({ "x-forwarded-for": ELSEWHERE });
    const { error } = await bare.connect({ auth: { token: auth.deviceToken } });
    expect(error.details).toMatchObject({ code: "AUTH_TOKEN_MISMATCH" });
  });

  it("DEV-4 a wrong shared token tells a device that its own may still be good", async () => {
    await using it = await pairedWorld();
    const { device, world } = it;
    const wrong = await world.connect(device, { ...from, auth: { token: "wrong" } });
    expect(refusalOf(wrong)).toMatchObject({
      code: "AUTH_TOKEN_MISMATCH",
      canRetryWithDeviceToken: true,
      recommendedNextStep: "retry_with_device_token",
    });
    const both = await world.connect(device, { ...from, auth: { token: "wrong", ...it.auth } });
    expect(authOf(both).method).toBe("device-token");
  });

  it("CVE-2026-43585 rotating makes the old one void at once, open connections included", async () => {
    await using it = await pairedWorld();
    const { auth, device, operator, world } = it;
    const { client } = await world.connect(device, { ...from, auth });
    const rotated = await operator.call("device.token.rotate", { deviceId: device.id, role: "operator" });
    expect(rotated.payload).toMatchObject({
      deviceId: device.id,
      role: "operator",
      scopes: READ,
      tokenDelivery: "withheld-cross-device",
    });
    expect(rotated.payload).not.toHaveProperty("token");
    expect(await client.closed).toEqual({ code: 4001, reason: "device token rotated" });
    expect(refusalOf(await world.connect(device, { ...from, auth }))).toMatchObject({
      code: "AUTH_DEVICE_TOKEN_MISMATCH",
    });
  });

  it("DEV-4 a device may rotate its own and is handed the new one", async () => {
    await using it = await pairedWorld(["operator.pairing"]);
    const { auth, device, world } = it;
    const how = { ip: ELSEWHERE, scopes: ["operator.pairing"] };
    const { client } = await world.connect(device, { ...how, auth });
    const { payload } = await client.call("device.token.rotate", { deviceId: device.id, role: "operator" });
    expect(payload).toMatchObject({ tokenDelivery: "in-band", token: expect.stringMatching(/^[\w-]{43}$/) });
    // It stays connected: what it holds now is in force.
    expect((await client.call("health")).ok).toBe(true);
    const fresh = { deviceToken: String(payload.token) };
    expect(authOf(await world.connect(device, { ...how, auth: fresh })).method).toBe("device-token");
  });

  it("GHSA-4jpw-hj22-2xmc rotating never gives more than was approved, nor more than the caller holds", async () => {
    await using it = await pairedWorld(["operator.read", "operator.write"]);
    const { device, operator, world } = it;
    const rotate = (client: typeof operator, scopes?: readonly string[]) =>
      client.call("device.token.rotate", { deviceId: device.id, role: "operator", ...(scopes && { scopes }) });
    expect((await rotate(operator, ["operator.admin"])).error).toMatchObject({
      message: expect.stringContaining("not approved"),
    });
    expect((await rotate(operator, ["made.up"])).error.code).toBe("INVALID_REQUEST");
    const limited = await world.operator(["operator.pairing", "operator.read"]);
    expect((await rotate(limited)).error).toMatchObject({
      code: "FORBIDDEN",
      message: "missing scope: operator.write",
    });
    expect((await rotate(limited, ["operator.read"])).payload).toMatchObject({ scopes: ["operator.read"] });
    // What was taken away comes back by approval or by somebody who holds it, not by itself.
    expect((await rotate(operator, ["operator.read", "operator.write"])).ok).toBe(true);
  });

  it("GHSA-whf9-3hcx-gq54 rotating a role that was never approved or was revoked makes none", async () => {
    await using it = await pairedWorld();
    const { auth, device, operator, world } = it;
    const node = await operator.call("device.token.rotate", { deviceId: device.id, role: "node" });
    expect(node.error).toMatchObject({ code: "FORBIDDEN" });
    const { client } = await world.connect(device, { ...from, auth });
    expect(
      (await operator.call("device.token.revoke", { deviceId: device.id, role: "operator" })).payload,
    ).toMatchObject({ role: "operator" });
    expect(await client.closed).toEqual({ code: 4001, reason: "device token revoked" });
    expect((await operator.call("device.token.rotate", { deviceId: device.id, role: "operator" })).ok).toBe(false);
    expect(refusalOf(await world.connect(device, { ...from, auth }))).toMatchObject({
      code: "AUTH_DEVICE_TOKEN_MISMATCH",
    });
    // With the gateway's token it may ask anew.
    expect(refusalOf(await world.connect(device, from))).toMatchObject({ reason: "role-upgrade" });
  });

  it("DEV-4 removing a device closes what it has open and forgets it", async () => {
    await using it = await pairedWorld();
    const { auth, device, operator, world } = it;
    const { client } = await world.connect(device, { ...from, auth });
    expect((await operator.call("device.pair.remove", { deviceId: device.id })).payload).toEqual({
      deviceId: device.id,
    });
    expect(await client.closed).toEqual({ code: 4001, reason: "device removed" });
    expect(refusalOf(await world.connect(device, { ...from, auth }))).toMatchObject({
      code: "AUTH_DEVICE_TOKEN_MISMATCH",
    });
    expect((await operator.call("device.pair.remove", { deviceId: device.id })).error).toMatchObject({
      message: "unknown deviceId",
    });
  });

  it("CRED-3 neither the registry's rows nor any answer to others holds a token", async () => {
    await using it = await pairedWorld();
    const { auth, operator, world } = it;
    const rows = JSON.stringify(world.devices.list("default" as never));
    const shown = JSON.stringify((await operator.call("device.pair.list")).payload);
    for (const text of [rows, shown]) expect(text).not.toContain(auth.deviceToken);
    expect(shown).not.toContain("hashes");
    expect(rows).not.toContain(TOKEN);
  });
});

describe("a device that comes back with a void token", () => {
  it("DEV-5 is locked out by itself: neither its owner nor others behind the same address are", async () => {
    await using world = await pairingWorld();
    const stale = new TestDevice();
    const auth = { deviceToken: "void" };
    for (let n = 0; n < 10; n += 1) {
      expect(refusalOf(await world.connect(stale, { ...from, auth })).code).toBe("AUTH_DEVICE_TOKEN_MISMATCH");
    }
    expect(refusalOf(await world.connect(stale, { ...from, auth })).code).toBe("AUTH_RATE_LIMITED");
    expect(refusalOf(await world.connect(new TestDevice(), { ...from, auth })).code).toBe("AUTH_DEVICE_TOKEN_MISMATCH");
    expect(refusalOf(await world.connect(stale, from)).code).toBe("PAIRING_REQUIRED");
  });

  it("DEV-6 ten wrong setup codes in a minute lock an address out of more of them", async () => {
    await using world = await pairingWorld();
    const attempt = async () =>
      refusalOf(await world.connect(new TestDevice(), { ...from, auth: { bootstrapToken: "guess" } })).code;
    for (let n = 0; n < 10; n += 1) expect(await attempt()).toBe("AUTH_BOOTSTRAP_TOKEN_INVALID");
    expect(await attempt()).toBe("AUTH_RATE_LIMITED");
    expect(refusalOf(await world.connect(new TestDevice(), from)).code).toBe("PAIRING_REQUIRED");
  });
});

describe("who may approve", () => {
  it("CVE-2026-33579 nobody approves more than they hold", async () => {
    await using world = await pairingWorld();
    const ask = async (scopes: readonly string[], role: "operator" | "node" = "operator") =>
      refusalOf(await world.connect(new TestDevice(), { ip: ELSEWHERE, scopes, role }));
    const limited = await world.operator(["operator.pairing", "operator.read"]);
    for (const scope of ["operator.admin", "operator.write", "operator.approvals", "operator.talk.secrets"]) {
      const { error } = await limited.call("device.pair.approve", await ask([scope]));
      expect(error).toMatchObject({ code: "FORBIDDEN", details: { missingScope: scope } });
    }
    expect((await limited.call("device.pair.approve", await ask([], "node"))).error.code).toBe("FORBIDDEN");
    expect((await limited.call("device.pair.approve", await ask(READ))).ok).toBe(true);
    const reader = await world.operator(READ);
    for (const method of ["device.pair.approve", "device.pair.reject"]) {
      expect((await reader.call(method, await ask(READ))).error).toMatchObject({
        details: { missingScope: "operator.pairing" },
      });
    }
  });

  it("DEV-4 a device manages nobody but itself unless it is an administrator's", async () => {
    await using world = await pairingWorld();
    const operator = await world.operator();
    const how = { ip: ELSEWHERE, scopes: ["operator.pairing", "operator.read"] };
    const device = new TestDevice();
    await operator.call("device.pair.approve", refusalOf(await world.connect(device, how)));
    const { deviceToken } = authOf(await world.connect(device, how));
    const { client } = await world.connect(device, { ...how, auth: { deviceToken } });
    const other = refusalOf(await world.connect(new TestDevice(), from));
    expect((await client.call("device.pair.list")).payload).toMatchObject({
      pending: [],
      paired: [{ deviceId: device.id }],
    });
    for (const method of ["device.pair.approve", "device.pair.reject"]) {
      expect((await client.call(method, other)).error.code).toBe("FORBIDDEN");
    }
    expect((await operator.call("device.pair.approve", other)).ok).toBe(true);
    const { deviceId } = other;
    for (const [method, params] of [
      ["device.pair.remove", { deviceId }],
      ["device.pair.rename", { deviceId, label: "x" }],
      ["device.token.rotate", { deviceId, role: "operator" }],
      ["device.token.revoke", { deviceId, role: "operator" }],
    ] as const) {
      expect((await client.call(method, params)).error).toMatchObject({ code: "FORBIDDEN" });
    }
    expect((await client.call("device.pair.rename", { deviceId: device.id, label: "Mine" })).ok).toBe(true);
  });
});
