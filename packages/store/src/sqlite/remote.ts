/** The worker as the rest of the process sees it: calls go in, promises come out. */
import { setImmediate } from "node:timers";
import { Worker } from "node:worker_threads";
import { type ErrorCode, type ErrorRecord, fromErrorRecord, SwitchboardError } from "@switchboard/domain/errors";
import { toText } from "../rows/intake.ts";
import { ANSWER, type FromWorker, type MethodName, type WorkerSettings } from "./wire.ts";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: SwitchboardError) => void;
}

interface Backup extends Waiting {
  readonly progress: ((done: number, total: number) => void) | undefined;
}

export interface RemoteListeners {
  /** The worker died; every call fails from now on. */
  readonly onFatal?: ((error: SwitchboardError) => void) | undefined;
  /** A call failed because the store is out of order. */
  readonly onRefused?: ((error: SwitchboardError) => void) | undefined;
}

const OUT_OF_ORDER: ReadonlySet<ErrorCode> = new Set(["STORE_001", "STORE_002", "STORE_003", "STORE_004", "STORE_005"]);

/** What a call allocates is gone with its answer: more room for new objects would only be memory that nobody uses. */
const YOUNG_MB = 4;

export class Remote {
  readonly #worker: Worker;
  readonly #listeners: RemoteListeners;
  readonly #waiting: Waiting[] = [];
  readonly #backups = new Map<number, Backup>();
  readonly #started = Promise.withResolvers<readonly MethodName[]>();
  readonly #ended = Promise.withResolvers<void>();
  #outgoing = "";
  /** Calls in `#outgoing`, and calls that the worker has and did not answer yet. */
  #unsent = 0;
  #sent = 0;
  #held = false;
  #lastBackup = 0;
  #state: "starting" | "open" | "closing" | "dead" = "starting";
  #failure: SwitchboardError | undefined;

  constructor(script: URL, settings: WorkerSettings, listeners: RemoteListeners) {
    this.#listeners = listeners;
    // From source the worker needs the condition that finds the other packages' sources.
    const source = script.pathname.endsWith(".ts") && { execArgv: ["--conditions=@switchboard/source"] };
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
    this.#worker = new Worker(script, { workerData: settings, resourceLimits, ...source });
    this.#worker.on("message", (message: FromWorker) => this.#hear(message));
    this.#worker.on("error", (error) => this.#die(error));
    this.#worker.on("exit", () => this.#exit());
  }

  /** Resolves with the methods when the database is open; rejects with what is wrong. */
  get started(): Promise<readonly MethodName[]> {
    return this.#started.promise;
  }

  call(method: number, args: readonly unknown[]): Promise<unknown> {
    if (this.#state !== "open") return Promise.reject(this.#refusal());
    let text: string;
    try {
      text = `${method},${toText(args)}`;
    } catch (error) {
      return Promise.reject(error);
    }
    this.#outgoing += this.#unsent === 0 ? text : `,${text}`;
    this.#unsent += 1;
    // What is asked in one turn of the event loop travels together, and so does what is asked while the worker commits:
    // it could not begin with it, and fewer and larger commits are what carries the load.
    if (this.#unsent === 1 && this.#sent === 0) setImmediate(() => this.#flushIdle());
    return this.#wait();
  }

  backup(path: string, progress: Backup["progress"]): Promise<unknown> {
    if (this.#state !== "open") return Promise.reject(this.#refusal());
    this.#flush();
    this.#hold(true);
    const id = ++this.#lastBackup;
    this.#worker.postMessage({ type: "backup", id, path });
    return new Promise((resolve, reject) => this.#backups.set(id, { resolve, reject, progress }));
  }

  /** Ends the worker when everything that was asked is answered. */
  close(): Promise<void> {
    if (this.#state === "open") {
      this.#flush();
      this.#state = "closing";
      this.#hold(true);
      this.#worker.postMessage({ type: "close" });
    }
    return this.#ended.promise;
  }

  #wait(): Promise<unknown> {
    if (!this.#held) this.#hold(true);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #flushIdle(): void {
    if (this.#sent === 0) this.#flush();
  }

  #flush(): void {
    if (this.#unsent === 0) return;
    this.#worker.postMessage(`[${this.#outgoing}]`);
    this.#sent += this.#unsent;
    this.#unsent = 0;
    this.#outgoing = "";
  }

  #hear(message: FromWorker): void {
    if (typeof message === "string") {
      this.#answer(JSON.parse(message));
      return;
    }
    switch (message.type) {
      case "ready":
        this.#state = "open";
        this.#hold(false);
        this.#started.resolve(message.methods);
        return;
      case "failed":
        this.#state = "dead";
        this.#failure = fromErrorRecord(message.error);
        this.#started.reject(this.#failure);
        return;
      case "progress":
        this.#backups.get(message.id)?.progress?.(message.done, message.total);
        return;
      case "backed-up": {
        const backup = this.#backups.get(message.id);
        this.#backups.delete(message.id);
        if (message.error) backup?.reject(fromErrorRecord(message.error));
        else backup?.resolve(undefined);
        this.#letGo();
        return;
      }
    }
  }

  #answer(answers: readonly unknown[]): void {
    const calls = this.#waiting.splice(0, answers.length / 2);
    this.#sent -= calls.length;
    // The worker goes on at once, while the answers are dealt with here.
    if (this.#sent === 0) this.#flush();
    this.#letGo();
    for (const [index, call] of calls.entries()) {
      const value = answers[2 * index + 1];
      const kind = answers[2 * index];
      if (kind === ANSWER.error) this.#refuse(call, fromErrorRecord(value as ErrorRecord));
      else call.resolve(kind === ANSWER.nothing ? undefined : value);
    }
  }

  #refuse(call: Waiting, error: SwitchboardError): void {
    if (OUT_OF_ORDER.has(error.code)) this.#listeners.onRefused?.(error);
    call.reject(error);
  }

  /** A store that is asked nothing does not keep the process alive. */
  #hold(held: boolean): void {
    this.#held = held;
    if (held) this.#worker.ref();
    else this.#worker.unref();
  }

  #letGo(): void {
    if (this.#waiting.length === 0 && this.#backups.size === 0 && this.#state === "open") this.#hold(false);
  }

  #die(error: unknown): void {
    if (this.#state === "dead") return;
    const started = this.#state !== "starting";
    this.#state = "dead";
    const message = error instanceof Error ? error.message : String(error);
    this.#failure = new SwitchboardError("STORE_001", `The store's worker ended: ${message}`, { cause: error });
    this.#started.reject(this.#failure);
    for (const call of [...this.#waiting.splice(0), ...this.#backups.values()]) call.reject(this.#failure);
    this.#backups.clear();
    if (started) this.#listeners.onFatal?.(this.#failure);
  }

  #exit(): void {
    if (this.#state === "starting" || this.#state === "open") this.#die("it stopped by itself");
    const failure = this.#refusal();
    for (const call of [...this.#waiting.splice(0), ...this.#backups.values()]) call.reject(failure);
    this.#ended.resolve();
  }

  #refusal(): SwitchboardError {
    return this.#failure ?? new SwitchboardError("SYS_001", "The store is closed.");
  }
}
