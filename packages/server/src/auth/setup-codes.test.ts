/** How long a setup code is worth something, and to whom. */
import type { Devices } from "@switchboard/core";
import { DEFAULT_TENANT } from "@switchboard/domain";
import { expect, it } from "vitest";
import { ELSEWHERE, pairingWorld, refusalOf, TestDevice } from "../test-support/pairing-world.ts";

const MINUTE = 60_000;
const admin = { actor: "operator:test", scopes: ["operator.admin"], nodes: true } as const;

const mint = async ({ setupCodes }: Devices) => {
  const { setup, token } = await setupCodes.mint(DEFAULT_TENANT, { profile: "node" }, admin);
  return { id: setup.id, how: { ip: ELSEWHERE, role: "node", auth: { bootstrapToken: token } } as const };
};

it("DEV-6 a code that nobody presented is worth nothing three minutes after it was made", async () => {
  await using world = await pairingWorld();
  const { how } = await mint(world.devices);
  const late = await mint(world.devices);
  world.clock.advance(3 * MINUTE - 1);
  expect(refusalOf(await world.connect(new TestDevice(), how)).code).toBe("PAIRING_REQUIRED");
  world.clock.advance(1);
  expect(refusalOf(await world.connect(new TestDevice(), late.how)).code).toBe("AUTH_BOOTSTRAP_TOKEN_INVALID");
  expect(world.devices.requests(DEFAULT_TENANT)).toHaveLength(1);
});

it("DEV-6 the device that presented it may come back with it for a quarter of an hour, and no other ever", async () => {
  await using world = await pairingWorld();
  const device = new TestDevice();
  const { how } = await mint(world.devices);
  expect(refusalOf(await world.connect(device, how)).code).toBe("PAIRING_REQUIRED");
  world.clock.advance(15 * MINUTE - 1);
  expect(refusalOf(await world.connect(new TestDevice(), how)).code).toBe("AUTH_BOOTSTRAP_TOKEN_INVALID");
  expect(refusalOf(await world.connect(device, how)).code).toBe("PAIRING_REQUIRED");
  world.clock.advance(1);
  expect(refusalOf(await world.connect(device, how)).code).toBe("AUTH_BOOTSTRAP_TOKEN_INVALID");
});

it("DEV-6 a device that was rejected asks no second time with the code it came with", async () => {
  await using world = await pairingWorld();
  const operator = await world.operator();
  const device = new TestDevice();
  const { how, id } = await mint(world.devices);
  const { requestId } = refusalOf(await world.connect(device, how));
  expect((await operator.call("device.pair.reject", { requestId })).ok).toBe(true);
  expect(refusalOf(await world.connect(device, how)).code).toBe("AUTH_BOOTSTRAP_TOKEN_INVALID");
  expect(world.devices.setupCodes.get(DEFAULT_TENANT, id)).toBeUndefined();
  expect(world.devices.requests(DEFAULT_TENANT)).toEqual([]);
});

it("DEV-6 of several lines of one device that come with its code at once, one is let in", async () => {
  await using world = await pairingWorld();
  const operator = await world.operator();
  const device = new TestDevice();
  const { how } = await mint(world.devices);
  const { requestId } = refusalOf(await world.connect(device, how));
  expect((await operator.call("device.pair.approve", { requestId })).ok).toBe(true);
  const lines = await Promise.all(Array.from({ length: 6 }, () => world.connect(device, how)));
  const codes = lines.map((line) => (line.answer.ok ? "let in" : refusalOf(line).code));
  expect(codes.toSorted()).toEqual([...Array.from({ length: 5 }, () => "AUTH_BOOTSTRAP_TOKEN_INVALID"), "let in"]);
});
