/** One agent's line: its frames are read, checked and passed on; what it may do is looked up whenever it matters. */
import type { AgentLine, AgentLink } from "@switchboard/agents";
import { systemClock } from "@switchboard/core";
import { SwitchboardError, type TenantId, toSwitchboardError } from "@switchboard/domain";
import { type AgentFrame, CLOSE, type FrameToAgent } from "@switchboard/protocol";
import type { WebSocket } from "ws";
import type { Asking } from "../identity/authenticator.ts";
import type { Principal } from "../identity/principal.ts";
import type { GatewayLimits } from "../lines/limits.ts";
import { Wire } from "../lines/wire.ts";
import type { MethodDeps } from "../methods/deps.ts";
import { sendInto } from "../methods/send-into.ts";
import { EARLY_MS, keepLateAnswer, unknownToken } from "./late-answers.ts";
import { readAgentFrame } from "./read-frame.ts";

export interface AgentConnectionOptions {
  readonly principal: Principal;
  readonly deps: MethodDeps;
  readonly limits: GatewayLimits;
  /** Who it is now. Rejects as when it came. */
  again(asking: Asking): Promise<Principal>;
  gone(): void;
}

/** Whoever was taken the right to be here learns it within this time, also when nothing happens. */
const LOOK_AGAIN_MS = 2_000;
/** Frames that make no sense, with no last word and no call taken between them: those that cost nothing excuse nothing. */
const MOST_BAD_FRAMES = 10;
/** Looks at who it is that go on at once; nothing more is read meanwhile. */
const MOST_LOOKS = 32;
/** Calls that have no result yet. */
const MOST_CALLS = 32;

export class AgentConnection implements AgentLine {
  readonly #options: AgentConnectionOptions;
  readonly #wire: Wire;
  readonly #closed: Promise<void>;
  #principal: Principal;
  #link: AgentLink | undefined;
  #agent: string | undefined;
  #badFrames = 0;
  #calls = 0;
  #looks = 0;
  /** Runs whose last word came, while it is looked up whether it may be taken. */
  readonly #lastWords = new Set<string>();
  #cancelTimer = () => {};

