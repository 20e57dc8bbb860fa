/** What a device had once and lost comes back only with an approval of just that. */
import { DEFAULT_TENANT } from "@switchboard/domain";
import { SCOPES } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { authOf, ELSEWHERE, pairedWorld, pairingWorld, refusalOf, TestDevice } from "../test-support/pairing-world.ts";

const READ = ["operator.read"];
const from = { ip: ELSEWHERE, scopes: READ };

describe("a device that had more", () => {
  it("CVE-2026-33579 what a rotation took away does not come back with an approval of something else", async () => {
    const all = ["operator.admin", "operator.pairing", "operator.read"];
    const few = ["operator.pairing", "operator.read"];
    await using it = await pairedWorld(all);
    const { device, operator, world } = it;
    const own = await world.connect(device, { ip: ELSEWHERE, scopes: all, auth: it.auth });
    const narrowed = await own.client.call("device.token.rotate", {
      deviceId: device.id,
      role: "operator",
      scopes: few,
    });
    const auth = { deviceToken: String(narrowed.payload.token) };
    const { client } = await world.connect(device, { ip: ELSEWHERE, scopes: few, auth });
    // It may approve for itself what it holds; that must not be more than it holds.
    const asked = await client.call("device.scopes.requestUpgrade", { scopes: few });
    expect((await client.call("device.pair.approve", asked.payload)).payload).toMatchObject({
      device: { tokens: [{ role: "operator", scopes: few }] },
    });
    const again = await world.connect(device, { ip: ELSEWHERE, scopes: all, auth });
    expect(refusalOf(again)).toMatchObject({ reason: "scope-upgrade" });
    expect((await operator.call("device.pair.approve", refusalOf(again))).ok).toBe(true);
    expect(authOf(await world.connect(device, { ip: ELSEWHERE, scopes: all, auth })).scopes).toEqual(all);
  });

  it("CVE-2026-33579 another kind of machine gets what is approved for it, not what the former one had", async () => {
    const scopes = ["operator.admin", "operator.read"];
    await using it = await pairedWorld(scopes);
    const { device, world } = it;
    const limited = await world.operator(["operator.pairing", "operator.read"]);
    const how = { ip: ELSEWHERE, client: { platform: "another one" } };
    const moved = refusalOf(await world.connect(device, { ...how, scopes: READ }));
    expect(moved).toMatchObject({ reason: "metadata-upgrade" });
    expect((await limited.call("device.pair.approve", moved)).ok).toBe(true);
    expect(refusalOf(await world.connect(device, { ...how, scopes }))).toMatchObject({
      reason: "scope-upgrade",
      approvedScopes: READ,
    });
  });

  it("GHSA-7h7g-x2px-94hj a setup code gives no token beyond itself to a device that had more", async () => {
    const scopes = ["operator.admin", "operator.read"];
    await using it = await pairedWorld(scopes);
    const { device, operator, world } = it;
    const node = refusalOf(await world.connect(device, { ip: ELSEWHERE, role: "node" }));
    expect((await operator.call("device.pair.approve", node)).ok).toBe(true);
    const back = async (profile: "limited" | "node", how: object) => {
      for (const role of ["operator", "node"]) {
        await operator.call("device.token.rotate", { deviceId: device.id, role });
      }
      const maker = { actor: "operator:test", scopes: [...SCOPES], nodes: true };
      const { token } = await world.devices.setupCodes.mint(DEFAULT_TENANT, { profile }, maker);
      return authOf(await world.connect(device, { ip: ELSEWHERE, auth: { bootstrapToken: token }, ...how }));
    };
    expect(await back("node", { role: "node", scopes: [] })).not.toHaveProperty("deviceTokens");
    const { deviceToken } = await back("limited", { scopes: READ });
    const auth = { deviceToken };
    expect(authOf(await world.connect(device, { ...from, auth })).scopes).toEqual(READ);
    expect(refusalOf(await world.connect(device, { ip: ELSEWHERE, scopes, auth }))).toMatchObject({
      reason: "scope-upgrade",
    });
  });

  it("DEV-4 approving more scopes changes nothing else: a name given meanwhile stays", async () => {
    await using it = await pairedWorld();
    const { auth, device, operator, world } = it;
    const { client } = await world.connect(device, { ...from, auth });
    await operator.call("device.pair.rename", { deviceId: device.id, label: "Before" });
    const asked = await client.call("device.scopes.requestUpgrade", { scopes: [...READ, "operator.write"] });
    await operator.call("device.pair.rename", { deviceId: device.id, label: "After" });
    await operator.call("device.pair.approve", asked.payload);
    expect((await operator.call("device.pair.list")).payload).toMatchObject({ paired: [{ operatorLabel: "After" }] });
  });
});

describe("a device that has a token", () => {
  it("DEV-5 cannot guess the gateway's secret for ever: neither its own token nor a setup code beside it starts the count anew", async () => {
    await using world = await pairingWorld();
    const operator = await world.operator();
    const device = new TestDevice();
    await operator.call("device.pair.approve", refusalOf(await world.connect(device, from)));
    const { deviceToken } = authOf(await world.connect(device, from));
    const guess = async (n: number) =>
      refusalOf(
        await world.connect(device, {
          ...from,
          auth: { token: `guess ${n}`, ...(n % 2 === 0 && { bootstrapToken: "beside it" }) },
        }),
      ).code;
    for (let n = 0; n < 10; n += 1) {
      expect(["AUTH_TOKEN_MISMATCH", "AUTH_BOOTSTRAP_TOKEN_INVALID"]).toContain(await guess(n));
      if (n === 8)
        expect(authOf(await world.connect(device, { ...from, auth: { token: deviceToken } })).scopes).toEqual(READ);
    }
    expect(await guess(10)).toBe("AUTH_RATE_LIMITED");
    expect(await guess(11)).toBe("AUTH_RATE_LIMITED");
    expect((await world.connect(device, { ...from, auth: { deviceToken } })).answer.ok).toBe(true);
  });
});

it("MSG-5 DEV-4 a device's name is one line that cannot colour a terminal or look like another", async () => {
  await using world = await pairingWorld();
  const operator = await world.operator();
  const device = new TestDevice();
  authOf(await world.connect(device, { scopes: READ, client: { displayName: "tab\u001b[2J\u202elet" } }));
  expect(world.devices.get(DEFAULT_TENANT, device.id)?.displayName).toBe("tab[2Jlet");
  const rename = (label: string) => operator.call("device.pair.rename", { deviceId: device.id, label });
  const named = await rename("a\u001b[31mb\u001b]0;x\u0007\n c\u009b");
  expect(named.payload).toEqual({ deviceId: device.id, label: "a[31mb]0;x c" });
  expect(world.devices.get(DEFAULT_TENANT, device.id)?.label).toBe("a[31mb]0;x c");
  expect((await rename("\u001b\u202e")).error.code).toBe("INVALID_REQUEST");
});

it("DEV-4 what was revoked is approved by a person, also on the gateway's own machine", async () => {
  await using world = await pairingWorld();
  const operator = await world.operator();
  const device = new TestDevice();
  authOf(await world.connect(device, { scopes: READ }));
  const revoked = await operator.call("device.token.revoke", { deviceId: device.id, role: "operator" });
  expect(revoked.ok).toBe(true);
  const again = refusalOf(await world.connect(device, { scopes: READ }));
  expect(again.code).toBe("PAIRING_REQUIRED");
  expect((await operator.call("device.pair.approve", { requestId: again.requestId })).ok).toBe(true);
  expect(authOf(await world.connect(device, { scopes: READ })).scopes).toEqual(READ);
});
