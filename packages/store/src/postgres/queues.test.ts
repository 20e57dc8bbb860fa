/** Which calls go into one transaction. */
import { expect, it } from "vitest";
import type { Mode } from "./opening.ts";
import { Queues } from "./queues.ts";

interface Call {
  readonly mode: Mode;
  readonly name: string;
}

function queuesOf(...calls: readonly [tenant: string, mode: Mode][]): Queues<Call> {
  const queues = new Queues<Call>();
  for (const [index, [tenant, mode]] of calls.entries()) queues.add(tenant, { mode, name: `${tenant}${index}` });
  return queues;
}
const shown = (batches: ReturnType<Queues<Call>["take"]>) =>
  batches.map(({ calls, mode }) => `${mode} ${calls.map(({ name }) => name).join("+")}`);

it("Q-4 connections that are free share the tenants that wait", () => {
  const queues = queuesOf(["d", "write"], ["c", "write"], ["b", "write"], ["a", "write"], ["c", "write"]);
  expect(shown(queues.take(2))).toEqual(["write c1+c4", "write d0"]);
  expect(shown(queues.take(1))).toEqual(["write a3", "write b2"]);
  expect([queues.waiting, queues.take(1)]).toEqual([0, []]);
});

it("Q-4 a tenant's calls go in their order, one batch at a time", () => {
  const queues = queuesOf(["a", "write"]);
  const [first] = queues.take(1);
  queues.add("a", { mode: "read", name: "later" });
  expect(queues.take(1)).toEqual([]);
  if (first) queues.done(first);
  expect(shown(queues.take(1))).toEqual(["read later"]);
});

it("TEN-2 what only reads, what writes and what must be alone are not mixed between tenants", () => {
  const queues = queuesOf(["a", "read"], ["b", "wide"], ["c", "read"], ["d", "write"], ["d", "read"], ["e", "write"]);
  expect(shown(queues.take(1))).toEqual(["read a0", "read c2"]);
  expect(shown(queues.take(1))).toEqual(["wide b1"]);
  expect(shown(queues.take(1))).toEqual(["write d3+d4", "write e5"]);
});

it("Q-4 one transaction carries only so many calls", () => {
  const many = Array.from({ length: 300 }, (): [string, Mode] => ["a", "write"]);
  const queues = queuesOf(...many, ["b", "write"]);
  const batches = queues.take(1);
  expect(batches.map(({ calls }) => calls.length)).toEqual([256]);
  for (const batch of batches) queues.done(batch);
  expect(queues.take(1).map(({ calls, tenant }) => [tenant, calls.length])).toEqual([
    ["a", 44],
    ["b", 1],
  ]);
});
