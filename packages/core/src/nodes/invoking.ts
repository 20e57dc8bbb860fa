/** A command of a node is called: whether it may be, and what its answer means to the caller (DEV-9). */
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { deviceKey } from "../devices/key.ts";
import type { NodeAnswer } from "./answer.ts";
import { factsOf, type NodeContext, requireNode } from "./context.ts";
import { notConnected } from "./invocations.ts";
import type { NodeSession } from "./links.ts";
import { judge } from "./policy.ts";

/** How long a node has for a command unless the caller says otherwise, and at most, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 30_000;
const LONGEST_TIMEOUT_MS = 600_000;
const MOST_PARAMS_BYTES = 10 * 1024 * 1024;
/** What a phone says of a command that it can only do while somebody looks at it. */
const IN_BACKGROUND = "NODE_BACKGROUND_UNAVAILABLE";

export interface InvokeRequest {
  readonly node: string;
  readonly command: string;
  readonly params?: unknown;
  readonly timeoutMs?: number | undefined;
  readonly idempotencyKey: string;
  readonly sessionKey?: string | undefined;
}

export interface Caller {
  /** For the audit log. */
  readonly actor: string;
  /** Aborted when the caller is gone: the node is told so. */
  readonly signal: AbortSignal;
  /** Is told what the node says while it works, in order. */
  readonly progress?: ((seq: number, chunk: string) => void) | undefined;
}

type Answered = NodeAnswer & { readonly ok: true };
type Failed = NodeAnswer & { readonly ok: false };

/** @throws REQ_001 when it may not, REQ_002, REQ_003, NODE_*. */
export async function invoke(
  context: NodeContext,
  tenant: TenantId,
  request: InvokeRequest,
  { actor, progress, signal }: Caller,
): Promise<Answered> {
  const { command, idempotencyKey, node, sessionKey, timeoutMs } = request;
  const { audit, clock, invocations, log, waiting } = context;
  const session = sessionFor(context, tenant, request);
  const paramsJSON = textOf(request.params);
  audit(tenant, { actor, action: "node.invoked", subject: node, outcome: "ok", detail: { command } }).catch(
    (error: unknown) => log.error({ error: String(error) }, "a call of a node could not be noted"),
  );
  const answer = await invocations.start({
    session,
    command,
    paramsJSON,
    timeoutMs: Math.min(timeoutMs || DEFAULT_TIMEOUT_MS, LONGEST_TIMEOUT_MS),
    idempotencyKey,
    sessionKey,
    signal,
    progress,
  });
  if (answer.ok) return answer;
  if (answer.code !== IN_BACKGROUND) throw failed(answer);
  const action = waiting.addAction(deviceKey(tenant, node), { command, paramsJSON, idempotencyKey }, clock.now());
  throw queued(answer, action.id);
}

/** The connection over which the node may be asked for this. */
function sessionFor(context: NodeContext, tenant: TenantId, { command, node }: InvokeRequest): NodeSession {
  const device = requireNode(context, tenant, node);
  const session = context.connections.of(tenant, node);
  if (!session) throw notConnected(false);
  const verdict = judge(command, factsOf(context, device, session));
  if (verdict.ok) return session;
  throw new SwitchboardError("REQ_001", `node command not allowed: ${verdict.reason}`, {
    action: "See what the node may do: switchboard nodes describe.",
    details: { reason: verdict.reason, command },
  });
}

function textOf(params: unknown): string | null {
  if (params === undefined) return null;
  const text = JSON.stringify(params);
  if (Buffer.byteLength(text) <= MOST_PARAMS_BYTES) return text;
  throw new SwitchboardError("REQ_003", `The parameters are larger than ${MOST_PARAMS_BYTES} bytes.`);
}

function queued({ code, message }: Failed, queuedActionId: string): SwitchboardError {
  return new SwitchboardError("NODE_001", "the node does this when its app is in the foreground", {
    action: "Open the app on the node.",
    details: {
      code: "QUEUED_UNTIL_FOREGROUND",
      queuedActionId,
      nodeError: { code, message },
      nodeCommandDispatched: true,
    },
  });
}

function failed({ code, message }: Failed): SwitchboardError {
  return new SwitchboardError("NODE_003", `${code}: ${message}`, {
    details: { code: "NODE_ERROR", nodeError: { code, message }, nodeCommandDispatched: true },
  });
}
