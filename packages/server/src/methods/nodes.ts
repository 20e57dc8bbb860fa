/** `node.*` as operators use it: who offers what, who may be called for what, and calling it (DEV-9). */
import type { Nodes, WorkItem } from "@switchboard/core";
import type { TenantId } from "@switchboard/domain";
import { activeNodeOf, approvedNodeShape, nodeShape, pendingNodeShape } from "../faces/node-shape.ts";
import type { CallContext, Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { approverOf } from "./devices.ts";

export function nodeMethods({ clock, nodes }: Pick<MethodDeps, "clock" | "nodes">): Handlers {
  return {
    "node.list": (_params, context) => {
      const views = nodes.list(context.tenant);
      const activeNode = activeNodeOf(views);
      const reader = { decides: mayDecide(context), activeNode };
      return {
        ts: clock.now(),
        ...(activeNode !== undefined && { activeNodeId: activeNode }),
        nodes: views.map((view) => nodeShape(view, reader)),
      };
    },

    "node.describe": ({ nodeId }, context) => {
      const reader = { decides: mayDecide(context), activeNode: activeOf(nodes, context.tenant) };
      return { ts: clock.now(), ...nodeShape(nodes.get(context.tenant, nodeId), reader) };
    },

    "node.rename": async ({ displayName, nodeId }, context) => {
      const kept = await nodes.rename(context.tenant, nodeId, displayName, approverOf(context));
      return { nodeId, displayName: kept };
    },

    "node.pair.list": (_params, { tenant }) => ({
      pending: nodes.requests(tenant).map(pendingNodeShape),
      paired: nodes
        .list(tenant)
        .filter(({ device }) => device.surface !== undefined)
        .map(approvedNodeShape),
    }),

    "node.pair.approve": async ({ requestId }, context) => {
      const view = await nodes.approve(context.tenant, requestId, approverOf(context));
      return { requestId, node: approvedNodeShape(view) };
    },

    "node.pair.reject": async ({ requestId }, context) => ({
      requestId,
      nodeId: await nodes.reject(context.tenant, requestId, approverOf(context)),
    }),

    "node.pair.remove": async ({ nodeId }, context) => {
      await nodes.remove(context.tenant, nodeId, approverOf(context));
      return { nodeId };
    },

    "node.invoke": async ({ progress, ...params }, context) => {
      const { command, idempotencyKey, nodeId, sessionKey, timeoutMs } = params;
      const request = { node: nodeId, command, params: params.params, timeoutMs, idempotencyKey, sessionKey };
      const { actor, emit, signal } = context;
      const { payload, text } = await nodes.invoke(context.tenant, request, {
        actor,
        signal,
        ...(progress && {
          progress: (seq, chunk) => emit("node.invoke.progress", { nodeId, idempotencyKey, seq, chunk }),
        }),
      });
      return { ok: true, nodeId, command, payload, payloadJSON: text };
    },

    "node.pending.enqueue": ({ expiresInMs, nodeId, priority = "normal", type }, { tenant }) => {
      const { item, revision } = nodes.enqueue(tenant, nodeId, { type, priority, ttlMs: expiresInMs });
      return { nodeId, revision, queued: workShape(item), wakeTriggered: false };
    },
  };
}

export function workShape({ at, expiresAt, id, priority, type }: WorkItem) {
  return { id, type, priority, createdAtMs: at, expiresAtMs: expiresAt };
}

function mayDecide({ holds }: CallContext): boolean {
  return holds("operator.pairing");
}

function activeOf(nodes: Nodes, tenant: TenantId): string | undefined {
  return activeNodeOf(nodes.list(tenant));
}
