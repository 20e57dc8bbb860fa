/** `chat.send` and `sessions.send`: a message for an agent, whose answer streams. */
import type { Turn } from "@switchboard/core";
import type { SessionKey, TenantId } from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import { storeAttachments } from "./attachments.ts";
import type { MethodDeps } from "./deps.ts";
import { expectSame } from "./session-create.ts";
import { knownRun, startRun } from "./start-run.ts";

/** How long a run that was started is expected to end. */
const LONGEST_RUN_MS = 24 * 3_600_000;
/** Whoever asks again does so soon. */
const LOOKED_AT = 200;

interface Caller {
  readonly tenant: TenantId;
  readonly actor: string;
  underWay(end: Promise<Result<"chat.send"> | undefined>): void;
}

type Message = Pick<
  Params<"chat.send">,
  | "message"
  | "attachments"
  | "deliver"
  | "queueMode"
  | "sessionId"
  | "suppressCommandInterpretation"
  | "thinking"
  | "timeoutMs"
> & { readonly session: SessionKey; readonly run: string };

/** @throws REQ_001, REQ_002, REQ_004, MSG_003, STORE_*. */
export async function sendChat(
  deps: MethodDeps,
  { tenant, actor, underWay }: Caller,
  { session, run, message: text, ...rest }: Message,
): Promise<Result<"chat.send">> {
  const known = await knownRun({ tenant, session, run, text }, deps);
  if (known) {
    if (isUnderWay(known)) underWay(endOfRun(deps, tenant, run));
    return { ...stateOfRun(run, known), ...(await placeInTranscript(deps, tenant, known)) };
  }
  const before = rest.sessionId === undefined ? undefined : await deps.engine.store.sessions.get(tenant, session);
  if (before) expectSame(before, rest.sessionId);
  const { attachmentBytes } = deps.settings.config.limits;
  const attachments = await storeAttachments(rest.attachments, tenant, deps.media, attachmentBytes);
  const { deliver, suppressCommandInterpretation: plain, thinking, timeoutMs } = rest;
  const mode = queueMode(rest.queueMode);
  const interrupts = mode === "interrupt" && deps.runs.activeOf(tenant, session).length > 0;
  await startRun(
    {
      tenant,
      actor,
      session,
      run,
      text,
      attachments,
      deliver,
      plain,
      queueMode: mode,
      overrides: { thinking },
    },
    deps,
  );
  const end = endOfRun(deps, tenant, run);
  underWay(end);
  if (timeoutMs) stopAfter(deps, tenant, session, run, timeoutMs, end);
  return { runId: run, status: "started", ...(interrupts && { interruptedActiveRun: true }) };
}

/** Where the message stands in the transcript, as soon as it does: when its turn has ended. */
async function placeInTranscript(
  { engine }: MethodDeps,
  tenant: TenantId,
  { id, session, state }: Turn,
): Promise<{ readonly messageSeq?: number }> {
  if (state === "queued" || state === "running") return {};
  const newest = await engine.store.sessions.transcript(tenant, session, { limit: LOOKED_AT });
  const said = newest.find(({ role, turn }) => turn === id && role === "user");
  return said ? { messageSeq: said.seq } : {};
}

/** Counted by this process: after a restart the run has all the time there is. */
function stopAfter(
  { engine, log }: MethodDeps,
  tenant: TenantId,
  session: SessionKey,
  run: string,
  ms: number,
  end: Promise<unknown>,
): void {
  const cancel = engine.clock.after(ms, () => {
    engine.stopRun(tenant, session, run).catch((error: unknown) => {
      log.warn({ run, error: String(error) }, "a run that took too long could not be stopped");
    });
  });
  void end.then(cancel, cancel);
}

/** What a repetition of the request gets when its run has ended. */
async function endOfRun({ runs }: MethodDeps, tenant: TenantId, run: string): Promise<Result<"chat.send"> | undefined> {
  const end = await runs.wait(tenant, run, LONGEST_RUN_MS);
  return end && (isStopped(end.state) ? stopped(run, end.at) : { runId: run, status: "ok" });
}

/** `steer` speaks into the running answer; here the answer starts anew with both. */
function queueMode(mode: Params<"chat.send">["queueMode"]): "collect" | "followup" | "interrupt" {
  if (mode === "steer") return "interrupt";
  return mode ?? "followup";
}

function stateOfRun(run: string, turn: Turn): Result<"chat.send"> {
  if (isUnderWay(turn)) return { runId: run, status: "in_flight" };
  if (isStopped(turn.state)) return stopped(run, turn.finishedAt);
  return { runId: run, status: "ok" };
}

/** While it ran, or while it waited. */
function isStopped(state: string): boolean {
  return state === "aborted" || state === "cancelled";
}

function stopped(run: string, at: number | undefined): Result<"chat.send"> {
  return { runId: run, status: "timeout", summary: "aborted", ...(at !== undefined && { endedAt: at }) };
}

function isUnderWay({ state }: Turn): boolean {
  return state === "queued" || state === "running";
}
