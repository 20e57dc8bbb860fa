/** Attempts to get more than was given: borrowed proofs, scopes beyond the approver's, races, revocation in between. */
import { Devices, noLog } from "@switchboard/core";
import { DEFAULT_TENANT, SwitchboardError } from "@switchboard/domain";
import { holds, SCOPES, type Scope } from "@switchboard/protocol";
import { openSqliteStore } from "@switchboard/store/sqlite";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { authOf, ELSEWHERE, pairingWorld, refusalOf, TestDevice, TOKEN } from "../test-support/pairing-world.ts";
import { HandClock } from "../ws/harness.test.util.ts";

const RUNS = 60;
const someScopes = fc.subarray<Scope>([...SCOPES]);
const within = (scopes: readonly Scope[], ceiling: readonly Scope[]) => scopes.every((scope) => holds(ceiling, scope));

/** Two registries on one store, as two processes would have them. */
async function twoRegistries() {
  const directory = await temporaryDirectory();
  const store = await openSqliteStore({ directory: directory.path });
  const clock = new HandClock();
  const registry = async () => {
    const devices = new Devices({ store, clock, log: noLog });
    await devices.load();
    return devices;
  };
  return {
    one: await registry(),
    two: await registry(),
    registry,
    async [Symbol.asyncDispose]() {
      await store.close();
      await directory.remove();
    },
  };
}

const approver = (scopes: readonly Scope[]) => ({
  actor: "operator:test",
  scopes,
  nodes: holds(scopes, "operator.admin"),
});
const admin = approver(["operator.admin"]);
const claims = (device: string) => ({
  device,
  publicKey: `key of ${device}`,
  clientId: "cli",
  clientMode: "cli",
  platform: "linux",
});
const asking = (device: string, scopes: readonly Scope[]) =>
  ({ claims: claims(device), reason: "not-paired", roles: ["operator"], scopes }) as const;

/** What it came to; any refusal is one, a defect is not. */
async function outcome<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SwitchboardError && error.code !== "SYS_005") return undefined;
    throw error;
  }
}

describe("a proof", () => {
  it("DEV-3 CVE-2026-28472 of one socket is worth nothing on another, whatever is put around its nonce", async () => {
    await using world = await pairingWorld();
    const device = new TestDevice();
    const overheard = async () => {
      const socket = await world.gateway.open();
      return String((await socket.event("connect.challenge")).payload.nonce);
    };
    const space = fc.string({ unit: fc.constantFrom(" ", "\t", "\n", "\u00a0", "\ufeff"), maxLength: 3 });
    const kept = await overheard();
    await fc.assert(
      fc.asyncProperty(space, space, async (before, after) => {
        const params = device.params(kept, { auth: { token: TOKEN }, signedAt: world.clock.now() });
        const proof = params.device;
        if (!proof) throw new Error("no proof");
        const client = await world.gateway.open({ "x-forwarded-for": ELSEWHERE });
        const nonce = String((await client.event("connect.challenge")).payload.nonce);
        const answer = await client.call("connect", { ...params, device: { ...proof, nonce: before + kept + after } });
        expect(answer.error.details.code).toBe("DEVICE_AUTH_NONCE_MISMATCH");
        const again = await world.gateway.open({ "x-forwarded-for": ELSEWHERE });
        const theirs = String((await again.event("connect.challenge")).payload.nonce);
        expect(theirs).not.toBe(nonce);
        const moved = await again.call("connect", { ...params, device: { ...proof, nonce: before + theirs + after } });
        expect(moved.error.details.code).toBe("DEVICE_AUTH_SIGNATURE_INVALID");
      }),
      { numRuns: 25 },
    );
    const blank = await world.gateway.open();
    const params = device.params(" \t", { auth: { token: TOKEN }, signedAt: world.clock.now() });
    expect((await blank.call("connect", params)).error.details.code).toBe("DEVICE_AUTH_NONCE_REQUIRED");
  });

  it("DEV-3 CVE-2026-28472 counts for two minutes before and after it was made, and not a moment longer", async () => {
    await using world = await pairingWorld();
    const far = fc.oneof(fc.integer({ min: 120_001, max: 10 ** 12 }), fc.constantFrom(120_001, 10 ** 15));
    await fc.assert(
      fc.asyncProperty(far, fc.boolean(), async (off, past) => {
        const signedAt = Math.max(0, world.clock.now() + (past ? -off : off));
        const refused = await world.connect(new TestDevice(), { signedAt, ip: ELSEWHERE });
        expect(refusalOf(refused).code).toBe("DEVICE_AUTH_SIGNATURE_EXPIRED");
      }),
      { numRuns: 25 },
    );
  });

  it("DEV-3 what the gateway said is no proof when it is said back to it", async () => {
    await using world = await pairingWorld();
    const device = new TestDevice();
    const { answer } = await world.connect(device, { scopes: ["operator.read"] });
    const { deviceToken } = authOf({ answer, client: await world.gateway.open() });
    for (const reflected of [
      answer,
      answer.payload,
      answer.payload.auth,
      { ...answer.payload, auth: { deviceToken } },
    ]) {
      const client = await world.gateway.open({ "x-forwarded-for": ELSEWHERE });
      const challenge = await client.event("connect.challenge");
      expect((await client.call("connect", reflected)).ok).toBe(false);
      const other = await world.gateway.open({ "x-forwarded-for": ELSEWHERE });
      await other.event("connect.challenge");
      expect((await other.call("connect", challenge)).ok).toBe(false);
    }
    const thief = new TestDevice();
    const own = device.params("x", {}).device;
    const client = await world.gateway.open({ "x-forwarded-for": ELSEWHERE });
    const nonce = String((await client.event("connect.challenge")).payload.nonce);
    const proven = thief.params(nonce, { auth: { deviceToken }, signedAt: world.clock.now() });
    const mixed = { ...proven, device: { ...proven.device, id: own?.id, publicKey: own?.publicKey } };
    expect((await client.call("connect", mixed)).error.details.code).toBe("DEVICE_AUTH_SIGNATURE_INVALID");
  });
});

