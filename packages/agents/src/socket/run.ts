/** One try of a turn at a connected agent: what it says waits here until the turn hears it. */
import { SwitchboardError } from "@switchboard/domain";
import type { AgentFrame, FrameToAgent } from "@switchboard/protocol";
import { unreadable } from "../external/answer-events.ts";

/** The line to a connected agent. */
export interface AgentLine {
  /** False: it did not go out, and nothing will any more. */
  send(frame: FrameToAgent): boolean;
  /** Whether the agent still may; looked up now. One that may not any more is closed. */
  admitted(): Promise<boolean>;
}

export type RunFrame = AgentFrame<"text" | "thinking" | "tool" | "done" | "later" | "error">;

/** What all tool notes of a run may have together: they are kept with the answer. */
const MOST_NOTE_BYTES = 256 * 1024;

export class Run {
  readonly id: string;
  readonly #line: AgentLine;
  readonly #left: () => void;
  #bytes: number;
  #noteBytes = MOST_NOTE_BYTES;
  #waiting: RunFrame[] = [];
  #failure: SwitchboardError | undefined;
  #sent = false;
  /** Nothing more is heard: the agent said its last word, or the run failed. */
  #over = false;
  #lastWord = false;
  #wake = () => {};

  constructor(id: string, line: AgentLine, mostBytes: number, left: () => void) {
    this.id = id;
    this.#line = line;
    this.#bytes = mostBytes;
    this.#left = left;
  }

  /** The agent has it, and its last word is still heard. */
  get open(): boolean {
    return this.#sent && !this.#over;
  }

  /** The agent has it, or had it, and its last word did not come; it may be on its way. */
  get awaited(): boolean {
    return this.#sent && !this.#lastWord;
  }

  /** Gives the agent its turn. @throws AGENT_009 when it cannot be given: nobody has seen it then. */
  async start(event: Extract<FrameToAgent, { type: "turn" }>["event"]): Promise<void> {
    const gone = () => new SwitchboardError("AGENT_009", "The agent's connection is gone.");
    if (!(await this.#line.admitted()) || this.#over) throw gone();
    this.#sent = this.#line.send({ type: "turn", run: this.id, event });
    if (!this.#sent) throw gone();
  }

  /** What the agent says, up to its last word. @throws AGENT_001 when its connection falls, AGENT_004. */
  async *frames(): AsyncGenerator<RunFrame> {
    for (;;) {
      const frame = this.#waiting.shift();
      if (frame) {
        yield frame;
        continue;
      }
      if (this.#failure) throw this.#failure;
      if (this.#over) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Over with it. An agent that does not know is told, and gives its place back. */
  end(reason: Extract<FrameToAgent, { type: "cancel" }>["reason"]): void {
    if (this.open) this.#line.send({ type: "cancel", run: this.id, reason });
    this.#over = true;
    this.#left();
  }

  /** False: nobody listens any more. */
  take(frame: RunFrame, bytes: number): boolean {
    if (!this.open) return false;
    this.#bytes -= bytes;
    if (frame.type === "tool") this.#noteBytes -= bytes;
    if (this.#bytes < 0) this.garbled("it is too long");
    else if (this.#noteBytes < 0) this.garbled("its notes of tools are too long");
    else {
      this.#waiting.push(frame);
      this.#lastWord = frame.type === "done" || frame.type === "later" || frame.type === "error";
      this.#over = this.#lastWord;
      this.#wake();
    }
    return true;
  }

  garbled(problem: string): void {
    if (this.#over) return;
    this.#line.send({ type: "cancel", run: this.id, reason: "refused" });
    this.#fail(unreadable(problem));
  }

  /** The connection is gone, and what it had in hand with it: another one may be asked. */
  fell(): void {
    this.#fail(new SwitchboardError("AGENT_001", "The agent's connection fell.", { retryable: true }));
  }

  #fail(error: SwitchboardError): void {
    if (this.#over) return;
    this.#over = true;
    this.#failure = error;
    this.#wake();
  }
}