  constructor(webSocket: WebSocket, options: AgentConnectionOptions) {
    this.#options = options;
    this.#principal = options.principal;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = promise;
    this.#wire = new Wire(webSocket, options.limits, systemClock, {
      message: (bytes) => this.#hear(bytes),
      closed: () => {
        this.#cancelTimer();
        this.#link?.leave();
        options.gone();
        resolve();
      },
    });
    this.#wire.established();
    this.#cancelTimer = systemClock.after(options.limits.handshakeMs, () =>
      this.#wire.close(CLOSE.policy, "no ready frame came"),
    );
  }

  get tenant(): TenantId {
    return this.#principal.tenant;
  }

  /** A slow reader, for whom too much waits already, is sent away. */
  send(frame: FrameToAgent): boolean {
    return this.#wire.send(JSON.stringify(frame));
  }

  admitted(): Promise<boolean> {
    return this.#admit("line").then(
      () => this.#wire.open,
      () => false,
    );
  }

  /** @throws What says that it may not, or not now; the line of who may not any more is closed. */
  async #admit(asking: Asking): Promise<void> {
    this.#looks += 1;
    if (this.#looks >= MOST_LOOKS) this.#wire.pause();
    try {
      const now = await this.#options.again(asking);
      const { id, tenant } = this.#principal;
      if (now.id !== id || now.tenant !== tenant) throw new SwitchboardError("SEC_003");
      this.#principal = now;
    } catch (thrown) {
      const error = toSwitchboardError(thrown);
      const lost = error.http === 401 || error.http === 403;
      if (lost) this.#wire.close(CLOSE.authorityLost, "this key does not hold any more");
      throw error;
    } finally {
      this.#looks -= 1;
      if (this.#looks === MOST_LOOKS - 1) this.#wire.resume();
    }
  }

  /** Resolves when the line is closed. */
  dismiss(code: number, reason: string): Promise<void> {
    this.#wire.close(code, reason);
    return this.#closed;
  }

  #hear(bytes: Buffer): void {
    const read = readAgentFrame(bytes, this.#options.limits.depth);
    if (read.problem !== undefined) this.#refuse(read.run, read.problem);
    else if (read.frame.type === "ready") this.#ready(read.frame);
    else if (this.#link) this.#take(this.#link, read.frame, bytes.length);
    else this.#refuse(undefined, "The first frame is ready.");
  }

  #take(link: AgentLink, frame: Exclude<AgentFrame, AgentFrame<"ready">>, bytes: number): void {
    switch (frame.type) {
      case "send":
        this.#call(frame.id, () => this.#sendMessage(frame));
        break;
      case "answer":
        this.#call(frame.id, () => this.#answerLater(frame));
        break;
      case "done":
      case "later":
      case "error":
        this.#hearLastWord(link, frame, bytes);
        break;
      default:
        // Pieces of a run that was cancelled may be on their way still.
        link.take(frame, bytes);
    }
  }

  /** What is named at random costs no look-up, and each run has one last word. */
  #hearLastWord(link: AgentLink, frame: AgentFrame<"done" | "later" | "error">, bytes: number): void {
    const { run, type } = frame;
    const state = this.#lastWords.has(run) ? "unknown" : link.stateOf(run);
    if (state === "unknown") {
      this.#tell(noSuchRun(), run);
      this.#countBadFrame();
    } else if (state === "ended") this.#tell(noSuchRun(), run);
    else if (type === "error") this.#pass(link, frame, bytes);
    else {
      this.#lastWords.add(run);
      // What becomes an answer is taken only from who still may.
      this.#admit("line")
        .then(() => this.#wire.open && this.#pass(link, frame, bytes))
        .catch((error: unknown) => this.#tell(toSwitchboardError(error), run))
        .finally(() => this.#lastWords.delete(run));
    }
  }

  #pass(link: AgentLink, frame: AgentFrame<"done" | "later" | "error">, bytes: number): void {
    if (link.take(frame, bytes)) this.#badFrames = 0;
    else this.#tell(noSuchRun(), frame.run);
  }

  #ready({ agent: id, turns = 1 }: AgentFrame<"ready">): void {
    const { agentLinks, engine } = this.#options.deps;
    const known = engine.routing.agents.find((agent) => agent.id === id);
    if (known?.runtime !== "websocket") {
      this.#refuse(undefined, `There is no agent "${id.slice(0, 64)}" with the runtime websocket.`);
    } else if (this.#agent !== undefined && this.#agent !== id) {
      this.#refuse(undefined, "A connection is of one agent; open another one.");
    } else {
      this.#agent = id;
      this.send({ type: "ready", tenant: this.tenant, agent: id, turns });
      if (!this.#link) this.#lookAgainLater();
      this.#link ??= agentLinks.join(this.tenant, id, 0, this);
      this.#link.setTurns(turns);
    }
  }

  #lookAgainLater(): void {
    this.#cancelTimer();
    this.#cancelTimer = systemClock.after(LOOK_AGAIN_MS, () => {
      void this.admitted().then(() => this.#wire.open && this.#lookAgainLater());
    });
  }

  #call(id: string, work: () => Promise<Readonly<Record<string, unknown>>>): void {
    const failed = (error: SwitchboardError) => this.send({ type: "result", id, ok: false, error: told(error) });
    if (this.#calls >= MOST_CALLS) {
      failed(new SwitchboardError("REQ_003", `At most ${MOST_CALLS} calls may be without a result.`));
      return;
    }
    this.#calls += 1;
    this.#admit("call")
      .then(() => {
        if (!this.#wire.open) throw new SwitchboardError("REQ_005");
        return work();
      })
      .then(
        (value) => {
          this.#badFrames = 0;
          this.send({ type: "result", id, ok: true, value });
        },
        (error: unknown) => failed(toSwitchboardError(error)),
      )
      .finally(() => {
        this.#calls -= 1;
      });
  }

  #sendMessage(frame: AgentFrame<"send">): ReturnType<typeof sendInto> {
    const { id, scopes, tenant } = this.#principal;
    if (!scopes.has("messages:write")) {
      throw new SwitchboardError("SEC_003", "To send by itself an agent needs a key with messages:write.");
    }
    return sendInto(this.#options.deps, tenant, frame, `agent:${id}`);
  }

  async #answerLater({ answer, token }: AgentFrame<"answer">): Promise<{ readonly status: string }> {
    const read = await this.#options.deps.replyTokens.read(token);
    if (read?.tenant !== this.tenant) throw unknownToken();
    const status = await keepLateAnswer(this.#options.deps.engine, read, answer);
    if (status !== "early") return { status };
    throw new SwitchboardError("SYS_001", "The turn does not wait yet.", {
      action: "Bring the answer again in a moment.",
      retryAfterMs: EARLY_MS,
    });
  }

  /** A frame that makes no sense. A run that it names has failed: part of its answer would be missing. */
  #refuse(run: string | undefined, problem: string): void {
    this.#tell(new SwitchboardError("REQ_001", problem), run);
    if (run !== undefined) this.#link?.unreadable(run, problem);
    this.#countBadFrame();
  }

  #countBadFrame(): void {
    this.#badFrames += 1;
    if (this.#badFrames >= MOST_BAD_FRAMES) this.#wire.close(CLOSE.policy, "too many frames that make no sense");
  }

  #tell(error: SwitchboardError, run: string | undefined): void {
    this.send({ type: "problem", ...(run !== undefined && { run: run.slice(0, 512) }), error: told(error) });
  }
}

function noSuchRun(): SwitchboardError {
  return new SwitchboardError("REQ_002", "There is no such run, or it is over.");
}

function told({ action, code, message, retryAfterMs }: SwitchboardError) {
  return { code, message, action, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
