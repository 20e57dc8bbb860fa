/** Asks an agent behind an address: a signed CloudEvent there, an answer back, whole or as a stream (TEN-6). */
import type { AgentEvent, AgentRequest, AgentRuntime } from "@switchboard/core/ports";
import { SwitchboardError, type TenantId, type TurnId } from "@switchboard/domain";
import type { AgentTurn } from "@switchboard/protocol";
import { answerEvents, readAnswer, type StoreBlob, unreadable } from "../external/answer-events.ts";
import { turnEvent } from "../external/envelope.ts";
import { jsonOf, type LaterReply, lateEvents } from "../external/late-answer.ts";
import { turnDocument } from "../external/turn-document.ts";
import { Watch } from "../model/watch.ts";
import { Breaker, type CircuitState, goneError } from "./breaker.ts";
import { type WebhookEndpoint, webhookEndpoint } from "./endpoint.ts";
import { eventsOf } from "./event-stream.ts";
import { refusal } from "./refusals.ts";
import { signatureHeaders } from "./signature.ts";

/** Calls an address that an operator set, as far as it may be called. Rejects with SEC_007 or NET_001. */
export type Post = (
  url: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly signal: AbortSignal },
) => Promise<PostedAnswer>;

interface PostedAnswer {
  readonly status: number;
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReadableStream<Uint8Array>;
}

export interface WebhookOptions {
  readonly replyTo: (tenant: TenantId, turn: TurnId) => Promise<LaterReply>;
  readonly post: Post;
  readonly storeBlob: StoreBlob;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly historyEntries?: number | undefined;
  /** Bytes of files that travel with a turn. Default 4 MiB. */
  readonly attachmentBytes?: number;
  /** A larger answer is refused. Default 24 MiB. */
  readonly answerBytes?: number;
}

export interface WebhookRuntime extends AgentRuntime {
  /** How the endpoint of each agent does that was asked so far, by the agent's id. */
  circuits(): ReadonlyMap<string, CircuitState>;
}

/** Endpoints that are remembered; changing settings make new ones. */
const MOST_ENDPOINTS = 1_000;

export function createWebhookRuntime(options: WebhookOptions): WebhookRuntime {
  const breakers = new Map<string, { readonly agent: string; readonly breaker: Breaker }>();
  const breakerOf = (agent: string, { identity }: WebhookEndpoint): Breaker => {
    const key = `${agent} ${identity}`;
    const known = breakers.get(key);
    if (known) return known.breaker;
    const [oldest] = breakers.keys();
    if (oldest !== undefined && breakers.size >= MOST_ENDPOINTS) breakers.delete(oldest);
    // An agent has one endpoint at a time: what was known of its last one counts no more.
    for (const [other, { agent: id }] of breakers) if (id === agent) breakers.delete(other);
    const breaker = new Breaker(options.now);
    breakers.set(key, { agent, breaker });
    return breaker;
  };
  return {
    async *run(request, signal) {
      if (request.late) {
        yield* lateEvents(request.late, request.tenant, options.storeBlob);
        return;
      }
      const endpoint = webhookEndpoint(request.agent);
      const breaker = breakerOf(request.agent.id, endpoint);
      breaker.enter(endpoint.origin);
      yield* run(request, signal, endpoint, breaker, options);
    },
    circuits: () => new Map([...breakers.values()].map(({ agent, breaker }) => [agent, breaker.state])),
  };
}

async function* run(
  request: AgentRequest,
  signal: AbortSignal,
  endpoint: WebhookEndpoint,
  breaker: Breaker,
  options: WebhookOptions,
): AsyncGenerator<AgentEvent> {
  const { agent, answerBy, tenant, turn: id } = request;
  const watch = new Watch(signal, { totalMs: agent.timeoutMs, idleMs: agent.idleTimeoutMs, who: "The agent" });
  try {
    const later = answerBy === undefined ? undefined : { ...(await options.replyTo(tenant, id)), until: answerBy };
    const limits = {
      historyEntries: options.historyEntries ?? 200,
      attachmentBytes: options.attachmentBytes ?? 4 * 1024 * 1024,
    };
    const turn = await watch.orEnd(watch.during(() => turnDocument(request, limits, replyOf(later), watch.signal)));
    const event = turnEvent(turn, options.now());
    const body = JSON.stringify(event);
    const headers = {
      ...endpoint.headers,
      ...signatureHeaders(endpoint.keys, { id: event.id, at: options.now(), body }),
      "content-type": "application/cloudevents+json; charset=utf-8",
      accept: "application/json, text/event-stream",
    };
    const response = await watch.orEnd(options.post(endpoint.url, { headers, body, signal: watch.signal }));
    watch.alive();
    if (response.status === 202) {
      await response.body.cancel().catch(() => {});
      if (!later) throw unreadable("it answered 202, and answerLaterMs is 0: it has to answer at once");
      yield { type: "later", token: later.hash };
    } else yield* heard(response, request, watch, endpoint, options);
    breaker.succeeded();
  } catch (thrown) {
    const error = errorOf(thrown, watch, endpoint);
    judge(error, breaker);
    throw error;
  } finally {
    breaker.left();
    watch.close();
  }
}

