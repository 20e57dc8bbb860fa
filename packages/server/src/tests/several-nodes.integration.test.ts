/** Two nodes on one PostgreSQL database: what is done to an account on one of them counts on the other. */
import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { startTokenServer } from "@switchboard/testkit/token-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { renewing } from "../test-support/renewing.ts";
import { type ScriptedPlatform, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const missing = missingServer();
const title = missing === undefined ? "two nodes" : `two nodes (skipped: ${missing})`;

interface Node extends TestEngine {
  readonly platform: ScriptedPlatform;
  readonly clock: TestClock;
}

/** The tokens of an account's live connections. */
function live({ platform }: Node, account: string): string[] {
  return platform.opened.filter((each) => each.live && each.account === account).map(({ config }) => config.token);
}

describe.skipIf(missing !== undefined)(title, () => {
  let server: TestServer | undefined;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>> | undefined;
  let nodes: readonly [Node, Node] | undefined;
  const both = () => {
    if (!nodes) throw new Error("the nodes did not start");
    return nodes;
  };
  const start = async (url: string, path: string): Promise<Node> => {
    const [platform, clock] = [scriptedPlatform(), new TestClock()];
    return Object.assign(await startTestEngine({ platform, clock, shared: { url, directory: path } }), {
      platform,
      clock,
    });
  };
  beforeAll(async () => {
    server = await startServer();
    directory = await temporaryDirectory();
    const url = server.url(await server.createDatabase());
    nodes = [await start(url, directory.path), await start(url, directory.path)];
  });
  afterAll(async () => {
    for (const node of nodes ?? []) await node[Symbol.asyncDispose]();
    await directory?.remove();
    await server?.stop();
  });

  const connections = (account: string) => both().flatMap((node) => live(node, account));
  /** Which of the two has the connection, and which stands by. */
  const places = async (account: string): Promise<readonly [Node, Node]> => {
    const [a, b] = both();
    await eventually(() => connections(account).length === 1 && a.engine.accounts.get(a.ref(account)));
    await eventually(() => b.engine.accounts.get(b.ref(account)));
    return live(a, account).length === 1 ? [a, b] : [b, a];
  };
  const state = (node: Node, account: string) => node.engine.accounts.get(node.ref(account))?.supervisor.status().state;

  it("TEN-7 an account that is connected on one node has one connection, and both say how it is", async () => {
    const [a, b] = both();
    await a.put("one");
    await eventually(() => state(a, "one") === "CONNECTED" && state(b, "one") === "CONNECTED");
    expect(connections("one")).toEqual(["secret"]);
  });

  it("CRED-2 TEN-7 a credential that is renewed on the node that stands by is what the account connects with", async () => {
    const [a] = both();
    await a.put("renewed", "old");
    const [, standsBy] = await places("renewed");
    await standsBy.put("renewed", "new");
    await eventually(() => connections("renewed").join() === "new");
    const [runs, other] = await places("renewed");
    await eventually(() => state(runs, "renewed") === "CONNECTED" && state(other, "renewed") === "CONNECTED");
    expect(connections("renewed")).toEqual(["new"]);
  });

  it("TEN-7 a node that no longer keeps its accounts loses them to another, and lets go", async () => {
    const [a] = both();
    await a.put("moved");
    const [runs, standsBy] = await places("moved");
    // By its clock the other one has not been heard of for long enough.
    standsBy.clock.jump(60_000);
    await eventually(() => live(standsBy, "moved").length === 1 && live(runs, "moved").length === 0);
    await eventually(() => state(runs, "moved") === "CONNECTED");
    const count = standsBy.platform.opened.filter(({ account }) => account === "moved").length;
    expect(count).toBe(1);
    runs.clock.jump(60_000);
  });

  it("TEN-7 TEN-8 an account that is disconnected on one node stops on the other, and stays wiped whatever that one does", async () => {
    const [a] = both();
    await a.put("wiped");
    const [runs, standsBy] = await places("wiped");
    let wipedUnder = 0;
    runs.platform.script.disconnect = async ({ account }) => {
      if (account !== "wiped") return;
      // A channel that keeps something as it goes.
      if ((await runs.store.accounts.get(runs.ref("wiped")))?.sealed === undefined) wipedUnder += 1;
      await runs.store.accounts.memorySet(runs.ref("wiped"), "session", "kept");
    };
    await standsBy.engine.accounts.logOut(standsBy.ref("wiped"));
    expect([connections("wiped"), wipedUnder]).toEqual([[], 0]);
    expect(await runs.store.accounts.memoryGet(runs.ref("wiped"), "session", 0)).toBeUndefined();
    await runs.engine.accounts.enable(runs.ref("wiped"), true);
    expect((await runs.store.accounts.get(runs.ref("wiped")))?.sealed).toBeUndefined();
    expect(connections("wiped")).toEqual([]);
  });

  it("TEN-7 an account that is removed on one node is gone on the other, and turning it on there does not bring it back", async () => {
    const [a] = both();
    await a.put("removed");
    const [runs, standsBy] = await places("removed");
    await standsBy.engine.accounts.remove(standsBy.ref("removed"));
    await expect(runs.engine.accounts.enable(runs.ref("removed"), true)).rejects.toMatchObject({ code: "CFG_003" });
    await eventually(() => !runs.engine.accounts.get(runs.ref("removed")) && connections("removed").length === 0);
    expect(await runs.store.accounts.get(runs.ref("removed"))).toBeUndefined();
  });

  it("CRED-2 TEN-7 an account that passes to another node while its credential is renewed is renewed once", async () => {
    await using tokens = await startTokenServer();
    const used = both().map(({ platform }) => renewing(platform, tokens, "rotating"));
    const held = tokens.hold();
    const [a, b] = both();
    await a.put("rotating");
    await eventually(() => tokens.calls.length === 1);
    const opened = ({ platform }: Node) => platform.opened.some(({ account }) => account === "rotating");
    const [renews, next] = opened(a) ? [a, b] : [b, a];
    // By its clock the other one has not been heard of for long enough; the mark has not run out.
    next.clock.jump(20_000);
    await eventually(() => next.log.text().includes("renewed elsewhere"));
    held.release();
    await eventually(() => state(next, "rotating") === "CONNECTED" && live(renews, "rotating").length === 0);
    expect([tokens.calls.length, used.map((each) => each.join())]).toEqual([1, [tokens.tokens[1], tokens.tokens[1]]]);
    for (const token of tokens.tokens) expect(a.log.text() + b.log.text()).not.toContain(token);
    renews.clock.jump(20_000);
  });

  it("TEN-7 a node that ends hands its accounts over at once", async () => {
    const [a, b] = both();
    await a.put("handed");
    const [runs, standsBy] = await places("handed");
    await runs.stop();
    await eventually(() => live(standsBy, "handed").length === 1);
    expect(live(runs, "handed")).toEqual([]);
    await eventually(() => [a, b].every((node) => node === runs || state(node, "one") === "CONNECTED"));
  });
});
