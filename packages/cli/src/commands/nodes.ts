/** `switchboard nodes …`: devices that offer commands, what of them was approved, and calling them. */
import { SwitchboardError } from "@switchboard/domain";
import type { Immutable, Node, PendingNode } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import type { GatewayAccess } from "../gateway-access.ts";
import { seconds } from "../input.ts";
import { invokeNode, oneNode, only } from "../one-node.ts";
import { ago, table } from "../output.ts";
import { registerNodesCanvas } from "./nodes-canvas.ts";

/** Ids are long; their beginning is enough when it fits only one. */
const SHOWN_ID = 12;

export function registerNodes(program: Command): void {
  const nodes = program.command("nodes").description("devices that offer commands, and what of them was approved");
  examples(nodes, ["nodes list", "nodes approve 6f1c2a9e", "nodes invoke attic system.notify --params '{}'"]);
  listCommand(nodes);
  describeCommand(nodes);
  approveCommand(nodes);
  rejectCommand(nodes);
  renameCommand(nodes);
  removeCommand(nodes);
  invokeCommand(nodes);
  registerNodesCanvas(nodes);
}

function listCommand(nodes: Command): void {
  examples(
    nodes
      .command("list")
      .description("what waits for approval, and every node")
      .action(
        action(async ({ output, withGateway }) => {
          const result = await withGateway("local", async (gateway) => ({
            pending: (await gateway.request("node.pair.list", {})).pending,
            nodes: (await gateway.request("node.list", {})).nodes,
          }));
          output.result(result, (all) => `${pendingTable(all.pending)}\n\n${nodeTable(all.nodes)}`);
        }),
      ),
    ["nodes list", "nodes list --json"],
  );
}

function describeCommand(nodes: Command): void {
  examples(
    nodes
      .command("describe <node>")
      .description("one node: what it is, what it may be called for, what it asks for")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", async (gateway) => {
            const { nodeId } = await oneNode(gateway, id);
            return gateway.request("node.describe", { nodeId });
          });
          output.result(result, describe);
        }),
      ),
    ["nodes describe attic", "nodes describe 34750f98 --json"],
  );
}

function approveCommand(nodes: Command): void {
  examples(
    nodes
      .command("approve <request>")
      .description("let others use what a node offers; the node then connects anew")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", async (gateway) => {
            const { requestId } = await oneRequest(gateway, id);
            return gateway.request("node.pair.approve", { requestId });
          });
          output.result(
            result,
            ({ node }) => `${pc.green("✓")} ${nameOf(node)} may be called for ${namesOf(node.commands)}`,
          );
        }),
      ),
    ["nodes approve 6f1c2a9e"],
  );
}

function rejectCommand(nodes: Command): void {
  examples(
    nodes
      .command("reject <request>")
      .description("refuse what a node asks for; what was approved before stays")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", async (gateway) => {
            const { requestId } = await oneRequest(gateway, id);
            return gateway.request("node.pair.reject", { requestId });
          });
          output.result(result, ({ nodeId }) => `${pc.green("✓")} ${nodeId.slice(0, SHOWN_ID)} was refused`);
        }),
      ),
    ["nodes reject 6f1c2a9e"],
  );
}

function renameCommand(nodes: Command): void {
  examples(
    nodes
      .command("rename <node> <name>")
      .description("give a node a name of yours")
      .action(
        action(async ({ output, withGateway }, id: string, displayName: string) => {
          const result = await withGateway("local", async (gateway) => {
            const { nodeId } = await oneNode(gateway, id);
            return gateway.request("node.rename", { nodeId, displayName });
          });
          output.result(
            result,
            (done) => `${pc.green("✓")} ${done.nodeId.slice(0, SHOWN_ID)} is called ${done.displayName}`,
          );
        }),
      ),
    ["nodes rename 34750f98 attic"],
  );
}