function replyOf(later: (LaterReply & { readonly until: number }) | undefined): AgentTurn["reply"] {
  return later && { url: later.url, token: later.token, until: later.until };
}

async function* heard(
  { body, headers, status }: PostedAnswer,
  request: AgentRequest,
  watch: Watch,
  { origin }: WebhookEndpoint,
  options: WebhookOptions,
): AsyncGenerator<AgentEvent> {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  const { tenant } = request;
  const { storeBlob } = options;
  if (status !== 200 || (type !== "text/event-stream" && type !== "application/json")) {
    await body.cancel().catch(() => {});
    if (status === 204) yield { type: "finish", reason: "stop", silent: true };
    else if (status === 410) throw goneError(origin);
    else if (status === 200)
      throw unreadable(`it is ${type || "of no type"}, not application/json or text/event-stream`);
    else throw refusal(status, headers, origin, options.now());
    return;
  }
  const within = bounded(body, options.answerBytes ?? 24 * 1024 * 1024, watch);
  if (type === "text/event-stream") {
    yield* streamed(within, watch, request, storeBlob);
    return;
  }
  const answer = readAnswer(jsonOf(await watch.orEnd(new Response(within).text())));
  yield* answerEvents(answer, { tenant, storeBlob, streamed: false });
}

/** Events `text` and `thinking` with `{delta}`, then `done` with the rest of the answer, or `error`. */
async function* streamed(
  body: ReadableStream<Uint8Array>,
  watch: Watch,
  { tenant }: AgentRequest,
  storeBlob: StoreBlob,
): AsyncGenerator<AgentEvent> {
  let said = false;
  const events = eventsOf(body, watch.alive);
  try {
    for (;;) {
      const { done, value } = await watch.orEnd(events.next());
      if (done) throw new SwitchboardError("AGENT_004", "The agent's stream ended without the event done.");
      const content = jsonOf(value.data);
      switch (value.event) {
        case "text":
        case "thinking":
          said ||= value.event === "text";
          yield { type: value.event, delta: deltaOf(content) };
          break;
        case "done":
          yield* answerEvents(readAnswer(content), { tenant, storeBlob, streamed: said });
          return;
        case "error":
          throw new SwitchboardError("AGENT_001", "The agent reported an error in its stream.", {
            retryable: isRecord(content) && content.retryable === true,
          });
      }
    }
  } finally {
    await events.return(undefined).catch(() => {});
  }
}

function deltaOf(content: unknown): string {
  if (isRecord(content) && typeof content.delta === "string") return content.delta;
  throw unreadable("an event of the stream has no delta");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function bounded(body: ReadableStream<Uint8Array>, maxBytes: number, watch: Watch): ReadableStream<Uint8Array> {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        watch.alive();
        bytes += chunk.byteLength;
        if (bytes > maxBytes) controller.error(unreadable(`it has more than ${maxBytes} bytes`));
        else controller.enqueue(chunk);
      },
    }),
  );
}

/** Failures of the endpoint count; what it refuses for a reason of its own, or what we ended, does not. */
function judge(error: SwitchboardError, breaker: Breaker): void {
  if (error.code === "AGENT_006" && error.details?.status === 410) breaker.gone();
  else if (error.code === "AGENT_001" || error.code === "AGENT_002") breaker.failed();
  else if (error.code !== "AGENT_005") breaker.succeeded();
}

/** What the network threw is not quoted: it may name what is behind the address. */
function errorOf(thrown: unknown, watch: Watch, { origin }: WebhookEndpoint): SwitchboardError {
  if (watch.signal.aborted && watch.signal.reason instanceof SwitchboardError) return watch.signal.reason;
  const error = thrown instanceof SwitchboardError ? thrown : undefined;
  if (error?.code === "SEC_007") {
    return new SwitchboardError("AGENT_006", `${origin} is no public address and is not called.`, {
      action: "Name the host in egress.allow if the agent is yours and runs there.",
    });
  }
  if (error && error.code !== "NET_001") return error;
  if (error) return new SwitchboardError("AGENT_001", `${origin} cannot be reached.`, { retryable: true });
  return new SwitchboardError("AGENT_004", "The agent's answer broke off.");
}
