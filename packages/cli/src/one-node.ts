/** The node that somebody means, and calling it. */
import { randomUUID } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain";
import type { Node, Result } from "@switchboard/protocol";
import type { GatewayAccess } from "./gateway-access.ts";

/** The gateway ends the call itself; its answer needs a moment more. */
const GRACE_MS = 5_000;

export interface NodeCall {
  readonly command: string;
  readonly params?: unknown;
  /** How long the node may take. */
  readonly timeoutMs: number;
  /** The same key again within five minutes is the same call. Default a new one. */
  readonly key?: string | undefined;
}

/** Has the node carry it out. @throws REQ_001, REQ_002, and what `node.invoke` throws. */
export async function invokeNode(
  gateway: GatewayAccess,
  node: string,
  { command, key = randomUUID(), params, timeoutMs }: NodeCall,
): Promise<Result<"node.invoke">> {
  const { nodeId } = await oneNode(gateway, node);
  const request = { nodeId, command, timeoutMs, idempotencyKey: key, ...(params !== undefined && { params }) };
  return gateway.request("node.invoke", request, timeoutMs + GRACE_MS);
}

/** By its name, or the beginning of its id. @throws REQ_001, REQ_002. */
export async function oneNode(gateway: GatewayAccess, text: string): Promise<Node> {
  const { nodes } = await gateway.request("node.list", {});
  const named = nodes.filter(({ displayName }) => displayName?.toLowerCase() === text.toLowerCase());
  const exact = nodes.filter(({ nodeId }) => nodeId === text);
  const begins = nodes.filter(({ nodeId }) => nodeId.startsWith(text.toLowerCase()));
  const found = [exact, named, begins].find((each) => each.length > 0) ?? [];
  return only(found as Node[], text, "node");
}

/** @throws REQ_001, REQ_002. */
export function only<T>(found: readonly T[], text: string, what: string): T {
  const [one, ...others] = found;
  if (one === undefined) {
    throw new SwitchboardError("REQ_002", `There is no ${what} ${text}.`, {
      action: "List them: switchboard nodes list.",
    });
  }
  if (others.length > 0) {
    throw new SwitchboardError("REQ_001", `${found.length} fit ${text}; write more of the id.`);
  }
  return one;
}