describe("whatever is asked of whomever", () => {
  it("CVE-2026-33579 GHSA-4jpw-hj22-2xmc approving and rotating give a part of what was approved and of what the caller holds", async () => {
    await using it = await twoRegistries();
    let n = 0;
    const scopes = { approvers: someScopes, asked: someScopes, rotators: someScopes, wanted: fc.option(someScopes) };
    await fc.assert(
      fc.asyncProperty(fc.record(scopes), async ({ approvers, asked, rotators, wanted }) => {
        n += 1;
        const device = `device-${n}`;
        const request = await it.one.ask(DEFAULT_TENANT, asking(device, asked));
        const done = await outcome(it.one.approve(DEFAULT_TENANT, request.id, approver(approvers)));
        expect(done !== undefined).toBe(within(asked, approvers));
        if (!done) {
          expect(it.one.get(DEFAULT_TENANT, device)).toBeUndefined();
          await it.one.reject(DEFAULT_TENANT, request.id, admin);
          return;
        }
        const given = it.one.grant(DEFAULT_TENANT, device, "operator")?.scopes ?? [];
        expect([within(given, asked), within(given, approvers)]).toEqual([true, true]);
        const what = { device, role: "operator", ...(wanted && { scopes: wanted }) } as const;
        const rotated = await outcome(it.one.rotate(DEFAULT_TENANT, what, approver(rotators)));
        if (rotated) {
          expect([within(rotated.scopes, given), within(rotated.scopes, rotators)]).toEqual([true, true]);
        }
        // What a connection gets by its token is a part of it again, whatever it asks for.
        const now = it.one.scopesNow(DEFAULT_TENANT, device, "operator", SCOPES) ?? [];
        expect(within(now, given)).toBe(true);
        await it.one.remove(DEFAULT_TENANT, device, admin);
      }),
      { numRuns: RUNS },
    );
    expect(n).toBeGreaterThan(RUNS / 2);
  });

  it("GHSA-7h7g-x2px-94hj a setup code carries a part of what its maker holds", async () => {
    await using it = await twoRegistries();
    const profile = fc.constantFrom("full", "limited", "node", "voice-node");
    await fc.assert(
      fc.asyncProperty(someScopes, profile, async (scopes, wish) => {
        const minted = await outcome(it.one.setupCodes.mint(DEFAULT_TENANT, { profile: wish }, approver(scopes)));
        if (!minted) return;
        expect(within(minted.setup.scopes, scopes)).toBe(true);
        if (!holds(scopes, "operator.admin")) expect(minted.setup.roles).toEqual(["operator"]);
        await it.one.setupCodes.drop(DEFAULT_TENANT, "operator:test");
      }),
      { numRuns: RUNS },
    );
  });
});