function removeCommand(nodes: Command): void {
  examples(
    nodes
      .command("remove <node>")
      .description("make it no node any more; a device that is nothing else is forgotten")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", async (gateway) => {
            const { nodeId } = await oneNode(gateway, id);
            return gateway.request("node.pair.remove", { nodeId });
          });
          output.result(result, ({ nodeId }) => `${pc.green("✓")} ${nodeId.slice(0, SHOWN_ID)} is no node any more`);
        }),
      ),
    ["nodes remove 34750f98"],
  );
}

function invokeCommand(nodes: Command): void {
  examples(
    nodes
      .command("invoke <node> <command>")
      .description("have a node carry out a command, and show its answer")
      .option("--params <json>", "what the command is given")
      .option("--timeout <seconds>", "how long the node may take", "30")
      .option("--key <key>", "the same key again within five minutes is the same call")
      .action(
        action(
          async (
            { output, withGateway },
            id: string,
            command: string,
            options: { params?: string; timeout: string; key?: string },
          ) => {
            const timeoutMs = Math.round(seconds(options.timeout) * 1_000);
            const params = options.params === undefined ? undefined : readJson(options.params);
            const result = await withGateway("fail", (gateway) =>
              invokeNode(gateway, id, { command, params, timeoutMs, key: options.key }),
            );
            output.result(result, ({ payload }) =>
              payload === undefined ? `${pc.green("✓")} done` : JSON.stringify(payload, null, 2),
            );
          },
        ),
      ),
    [
      'nodes invoke attic system.notify --params \'{"title":"Hello"}\'',
      "nodes invoke 34750f98 location.get --timeout 10 --json",
    ],
  );
}

/** @throws REQ_001, REQ_002. */
async function oneRequest(gateway: GatewayAccess, text: string): Promise<PendingNode> {
  const { pending } = await gateway.request("node.pair.list", {});
  return only(pending.filter(({ requestId }) => requestId.startsWith(text)) as PendingNode[], text, "request");
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SwitchboardError("REQ_001", "--params is no JSON.");
  }
}

type Shown = Pick<Node, "nodeId" | "displayName" | "clientId" | "platform">;

function nameOf({ clientId, displayName, platform }: Shown): string {
  return displayName ?? [clientId, platform].filter(Boolean).join(" on ");
}

function namesOf(names: readonly string[] | undefined): string {
  return names === undefined || names.length === 0 ? "nothing" : names.join(", ");
}

function pendingTable(pending: readonly Immutable<PendingNode>[]): string {
  return table(
    ["WAITS", "NODE", "OFFERS", "TO APPROVE IT TAKES", "AGE"],
    pending.map((each) => [
      each.requestId,
      nameOf(each),
      namesOf(each.commands),
      each.requiredApproveScopes.map((scope) => scope.replace(/^operator\./, "")).join(", ") || "pairing",
      ago(each.ts),
    ]),
    "No node waits for approval.",
  );
}

function nodeTable(nodes: readonly Immutable<Node>[]): string {
  return table(
    ["NODE", "NAME", "PLATFORM", "MAY BE CALLED FOR", "STATE", "SEEN"],
    nodes.map((each) => [
      each.nodeId.slice(0, SHOWN_ID),
      nameOf(each),
      each.platform ?? "",
      namesOf(each.commands),
      each.approvalState === "approved" ? each.approvalState : pc.yellow(each.approvalState),
      each.connected ? pc.green("connected") : ago(each.lastSeenAtMs),
    ]),
    "There is no node.",
  );
}

function describe(node: Immutable<Node>): string {
  const asks = node.pendingDeclaredCommands;
  return [
    `${pc.bold(nameOf(node))} ${node.nodeId}`,
    `  platform: ${[node.platform, node.deviceFamily, node.version].filter(Boolean).join(", ")}`,
    `  ${node.connected ? pc.green("connected") : `seen ${ago(node.lastSeenAtMs)}`}, ${node.approvalState}`,
    `  may be called for: ${namesOf(node.commands)}`,
    `  capabilities: ${namesOf(node.caps)}`,
    ...(asks
      ? [`  asks for: ${namesOf(asks)}`, `  approve it: switchboard nodes approve ${node.pendingRequestId}`]
      : []),
  ].join("\n");
}
