/** Alerts of two nodes on one PostgreSQL database: a fall is told once, whichever node notices it and whatever becomes of that. */
import { SwitchboardError } from "@switchboard/domain";
import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Alert } from "../alerts/alert.ts";
import { AlertWatch } from "../alerts/watch.ts";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { type ScriptedPlatform, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const missing = missingServer();
const title = missing === undefined ? "alerts of two nodes" : `alerts of two nodes (skipped: ${missing})`;

const MINUTE_MS = 60_000;
const AFTER_MS = 10 * MINUTE_MS;
const TELLING_MS = 5 * MINUTE_MS;

interface Node extends TestEngine {
  readonly platform: ScriptedPlatform;
  readonly clock: TestClock;
  readonly watch: AlertWatch;
  /** What it began to tell. */
  readonly begun: Alert[];
  /** It is cut off in the middle of what it tells. */
  dies: boolean;
}

describe.skipIf(missing !== undefined)(title, () => {
  let server: TestServer | undefined;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>> | undefined;
  const nodes: Node[] = [];
  /** Of both watches alone: what an account waits for, and its lease, take their own time. */
  const time = new TestClock();
  /** What was told to the end, and by whom. */
  const told: { readonly by: Node; readonly alert: Alert }[] = [];

  const start = async (url: string, path: string): Promise<void> => {
    const [platform, clock] = [scriptedPlatform(), new TestClock()];
    const test = await startTestEngine({ platform, clock, shared: { url, directory: path } });
    const { accounts, events, store } = test.engine;
    const watch = new AlertWatch({
      engine: { accounts, events, store, clock: time },
      log: test.log,
      afterMs: AFTER_MS,
      tellingMs: TELLING_MS,
      async tell(alert, signal) {
        node.begun.push(alert);
        if (node.dies) await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        told.push({ by: node, alert });
      },
    });
    const node: Node = Object.assign(test, { platform, clock, watch, begun: [], dies: false });
    nodes.push(node);
    watch.start();
  };
  beforeAll(async () => {
    server = await startServer();
    directory = await temporaryDirectory();
    const url = server.url(await server.createDatabase());
    await start(url, directory.path);
    await start(url, directory.path);
  });
  afterAll(async () => {
    for (const node of nodes) {
      await node.watch.stop();
      await node[Symbol.asyncDispose]();
    }
    await directory?.remove();
    await server?.stop();
  });

  const stateAt = (node: Node, account: string) =>
    node.engine.accounts.get(node.ref(account))?.supervisor.status().state;
  const isLive = (node: Node, account: string) =>
    node.platform.opened.some((each) => each.live && each.account === account);
  const refuse = (account: string) => {
    for (const { platform } of nodes) {
      platform.script.connect = async (opened) => {
        if (opened.account === account) throw new SwitchboardError("CONN_001", "Gone.");
      };
    }
  };
  const agree = () => {
    for (const { platform } of nodes) delete platform.script.connect;
  };
  /** A new account that has fallen: the node that runs it, and the one that stands by. */
  const fallen = async (account: string): Promise<readonly [runs: Node, standsBy: Node]> => {
    const [a, b] = nodes as [Node, Node];
    await a.put(account);
    await eventually(() => nodes.every((node) => stateAt(node, account) === "CONNECTED"), { what: "connected" });
    const [runs, standsBy] = isLive(a, account) ? [a, b] : [b, a];
    refuse(account);
    for (const each of runs.platform.opened) {
      if (each.live && each.account === account) each.lose(new SwitchboardError("CONN_001", "Gone."));
    }
    await eventually(() => stateAt(runs, account) === "ERROR", { what: "fallen" });
    return [runs, standsBy];
  };
  const toldOf = (account: string) => told.filter(({ alert }) => alert.account === account);
  /** Lets time pass until that many were told. */
  const heard = (account: string, count: number) =>
    eventually(
      () => {
        time.jump(AFTER_MS);
        return toldOf(account).length >= count;
      },
      { what: `${count} alerts` },
    );
  const runsAt = (node: Node, account: string) =>
    stateAt(node, account) === "ERROR" && !node.engine.accounts.get(node.ref(account))?.supervisor.standsBy;

  it("TEN-5 TEN-7 what a node was telling when it died the other one tells, under the same id and once", async () => {
    const [runs, standsBy] = await fallen("left");
    runs.dies = true;
    await eventually(
      () => {
        time.jump(AFTER_MS);
        return runs.begun.length > 0;
      },
      { what: "the telling has begun" },
    );
    // By its clock nothing was heard of the other one for long enough.
    standsBy.clock.jump(MINUTE_MS);
    await eventually(() => runsAt(standsBy, "left"), { what: "the other one tries it" });
    await heard("left", 1);
    const [{ by, alert } = {}] = toldOf("left");
    expect([by === standsBy, alert?.id, alert?.type]).toEqual([true, runs.begun[0]?.id, "down"]);
    runs.dies = false;
    runs.clock.jump(MINUTE_MS);
    agree();
    await standsBy.put("left", "renewed");
    await heard("left", 2);
    expect(toldOf("left").map((each) => each.alert.type)).toEqual(["down", "back"]);
    expect(nodes.flatMap(({ begun }) => begun.map(({ type }) => type))).toHaveLength(3);
  });

  it("TEN-5 TEN-7 a fall is told once, also when the account is handed over before it is mended", async () => {
    const [runs, standsBy] = await fallen("handed");
    await heard("handed", 1);
    await runs.watch.stop();
    await runs.stop();
    await eventually(() => runsAt(standsBy, "handed"), { what: "the other one tries it" });
    time.jump(AFTER_MS);
    agree();
    await standsBy.put("handed", "renewed");
    await heard("handed", 2);
    expect(toldOf("handed").map(({ alert, by }) => [alert.type, by === runs])).toEqual([
      ["down", true],
      ["back", false],
    ]);
  });
});
