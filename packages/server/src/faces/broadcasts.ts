/** Engine events as the protocol's events: chats stream, accounts change, traces run along. */
import type { AccountStatus, Engine, EngineEvent, RunRef, Step } from "@switchboard/core";
import type { ErrorCode, ErrorRecord, TenantId } from "@switchboard/domain";
import type { ChatEvent, ClientEvent, EventPayload } from "@switchboard/protocol";
import { accountShape } from "../methods/account-shape.ts";
import { parseWebchatKey, WEBCHAT } from "../webchat/channel.ts";
import type { RunEnd, Runs } from "./runs.ts";
import { messageOf } from "./transcript-message.ts";

/** Text is sent on at most this often: a person cannot read faster, and slow clients keep up. */
const DELTA_EVERY_MS = 40;

/** To the clients of a tenant. */
export type Send = <E extends ClientEvent>(tenant: TenantId, event: E, payload: EventPayload<E>) => void;

interface Stream {
  chatSeq: number;
  agentSeq: number;
  /** Text not yet sent on. */
  pending: string;
  text: string;
  timer: NodeJS.Timeout | undefined;
}

/** Returns how to stop. */
export function broadcastEngine(
  engine: Pick<Engine, "events" | "clock">,
  runs: Pick<Runs, "end">,
  { broadcast: send, isHeard }: { readonly broadcast: Send; isHeard(): boolean },
): () => void {
  const streams = new Map<string, Stream>();
  const streamOf = ({ tenant, run }: RunRef): Stream => {
    const key = `${tenant}/${run}`;
    const stream = streams.get(key) ?? { chatSeq: 0, agentSeq: 0, pending: "", text: "", timer: undefined };
    streams.set(key, stream);
    return stream;
  };
  const agent = (ref: RunRef, stream: string, data: Record<string, unknown>) => {
    const seq = streamOf(ref).agentSeq++;
    send(ref.tenant, "agent", {
      runId: ref.run,
      seq,
      stream,
      ts: engine.clock.now(),
      data,
      sessionKey: ref.session,
      agentId: ref.agent,
    });
  };
  const chat = (ref: RunRef, rest: DistributedOmit<ChatEvent, "runId" | "sessionKey" | "agentId" | "seq">) => {
    const seq = streamOf(ref).chatSeq++;
    send(ref.tenant, "chat", {
      runId: ref.run,
      sessionKey: ref.session,
      agentId: ref.agent,
      seq,
      ...rest,
    } as EventPayload<"chat">);
  };
  const flush = (ref: RunRef) => {
    const stream = streamOf(ref);
    clearTimeout(stream.timer);
    stream.timer = undefined;
    if (stream.pending === "") return;
    const delta = stream.pending;
    stream.pending = "";
    chat(ref, { state: "delta", deltaText: delta });
    agent(ref, "assistant", { text: stream.text, delta });
  };
  const forget = ({ tenant, run }: RunRef) => {
    const key = `${tenant}/${run}`;
    clearTimeout(streams.get(key)?.timer);
    streams.delete(key);
  };

  const hear = (event: EngineEvent): void => {
    // What only clients would hear. The rest also ends runs that somebody may wait for.
    if (!isHeard() && event.type.startsWith("run.")) {
      if (event.type === "run.ended") forget(event);
      return;
    }
    switch (event.type) {
      case "run.started":
        chat(event, { state: "status", phase: "starting_model" });
        agent(event, "lifecycle", { phase: "start", startedAt: event.at });
        break;
      case "run.text": {
        const stream = streamOf(event);
        stream.pending += event.delta;
        stream.text = event.text;
        stream.timer ??= setTimeout(() => flush(event), DELTA_EVERY_MS);
        break;
      }
      case "run.thinking":
        agent(event, "thinking", { text: event.text, delta: event.delta });
        break;
      case "run.tool": {
        const { phase, id, name, value, failed } = event;
        const content = phase === "start" ? { args: value } : { result: value, isError: failed ?? false };
        agent(event, "tool", { phase, name, toolCallId: id, ...content });
        break;
      }
      case "run.ended":
        flush(event);
        if (event.state === "retrying") {
          chat(event, { state: "delta", deltaText: "", replace: true });
          break;
        }
        announceEnd(event);
        forget(event);
        break;
      case "notice":
        announceNotice(event);
        break;
      case "account":
        send(event.status.tenant, "channels.changed", accountChange(event.status, engine.clock.now()));
        break;
      case "step":
        announceStep(event, engine, runs, isHeard() ? send : () => {});
    }
  };

  const announceEnd = (event: EngineEvent & { type: "run.ended" }) => {
    const at = event.endedAt;
    const message = event.text === "" ? undefined : messageOf({ role: "assistant", text: event.text, at }, event.run);
    const shown = message && { message };
    if (event.state === "done") chat(event, { state: "final", ...shown, stopReason: "stop" });
    else if (event.state === "aborted" || event.state === "cancelled") chat(event, { state: "aborted", ...shown });
    else chat(event, { state: "error", ...failure(event.error), ...shown });
    const phase = ["done", "aborted", "cancelled"].includes(event.state) ? "end" : "error";
    agent(event, "lifecycle", {
      phase,
      startedAt: event.startedAt,
      endedAt: at,
      ...(event.error && { error: event.error.message }),
    });
    send(event.tenant, "sessions.changed", { ts: at, sessionKey: event.session, agentId: event.agent, reason: "run" });
  };

  /** The gateway's side of an exchange ends what the caller took for a run. */
  const announceNotice = ({ entry, key, session, tenant }: EngineEvent & { type: "notice" }) => {
    if (entry.sender !== undefined) return;
    const run = parseWebchatKey(key)?.run ?? `notice-${key}`;
    send(tenant, "chat", { runId: run, sessionKey: session, seq: 0, state: "final", message: messageOf(entry, run) });
    runs.end(tenant, run, session, { state: "handled", at: entry.at, text: entry.text });
  };

  return engine.events.listen(hear);
}

function announceStep(step: Step, engine: Pick<Engine, "clock">, runs: Pick<Runs, "end">, send: Send): void {
  const { type: _, tenant, account, key, ...rest } = step;
  const subject = rest.delivery ?? rest.turn ?? rest.event;
  if (subject === undefined) return;
  send(tenant, "trace", { subject, ...rest, ...(account && { channel: account.channel, accountId: account.account }) });
  if (account?.channel !== WEBCHAT || key === undefined || !["ignored", "denied", "dead"].includes(step.step)) return;
  const webchat = parseWebchatKey(key);
  if (!webchat) return;
  const message = "The message was not taken; see its trace.";
  const end: RunEnd = {
    state: "refused",
    at: engine.clock.now(),
    text: "",
    error: { code: "MSG_001", message, retryable: false },
  };
  send(tenant, "chat", {
    runId: webchat.run,
    sessionKey: webchat.session,
    seq: 0,
    state: "error",
    errorMessage: message,
  });
  runs.end(tenant, webchat.run, webchat.session, end);
}

function accountChange(status: AccountStatus, ts: number): EventPayload<"channels.changed"> {
  return { ts, channel: status.channel, account: accountShape(status) };
}

const KINDS: Partial<Record<ErrorCode, "refusal" | "timeout" | "rate_limit" | "context_length">> = {
  AGENT_002: "timeout",
  AGENT_003: "rate_limit",
  AGENT_007: "context_length",
};

function failure(error: ErrorRecord | undefined) {
  return {
    errorMessage: error ? `${error.code}: ${error.message}` : "The run failed.",
    errorKind: (error && KINDS[error.code]) ?? ("unknown" as const),
  };
}

type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
