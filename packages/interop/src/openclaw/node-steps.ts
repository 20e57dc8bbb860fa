/** The headless node host: it pairs, what it offers is approved, and its commands are called. */
import { setTimeout as sleep } from "node:timers/promises";
import { demand, type Step } from "./step.ts";
import type { OpenClawWorld } from "./world.ts";

const LOOKS = 40;
const remote = ({ token, url }: OpenClawWorld) => ["--url", url, "--token", token];

/** Asks until the answer has what is sought; nodes take their time to start. */
async function found(world: OpenClawWorld, method: string, sought: RegExp): Promise<string> {
  let last = "";
  for (let look = 0; look < LOOKS; look += 1) {
    last = (await world.openclaw("gateway", "call", method, "--json")).output;
    const match = sought.exec(last)?.[1];
    if (match !== undefined) return match;
    await sleep(500);
  }
  throw new Error(`${method} never had ${sought}: ${last.slice(0, 300)}`);
}

const hostArgs = (world: OpenClawWorld) => ["node", "run", "--host", "127.0.0.1", "--port", new URL(world.url).port];

export const nodeSteps: readonly Step[] = [
  {
    id: "node-run",
    command: "openclaw node run",
    claim: "works",
    remark: "The host connects as a node; on the gateway's own machine its key is approved by itself.",
    async run(world, notes) {
      const host = world.start("node", ...hostArgs(world));
      notes.set("node", await found(world, "node.list", /"nodeId":\s*"([0-9a-f]{64})"/));
      return host.output();
    },
  },
  {
    id: "node-approve",
    command: "openclaw nodes approve <id>",
    claim: "works",
    remark: "What the host offers is approved; until then it can be asked for nothing.",
    async run(world) {
      const request = await found(world, "node.pair.list", /"requestId":\s*"([^"]+)"/);
      return demand(world, ["nodes", "approve", request, ...remote(world)], /./);
    },
  },
  {
    id: "node-list",
    command: "openclaw nodes list",
    claim: "works",
    remark: "The nodes, connected or not.",
    run: (world, notes) =>
      demand(world, ["nodes", "list", "--json", ...remote(world)], new RegExp(notes.get("node") ?? "no node")),
  },
  {
    id: "node-describe",
    command: "openclaw nodes describe --node <id>",
    claim: "works",
    remark: "What the node offers.",
    async run(world, notes) {
      // The host comes back once its commands were approved.
      await found(world, "node.list", /"connected":\s*(true)/);
      return demand(
        world,
        ["nodes", "describe", "--node", notes.get("node") ?? "", "--json", ...remote(world)],
        /system\.which/,
      );
    },
  },
  {
    id: "node-invoke",
    command: "openclaw nodes invoke --node <id> --command system.which",
    claim: "works",
    remark: "The host answers.",
    run: (world, notes) =>
      demand(
        world,
        [
          "nodes",
          "invoke",
          "--node",
          notes.get("node") ?? "",
          "--command",
          "system.which",
          "--params",
          '{"bins":["sh"]}',
          "--json",
          ...remote(world),
        ],
        /\/sh\b/,
      ),
  },
];
