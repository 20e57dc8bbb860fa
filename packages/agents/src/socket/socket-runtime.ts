/** Asks an agent over the connection that it opened: a turn there, its answer back, piece by piece or whole (TEN-6). */
import type { AgentEvent, AgentRequest, AgentRuntime } from "@switchboard/core/ports";
import { type Json, SwitchboardError, type TenantId, type TurnId } from "@switchboard/domain";
import { answerEvents, type StoreBlob, unreadable } from "../external/answer-events.ts";
import { turnEvent } from "../external/envelope.ts";
import { type LaterReply, lateEvents } from "../external/late-answer.ts";
import { turnDocument } from "../external/turn-document.ts";
import { Watch } from "../model/watch.ts";
import type { AgentLinks } from "./links.ts";
import type { Run, RunFrame } from "./run.ts";

export interface SocketOptions {
  readonly links: AgentLinks;
  readonly replyTo: (tenant: TenantId, turn: TurnId) => Promise<LaterReply>;
  readonly storeBlob: StoreBlob;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly historyEntries?: number | undefined;
  /** Bytes of files that travel with a turn. Default 4 MiB. */
  readonly attachmentBytes?: number;
}

export function createSocketRuntime(options: SocketOptions): AgentRuntime {
  return {
    async *run(request, signal) {
      const { agent, late, tenant } = request;
      if (late) yield* lateEvents(late, tenant, options.storeBlob);
      else yield* ask(request, options.links.begin(tenant, agent.id), signal, options);
    },
  };
}

async function* ask(
  request: AgentRequest,
  run: Run,
  signal: AbortSignal,
  options: SocketOptions,
): AsyncGenerator<AgentEvent> {
  const { agent, answerBy, tenant, turn: id } = request;
  const { historyEntries = 200, attachmentBytes = 4 * 1024 * 1024, now } = options;
  const watch = new Watch(signal, { totalMs: agent.timeoutMs, idleMs: agent.idleTimeoutMs, who: "The agent" });
  try {
    const { hash, ...reply } = await options.replyTo(tenant, id);
    const later = answerBy === undefined ? undefined : { ...reply, until: answerBy };
    const limits = { historyEntries, attachmentBytes };
    const turn = await watch.orEnd(watch.during(() => turnDocument(request, limits, later, watch.signal)));
    await watch.orEnd(run.start(turnEvent(turn, now())));
    yield* heard(run, request, hash, watch, options.storeBlob);
  } catch (thrown) {
    const { aborted, reason } = watch.signal;
    throw aborted && reason instanceof SwitchboardError ? reason : thrown;
  } finally {
    const { reason } = watch.signal;
    run.end(reason instanceof SwitchboardError && reason.code === "AGENT_002" ? "timeout" : "stopped");
    watch.close();
  }
}

async function* heard(
  run: Run,
  { answerBy, tenant }: AgentRequest,
  token: string,
  watch: Watch,
  storeBlob: StoreBlob,
): AsyncGenerator<AgentEvent> {
  let said = false;
  const frames = run.frames();
  for (;;) {
    const { done, value: frame } = await watch.orEnd(frames.next());
    if (done) return;
    watch.alive();
    switch (frame.type) {
      case "text":
      case "thinking":
        said ||= frame.type === "text" && frame.delta !== "";
        if (frame.delta !== "") yield { type: frame.type, delta: frame.delta };
        break;
      case "tool":
        yield noteOf(frame);
        break;
      case "done":
        yield* answerEvents(frame.answer, { tenant, storeBlob, streamed: said });
        return;
      case "later":
        if (answerBy === undefined) throw unreadable("it wants to answer later, and answerLaterMs is 0");
        yield { type: "later", token };
        return;
      case "error":
        throw new SwitchboardError("AGENT_001", "The agent reported an error.", {
          retryable: frame.retryable === true,
        });
    }
  }
}

function noteOf({ failed, id, name, phase, value = null }: Extract<RunFrame, { type: "tool" }>): AgentEvent {
  if (phase === "start") return { type: "tool-call", id, name, input: value as Json };
  return { type: "tool-result", id, name, output: value as Json, failed: failed === true };
}