describe("two processes on one store", () => {
  it("DEV-6 of a hundred devices that present one code to either, one gets it", async () => {
    await using it = await twoRegistries();
    const { token } = await it.one.setupCodes.mint(DEFAULT_TENANT, { profile: "node" }, admin);
    const late = await it.registry();
    const presented = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        outcome((index % 2 === 0 ? it.one : late).setupCodes.present(DEFAULT_TENANT, token, `device-${index}`)),
      ),
    );
    expect(presented.filter((setup) => setup !== undefined)).toHaveLength(1);
  });

  it("DEV-4 approving meets rejecting: one of them happens, and a rejected device is not paired", async () => {
    await using it = await twoRegistries();
    const decided = new Set<string>();
    for (let n = 0; n < 20; n += 1) {
      const device = `device-${n}`;
      const { id } = await it.one.ask(DEFAULT_TENANT, asking(device, ["operator.read"]));
      const other = await it.registry();
      const approve = () => outcome(it.one.approve(DEFAULT_TENANT, id, admin));
      const reject = () => outcome(other.reject(DEFAULT_TENANT, id, admin));
      const meeting =
        n % 2 === 0 ? { approved: approve(), rejected: reject() } : { rejected: reject(), approved: approve() };
      const [approved, rejected] = [await meeting.approved, await meeting.rejected];
      expect([approved, rejected].filter((each) => each !== undefined)).toHaveLength(1);
      decided.add(approved ? "approved" : "rejected");
      const after = await it.registry();
      expect(after.get(DEFAULT_TENANT, device) !== undefined).toBe(approved !== undefined);
      expect(after.requests(DEFAULT_TENANT)).toEqual([]);
    }
    expect(decided).toEqual(new Set(["approved", "rejected"]));
  });

  it("DEV-4 removing a device meets the approval of more for it: nothing of what it had comes back", async () => {
    await using it = await twoRegistries();
    for (let n = 0; n < 10; n += 1) {
      const device = `device-${n}`;
      await it.one.admit(DEFAULT_TENANT, asking(device, ["operator.admin"]), "local");
      const { id } = await it.one.ask(DEFAULT_TENANT, {
        ...asking(device, ["operator.read"]),
        reason: "scope-upgrade",
      });
      const { token } = await it.one.issue(DEFAULT_TENANT, device, "operator");
      const other = await it.registry();
      await Promise.all([
        outcome(it.one.approve(DEFAULT_TENANT, id, admin)),
        outcome(other.remove(DEFAULT_TENANT, device, admin)),
      ]);
      const after = await it.registry();
      expect(after.checkToken(DEFAULT_TENANT, device, "operator", token).ok).toBe(false);
      const left = after.grant(DEFAULT_TENANT, device, "operator")?.scopes ?? [];
      expect(within(left, ["operator.read"])).toBe(true);
    }
  });

  it("DEV-4 a device that was removed and paired anew with less stays so, whatever a process that did not see it changes", async () => {
    await using it = await twoRegistries();
    const device = "paired-twice";
    const pair = async (registry: Devices, scopes: readonly Scope[]) => {
      const request = await registry.ask(DEFAULT_TENANT, asking(device, scopes));
      await registry.approve(DEFAULT_TENANT, request.id, admin);
    };
    await pair(it.one, ["operator.admin"]);
    const other = await it.registry();
    await other.remove(DEFAULT_TENANT, device, admin);
    await pair(other, ["operator.read"]);
    // This one still thinks of the device with everything.
    expect(it.one.grant(DEFAULT_TENANT, device, "operator")?.scopes).toContain("operator.admin");
    await it.one.rename(DEFAULT_TENANT, device, "a name", admin);
    const after = await it.registry();
    expect(after.get(DEFAULT_TENANT, device)?.label).toBe("a name");
    expect(after.grant(DEFAULT_TENANT, device, "operator")?.scopes).toEqual(["operator.read"]);
    expect(it.one.grant(DEFAULT_TENANT, device, "operator")?.scopes).toEqual(["operator.read"]);
  });
});

describe("a device that is cut off while its request runs", () => {
  it.each(["device.token.revoke", "device.pair.remove"])(
    "GHSA-68x5-xx89-w9mm CVE-2026-43585 hears nothing of it after %s",
    async (method) => {
      await using world = await pairingWorld();
      const [operator, another] = [await world.operator(), await world.operator()];
      const device = new TestDevice();
      const { client } = await world.connect(device, { scopes: ["operator.read"] });
      const asked = await client.call("device.scopes.requestUpgrade", { scopes: ["operator.read", "operator.write"] });
      client.send({ type: "req", id: "long", method: "device.scopes.waitUpgrade", params: asked.payload });
      await client.call("health");
      const deciding = operator.call(method, { deviceId: device.id, role: "operator" });
      const approving = another.call("device.pair.approve", asked.payload);
      expect((await deciding).ok).toBe(true);
      await approving;
      expect((await client.closed).code).toBe(4001);
      expect(client.received().filter(({ id }) => id === "long")).toEqual([]);
    },
  );
});
