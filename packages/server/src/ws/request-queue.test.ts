import { describe, expect, it } from "vitest";
import { RequestQueue } from "./request-queue.ts";

/** A queue whose turns of the event loop begin so many; `said` is what became of which request. */
function world(limits: { pendingRequests?: number; pendingRequestBytes?: number; startsPerTurn?: number } = {}) {
  const queue = new RequestQueue({
    pendingRequests: 4,
    pendingRequestBytes: 1_000,
    startsPerTurn: 1,
    startMsPerTurn: 1_000,
    ...limits,
  });
  const said: string[] = [];
  return {
    said,
    refused: () => said.filter((each) => each.startsWith("refused")).map((each) => each.slice("refused ".length)),
    push: (caller: object, name: string, bytes = 1) =>
      queue.push(caller, {
        bytes,
        begin: () => said.push(`began ${name}`),
        refuse: () => said.push(`refused ${name}`),
      }),
    /** Until nothing waits any more. */
    async end(count: number) {
      await expect.poll(() => said.length).toBe(count);
    },
  };
}

describe("the queue of requests", () => {
  const [ada, bob, cay] = [{}, {}, {}];

  it("DEV-1 begins one of each caller in turn, each caller's in their order", async () => {
    const { end, push, said } = world({ pendingRequests: 10 });
    for (const name of ["a0", "a1", "a2", "a3"]) push(ada, name);
    for (const name of ["b1", "b2"]) push(bob, name);
    push(cay, "c1");
    await end(7);
    expect(said).toEqual(["a0", "a1", "b1", "c1", "a2", "b2", "a3"].map((name) => `began ${name}`));
  });

  it("DEV-1 lets one caller have all of it while nobody else comes, and refuses what is too much", async () => {
    const { end, push, refused } = world();
    for (const name of ["a0", "a1", "a2", "a3", "a4", "a5", "a6"]) push(ada, name);
    await end(7);
    expect(refused()).toEqual(["a5", "a6"]);
  });

  it("DEV-1 makes room by refusing the newest of whoever has most, until all have the same", async () => {
    const { end, push, refused } = world();
    for (const name of ["a0", "a1", "a2", "a3", "a4"]) push(ada, name);
    for (const name of ["b1", "b2", "b3", "b4"]) push(bob, name);
    for (const name of ["c1", "c2"]) push(cay, name);
    await end(11);
    // With two against two nobody makes way for a third request of either; a newcomer still gets one place.
    expect(refused()).toEqual(["a4", "a3", "b3", "b4", "a2", "c2"]);
  });

  it("DEV-1 counts bytes the same way: who waits with little is not kept out by who waits with much", async () => {
    const { end, push, refused } = world({ pendingRequests: 100 });
    for (const name of ["a0", "a1", "a2"]) push(ada, name, 500);
    push(bob, "b1", 100);
    push(bob, "b2", 901);
    push(cay, "c1", 400);
    await end(6);
    expect(refused()).toEqual(["a2", "b2"]);
  });

  it("DEV-1 refuses nobody for a request that would find no room anyhow", async () => {
    const { end, push, refused } = world({ pendingRequests: 100 });
    push(ada, "a0");
    push(ada, "a1", 600);
    push(bob, "b1", 400);
    push(cay, "c1", 700);
    await end(4);
    expect(refused()).toEqual(["c1"]);
  });
});
