/** Turns a behaviour into bytes, at its pace, with its faults. */
import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Answer, Behaviour, Failure, ModelRequest } from "./behaviour.ts";
import type { Dialect, WholeAnswer } from "./dialect.ts";

/**
 * Answers one request. Rejects with the signal's reason when the other side left; then nobody reads what would follow.
 * The response is ended, destroyed or left open, as the behaviour says.
 */
export async function perform(
  behaviour: Behaviour,
  request: ModelRequest,
  dialect: Dialect,
  response: ServerResponse,
  left: AbortSignal,
): Promise<void> {
  switch (behaviour.type) {
    case "answer":
      return answer(behaviour, request, dialect, response, left);
    case "echo": {
      const text = (behaviour.prefix ?? "") + request.lastUserText;
      return answer({ ...behaviour, type: "answer", text }, request, dialect, response, left);
    }
    case "json": {
      const text = JSON.stringify(behaviour.value);
      const forced = request.tools.length === 1 && request.toolChoice === request.tools[0];
      const said = forced ? { toolCalls: [{ name: request.toolChoice ?? "", input: behaviour.value }] } : { text };
      return answer({ ...behaviour, type: "answer", ...said }, request, dialect, response, left);
    }
    case "error":
      await pause(behaviour.firstDelayMs, left);
      return fail(behaviour, dialect, response);
    case "raw":
      response.writeHead(behaviour.status ?? 200, { ...behaviour.headers });
      response.end(behaviour.body);
      return;
    case "hang-up":
      response.destroy();
      return;
    case "silence":
      return untilLeft(left);
  }
}

export function fail(failure: Failure, dialect: Dialect, response: ServerResponse): void {
  const message = failure.message ?? `the model server was told to answer ${failure.status}`;
  response.writeHead(failure.status, { "content-type": "application/json", ...failure.headers });
  response.end(JSON.stringify(dialect.failure(failure.status, message, failure.code)));
}

async function answer(
  behaviour: Answer,
  request: ModelRequest,
  dialect: Dialect,
  response: ServerResponse,
  left: AbortSignal,
): Promise<void> {
  const whole = wholeAnswer(behaviour, request);
  await pause(behaviour.firstDelayMs, left);
  if (!request.streamed || behaviour.unstreamed) {
    if (behaviour.interruption) return breakDocument(behaviour, whole, dialect, response, left);
    response.writeHead(200, { "content-type": behaviour.contentType ?? "application/json" });
    response.end(JSON.stringify(dialect.document(whole)));
    return;
  }
  response.writeHead(200, {
    "content-type": behaviour.contentType ?? "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  const { opening, pieces, closing } = dialect.frames(whole);
  const stop = behaviour.interruption;
  response.write(opening);
  for (const piece of stop ? pieces.slice(0, stop.afterPieces) : pieces) {
    await pause(behaviour.delayMs, left);
    if (!response.write(piece)) await drained(response, left);
  }
  if (stop === undefined) {
    response.end(closing);
    return;
  }
  switch (stop.how) {
    case "stall":
      return untilLeft(left);
    case "keep-alive":
      for (;;) {
        await pause(behaviour.delayMs ?? 20, left);
        response.write(dialect.keepAlive);
      }
    case "cut":
      // Without the pause the pieces may never leave the process.
      await pause(5, left);
      response.destroy();
      return;
    case "end":
      response.end();
      return;
    case "truncated-json":
      response.end(dialect.truncatedFrame);
      return;
    case "garbage":
      response.write(dialect.garbageFrame);
      response.end(pieces.slice(stop.afterPieces).join("") + closing);
      return;
    case "error":
      response.end(
        dialect.failureFrame(stop.error?.type ?? "server_error", stop.error?.message ?? "the stream went wrong"),
      );
      return;
  }
}

async function breakDocument(
  behaviour: Answer,
  whole: WholeAnswer,
  dialect: Dialect,
  response: ServerResponse,
  left: AbortSignal,
): Promise<void> {
  const text = JSON.stringify(dialect.document(whole));
  response.writeHead(200, { "content-type": behaviour.contentType ?? "application/json" });
  if (behaviour.interruption?.how === "stall") {
    response.write(text.slice(0, 20));
    return untilLeft(left);
  }
  if (behaviour.interruption?.how === "cut") {
    response.write(text.slice(0, 20));
    await pause(5, left);
    response.destroy();
    return;
  }
  response.end(text.slice(0, Math.floor(text.length / 2)));
}

function wholeAnswer(behaviour: Answer, request: ModelRequest): WholeAnswer {
  const toolCalls = (behaviour.toolCalls ?? []).map(({ id, name, input }, index) => ({
    id: id ?? `call_${request.number}_${index}`,
    name,
    input: typeof input === "string" ? input : JSON.stringify(input),
  }));
  const text = behaviour.text ?? "";
  const said = text.length + (behaviour.thinking?.length ?? 0);
  const heard = request.messages.reduce((sum, message) => sum + message.text.length, 0);
  return {
    id: `answer_${request.number}`,
    model: request.model,
    text,
    thinking: behaviour.thinking ?? "",
    toolCalls,
    finish: behaviour.finish ?? (toolCalls.length > 0 ? "tools" : "stop"),
    usage:
      behaviour.usage === false
        ? undefined
        : (behaviour.usage ?? { input: Math.ceil(heard / 4), output: Math.ceil(said / 4) }),
    pieceLength: behaviour.pieceLength,
  };
}

async function pause(ms: number | undefined, left: AbortSignal): Promise<void> {
  left.throwIfAborted();
  if (ms !== undefined && ms > 0) await wait(ms, undefined, { signal: left });
}

function untilLeft(left: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (left.aborted) reject(left.reason);
    else left.addEventListener("abort", () => reject(left.reason), { once: true });
  });
}

function drained(response: ServerResponse, left: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (left.aborted) return reject(left.reason);
    const stop = () => reject(left.reason);
    left.addEventListener("abort", stop, { once: true });
    response.once("drain", () => {
      left.removeEventListener("abort", stop);
      resolve();
    });
  });
}
