/** Two nodes on one PostgreSQL database: what is done to an account on one of them counts on the other. */
import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
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

  it("TEN-7 TEN-8 an account that is disconnected on one node stops on the other, and stays wiped whatever that one does", async () => {
    const [a, b] = both();
    await a.put("wiped");
    await eventually(() => live(a, "wiped").length + live(b, "wiped").length > 0);
    await eventually(() => b.engine.accounts.get(b.ref("wiped")));
    await b.engine.accounts.logOut(b.ref("wiped"));
    await eventually(() => live(a, "wiped").length + live(b, "wiped").length === 0);
    await a.engine.accounts.enable(a.ref("wiped"), true);
    expect((await a.store.accounts.get(a.ref("wiped")))?.sealed).toBeUndefined();
    expect([...live(a, "wiped"), ...live(b, "wiped")]).toEqual([]);
  });

  it("TEN-7 an account that is removed on one node is gone on the other, and turning it on there does not bring it back", async () => {
    const [a, b] = both();
    await a.put("removed");
    await eventually(() => b.engine.accounts.get(b.ref("removed")));
    await b.engine.accounts.remove(b.ref("removed"));
    await expect(a.engine.accounts.enable(a.ref("removed"), true)).rejects.toMatchObject({ code: "CFG_003" });
    await eventually(() => !a.engine.accounts.get(a.ref("removed")));
    expect(await a.store.accounts.get(a.ref("removed"))).toBeUndefined();
  });
});
